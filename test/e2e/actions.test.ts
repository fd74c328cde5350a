// The operator's internal API on a real API server, which reviews tokens and rights, and an AWS that says no: an account is linked by what
// the API tells, and then worked in by those who may.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { importPKCS8, SignJWT, decodeJwt, decodeProtectedHeader } from 'jose';
import { createPrivateKey } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { catalogRoute } from '../../operator/actions/contract/catalog.ts';
import { consoleRoute, credentialsRoute } from '../../operator/actions/contract/credentials.ts';
import { linkRoute } from '../../operator/actions/contract/link.ts';
import { problemBody } from '../../operator/actions/contract/problem.ts';
import { DEFAULT_AUDIENCE, pathOf, type Route, type RouteObject } from '../../operator/actions/contract/route.ts';
import { reapplyRoute, verifyRoute } from '../../operator/actions/contract/shares.ts';
import { stackRoute } from '../../operator/actions/contract/stack.ts';
import { templateRoute } from '../../operator/actions/contract/template.ts';
import { userHeaders, type AssertedUser } from '../../operator/actions/contract/user.ts';
import { isTrue } from '../../operator/kernel/conditions.ts';
import { GATEWAY_SERVICE_ACCOUNT } from '../../operator/resources/authority/gateway-role.ts';
import { defaultInstallation, SERVICE_ACCOUNT } from '../../operator/resources/authority/installation.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { teamKind } from '../../operator/resources/team.ts';
import { openEnvironmentScene, type EnvironmentScene } from '../support/environment-scene.ts';
import { PATIENCE_MS, POLL_MS } from '../support/object-waits.ts';
import { REGION } from '../support/operator-in-process.ts';

const { namespace: SYSTEM } = defaultInstallation;
const ENGINEERS = 'Sales Engineers';
const ANALYSTS = 'Sales Analysts/EMEA';
const eve: AssertedUser = { name: 'eve@example.com', groups: [ENGINEERS] };
const ana: AssertedUser = { name: 'ana@example.com', groups: [ANALYSTS] };
const zoe: AssertedUser = { name: 'zoe@example.com', groups: ['strangers'] };

const ACME: RouteObject = { resource: 'organizations', name: 'acme' };
const SALES: RouteObject = { resource: 'environments', name: 'sales' };
const TEAM: RouteObject = { resource: 'teams', namespace: 'sales', name: 'analysts' };
const ORDERS: RouteObject = { resource: 'datasets', namespace: 'sales', name: 'orders' };

let scene: EnvironmentScene;
let token: string;

const tokenOf = async (name: string, audience: string): Promise<string> => {
  const { status } = await scene.api.post<{ status: { token: string } }>(
    `/api/v1/namespaces/${SYSTEM}/serviceaccounts/${name}/token`,
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences: [audience], expirationSeconds: 600 },
    },
  );
  return status.token;
};

interface Asked {
  readonly user?: AssertedUser;
  readonly query?: Record<string, string>;
  readonly body?: object;
  readonly bearer?: string;
}

