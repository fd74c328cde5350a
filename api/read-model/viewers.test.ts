import { describe, expect, it } from 'vitest';
import { allows, compile, factsOf, type RbacInputs } from '../../operator/resources/authority/compile.ts';
import type { ProjectedObject } from './object-columns.ts';
import { projections } from './projections.ts';
import { Viewers } from './viewers.ts';

const meta = (name: string, namespace?: string) => ({
  name,
  uid: `${namespace} ${name}`,
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: '2026-11-01T00:00:00Z',
  ...(namespace !== undefined && { namespace }),
});

/** Two environments: one with a team that is not invited any more and a dataset that is being deleted, one without a namespace. */
const world = {
  organizations: [
    {
      metadata: meta('acme'),
      spec: { owner: 'platform', teams: [{ group: 'sales' }, { group: 'analysts' }, { group: 'marketing' }] },
    },
    { metadata: meta('other'), spec: { owner: 'others' } },
  ],
  environments: [
    { metadata: meta('sales'), spec: { organization: 'acme', owner: 'sales' }, status: { namespace: { uid: 'n' } } },
    { metadata: meta('new'), spec: { organization: 'acme', owner: 'marketing' }, status: {} },
  ],
  teams: [
    { metadata: meta('analysts', 'sales'), spec: { group: 'analysts', permissions: ['CREATE_DATASET'] } },
    { metadata: meta('uninvited', 'sales'), spec: { group: 'uninvited', permissions: ['CREATE_DATASET'] } },
  ],
  datasets: [
    { metadata: meta('orders', 'sales'), spec: { owner: 'analysts', stewards: ['stewards'] } },
    { metadata: { ...meta('going', 'sales'), deletionTimestamp: '2026-11-02T00:00:00Z' }, spec: { owner: 'leavers' } },
  ],
};
for (const one of world.organizations)
  for (const team of one.spec.teams ?? []) Object.assign(team, { permissions: [] });
const inputs = world as unknown as RbacInputs;

const viewers = new Viewers({
  organization: (name) => inputs.organizations.find(({ metadata }) => metadata.name === name),
  environment: (name) => inputs.environments.find(({ metadata }) => metadata.name === name),
  teams: (namespace) => inputs.teams.filter(({ metadata }) => metadata.namespace === namespace),
  datasets: (namespace) => inputs.datasets.filter(({ metadata }) => metadata.namespace === namespace),
});

const projectionOf = (kind: string) => {
  const found = projections.find((one) => one.kind.kind === kind);
  if (found === undefined) throw new Error(`no rows of ${kind}`);
  return found;
};
const object = (name: string, namespace?: string, spec: object = {}): ProjectedObject => ({
  metadata: meta(name, namespace),
  spec,
  status: {},
});
const asks = (draft: boolean, dataset = 'orders') => ({ datasetRef: { namespace: 'sales', name: dataset }, draft });
const groups = [
  'platform',
  'sales',
  'analysts',
  'marketing',
  'others',
  'uninvited',
  'stewards',
  'leavers',
  'strangers',
];

describe('Who may see a row', () => {
  it.each([
    ['Organization', object('acme')],
    ['Organization', object('other')],
    ['Environment', object('sales')],
    ['Environment', object('new')],
    ['Team', object('analysts', 'sales')],
    ['Dataset', object('orders', 'sales')],
    ['Dataset', object('going', 'sales')],
    ['DatasetTable', object('orders', 'sales')],
    ['ConsumptionRole', object('etl', 'sales')],
    ['ConsumptionRole', object('etl', 'new')],
    ['ShareApproval', object('new.one', 'sales')],
    ['ShareRequest', object('draft', 'sales', asks(true))],
    ['Team', object('lost', 'nowhere')],
  ])('of kind %s is whom RBAC lets read the object', (kind, one) => {
    const projection = projectionOf(kind);
    const facts = factsOf(compile(inputs));
    const { name, namespace } = one.metadata;
    const wanted = {
      verb: 'get',
      resource: projection.kind.plural,
      name,
      ...(namespace !== undefined && { namespace }),
    };
    const readers = groups.filter((group) => allows(facts, [group], wanted)).toSorted();
    expect(viewers.of(projection, one)).toEqual(readers);
  });

  it('of a request is its environment and who decides about the dataset now; of a draft, its environment alone', () => {
    const of = (spec: object) => viewers.of(projectionOf('ShareRequest'), object('one', 'new', spec));
    expect(of(asks(false))).toEqual(['analysts', 'stewards']);
    expect(of(asks(true))).toEqual([]);
    expect(of(asks(false, 'going'))).toEqual([]);
    expect(of(asks(false, 'unknown'))).toEqual([]);
  });

  it('of the tenant is nobody but administrators, who are asked for elsewhere', () => {
    expect(viewers.of(projectionOf('Tenant'), object('default'))).toEqual([]);
  });
});
