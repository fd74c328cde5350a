// The managed policies that let one principal of the consumer account use what is shared with it. Cross-account, both sides must allow.
import { isFault } from '../../../aws/fault.ts';
import { equivalent, fingerprint } from '../../../policy/canonical.ts';
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { packPolicies, type PackItem, type Packing } from '../../../policy/pack-policies.ts';
import { toList } from '../../../policy/one-or-many.ts';
import { Budget } from '../../budget.ts';
import type { SharePoliciesClaims } from '../../desired.ts';
import type { DocumentType, Drift, Plan, Verdict } from '../../document.ts';
import type { SharePoliciesKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import { withFlaws } from '../../reader.ts';
import { ownFlaw, readOwnSide, type OwnSide } from '../own-side.ts';
import { readPolicy } from '../resource-policy/read-policy.ts';
import { principalUnknown, quotaExceeded, refuseAll, type Refusal } from '../refusal.ts';
import { itemsOf } from './share-policy-items.ts';

/**
 * Managed policies attached to one role by default (adjustable to 25):
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const POLICIES_PER_PRINCIPAL = 10;

export interface ObservedPolicy {
  readonly arn: string;
  readonly document: PolicyDocument;
  readonly attached: boolean;
}

export interface ObservedSharePolicies {
  /** False: the role or user is gone. */
  readonly principalExists: boolean;
  /** Ours, by index. */
  readonly policies: ReadonlyMap<number, ObservedPolicy>;
  /** How many policies of others are attached. */
  readonly foreign: number;
  /** Undefined: nothing is shared, so nobody asked. */
  readonly ownSide?: OwnSide | undefined;
}

export type SharePolicyAction =
  | { readonly do: 'create'; readonly index: number; readonly document: PolicyDocument }
  | { readonly do: 'update'; readonly index: number; readonly document: PolicyDocument }
  | { readonly do: 'attach' | 'detach' | 'delete'; readonly index: number };

type Key = SharePoliciesKey;
type Claims = SharePoliciesClaims;
type Observed = ObservedSharePolicies;