const ask = async (route: Route, object: RouteObject, { user, query = {}, body, bearer = token }: Asked = {}) => {
  const search = new URLSearchParams(query).toString();
  const response = await request(`${scene.actionsUrl()}${pathOf(route, object)}?${search}`, {
    method: route.method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(user !== undefined && userHeaders(user)),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const json: unknown = await response.body.json();
  return { status: response.statusCode, json };
};

/** RBAC follows objects within a moment. */
const eventually = async (route: Route, object: RouteObject, asked: Asked): Promise<unknown> =>
  await vi.waitFor(
    async () => {
      const { status, json } = await ask(route, object, asked);
      expect(json).toEqual(expect.anything());
      expect({ status, json: status === 200 ? undefined : json }).toEqual({ status: 200, json: undefined });
      return json;
    },
    { timeout: PATIENCE_MS, interval: POLL_MS },
  );

beforeAll(async () => {
  scene = await openEnvironmentScene({
    actions: { port: 0, callers: [{ namespace: SYSTEM, name: GATEWAY_SERVICE_ACCOUNT, assertsUsers: true }] },
  });
  await vi.waitFor(() => expect(scene.actionsUrl()).not.toBe(''), { timeout: PATIENCE_MS, interval: POLL_MS });
  token = await tokenOf(GATEWAY_SERVICE_ACCOUNT, DEFAULT_AUDIENCE);
  const teams = [
    { group: ENGINEERS, permissions: ['LINK_ENVIRONMENT'] },
    { group: ANALYSTS, permissions: [] },
  ];
  await scene.apply(organizationKind, { name: 'acme' }, { label: 'ACME', owner: 'platform', teams });
}, 120_000);
afterAll(() => scene[Symbol.asyncDispose]());

describe('the internal API', () => {
  it('links an account by what it tells who may link, and then lets in who may work there', async () => {
    const id = scene.accountId('producer');
    const query = { account: id, region: REGION, owner: ENGINEERS, mode: 'Managed' };
    const link = linkRoute.answer.parse(await eventually(linkRoute, ACME, { user: eve, query }));
    expect((await ask(linkRoute, ACME, { user: ana, query })).status).toBe(403);
    const template = await ask(templateRoute, ACME, { user: eve, query: { template: 'pivot-role' } });
    expect(templateRoute.answer.parse(template.json).text).toContain('PivotRole');
    await scene.administer('producer', 'ssm', 'PutParameter', {
      Name: link.consentParameter,
      Value: link.externalId,
      Type: 'String',
    });

    await scene.apply(
      environmentKind,
      { name: 'sales' },
      {
        organization: 'acme',
        label: 'Sales',
        owner: ENGINEERS,
        account: { id, region: REGION },
        pivotRole: { mode: 'Managed' },
      },
    );
    const sales = await scene.until(environmentKind, { name: 'sales' }, ({ status }) =>
      isTrue(status.conditions, 'Ready'),
    );
    expect(sales.status.linkCommand).toBe(link.command);
    await scene.apply(teamKind, { namespace: 'sales', name: 'analysts' }, { group: ANALYSTS, permissions: [] });
    await scene.apply(
      datasetKind,
      { namespace: 'sales', name: 'orders' },
      {
        label: 'Orders',
        owner: ENGINEERS,
        stewards: [ANALYSTS],
        s3: { origin: 'Create' },
        confidentiality: 'Official',
      },
    );
    const inSales = (name: string) => ({ namespace: 'sales', name });
    await scene.until(teamKind, inSales('analysts'), ({ status }) => isTrue(status.conditions, 'Ready'));
    await scene.until(datasetKind, inSales('orders'), ({ status }) => isTrue(status.conditions, 'Ready'));

    const who: readonly [RouteObject, AssertedUser, AssertedUser][] = [
      [SALES, eve, ana],
      [TEAM, ana, eve],
      [ORDERS, eve, ana],
    ];
    for (const [object, may, mayNot] of who) {
      const keys = credentialsRoute.answer.parse(await eventually(credentialsRoute, object, { user: may, body: {} }));
      expect(keys.roleArn).toContain(`:${id}:role/dataall-`);
      const visit = consoleRoute.answer.parse(await eventually(consoleRoute, object, { user: may, body: {} }));
      expect(visit.url).toContain('SigninToken=');
      for (const route of [credentialsRoute, consoleRoute])
        for (const user of [mayNot, zoe]) expect((await ask(route, object, { user, body: {} })).status).toBe(403);
      const stack = stackRoute.answer.parse(await eventually(stackRoute, object, { user: may }));
      expect(stack.status).toMatch(/_COMPLETE$/);
      expect((await ask(stackRoute, object, { user: zoe })).status).toBe(403);
    }
  }, 240_000);

  it('tells a catalogue to the gateway itself and to the stewards, and nobody else', async () => {
    const own = catalogRoute.answer.parse((await ask(catalogRoute, ORDERS)).json);
    expect(own).toMatchObject({ total: 0, complete: true });
    expect((await ask(catalogRoute, ORDERS, { user: ana })).status).toBe(200);
    expect((await ask(catalogRoute, ORDERS, { user: zoe })).status).toBe(403);
    // It may read catalogues, and has no other right of its own.
    expect((await ask(stackRoute, ORDERS)).status).toBe(403);
  });

  it('has the shares of a dataset looked after for who decides about it, and nobody else', async () => {
    for (const route of [verifyRoute, reapplyRoute]) {
      expect((await ask(route, ORDERS, { user: ana, body: {} })).json).toMatchObject({ asked: 0 });
      expect((await ask(route, ORDERS, { user: zoe, body: {} })).status).toBe(403);
    }
  });

  it('says the same to a stranger of what there is and of what there is not', async () => {
    const said = async (name: string) => {
      const { status, json } = await ask(stackRoute, { ...ORDERS, name }, { user: zoe });
      return { status, detail: problemBody.parse(json).detail.replaceAll(name, '…') };
    };
    expect(await said('orders')).toEqual(await said('missing'));
  });

  it('takes no group of Kubernetes, though the cluster would let it do everything', async () => {
    for (const user of [
      { name: 'eve', groups: ['system:masters'] },
      { name: 'system:kube-controller-manager', groups: [] },
      { name: `system:serviceaccount:${SYSTEM}:${SERVICE_ACCOUNT}`, groups: [ENGINEERS] },
    ])
      expect((await ask(credentialsRoute, SALES, { user, body: {} })).status).toBe(403);
    const injected = { name: 'eve', groups: [`strangers, ${ENGINEERS}`] };
    expect((await ask(credentialsRoute, SALES, { user: injected, body: {} })).status).toBe(403);
  });

  it('knows no caller but the one it is configured for, by a token that is for it and has not expired', async () => {
    const user = eve;
    const status = async (bearer: string) => (await ask(stackRoute, SALES, { user, bearer })).status;
    expect(await status(token)).toBe(200);
    expect(await status(await tokenOf(GATEWAY_SERVICE_ACCOUNT, 'https://kubernetes.default.svc'))).toBe(401);
    expect(await status(await tokenOf(SERVICE_ACCOUNT, DEFAULT_AUDIENCE))).toBe(403);
    expect(await status(`${token.slice(0, -4)}AAAA`)).toBe(401);
    expect(await status(await signed({ ago: 3_600 }))).toBe(401);
    // The same, not expired: what it is refused for is its time alone.
    expect(await status(await signed({ ago: 0 }))).toBe(200);
  });
});

/** The gateway's token, signed anew with the API server's own key, as if it were so many seconds older. */
const signed = async ({ ago }: { readonly ago: number }): Promise<string> => {
  const folder = dirname(scene.harness.controlPlane.kubeconfigPath);
  const pem = createPrivateKey(readFileSync(join(folder, 'service-account.key'))).export({
    type: 'pkcs8',
    format: 'pem',
  });
  const { alg = '', kid } = decodeProtectedHeader(token);
  const { iat = 0, exp = 0, nbf = 0, ...claims } = decodeJwt(token);
  return await new SignJWT(claims)
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
    .setIssuedAt(iat - ago)
    .setNotBefore(nbf - ago)
    .setExpirationTime(exp - ago)
    .sign(await importPKCS8(pem.toString(), alg));
};
