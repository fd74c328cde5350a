// The policy of the KMS key of a dataset bucket: its own roles, and decrypt/encrypt for principals of bucket and folder items.
import { dnsSuffixOf, iamArn, keyArn, partitionInArn } from '../../../policy/arn.ts';
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import { toList } from '../../../policy/one-or-many.ts';
import { LIMITS } from '../../../policy/size.ts';
import { baselineOf, grantsOfDatasets, isRecorded, remediationOf, sharesOfDatasets } from '../../dataset-baseline.ts';
import type { KeyPolicyClaims } from '../../desired.ts';
import type { AccountAws } from '../../../aws/account.ts';
import { isFault } from '../../../aws/fault.ts';
import type { KmsKey } from '../../../aws/services/kms.ts';
import type { DocumentType, Flaw } from '../../document.ts';
import type { KeyPolicyKey } from '../../document-key.ts';
import type { Grant } from '../../grant.ts';
import { besideSid, sidsBeside } from './foreign-statements.ts';
import { Budget } from '../../budget.ts';
import { denies, flawOf, remembering, withFlaws, type Probe } from '../../reader.ts';
import { putPolicy } from './put-policy.ts';
import { readPolicy } from './read-policy.ts';
import { refuseAll, type Refusal } from '../refusal.ts';
import { remembered } from '../view.ts';
import { isOwn, viewOwnedStatements, type PutPolicy, type OwnedStatementRules } from './owned-statements.ts';
import { isAlike } from './statement-index.ts';
import { DECRYPT_ACTIONS, ENCRYPT_ACTIONS, OWN_KEY_SIDS, writes } from './statements.ts';

export interface ObservedKey {
  readonly exists: boolean;
  /** `Enabled`, `Disabled`, `PendingDeletion`...; undefined where it was not to be seen. */
  readonly state?: string | undefined;
  readonly policy: PolicyDocument | undefined;
}

const { prepare, viewOf } = remembered((key: KeyPolicyKey, claims: KeyPolicyClaims, { policy }: ObservedKey) =>
  viewOwnedStatements(rulesOf(key, claims, policy), claims.grants, policy),
);

export const keyPolicy: DocumentType<KeyPolicyKey, KeyPolicyClaims, ObservedKey, PutPolicy> = {
  kind: 'key-policy',

  collect(specs, key, now) {
    const datasets = specs.datasetsOfKey(keyArn(key)).filter(isRecorded);
    const baselines = datasets.flatMap((dataset) => baselineOf(specs, dataset) ?? []);
    const [dataset] = datasets;
    if (dataset === undefined || baselines.length === 0) return undefined;
    const grants = grantsOfDatasets(specs, datasets, now).filter(({ item }) => item.kind !== 'Table');
    return { datasets: baselines, grants, ...remediationOf(specs, dataset) };
  },

  shares: (specs, key) => sharesOfDatasets(specs, specs.datasetsOfKey(keyArn(key))),

  owners: (specs, key) => specs.datasetsOfKey(keyArn(key)),

  async observe({ aws }, key) {
    const [text, found] = await Promise.all([aws.kms.keyPolicy(key.keyId), describe(aws, key.keyId)]);
    const policy = readPolicy(text);
    return { exists: policy !== undefined, state: found?.state, policy };
  },

  // Nothing that we write enables a key.
  readBack: async ({ aws }, key, _claims, observed) => {
    const policy = readPolicy(await aws.kms.keyPolicy(key.keyId));
    return { ...observed, exists: policy !== undefined, policy };
  },

  prepare,

  plan(key, claims, observed) {
    if (!observed.exists) return { actions: [], drift: [], refused: refuseAll(claims.grants, keyMissing(key.keyId)) };
    return viewOf(key, claims, observed).plan;
  },

  async execute({ aws }, key, claims, action) {
    return await putPolicy(rulesOf(key, claims, action.policy), action, async (policy) => {
      // A key without policy cannot exist: what is left when nothing of ours is wanted is the policy the key was made with.
      if (policy !== undefined) await aws.kms.putKeyPolicy(key.keyId, JSON.stringify(policy));
    });
  },

  judge(key, claims, observed) {
    if (!observed.exists) return refuseAll(claims.grants, keyMissing(key.keyId));
    const rules = rulesOf(key, claims, observed.policy);
    const { verdicts } = viewOf(key, claims, observed);
    const unusable = keyFlaw(key.keyId, observed.state);
    if (unusable !== undefined) return withFlaws(verdicts, claims.grants, () => unusable);
    const { policy } = observed;
    if (!denies(policy, (statement) => isOwn(rules, statement))) return verdicts;
    const resource = { name: rules.name, policy };
    const budget = new Budget();
    return withFlaws(verdicts, claims.grants, (grant) =>
      flawOf(grant.principal, probesOf(key, grant.consumer.account, mayWrite(grant)), { resource }, budget),
    );
  },

  ownReading(key, claims, { state, policy }) {
    const rules = rulesOf(key, claims, policy);
    const unusable = keyFlaw(key.keyId, state);
    if (unusable !== undefined) return () => unusable;
    if (!denies(policy, (statement) => isOwn(rules, statement))) return undefined;
    const resource = { name: rules.name, policy };
    const budget = new Budget();
    return remembering((dataset) => {
      const arn = claims.datasets.find(({ id }) => id === dataset)?.datasetRoleArn;
      if (arn === undefined) return undefined;
      return flawOf({ arn, uniqueId: '' }, probesOf(key, key.account), { resource }, budget);
    });
  },

  isClean: (key, claims, observed) => viewOf(key, claims, observed).isClean,
};

