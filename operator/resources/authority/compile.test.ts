import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { allows, compile, factsOf, type RbacInputs } from './compile.ts';
import { toRbac } from './rbac.ts';

const meta = (name: string, created = '2026-01-01T00:00:00Z') => ({
  name,
  uid: name,
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: created,
});

const organization: RbacInputs['organizations'][number] = {
  metadata: meta('acme'),
  spec: {
    label: 'ACME',
    owner: 'owners',
    teams: [
      { group: 'engineers', permissions: ['LINK_ENVIRONMENT'] },
      { group: 'Analysts/EMEA', permissions: [] },
      { group: 'helpers', permissions: ['INVITE_ORGANIZATION_GROUP', 'REMOVE_ORGANIZATION_GROUP'] },
    ],
  },
};

const environment: RbacInputs['environments'][number] = {
  metadata: meta('sales'),
  spec: {
    organization: 'acme',
    label: 'Sales',
    owner: 'engineers',
    account: { id: '111111111111', region: 'eu-west-1' },
    resourcePrefix: 'dataall',
    deletionPolicy: 'Retain',
    remediation: 'Repair',
  },
  status: { namespace: { origin: 'Created', uid: 'n' } },
};

const team = (
  group: string,
  permissions: RbacInputs['teams'][number]['spec']['permissions'],
  { name = 'team', created, namespace = 'sales' }: { name?: string; created?: string; namespace?: string } = {},
): RbacInputs['teams'][number] => ({ metadata: { ...meta(name, created), namespace }, spec: { group, permissions } });

const dataset: RbacInputs['datasets'][number] = {
  metadata: { ...meta('orders'), namespace: 'sales' },
  spec: {
    label: 'Orders',
    owner: 'Analysts/EMEA',
    stewards: ['stewards'],
    confidentiality: 'Official',
    deletionPolicy: 'Retain',
    s3: { origin: 'Create' },
  },
};

const world = (changes: Partial<RbacInputs> = {}): RbacInputs => ({
  tenant: { spec: { administrators: ['admins'] } },
  organizations: [organization],
  environments: [environment],
  teams: [team('Analysts/EMEA', ['CREATE_DATASET'])],
  datasets: [dataset],
  ...changes,
});

const may = (
  changes: Partial<RbacInputs>,
  group: string,
  verb: string,
  resource: string,
  name: string,
  namespace?: string,
): boolean =>
  allows(factsOf(compile(world(changes))), [group], { verb, resource, name, ...(namespace && { namespace }) });

