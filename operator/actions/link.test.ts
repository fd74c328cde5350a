// What somebody is told who links an account, and who that is.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallerIdentity } from '../aws/services/sts.ts';
import { readConfig } from '../config.ts';
import { externalIdOf, installationKey } from '../controllers/environment/account-link.ts';
import type { Platform } from '../controllers/reconcile/platform.ts';
import type { Organization } from '../resources/organization.ts';
import { linkRoute } from './contract/link.ts';
import { pathOf } from './contract/route.ts';
import { templateRoute } from './contract/template.ts';
import { linkAction } from './link.ts';
import { templateAction } from './template.ts';
import { ActionTestEnv } from './testing/action-test-env.ts';

const ACME = { resource: 'organizations', name: 'acme' } as const;
const config = readConfig({
  aws: { hub: { accountId: '999999999999', region: 'eu-west-1' } },
  authority: { groupPrefix: 'oidc:' },
});
const identity: CallerIdentity = {
  account: '999999999999',
  arn: 'arn:aws:sts::999999999999:assumed-role/operator/session',
  userId: '',
};
const ann = { name: 'ann', groups: ['oidc:linkers', 'oidc:sales'] };
const place = { account: '111111111111', region: 'eu-west-1', owner: 'sales' };

let organization: Organization | undefined;
let env: ActionTestEnv;
beforeEach(() => {
  organization = { metadata: { name: 'acme' }, spec: {}, status: { id: 'acme0001' } } as unknown as Organization;
  const platform = {
    config,
    aws: { hub: () => ({ sts: { identity: () => Promise.resolve(identity) } }) },
    stores: {
      get: () => ({ get: (_namespace: undefined, name: string) => (name === 'acme' ? organization : undefined) }),
    },
  } as unknown as Partial<Platform>;
  env = new ActionTestEnv({ actions: [linkAction, templateAction], platform });
  env.rights.add('oidc:linkers link organizations/acme');
});
afterEach(() => env[Symbol.asyncDispose]());

const ask = (query: Record<string, string>, user = ann) =>
  env.ask(`${pathOf(linkRoute, ACME)}?${new URLSearchParams(query).toString()}`, { user });

describe('link data', () => {
  it('are whom the account is to trust, and what its administrator runs', async () => {
    const { json } = await ask({ ...place, mode: 'Existing', resourcePrefix: 'acme' });
    const key = await installationKey(env.api, config.namespace);
    const externalId = externalIdOf(key, { organizationId: 'acme0001', owner: 'sales', accountId: '111111111111' });
    const { command, ...rest } = linkRoute.answer.parse(json);
    expect(rest).toEqual({
      hubAccountId: '999999999999',
      operatorName: 'operator',
      mode: 'Existing',
      pivotRoleName: 'dataallPivotRole',
      consentParameter: '/dataall/dataall/consent',
      externalId,
    });
    expect(command).toContain('--trust 999999999999');
    expect(command).toContain(`ExternalId=${externalId} PivotRoleName=dataallPivotRole EnvironmentResourcePrefix=acme`);
    expect(env.logged).not.toContain(key.toString('base64'));
  });

  it('name no external id before account and owner are known', async () => {
    const { json } = await ask({});
    expect(linkRoute.answer.parse(json)).not.toHaveProperty('externalId');
  });

  it('of another owner or account have another external id, and none for a group that the user is not in', async () => {
    const externalId = async (query: Partial<typeof place>, user = ann) =>
      (await ask({ ...place, ...query }, user)).json as { externalId?: string };
    const ids = [
      await externalId({}),
      await externalId({ account: '222222222222' }),
      await externalId({ owner: 'linkers' }),
    ].map((answer) => answer.externalId);
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(undefined);
    expect((await ask({ ...place, owner: 'marketing' })).status).toBe(403);
    // Without the provider's prefix it is another group.
    expect((await ask(place, { name: 'ann', groups: ['oidc:linkers', 'sales'] })).status).toBe(403);
    env.rights.add('ann act-as groups/marketing');
    expect((await ask({ ...place, owner: 'marketing' })).status).toBe(200);
  });

  it('are told to nobody who may not link, and templates neither', async () => {
    const zoe = { name: 'zoe', groups: ['oidc:sales'] };
    expect((await ask(place, zoe)).status).toBe(403);
    expect((await env.ask(`${pathOf(templateRoute, ACME)}?template=pivot-role`, { user: zoe })).status).toBe(403);
  });

  it.each([
    ['an account without its region', { account: '111111111111' }],
    ['an account that is none', { ...place, account: '1111' }],
    ['a region that is none', { ...place, region: 'eu-west-1; rm -rf /' }],
    ['a role with a space', { ...place, pivotRoleName: 'role && curl' }],
    ['a prefix with a quote', { ...place, resourcePrefix: "a'b" }],
  ])('are not made for %s', async (_what, query) => {
    expect((await ask(query as Record<string, string>)).status).toBe(400);
  });

  it('of an organization that is not there, or has no id yet, are not there either', async () => {
    organization = { metadata: { name: 'acme' }, spec: {}, status: {} } as unknown as Organization;
    expect((await ask(place)).status).toBe(409);
    organization = undefined;
    expect((await ask(place)).status).toBe(404);
  });
});

describe('a template', () => {
  it.each(['pivot-role', 'execution-policy'] as const)('of %s is what is published', async (template) => {
    const { json } = await env.ask(`${pathOf(templateRoute, ACME)}?template=${template}`, { user: ann });
    const { fileName, text } = templateRoute.answer.parse(json);
    expect(fileName).toBe(`${template}.json`);
    expect(JSON.parse(text)).toHaveProperty('Resources');
  });

  it.each(['', '?template=../config', '?template=%2Fetc%2Fpasswd', '?template=pivot-role&template=execution-policy'])(
    'is none by %j',
    async (query) => {
      expect((await env.ask(`${pathOf(templateRoute, ACME)}${query}`, { user: ann })).status).toBe(400);
    },
  );
});
