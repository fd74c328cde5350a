// The managed policies that let one principal of the consumer account use what is shared with it. Cross-account, both sides must allow.
import { iamArn, partitionInArn } from '../../../policy/arn.ts';
import { isFault } from '../../../aws/fault.ts';
import { equivalent } from '../../../policy/canonical.ts';
import { onlyAllowsMore } from '../../../policy/compare.ts';
import type { PolicyDocument } from '../../../policy/document.ts';
import { Budget } from '../../budget.ts';
import type { SharePoliciesClaims } from '../../desired.ts';
import type { DocumentType, Drift, Plan } from '../../document.ts';
import type { SharePoliciesKey } from '../../document-key.ts';
import { toList } from '../../../policy/one-or-many.ts';
import { grantId, type Grant } from '../../grant.ts';
import { principalObject } from '../../parties.ts';
import { itemsOf } from './share-policy-items.ts';
import { withFlaws } from '../../reader.ts';
import { ownFlaw, readOwnSide, type OwnSide } from '../own-side.ts';
import { readPolicy } from '../resource-policy/read-policy.ts';
import { principalArnOf } from '../../principal-arn.ts';
import { collectSharePolicies, nameTargets } from './collect-share-policies.ts';
import { POLICIES_PER_PRINCIPAL, prepare, viewOf } from './share-policies-view.ts';

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
  | {
      readonly do: 'update';
      readonly index: number;
      readonly document: PolicyDocument;
      /** Whether all that the policy allows stays allowed: it may be done while decisions are incomplete. */
      readonly isAddition: boolean;
    }
  | { readonly do: 'attach' | 'detach' | 'delete'; readonly index: number };

type Key = SharePoliciesKey;
type Claims = SharePoliciesClaims;
type Observed = ObservedSharePolicies;

export const sharePolicies: DocumentType<Key, Claims, Observed, SharePolicyAction> = {
  kind: 'share-policies',

  collect: collectSharePolicies,

  complete: nameTargets,

  shares: (specs, key) =>
    specs.principalsOf(principalArnOf(specs, key)).flatMap((principal) => {
      const { metadata } = principalObject(principal);
      return specs.sharesOfPrincipal(metadata.namespace, principal.kind, metadata.name);
    }),

  owners: (specs, key) => specs.principalsOf(principalArnOf(specs, key)).map(principalObject),

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

  prepare,

  plan(key, claims, observed): Plan<SharePolicyAction> {
    const { packing, refused } = viewOf(key, claims, observed);
    const isActive = claims.grants.some(({ suspended }) => !suspended);
    const actions: SharePolicyAction[] = [];
    for (const [index, document] of packing.policies) {
      const present = observed.policies.get(index);
      if (present === undefined) actions.push({ do: 'create', index, document });
      else if (!equivalent(present.document, document))
        actions.push({ do: 'update', index, document, isAddition: onlyAllowsMore(present.document, document) });
      if (claims.policyManagement === 'Fully' && present?.attached !== true && isActive)
        actions.push({ do: 'attach', index });
    }
    for (const [index, present] of observed.policies) {
      if (packing.policies.has(index)) continue;
      if (present.attached) actions.push({ do: 'detach', index });
      actions.push({ do: 'delete', index });
    }
    const grants = claims.grants.map(grantId);
    return { actions, drift: actions.map((action) => driftOf(claims.policyPrefix, action, grants)), refused };
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

  judge(key, claims, observed) {
    const { verdicts } = viewOf(key, claims, observed);
    const { ownSide } = observed;
    if (ownSide === undefined) return verdicts;
    const budget = new Budget();
    return withFlaws(verdicts, claims.grants, (grant) => ownFlaw(claims, ownSide, grant, budget));
  },

  parts: ({ policies }) => [...policies.values()].map(({ arn }) => arn),

  attachments(key, claims, observed) {
    const { refused } = viewOf(key, claims, observed);
    const noRoom = [...refused.values()].find(({ reason }) => reason === 'QuotaExceeded');
    const active = claims.grants.filter(({ suspended }) => !suspended);
    return {
      policies: [...observed.policies.values()].map(({ arn, attached }) => ({ arn, attached })),
      ...(noRoom !== undefined && { noRoom: noRoom.message }),
      ...(claims.policyManagement === 'Externally' && { resources: resourcesOf(claims, active) }),
    };
  },

  isClean: (key, claims, observed) => viewOf(key, claims, observed).isClean,
};

const INDEXES: readonly number[] = Array.from({ length: POLICIES_PER_PRINCIPAL }, (_, index) => index);

/** What policies have to allow for these grants, but for what has no resource. */
const resourcesOf = (claims: Claims, grants: readonly Grant[]): readonly string[] => {
  const statements = grants.flatMap((grant) => (itemsOf(claims, grant) ?? []).flatMap(({ statements }) => statements));
  return [...new Set(statements.flatMap(({ Resource }) => toList(Resource)))].filter((resource) => resource !== '*');
};

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

const policyArn = ({ account }: Key, { principalArn, policyPrefix }: Claims, index: number): string =>
  iamArn(partitionInArn(principalArn), account, `policy/${policyPrefix}${index}`);

const driftOf = (policyPrefix: string, action: SharePolicyAction, grants: readonly string[]): Drift => {
  const name = `${policyPrefix}${action.index}`;
  switch (action.do) {
    case 'create':
      return { kind: 'missing', message: `policy ${name} is missing`, grants };
    case 'update':
      return { kind: action.isAddition ? 'missing' : 'changed', message: `policy ${name} was changed`, grants };
    case 'attach':
      return { kind: 'missing', message: `policy ${name} is not attached`, grants };
    case 'detach':
    case 'delete':
      return { kind: 'extra', message: `policy ${name} is not wanted`, grants: [] };
  }
};