export const sharePolicies: DocumentType<Key, Claims, Observed, SharePolicyAction> = {
  kind: 'share-policies',

  async observe({ aws, parts }, key, claims) {
    const listed = aws.iam.attachedPolicies(claims.principalArn);
    const ownPrefix = policyArn(key, claims, 0).slice(0, -1);
    const others = listed.then((arns = []) => arns.filter((arn) => !arn.startsWith(ownPrefix)));
    // Side by side, as all reads of several parts: a revocation waits for them.
    const readOurs = async (): Promise<Observed> => {
      const [attached, existing] = await Promise.all([
        listed,
        parts ?? aws.iam.policiesNamed(INDEXES.map((index) => policyArn(key, claims, index))),
      ]);
      const present = INDEXES.map((index) => ({ index, arn: policyArn(key, claims, index) })).filter(
        ({ arn }) => existing.includes(arn) || attached?.includes(arn) === true,
      );
      // What is in a policy that goes in any case need not be known.
      const read = present.map(async ({ index, arn }): Promise<[number, PolicyDocument][]> => {
        const document = wantsAny(claims) ? readPolicy((await aws.iam.policy(arn))?.document) : NOTHING;
        return document === undefined ? [] : [[index, document]];
      });
      return observedOf(key, claims, attached, (await Promise.all(read)).flat());
    };
    const isShared = claims.present && claims.grants.length > 0;
    const [ours, ownSide] = await Promise.all([
      readOurs(),
      isShared ? readOwnSide(aws, claims.principalArn, others) : undefined,
      others,
    ]);
    return { ...ours, ownSide };
  },

  async readBack({ aws }, key, claims, observed, written) {
    const of = (...what: readonly SharePolicyAction['do'][]): readonly number[] =>
      written.flatMap((action) => (what.includes(action.do) ? [action.index] : []));
    const [attached, ...read] = await Promise.all([
      aws.iam.attachedPolicies(claims.principalArn),
      ...of('create', 'update').map(async (index): Promise<[number, PolicyDocument | undefined]> => {
        return [index, readPolicy((await aws.iam.policy(policyArn(key, claims, index)))?.document)];
      }),
    ]);
    const documents = new Map<number, PolicyDocument | undefined>([
      ...[...observed.policies].map(([index, { document }]) => [index, document] as const),
      ...read,
    ]);
    // Deleted is what AWS says is deleted.
    for (const index of of('delete')) documents.delete(index);
    const { ownSide } = observed;
    const present = [...documents].flatMap(([index, document]) =>
      document === undefined ? [] : [[index, document] as const],
    );
    return { ...observedOf(key, claims, attached, present), ownSide };
  },

  plan(_key, claims, observed): Plan<SharePolicyAction> {
    const { packing, refused } = pack(claims, observed);
    const isActive = claims.grants.some(({ suspended }) => !suspended);
    const actions: SharePolicyAction[] = [];
    for (const [index, document] of packing.policies) {
      const present = observed.policies.get(index);
      if (present === undefined) actions.push({ do: 'create', index, document });
      else if (!equivalent(present.document, document)) actions.push({ do: 'update', index, document });
      if (claims.policyManagement === 'Fully' && present?.attached !== true && isActive)
        actions.push({ do: 'attach', index });
    }
    for (const [index, present] of observed.policies) {
      if (packing.policies.has(index)) continue;
      if (present.attached) actions.push({ do: 'detach', index });
      actions.push({ do: 'delete', index });
    }
    return { actions, drift: actions.map((action) => driftOf(claims, action)), refused };
  },

  async execute({ aws }, key, claims, action) {
    const arn = policyArn(key, claims, action.index);
    switch (action.do) {
      case 'create':
        try {
          await aws.iam.createPolicy({
            name: `${claims.policyPrefix}${action.index}`,
            document: JSON.stringify(action.document),
            description: 'What data.all shares with this principal',
          });
        } catch (error) {
          // Left by a run that ended between detaching and deleting: the name is ours alone.
          if (!isFault(error, 'AlreadyExists')) throw error;
          await aws.iam.updatePolicy(arn, JSON.stringify(action.document));
        }
        return { done: true };
      case 'update':
        await aws.iam.updatePolicy(arn, JSON.stringify(action.document));
        return { done: true };
      case 'attach':
        await aws.iam.attachPolicy(claims.principalArn, arn);
        return { done: true };
      case 'detach':
        await aws.iam.detachPolicy(claims.principalArn, arn);
        return { done: true };
      case 'delete':
        await aws.iam.deletePolicy(arn);
        return { done: true };
    }
  },

  judge(_key, claims, observed) {
    const { refused } = pack(claims, observed);
    const verdicts = new Map(
      claims.grants.map((grant): [string, Verdict] => [
        grantId(grant),
        refused.get(grantId(grant)) ?? verdictOf(claims, observed, grant),
      ]),
    );
    const { ownSide } = observed;
    if (ownSide === undefined) return verdicts;
    const budget = new Budget();
    return withFlaws(verdicts, claims.grants, (grant) => ownFlaw(claims, ownSide, grant, budget));
  },

  parts: ({ policies }) => [...policies.values()].map(({ arn }) => arn),

  isClean(_key, claims, observed) {
    const { policies } = pack(claims, observed).packing;
    return [...observed.policies].every(([index, { document }]) => {
      const wanted = policies.get(index);
      return wanted !== undefined && isWithin(document, wanted);
    });
  },
};

const INDEXES: readonly number[] = Array.from({ length: POLICIES_PER_PRINCIPAL }, (_, index) => index);

const NOTHING: PolicyDocument = { Version: '2012-10-17', Statement: [] };

const wantsAny = ({ grants, present, policyManagement }: Claims): boolean =>
  present && grants.length > 0 && policyManagement !== 'Externally';

const observedOf = (
  key: Key,
  claims: Claims,
  attached: readonly string[] | undefined,
  documents: readonly (readonly [number, PolicyDocument])[],
): Observed => {
  const policies = new Map(
    documents.map(([index, document]): [number, ObservedPolicy] => {
      const arn = policyArn(key, claims, index);
      return [index, { arn, document, attached: attached?.includes(arn) ?? false }];
    }),
  );
  const own = [...policies.values()].filter((policy) => policy.attached).length;
  return { principalExists: attached !== undefined, policies, foreign: (attached?.length ?? 0) - own };
};

const policyArn = ({ account }: Key, { policyPrefix }: Claims, index: number): string =>
  `arn:aws:iam::${account}:policy/${policyPrefix}${index}`;

