// Where every right of a principal goes among its policies, and what of it is there.
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { Fingerprints } from '../../../policy/fingerprints.ts';
import { toList } from '../../../policy/one-or-many.ts';
import { packPolicies, type PackItem, type Packing } from '../../../policy/pack-policies.ts';
import type { SharePoliciesClaims } from '../../desired.ts';
import type { Verdict } from '../../document.ts';
import type { SharePoliciesKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import { principalUnknown, quotaExceeded, refuseAll, type Refusal } from '../refusal.ts';
import { remembered } from '../view.ts';
import type { ObservedPolicy, ObservedSharePolicies } from './share-policies.ts';
import { itemsOf } from './share-policy-items.ts';

/**
 * Managed policies attached to one role by default (adjustable to 25):
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const POLICIES_PER_PRINCIPAL = 10;

interface SharePoliciesView {
  readonly packing: Packing;
  readonly refused: ReadonlyMap<string, Refusal>;
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The policies allow nothing that no grant asks for. */
  readonly isClean: boolean;
}

type Claims = SharePoliciesClaims;
type Observed = ObservedSharePolicies;

export const { prepare, viewOf } = remembered(makeView);

function* makeView(_key: SharePoliciesKey, claims: Claims, observed: Observed): Generator<number, SharePoliciesView> {
  const fingerprints = new Fingerprints();
  const present = [...observed.policies].map(([index, policy]): PresentPolicy => ({
    index,
    policy,
    contents: new PolicyContents(policy.document, fingerprints, index),
  }));
  const items = new Map<string, PackedItem>();
  const itemsByGrant = new Map<string, readonly PackedItem[] | undefined>();
  for (const grant of claims.grants) {
    const own = itemsOf(claims, grant)?.map((item): PackedItem => {
      const known = items.get(item.id) ?? {
        item,
        grants: [],
        place: placeOf(item, present),
      };
      items.set(item.id, known);
      known.grants.push(grant);
      return known;
    });
    itemsByGrant.set(grantId(grant), own);
    yield 1;
  }
  const { packing, refused } = pack(claims, observed, present, items);
  const verdicts = new Map<string, Verdict>();
  for (const grant of claims.grants) {
    const id = grantId(grant);
    verdicts.set(id, refused.get(id) ?? verdictOf(claims, itemsByGrant.get(id)));
    yield 1;
  }
  const isClean = present.every(({ index, policy }) => {
    const wanted = packing.policies.get(index);
    return wanted !== undefined && isWithin(policy.document, wanted, fingerprints);
  });
  return { packing, refused, verdicts, isClean };
}

interface PresentPolicy {
  readonly index: number;
  readonly policy: ObservedPolicy;
  readonly contents: PolicyContents;
}

interface PackedItem {
  readonly item: PackItem;
  /** Who asks for it. */
  readonly grants: Grant[];
  /** The policy that holds all of it. */
  readonly place: PresentPolicy | undefined;
}

const placeOf = (item: PackItem, present: readonly PresentPolicy[]): PresentPolicy | undefined =>
  present.find(({ contents }) => contents.hold(item));

/** What a policy allows, by statement. */
class PolicyContents {
  readonly #resources: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #fingerprints: Fingerprints;
  readonly #index: number;

  constructor({ Statement: statements }: PolicyDocument, fingerprints: Fingerprints, index: number) {
    this.#resources = resourcesByRight(statements, fingerprints);
    this.#fingerprints = fingerprints;
    this.#index = index;
  }

