// What does not count: anybody may make an Environment for any account, and in it name any role of it.
import { describe, expect, it } from 'vitest';
import { consumptionRole, CONSUMER, environment, REGION, ROLE_ARN, team } from '../access/sharing-cast.ts';
import type { CacheOptions } from '../kernel/manager.ts';
import type { Kind, KubeObject, Stored } from '../kernel/kind.ts';
import { Store, type ReadStore } from '../kernel/store.ts';
import { consumptionRoleKind } from '../resources/consumption-role.ts';
import { environmentKind, type Environment } from '../resources/environment.ts';
import { teamKind } from '../resources/team.ts';
import { principalRefused } from './principal-refused.ts';
import { specStore } from './spec-store.ts';

const older = { creationTimestamp: '2025-01-01T00:00:00Z' };

/** `evil` is older than `marketing-prod` and says it has the same account. */
const world = (evil: Partial<Environment['status']>) => {
  const stores = new Map<string, Store>();
  const cache = <T extends KubeObject>({ kind }: Kind<T>, { indexers = {} }: CacheOptions<T> = {}): ReadStore<T> => {
    const store = new Store<T>();
    for (const [name, indexer] of Object.entries(indexers)) store.addIndexer(name, indexer);
    stores.set(kind, store as unknown as Store);
    return store;
  };
  const specs = specStore({ cache }, { allowWrite: false, allowSelfApproval: false, policiesMissing: () => [] });
  const add = ({ kind }: Kind, object: object): void =>
    stores
      .get(kind)
      ?.set({ ...object, kind, metadata: { ...(object as Stored).metadata, resourceVersion: '1' } } as Stored);
  add(environmentKind, environment('marketing-prod'));
  add(environmentKind, { ...environment('marketing-prod', { metadata: { ...older, name: 'evil' } }), status: evil });
  add(consumptionRoleKind, consumptionRole());
  add(consumptionRoleKind, consumptionRole({ metadata: { ...older, namespace: 'evil', name: 'squat', uid: 'squat' } }));
  return { specs, add };
};
const unlinked = { id: 'evilevil' };
const linked = { ...unlinked, pivotRole: { arn: `arn:aws:iam::${CONSUMER}:role/evilPivot` } };

const names = (environments: readonly Environment[]): readonly string[] =>
  environments.map(({ metadata }) => metadata.name);

describe('an environment whose account has not let it in', () => {
  it('takes no role from others, however old it is', () => {
    const { specs } = world(unlinked);
    expect(specs.principalsOf(ROLE_ARN)).toMatchObject([{ role: { metadata: { namespace: 'marketing-prod' } } }]);
    expect(principalRefused(specs, ROLE_ARN, 'uid-analysts')).toBeUndefined();
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
    expect(principalRefused(specs, ROLE_ARN, 'uid-analysts')).toMatchObject({
      reason: 'PrincipalTaken',
      message: expect.stringContaining('ConsumptionRole evil/squat') as string,
    });
  });
});

describe('a role that a Team brings', () => {
  const bring = (arn: string): string | undefined => principalRefused(world(linked).specs, arn, 'uid-new')?.reason;

  it('is no pivot role, whatever that is called, and nobody has it yet', () => {
    expect(bring(`arn:aws:iam::${CONSUMER}:role/evilPivot`)).toBe('PrincipalForbidden');
    expect(bring(ROLE_ARN)).toBe('PrincipalTaken');
    expect(bring(`arn:aws:iam::${CONSUMER}:role/free`)).toBeUndefined();
  });

  it("is not another team's", () => {
    const { specs, add } = world(linked);
    const roleArn = `arn:aws:iam::${CONSUMER}:role/dataall-first`;
    add(teamKind, team('marketing-prod', { status: { roleArn } }));
    expect(principalRefused(specs, roleArn, 'uid-new')?.reason).toBe('PrincipalTaken');
    expect(principalRefused(specs, roleArn, 'uid-analysts')).toBeUndefined();
  });
});
