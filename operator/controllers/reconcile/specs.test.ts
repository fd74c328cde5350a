// What does not count: anybody may make an Environment for any account, and in it name any role of it.
import { describe, expect, it } from 'vitest';
import {
  consumptionRole,
  CONSUMER,
  dataset,
  environment,
  REGION,
  ROLE_ARN,
  shareRequest,
  team,
} from '../../access/testing/fixtures.ts';
import type { CacheOptions } from '../../kernel/runtime/manager.ts';
import type { Kind, KubeObject, Stored } from '../../kernel/kind.ts';
import type { Indexer } from '../../kernel/cache/indexed-objects.ts';
import { Store, type ReadStore } from '../../kernel/cache/store.ts';
import type { Specs } from '../../access/specs.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { environmentRoleName, teamRoleName } from '../../resources/names.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { principalRefused } from './principal-claims.ts';
import { specStore } from './specs.ts';

const older = { creationTimestamp: '2025-01-01T00:00:00Z' };

/** `evil` is older than `marketing-prod` and says it has the same account. */
const world = (evil: Partial<Environment['status']>) => {
  const stores = new Map<string, Store>();
  const indexersOf = new Map<string, Readonly<Record<string, Indexer>>>();
  const cache = <T extends KubeObject>({ kind }: Kind<T>, { indexers = {} }: CacheOptions<T> = {}): ReadStore<T> => {
    indexersOf.set(kind, indexers as Readonly<Record<string, Indexer>>);
    const store = new Store<T>();
    for (const [name, indexer] of Object.entries(indexers)) store.addIndexer(name, indexer);
    stores.set(kind, store as unknown as Store);
    return store;
  };
  const specs = specStore({ cache }, { allowWrite: false, allowSelfApproval: false, policiesMissing: () => [] });
  let version = 0;
  const add = ({ kind }: Kind, object: object): void => {
    const metadata = { ...(object as Stored).metadata, resourceVersion: String((version += 1)) };
    stores.get(kind)?.set({ ...object, kind, metadata } as Stored);
  };
  add(environmentKind, environment('marketing-prod'));
  add(environmentKind, { ...environment('marketing-prod', { metadata: { ...older, name: 'evil' } }), status: evil });
  add(consumptionRoleKind, consumptionRole());
  add(consumptionRoleKind, consumptionRole({ metadata: { ...older, namespace: 'evil', name: 'squat', uid: 'squat' } }));
  return { specs, add, indexers: ({ kind }: Kind) => indexersOf.get(kind) ?? {} };
};
const unlinked = { id: 'evilevil' };
const linked = { ...unlinked, pivotRole: { arn: `arn:aws:iam::${CONSUMER}:role/evilPivot` } };

const names = (environments: readonly Environment[]): readonly string[] =>
  environments.map(({ metadata }) => metadata.name);

describe('an environment whose account has not let it in', () => {
  it('takes no role from others, however old it is', () => {
    const { specs } = world(unlinked);
    expect(specs.principalsOf(ROLE_ARN)).toMatchObject([{ role: { metadata: { namespace: 'marketing-prod' } } }]);
    expect(principalRefused(specs, ROLE_ARN, consumptionRole())).toBeUndefined();
  });

  it('has no say in documents of the account', () => {
    const { specs } = world(unlinked);
    expect(names(specs.environmentsOf(CONSUMER, REGION))).toEqual(['marketing-prod']);
    expect(names(specs.environmentsOfAccount(CONSUMER))).toEqual(['marketing-prod']);
  });
});

describe('an environment that was let in', () => {
  it('has what it named first', () => {
    const { specs } = world(linked);
    expect(names(specs.environmentsOf(CONSUMER, REGION))).toEqual(['evil', 'marketing-prod']);
    expect(principalRefused(specs, ROLE_ARN, consumptionRole())).toMatchObject({
      reason: 'PrincipalTaken',
      // Who reads this may not see the other environment.
      message: `${ROLE_ARN} is claimed in another environment of its account already: name another one`,
    });
  });
});

const newcomer = consumptionRole({
  metadata: { name: 'new', uid: 'uid-new', creationTimestamp: '2099-01-01T00:00:00Z' },
});