/** The pivot role keeps this very policy. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const PIVOT_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
  'kms:GetKeyPolicy',
  'kms:PutKeyPolicy',
  'kms:ReEncrypt*',
  'kms:TagResource',
  'kms:UntagResource',
] as const;
/** What AWS lets nobody take from themselves, and reading it, which proves that the rest is gone. */
const LAST_ACTIONS = ['kms:GetKeyPolicy', 'kms:PutKeyPolicy'] as const;
/** How policies give the right to change them. */
const CHANGE_PATTERNS: ReadonlySet<string> = new Set(['*', 'kms:*', 'kms:put*', 'kms:putkeypolicy', 'kms:p*']);

function use(sid: string, principals: readonly string[]): readonly Statement[] {
  return allow(sid, [...DECRYPT_ACTIONS, ...ENCRYPT_ACTIONS, 'kms:DescribeKey'], principals);
}

const describe = async (aws: AccountAws, keyId: string): Promise<KmsKey | undefined> => {
  try {
    return await aws.kms.key(keyId);
  } catch (error) {
    // Who made a key may keep this from us; the policy of one that we work with says enough.
    if (isFault(error, 'AccessDenied')) return undefined;
    throw error;
  }
};

/** What a key that is not enabled makes of every object that it encrypts. */
const keyFlaw = (keyId: string, state: string | undefined): Flaw | undefined => {
  if (state === undefined || state === 'Enabled') return undefined;
  const remedy = state === 'PendingDeletion' ? 'cancel its deletion and enable it' : 'enable it';
  return {
    health: 'Unhealthy',
    reason: 'KeyNotAllowed',
    message: `KMS key ${keyId} is ${state}, so nothing that it encrypts can be read: ${remedy}`,
  };
};

