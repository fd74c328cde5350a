// Values of the chart, one after the other as docs/install.md has them beside the deployment parameters of data.all: each arrives where it
// acts, and operator and gateway take what arrives. (What they do with it, their own tests say.)
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readSettings } from '../../api/settings.ts';
import { readConfig } from '../../operator/config.ts';
import { needed, renderChart, renderValues, settingsOf, type Manifest } from '../support/rendered-chart.ts';

const NAMESPACE = 'dataall-system';
const render = async (...values: object[]): Promise<readonly Manifest[]> => await renderChart(NAMESPACE, ...values);
const find = (rendered: readonly Manifest[], kind: string, name: string): unknown =>
  rendered.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

const operatorOf = (rendered: readonly Manifest[]) =>
  readConfig(settingsOf(rendered, 'dataall-operator', 'config.yaml'));

/** As the gateway reads it, with the files that its pod mounts. */
function gatewayOf(rendered: readonly Manifest[]) {
  const folder = mkdtempSync(join(tmpdir(), 'dataall-values-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ 'session-key': KEY, 'client-secret': 'secret', 'ca.crt': '' }))
    writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'index.html'), '');
  const text = JSON.stringify(settingsOf(rendered, 'dataall-gateway', 'gateway.yaml'))
    .replaceAll(/\/etc\/dataall\/(auth|actions-ca)/g, folder)
    .replaceAll('/app/web/dist', folder);
  const settings = JSON.parse(text) as { readonly database: object };
  return readSettings({ ...settings, database: { ...settings.database, url: 'postgres://u:p@h/db' } });
}
const KEY = Buffer.alloc(32).toString('base64');

describe('the front door', () => {
  const tls = { certificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/c' };
  const host = 'data.example.com';

  it('is none unless it is asked for', async () => {
    expect((await render()).map(({ kind }) => kind)).not.toContain('Ingress');
  });

  it.each([
    ['Internet', 'internet-facing'],
    ['Private', 'internal'],
  ])('%s is a load balancer that is %s, from where it may be, by TLS 1.2 at least', async (mode, scheme) => {
    const allowedCidrs = ['10.0.0.0/8', '192.0.2.0/24'];
    const wafAclArn = 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/w/1';
    const rendered = await render({ exposure: { mode, host, allowedCidrs, ingress: { tls, wafAclArn } } });
    expect(find(rendered, 'Ingress', 'dataall-gateway')).toMatchObject({
      metadata: {
        annotations: {
          'alb.ingress.kubernetes.io/scheme': scheme,
          'alb.ingress.kubernetes.io/inbound-cidrs': allowedCidrs.join(','),
          'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS": 443}]',
          // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html: TLS 1.3 and 1.2.
          'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
          'alb.ingress.kubernetes.io/certificate-arn': tls.certificateArn,
          'alb.ingress.kubernetes.io/wafv2-acl-arn': wafAclArn,
        },
      },
      spec: { ingressClassName: 'alb', rules: [{ host }] },
    });
    expect(gatewayOf(rendered).server.allowedCidrs).toEqual(allowedCidrs);
  });

  it('may be of another controller, with its certificate in a Secret', async () => {
    const ingress = { className: 'nginx', tls: { secretName: 'door' }, annotations: { 'example.com/a': 'b' } };
    const rendered = await render({ exposure: { mode: 'Internet', host, ingress } });
    expect(find(rendered, 'Ingress', 'dataall-gateway')).toMatchObject({
      metadata: { annotations: { 'example.com/a': 'b' } },
      spec: { ingressClassName: 'nginx', tls: [{ hosts: [host], secretName: 'door' }] },
    });
  });

  it('is where people come back to who signed in, unless another place is said', async () => {
    const { redirectUrl, ...oidc } = needed.auth.settings.oidc;
    const nowhere = { ...needed, auth: { settings: { oidc } } };
    const exposure = { mode: 'Private', host: 'door.example.com', ingress: { tls } };
    const back = await renderValues(NAMESPACE, nowhere, { exposure });
    expect(gatewayOf(back).identity.oidc.redirectUrl).toBe('https://door.example.com/auth/callback');
    expect(gatewayOf(await render({ exposure })).identity.oidc.redirectUrl).toBe(redirectUrl);
    await expect(renderValues(NAMESPACE, nowhere)).rejects.toThrow('auth.settings.oidc.redirectUrl is missing');
  });

  it.each([
    [{ mode: 'Private' }, 'exposure.host is missing'],
    [{ mode: 'Private', host }, 'exposure.ingress.tls is missing'],
  ])('is not made of %j', async (exposure, message) => {
    await expect(render({ exposure })).rejects.toThrow(message);
  });
});

it.each([
  ['prod', 2, true],
  ['dev', 1, false],
])('the profile %s has %i of each', async (profile, replicas, isSpread) => {
  const rendered = await render({ profile });
  for (const name of ['dataall-operator', 'dataall-gateway', 'dataall-indexer']) {
    expect(find(rendered, 'Deployment', name)).toMatchObject({ spec: { replicas } });
    expect(find(rendered, 'PodDisruptionBudget', name) !== undefined).toBe(isSpread);
  }
});

it('what people set of sessions, re-authentication, limits and search is what the gateway runs with', async () => {
  const settings = gatewayOf(
    await render({
      auth: {
        hasClientSecret: true,
        settings: {
          session: { maxAgeMinutes: 60, origins: ['https://portal.example.com'] },
          reauth: { operations: ['createDataset'], ttlMinutes: 2 },
        },
      },
      gateway: { server: { limits: { depth: 7, rate: { user: 60 } }, trustedProxies: ['10.0.0.0/8'] } },
      postgres: { settings: { connections: 20 } },
      search: {
        settings: {
          backend: 'opensearch',
          opensearch: { url: 'https://s.example.com', auth: { type: 'aws', service: 'aoss', region: 'eu-west-1' } },
        },
      },
    }),
  );
  expect(settings).toMatchObject({
    identity: {
      oidc: { clientSecret: 'secret' },
      session: { maxAgeMinutes: 60, origins: ['https://portal.example.com'], keys: [{ id: '1' }] },
      reauth: { operations: ['createDataset'], ttlMinutes: 2 },
    },
    server: { limits: { depth: 7, rate: { user: 60, address: 6_000 } }, trustedProxies: ['10.0.0.0/8'] },
    database: { connections: 20 },
    search: { opensearch: { auth: { service: 'aoss' } } },
  });
});

it('what people set of names, pivot roles and intervals is what the operator runs with', async () => {
  const settings = {
    installation: 'stage',
    environments: { pivotRole: { defaultMode: 'Managed' } },
    intervals: { shareVerifyMinutes: 10, tablesSyncMinutes: 5, stackDriftMinutes: 60 },
    aws: { bootstrap: { qualifier: 'acme', executionPolicyArn: 'arn:aws:iam::<account>:policy/p' } },
  };
  const rendered = await render({ tenant: { administrators: ['admins'] }, operator: { settings } });
  expect(operatorOf(rendered)).toMatchObject({ ...settings, tenant: { administrators: ['admins'] } });
});

it('ServiceAccounts have the roles of IRSA, and none is needed for Pod Identity', async () => {
  const role = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/hub' };
  const rendered = await render({ operator: { serviceAccount: { annotations: role } } });
  expect(find(rendered, 'ServiceAccount', 'dataall-operator')).toMatchObject({ metadata: { annotations: role } });
  expect(find(rendered, 'ServiceAccount', 'dataall-gateway')).not.toMatchObject({ metadata: { annotations: role } });
});

it('the database and the password of the search come from Secrets of any name', async () => {
  const rendered = await render({
    postgres: { secretName: 'aurora', secretKey: 'uri' },
    search: { passwordSecretName: 'search' },
  });
  for (const name of ['dataall-gateway', 'dataall-indexer'])
    expect(find(rendered, 'Deployment', name)).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                env: [
                  { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'aurora', key: 'uri' } } },
                  { name: 'OPENSEARCH_PASSWORD', valueFrom: { secretKeyRef: { name: 'search', key: 'password' } } },
                ],
              },
            ],
          },
        },
      },
    });
});