  /** Those resources of a statement for which the policy has it. */
  resourcesOf(statement: Statement): readonly string[] {
    const right = { ...statement, Sid: sidOf(statement.Sid ?? '', this.#index), Resource: [] };
    const present = this.#resources.get(this.#fingerprints.of(right));
    return present === undefined ? [] : toList(statement.Resource).filter((resource) => present.has(resource));
  }

  hold({ statements }: PackItem): boolean {
    return statements.every((statement) => {
      const resources = this.resourcesOf(statement);
      return resources.length > 0 && resources.length === toList(statement.Resource).length;
    });
  }
}

const resourcesByRight = (
  statements: readonly Statement[],
  fingerprints: Fingerprints,
): ReadonlyMap<string, ReadonlySet<string>> => {
  const rights = new Map<string, Set<string>>();
  for (const { Resource, ...statement } of statements) {
    const right = fingerprints.of({ ...statement, Resource: [] });
    rights.set(right, new Set([...(rights.get(right) ?? []), ...toList(Resource)]));
  }
  return rights;
};

/** Where every right goes; with Externally nothing is ours to make. */
const pack = (
  claims: Claims,
  observed: Observed,
  present: readonly PresentPolicy[],
  all: ReadonlyMap<string, PackedItem>,
): Pick<SharePoliciesView, 'packing' | 'refused'> => {
  const isOurs = claims.present && observed.principalExists && claims.policyManagement !== 'Externally';
  const wanted = isOurs ? [...all.values()] : [];
  const isActive = isOurs && claims.grants.some(({ suspended }) => !suspended);
  // Attaching a policy for the sake of others must not give back what suspended grants lost with it.
  const giving = present.filter(({ policy }) => policy.attached || !isActive || claims.policyManagement !== 'Fully');
  const placed = wanted.flatMap(({ item, grants, place }): { item: PackItem; place: PresentPolicy | undefined }[] =>
    grants.some(({ suspended }) => !suspended)
      ? [{ item, place }]
      : retainedPart(item, giving).map((rest) => ({ item: rest, place: placeOf(rest, present) })),
  );
  const items = placed.map(({ item }) => item);
  const places = placed.flatMap(({ item, place }) => (place === undefined ? [] : [[item.id, place.index] as const]));
  const packing = packPolicies(items, {
    previous: new Map(places),
    maxPolicies: Math.max(0, POLICIES_PER_PRINCIPAL - observed.foreign),
    sid: sidOf,
  });
  const gone = claims.present && !observed.principalExists ? refuseAll(claims.grants, principalMissing(claims)) : [];
  const unplaced = packing.unplaced.flatMap(({ id, size, limit, maxPolicies }) => [
    ...refuseAll(
      all.get(id)?.grants ?? [],
      quotaExceeded(
        `${size} characters do not fit into the ${maxPolicies} policies of ${limit} that may still be attached: detach policies of your own, or raise the quota`,
      ),
    ),
  ]);
  return { packing, refused: new Map([...gone, ...unplaced]) };
};

/** Statements are numbered by their policy, as people and tools know them: `BucketStatementS30`. */
const sidOf = (sid: string, index: number): string => `${sid}${index}`;

const principalMissing = ({ principalArn }: Claims): Refusal =>
  principalUnknown(
    `IAM does not show ${principalArn}: a new role is shown within moments, of one that is gone its ConsumptionRole or Team tells`,
  );

/** What the policy that has most of a piece has of it: as much as a suspended grant keeps. */
const retainedPart = ({ id, statements }: PackItem, policies: readonly PresentPolicy[]): readonly PackItem[] => {
  const remains = policies.map(({ contents }) =>
    statements
      .map((statement) => ({ ...statement, Resource: contents.resourcesOf(statement) }))
      .filter(({ Resource }) => Resource.length > 0),
  );
  const size = (left: (typeof remains)[number]): number => left.flatMap(({ Resource }) => Resource).length;
  const [most = []] = remains.toSorted((a, b) => size(b) - size(a));
  return most.length === 0 ? [] : [{ id, statements: most }];
};

/** Whether `document` allows nothing that `wanted` does not. */
const isWithin = (document: PolicyDocument, wanted: PolicyDocument, fingerprints: Fingerprints): boolean => {
  const allowed = resourcesByRight(wanted.Statement, fingerprints);
  return document.Statement.every(({ Resource, ...statement }) => {
    const resources = allowed.get(fingerprints.of({ ...statement, Resource: [] }));
    return resources !== undefined && toList(Resource).every((resource) => resources.has(resource));
  });
};

const verdictOf = (claims: Claims, items: readonly PackedItem[] | undefined): Verdict => {
  if (claims.policyManagement === 'Externally') return { state: 'Satisfied' };
  if (items === undefined)
    return {
      state: 'Waiting',
      reason: 'NamePending',
      message: 'the name of the link in the consumer account is not known yet',
    };
  for (const { place } of items) {
    if (place === undefined)
      return { state: 'Waiting', reason: 'PolicyPending', message: 'the share policy is not written yet' };
    if (!place.policy.attached)
      return claims.policyManagement === 'Fully'
        ? { state: 'Waiting', reason: 'PolicyPending', message: 'the share policy is not attached yet' }
        : {
            state: 'Failed',
            reason: 'AttachmentMissing',
            message: `attach ${place.policy.arn} to ${claims.principalArn}`,
          };
  }
  return { state: 'Satisfied' };
};