/** Buckets ask KMS in the name of who reads. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
const probesOf = (key: KeyPolicyKey, caller: string, isWriter = false): readonly Probe[] => {
  const actions = ['kms:Decrypt', ...(isWriter ? ['kms:GenerateDataKey'] : [])];
  const context = { 'kms:ViaService': `s3.${key.region}.${dnsSuffixOf(key.region)}`, 'kms:CallerAccount': caller };
  return actions.map((action) => ({
    action,
    resource: keyArn(key),
    account: key.account,
    context,
  }));
};

const keyMissing = (keyId: string): Refusal => ({
  state: 'Failed',
  reason: 'KeyNotFound',
  message: `KMS key ${keyId} does not exist: cancel its deletion, or import the dataset with its present key`,
});

const rulesOf = (
  { keyId }: KeyPolicyKey,
  { datasets }: KeyPolicyClaims,
  policy: PolicyDocument | undefined,
): OwnedStatementRules => {
  const present = datasets.filter((dataset) => dataset.present);
  const all = (roles: readonly string[]): readonly string[] => [...new Set(roles)].toSorted();
  const foreign = datasets.flatMap(({ foreignSids }) => foreignSids.key);
  const sids = sidsBeside(OWN_KEY_SIDS, foreign);
  const ownSids = new Set(Object.values(sids));
  const others = (policy?.Statement ?? []).filter(({ Sid }) => Sid === undefined || !ownSids.has(Sid));
  const baseline = [
    ...use(sids.owner, all(present.flatMap(({ ownerRoleArns }) => ownerRoleArns))),
    ...use(sids.dataset, all(present.map(({ datasetRoleArn }) => datasetRoleArn))),
    ...allow(sids.pivot, PIVOT_ACTIONS, all(present.map(({ pivotRoleArn }) => pivotRoleArn))),
    // Whom the policy lets change it would be locked out by the change that takes that away, and AWS refuses it.
    ...(present.length > 0
      ? []
      : allow(
          sids.pivot,
          LAST_ACTIONS,
          all(datasets.map(({ pivotRoleArn }) => pivotRoleArn)).filter((arn) => !others.some(letsChange(arn))),
        )),
  ];
  return {
    name: `the policy of KMS key ${keyId}`,
    ownSids,
    present: new Set(datasets.map(({ pivotRoleArn }) => pivotRoleArn)),
    limitBytes: LIMITS.key.limit,
    build: (grants) => [
      ...baseline,
      ...allow(sids.bucketDecrypt, DECRYPT_ACTIONS, arns(grants, 'Bucket')),
      ...allow(sids.bucketEncrypt, ENCRYPT_ACTIONS, arns(grants.filter(mayWrite), 'Bucket')),
      ...allow(sids.accessPointDecrypt, DECRYPT_ACTIONS, arns(grants, 'Folder')),
      ...allow(sids.accessPointEncrypt, ENCRYPT_ACTIONS, arns(grants.filter(mayWrite), 'Folder')),
    ],
  };
};

/** Every statement that we may write, for whomever. */
export const keyStatements: readonly Statement[] = [
  ...use(OWN_KEY_SIDS.owner, ['*']),
  ...use(OWN_KEY_SIDS.dataset, ['*']),
  ...[PIVOT_ACTIONS, LAST_ACTIONS].flatMap((actions) => allow(OWN_KEY_SIDS.pivot, actions, ['*'])),
  ...[OWN_KEY_SIDS.bucketDecrypt, OWN_KEY_SIDS.accessPointDecrypt].flatMap((sid) => allow(sid, DECRYPT_ACTIONS, ['*'])),
  ...[OWN_KEY_SIDS.bucketEncrypt, OWN_KEY_SIDS.accessPointEncrypt].flatMap((sid) => allow(sid, ENCRYPT_ACTIONS, ['*'])),
];

/** What is left of ours in a key's policy although nothing is wanted: undefined = nothing. */
export const lastStatement = (policy: PolicyDocument | undefined): string | undefined =>
  policy?.Statement.find((statement) =>
    [OWN_KEY_SIDS.pivot, besideSid(OWN_KEY_SIDS.pivot)].some((sid) =>
      allow(sid, LAST_ACTIONS, ['*']).some((last) => last.Sid === statement.Sid && isAlike(last, statement)),
    ),
  )?.Sid;

/** Whether a statement lets a role change the policy, be it through IAM. What a condition decides is nobody's guess. */
const letsChange =
  (roleArn: string) =>
  ({ Effect, Action, Condition, Principal: principal }: Statement): boolean => {
    const account = roleArn.split(':')[4] ?? '';
    const callers = [roleArn, iamArn(partitionInArn(roleArn), account, 'root'), account, '*'];
    const named = principal === '*' ? ['*'] : toList(principal?.AWS);
    return (
      Effect === 'Allow' &&
      Condition === undefined &&
      named.some((name) => callers.includes(name)) &&
      toList(Action).some((action) => CHANGE_PATTERNS.has(action.toLowerCase()))
    );
  };

const mayWrite = (grant: Grant): boolean => writes(grant.permissions);

const arns = (grants: readonly Grant[], kind: 'Bucket' | 'Folder'): readonly string[] =>
  [...new Set(grants.filter(({ item }) => item.kind === kind).map(({ principal }) => principal.arn))].toSorted();

/** In a key policy `Resource: "*"` means this key. */
function allow(sid: string, actions: readonly string[], principals: readonly string[]): readonly Statement[] {
  return principals.length === 0
    ? []
    : [{ Sid: sid, Effect: 'Allow', Principal: { AWS: principals }, Action: actions, Resource: '*' }];
}