describe('a role that a ConsumptionRole names', () => {
  const role = (name: string): string => `arn:aws:iam::${CONSUMER}:role/${name}`;
  const environments = () => {
    const { specs, add } = world(unlinked);
    const { status } = environment('marketing-prod');
    const own = { defaultRole: { arn: role('engineers'), id: 'AROA' } };
    add(environmentKind, environment('marketing-prod', { status: { ...status, ...own } }));
    return { specs, add, id: status.id ?? '' };
  };
  const refusal = (specs: Specs, name: string) => principalRefused(specs, role(name), newcomer);

  it('is none that a stack of ours makes, or is about to make', () => {
    const { specs, add, id } = environments();
    const names = { prefix: 'dataall', id, label: 'Marketing' };
    for (const name of [teamRoleName(names, 'Team to come'), environmentRoleName(names)])
      for (const written of [name, name.toUpperCase(), `path/${name}`])
        expect(refusal(specs, written)).toMatchObject({ reason: 'PrincipalTaken' });
    expect(refusal(specs, 'dataall-orders-data1234')).toBeUndefined();
    add(datasetKind, dataset({ status: { id: 'data1234' } }));
    expect(refusal(specs, 'dataall-orders-data1234')).toMatchObject({ reason: 'PrincipalTaken' });
    expect(refusal(specs, `analytics-${id}`)).toBeUndefined();
  });

  it('is none that an environment, a team or a dataset has already', () => {
    const { specs, add } = environments();
    expect(refusal(specs, 'engineers')).toMatchObject({ reason: 'PrincipalTaken' });
    expect(refusal(specs, 'brought')).toBeUndefined();
    add(teamKind, team('marketing-prod', { spec: { roleArn: role('brought') }, status: { roleArn: undefined } }));
    expect(refusal(specs, 'brought')).toMatchObject({ reason: 'PrincipalTaken' });
    expect(refusal(specs, 'crawler')).toBeUndefined();
    add(datasetKind, dataset({ status: { roleArn: role('crawler') } }));
    expect(refusal(specs, 'crawler')).toMatchObject({ reason: 'PrincipalTaken' });
  });

  it('does not keep a team from the one that was made for it, however old the claim', () => {
    const { specs, add } = environments();
    const made = role('dataall-analysts-env00001');
    add(consumptionRoleKind, consumptionRole({ metadata: { ...older, name: 'squat' }, spec: { principalArn: made } }));
    add(teamKind, team('marketing-prod', { status: { roleArn: made } }));
    expect(specs.principalsOf(made).map(({ kind }) => kind)).toEqual(['Team', 'ConsumptionRole']);
  });
});

describe('a database that was written with capitals', () => {
  it('is the one that Glue has', () => {
    const { specs, add } = world(unlinked);
    const { account = '', region = '' } = dataset().status;
    add(datasetKind, dataset({ status: { glueDatabase: 'LakeOut' } }));
    add(datasetKind, dataset({ metadata: { name: 'other', uid: 'other' }, status: { glueDatabase: 'lakeout' } }));
    for (const name of ['lakeout', 'LakeOut'])
      expect(specs.datasetsOfDatabase(account, region, name).map(({ metadata }) => metadata.name)).toEqual([
        'orders',
        'other',
      ]);
  });
});

describe('a request of hundreds of tables', () => {
  const items = Array.from({ length: 500 }, (_, index) => ({ kind: 'Table' as const, name: `Table${index}` }));

  it('is found by each of them, in whatever case, for its own dataset alone', () => {
    const { specs, add } = world(linked);
    add(shareRequestKind, shareRequest({ spec: { items } }));
    const found = (dataset: string, table: string) => specs.sharesOfTable('sales-prod', dataset, table).length;
    expect([found('orders', 'tABLE499'), found('orders', 'table500'), found('other', 'table1')]).toEqual([1, 0, 0]);
  });

  it('is in no index by them: each write of its status would go through all', () => {
    const { add, indexers } = world(linked);
    const request = shareRequest({ spec: { items } });
    add(shareRequestKind, request);
    const values = Object.entries(indexers(shareRequestKind)).map(([name, values]) => [
      name,
      values(request as unknown as Stored).length,
    ]);
    expect(values).toEqual([
      ['dataset', 1],
      ['principal', 1],
    ]);
  });
});

describe('a role that a Team brings', () => {
  const bring = (arn: string): string | undefined => principalRefused(world(linked).specs, arn, newcomer)?.reason;

  it('is no pivot role, whatever that is called, and nobody has it yet', () => {
    expect(bring(`arn:aws:iam::${CONSUMER}:role/evilPivot`)).toBe('PrincipalForbidden');
    expect(bring(ROLE_ARN)).toBe('PrincipalTaken');
    expect(bring(`arn:aws:iam::${CONSUMER}:role/free`)).toBeUndefined();
  });

  it("is not another team's", () => {
    const { specs, add } = world(linked);
    const roleArn = `arn:aws:iam::${CONSUMER}:role/dataall-first`;
    add(teamKind, team('marketing-prod', { status: { roleArn } }));
    expect(principalRefused(specs, roleArn, newcomer)?.message).toContain('is that of Team analysts already');
    expect(principalRefused(specs, roleArn, team('marketing-prod', {}))).toBeUndefined();
  });
});