/** Where every right goes; with Externally nothing is ours to make. */
const pack = (claims: Claims, observed: Observed): { packing: Packing; refused: ReadonlyMap<string, Refusal> } => {
  const grants =
    claims.present && observed.principalExists && claims.policyManagement !== 'Externally' ? claims.grants : [];
  const isActive = grants.some(({ suspended }) => !suspended);
  const byItem = new Map<string, { item: PackItem; grants: Grant[] }>();
  for (const grant of grants) {
    for (const item of itemsOf(claims, grant) ?? []) {
      const entry = byItem.get(item.id) ?? { item, grants: [] };
      entry.grants.push(grant);
      byItem.set(item.id, entry);
    }
  }
  // Attaching a policy for the sake of others must not give back what suspended grants lost with it.
  const giving = [...observed.policies].filter(
    ([, { attached }]) => attached || !isActive || claims.policyManagement !== 'Fully',
  );
  const items = [...byItem.values()].flatMap(({ item, grants: users }) =>
    users.some(({ suspended }) => !suspended) ? [item] : remainsOf(item, giving),
  );
  const packing = packPolicies(items, {
    previous: placesOf(items, observed),
    maxPolicies: Math.max(0, POLICIES_PER_PRINCIPAL - observed.foreign),
    sid: sidOf,
  });
  const gone = claims.present && !observed.principalExists ? refuseAll(claims.grants, principalMissing(claims)) : [];
  const unplaced = packing.unplaced.flatMap(({ id, size, limit, maxPolicies }) => [
    ...refuseAll(
      byItem.get(id)?.grants ?? [],
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

/** The index of the policy that holds each item now, so that nothing moves without need. */
const placesOf = (items: readonly PackItem[], observed: Observed): ReadonlyMap<string, number> =>
  new Map(
    items.flatMap((item): [string, number][] => {
      for (const [index, { document }] of observed.policies)
        if (holds(document, item, index)) return [[item.id, index]];
      return [];
    }),
  );

const holds = (document: PolicyDocument, { statements }: PackItem, index: number): boolean =>
  statements.every((statement) => {
    const resources = resourcesIn(document, statement, index);
    return resources.length > 0 && resources.length === toList(statement.Resource).length;
  });

/** What the policy that has most of a piece has of it: as much as a suspended grant keeps. */
const remainsOf = (
  { id, statements }: PackItem,
  policies: readonly (readonly [number, ObservedPolicy])[],
): readonly PackItem[] => {
  const remains = policies.map(([index, { document }]) =>
    statements
      .map((statement) => ({ ...statement, Resource: resourcesIn(document, statement, index) }))
      .filter(({ Resource }) => Resource.length > 0),
  );
  const size = (left: (typeof remains)[number]): number => left.flatMap(({ Resource }) => Resource).length;
  const [most = []] = remains.toSorted((a, b) => size(b) - size(a));
  return most.length === 0 ? [] : [{ id, statements: most }];
};

/** Those resources of a statement for which policy `index` has it. */
const resourcesIn = (document: PolicyDocument, statement: Statement, index: number): readonly string[] => {
  const wanted = fingerprint({ ...statement, Sid: sidOf(statement.Sid ?? '', index), Resource: [] });
  const present = document.Statement.filter((one) => fingerprint({ ...one, Resource: [] }) === wanted);
  return toList(statement.Resource).filter((resource) =>
    present.some(({ Resource }) => toList(Resource).includes(resource)),
  );
};

/** Whether `document` allows nothing that `wanted` does not. */
const isWithin = (document: PolicyDocument, wanted: PolicyDocument): boolean =>
  document.Statement.every((present) =>
    wanted.Statement.some(
      (statement) =>
        fingerprint({ ...present, Resource: [] }) === fingerprint({ ...statement, Resource: [] }) &&
        toList(present.Resource).every((resource) => toList(statement.Resource).includes(resource)),
    ),
  );

const verdictOf = (claims: Claims, observed: Observed, grant: Grant): Verdict => {
  if (claims.policyManagement === 'Externally') return { state: 'Satisfied' };
  const items = itemsOf(claims, grant);
  if (items === undefined)
    return {
      state: 'Waiting',
      reason: 'NamePending',
      message: 'the name of the link in the consumer account is not known yet',
    };
  for (const item of items) {
    const place = [...observed.policies].find(([index, { document }]) => holds(document, item, index));
    if (place === undefined)
      return { state: 'Waiting', reason: 'PolicyPending', message: 'the share policy is not written yet' };
    if (!place[1].attached)
      return claims.policyManagement === 'Fully'
        ? { state: 'Waiting', reason: 'PolicyPending', message: 'the share policy is not attached yet' }
        : { state: 'Failed', reason: 'AttachmentMissing', message: `attach ${place[1].arn} to ${claims.principalArn}` };
  }
  return { state: 'Satisfied' };
};

const driftOf = (claims: Claims, action: SharePolicyAction): Drift => {
  const name = `${claims.policyPrefix}${action.index}`;
  const grants = claims.grants.map(grantId);
  switch (action.do) {
    case 'create':
      return { kind: 'missing', message: `policy ${name} is missing`, grants };
    case 'update':
      return { kind: 'changed', message: `policy ${name} was changed`, grants };
    case 'attach':
      return { kind: 'missing', message: `policy ${name} is not attached`, grants };
    case 'detach':
    case 'delete':
      return { kind: 'extra', message: `policy ${name} is not wanted`, grants: [] };
  }
};