describe('Helm refuses what operator and gateway would not start with', () => {
  it.each([
    ['a key that is none', { operator: { settings: { interval: {} } } }, /interval.*intervals/s],
    ['a value out of bounds', { operator: { settings: { intervals: { tablesSyncMinutes: 0 } } } }, /tablesSyncMinutes/],
    ['an account that is none', { operator: { settings: { aws: { hub: { accountId: '1' } } } } }, /accountId/],
    ['what the chart says itself', { operator: { settings: { namespace: 'other' } } }, /namespace/],
    ['a port, which is the chart’s', { gateway: { server: { port: 1 } } }, /port/],
    ['a session of no time', { auth: { settings: { session: { maxAgeMinutes: 1 } } } }, /maxAgeMinutes/],
    ['a search that is none', { search: { settings: { backend: 'solr' } } }, /search/],
    ['the database beside its Secret', { postgres: { settings: { url: 'postgres://u:p@h/d' } } }, /url/],
  ])('%s', async (_, values, message) => {
    await expect(render(values)).rejects.toThrow(message);
  });
});

it('the values that docs/install.md shows are values of the chart', async () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'install.md'), 'utf8');
  const shown = /```yaml\n# values\.yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
  const values = parse(
    shown.replace('sha256:...', `sha256:${'0'.repeat(64)}`).replace('arn:aws:acm:...', 'arn'),
  ) as object;
  const rendered = await renderValues(NAMESPACE, values);
  expect(operatorOf(rendered).aws.hub).toEqual(needed.operator.settings.aws.hub);
  expect(gatewayOf(rendered).identity.oidc.redirectUrl).toBe('https://data.example.com/auth/callback');
});