describe('compile', () => {
  it.each([
    ['owners', 'link', 'organizations', 'acme', undefined, true],
    ['engineers', 'link', 'organizations', 'acme', undefined, true],
    ['Analysts/EMEA', 'link', 'organizations', 'acme', undefined, false],
    ['Analysts/EMEA', 'get', 'organizations', 'acme', undefined, true],
    ['engineers', 'update', 'organizations', 'acme', undefined, false],
    ['helpers', 'invite', 'organizations', 'acme', undefined, true],
    ['helpers', 'uninvite', 'organizations', 'acme', undefined, true],
    ['owners', 'get', 'environments', 'sales', undefined, true],
    ['owners', 'update', 'environments', 'sales', undefined, false],
    ['engineers', 'import', 'environments', 'sales', undefined, true],
    ['Analysts/EMEA', 'get', 'environments', 'sales', undefined, true],
    ['Analysts/EMEA', 'import', 'environments', 'sales', undefined, false],
    ['Analysts/EMEA', 'create', 'datasets', 'new', 'sales', true],
    ['Analysts/EMEA', 'create', 'sharerequests', 'new', 'sales', false],
    ['Analysts/EMEA', 'update', 'datasets', 'orders', 'sales', true],
    ['Analysts/EMEA', 'update', 'datasets', 'other', 'sales', false],
    ['Analysts/EMEA', 'approve', 'datasets', 'orders', 'sales', true],
    ['stewards', 'approve', 'datasets', 'orders', 'sales', true],
    ['stewards', 'update', 'datasets', 'orders', 'sales', false],
    ['stewards', 'list', 'datasets', 'other', 'sales', false],
    ['engineers', 'approve', 'datasets', 'orders', 'sales', false],
    ['admins', 'update', 'tenants', 'default', undefined, true],
    ['admins', 'approve', 'datasets', 'orders', 'sales', false],
    ['strangers', 'get', 'organizations', 'acme', undefined, false],
    ['engineers', 'credentials', 'environments', 'sales', undefined, true],
    ['owners', 'credentials', 'environments', 'sales', undefined, false],
    ['Analysts/EMEA', 'credentials', 'environments', 'sales', undefined, false],
    ['Analysts/EMEA', 'credentials', 'teams', 'team', 'sales', true],
    ['Analysts/EMEA', 'console', 'teams', 'other', 'sales', false],
    ['engineers', 'console', 'teams', 'team', 'sales', false],
    ['Analysts/EMEA', 'credentials', 'datasets', 'orders', 'sales', true],
    ['stewards', 'credentials', 'datasets', 'orders', 'sales', false],
    ['engineers', 'credentials', 'datasets', 'orders', 'sales', false],
    ['admins', 'credentials', 'environments', 'sales', undefined, false],
    ['admins', 'console', 'datasets', 'orders', 'sales', false],
    ['admins', 'stack', 'teams', 'team', 'sales', true],
    ['owners', 'stack', 'environments', 'sales', undefined, true],
    ['stewards', 'catalog', 'datasets', 'orders', 'sales', true],
    ['admins', 'catalog', 'datasets', 'orders', 'sales', false],
    ['stewards', 'reapply', 'datasets', 'orders', 'sales', true],
    ['engineers', 'verify', 'sharerequests', 'any', 'sales', true],
    ['Analysts/EMEA', 'verify', 'sharerequests', 'any', 'sales', false],
    ['admins', 'verify', 'sharerequests', 'any', 'sales', true],
  ])('%s %s %s/%s in %s: %s', (group, verb, resource, name, namespace, expected) => {
    expect(may({}, group, verb, resource, name, namespace)).toBe(expected);
  });

  it('lets members of a team work as its role while its organization invites them and the Tenant lets them', () => {
    const credentials = (changes: Partial<RbacInputs>) =>
      may(changes, 'Analysts/EMEA', 'credentials', 'teams', 'team', 'sales');
    const uninvited = { ...organization, spec: { ...organization.spec, teams: [] } };
    const limited = (permissions: ['MANAGE_ENVIRONMENTS'] | []) => ({
      tenant: { spec: { administrators: ['admins'], permissions: [{ group: 'Analysts/EMEA', permissions }] } },
    });
    expect(credentials({})).toBe(true);
    expect(credentials({ organizations: [uninvited] })).toBe(false);
    expect(credentials(limited(['MANAGE_ENVIRONMENTS']))).toBe(true);
    expect(credentials(limited([]))).toBe(false);
  });

  it('lets nobody patch, update or delete what they may not read, because the answers tell', () => {
    const permissions = ['CREATE_DATASET', 'CREATE_SHARE_OBJECT', 'ADD_ENVIRONMENT_CONSUMPTION_ROLES'] as const;
    const teams = [team('Analysts/EMEA', [...permissions, 'INVITE_ENVIRONMENT_GROUP'])];
    const facts = factsOf(compile(world({ teams })));
    const oracles = facts
      .filter(({ verb }) => ['patch', 'update', 'delete'].includes(verb))
      .filter(({ verb: _verb, ...what }) => !facts.some((fact) => isDeepStrictEqual(fact, { ...what, verb: 'get' })));
    expect(oracles).toEqual([]);
  });

  it('lets nobody decide about a dataset that is being deleted, while its owner may still change how it ends', () => {
    const going = { ...dataset, metadata: { ...dataset.metadata, deletionTimestamp: '2026-06-01T00:00:00Z' } };
    const rights = (verb: string) =>
      ['Analysts/EMEA', 'stewards'].map((group) =>
        may({ datasets: [going] }, group, verb, 'datasets', 'orders', 'sales'),
      );
    expect([rights('approve'), rights('update'), rights('get')]).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
    expect(may({ datasets: [going] }, 'stewards', 'create', 'datasettables', 'any', 'sales')).toBe(false);
    expect(may({}, 'stewards', 'create', 'datasettables', 'any', 'sales')).toBe(true);
  });

  it('gives no rights in a namespace that is not known to be ours', () => {
    const environments = [{ ...environment, status: {} }];
    const grants = compile(world({ environments }));
    expect(grants.filter((grant) => grant.scope !== 'Cluster' && grant.namespace !== undefined)).toEqual([]);
    expect(may({ environments }, 'engineers', 'update', 'environments', 'sales')).toBe(true);
  });

  it('ignores teams and datasets in other namespaces', () => {
    const elsewhere = { teams: [team('x', ['CREATE_DATASET'], { namespace: 'default' })], datasets: [] };
    expect(compile(world(elsewhere))).toEqual(compile(world({ teams: [], datasets: [] })));
  });

  it('ignores teams that the organization does not invite, and all but its owner when it is gone', () => {
    const uninvited = { teams: [team('strangers', ['CREATE_DATASET'])] };
    expect(may(uninvited, 'strangers', 'create', 'datasets', 'new', 'sales')).toBe(false);
    const gone = { organizations: [] };
    expect(may(gone, 'Analysts/EMEA', 'create', 'datasets', 'new', 'sales')).toBe(false);
    expect(may(gone, 'engineers', 'create', 'datasets', 'new', 'sales')).toBe(true);
  });

  it('counts a group once, by its oldest Team', () => {
    const later = team('Analysts/EMEA', ['CREATE_SHARE_OBJECT'], { name: 'a', created: '2026-02-01T00:00:00Z' });
    const teams = [later, team('Analysts/EMEA', ['CREATE_DATASET'])];
    expect(may({ teams }, 'Analysts/EMEA', 'create', 'sharerequests', 'new', 'sales')).toBe(false);
    expect(may({ teams }, 'Analysts/EMEA', 'create', 'datasets', 'new', 'sales')).toBe(true);
  });

  it('gives a group that the Tenant limits no more than it says', () => {
    const limited = (permissions: ('MANAGE_DATASETS' | 'MANAGE_SHARES')[]) => ({
      tenant: { spec: { administrators: [], permissions: [{ group: 'Analysts/EMEA', permissions }] } },
    });
    const asks = ['Analysts/EMEA', 'approve', 'datasets', 'orders', 'sales'] as const;
    expect(may(limited([]), ...asks)).toBe(false);
    expect(may(limited(['MANAGE_SHARES']), ...asks)).toBe(true);
    expect(may(limited([]), 'Analysts/EMEA', 'get', 'datasets', 'orders', 'sales')).toBe(true);
    expect(may(limited([]), 'stewards', 'approve', 'datasets', 'orders', 'sales')).toBe(true);
  });

  it('lets auditors see every object and change none', () => {
    const tenant = { spec: { administrators: ['admins'], auditors: ['auditors'] } };
    const facts = factsOf(compile(world({ tenant }))).filter(({ group }) => group === 'auditors');
    expect(new Set(facts.map(({ verb }) => verb))).toEqual(new Set(['get', 'list', 'watch', 'stack']));
    expect(facts.filter(({ verb, apiGroup }) => verb === 'get' && apiGroup === 'dataall.io')).toHaveLength(9);
  });

  it('leaves rights to administrators alone when nobody else has access', () => {
    const maintenance = { mode: 'NoAccess' } as const;
    const spec = { administrators: ['admins'], auditors: ['auditors'], maintenance };
    const grants = compile(world({ tenant: { spec } }));
    expect(grants).toEqual([{ group: 'admins', scope: 'Cluster', set: 'platform-admin' }]);
  });
});

describe('RBAC objects', () => {
  const objects = toRbac(compile(world()));
  const find = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);

  it('depend on what is given, not on its order', () => {
    const grants = compile(world());
    expect(toRbac([...grants].reverse())).toEqual(objects);
  });

  it('have one name each, which API servers take', () => {
    const names = objects.map(({ kind, metadata }) => `${kind}/${metadata.namespace ?? ''}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { metadata } of objects) expect(metadata.name).toMatch(/^dataall:[a-z0-9:.-]+$/);
  });

  it('name the object, and spell groups as they are', () => {
    expect(find('ClusterRole', 'dataall:environment:sales:viewer')).toMatchObject({
      rules: [{ resources: ['environments'], resourceNames: ['sales'], verbs: ['get', 'list', 'watch', 'stack'] }],
    });
    expect(find('ClusterRoleBinding', 'dataall:environment:sales:viewer')).toMatchObject({
      subjects: [{ name: 'Analysts/EMEA' }, { name: 'engineers' }, { name: 'owners' }],
    });
    expect(find('Role', 'dataall:dataset:orders:approver')).toMatchObject({ metadata: { namespace: 'sales' } });
  });

  it('put the prefix of the API server before groups', () => {
    const prefixed = toRbac(compile(world({ environments: [], teams: [], datasets: [], organizations: [] })), {
      groupPrefix: 'oidc:',
    });
    expect(prefixed).toMatchObject([{ subjects: [{ kind: 'Group', name: 'oidc:admins' }] }]);
  });
});
