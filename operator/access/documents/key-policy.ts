// The policy of the KMS key of a dataset bucket: its own roles, and decrypt/encrypt for principals of bucket and folder items.
import type { PolicyDocument, Statement } from '../../policy/document.ts';
import { LIMITS } from '../../policy/size.ts';
import type { KeyPolicyClaims } from '../claims.ts';
import type { DocumentType } from '../document.ts';
import type { KeyPolicyKey } from '../document-key.ts';
import type { Grant } from '../grant.ts';
import { putSidPolicy } from './put-sid-policy.ts';
import { readPolicy } from './read-policy.ts';
import { refuseAll, type Refusal } from './refusal.ts';
import { isSidPolicyClean, judgeSidPolicy, planSidPolicy, type PutPolicy, type SidPolicyRules } from './sid-policy.ts';
import { DECRYPT_ACTIONS, ENCRYPT_ACTIONS, OWN_KEY_SIDS, writes } from './statements.ts';

export interface ObservedKey {
  readonly exists: boolean;
  readonly policy: PolicyDocument | undefined;
}

export const keyPolicy: DocumentType<KeyPolicyKey, KeyPolicyClaims, ObservedKey, PutPolicy> = {
  kind: 'key-policy',

  async observe({ aws }, key) {
    const policy = readPolicy(await aws.kms.keyPolicy(key.keyId));
    return { exists: policy !== undefined, policy };
  },

  plan(key, claims, observed) {
    if (!observed.exists) return { actions: [], drift: [], refused: refuseAll(claims.grants, keyMissing(key.keyId)) };
    return planSidPolicy(rulesOf(key, claims), claims.grants, observed.policy);
  },

  async execute({ aws }, key, claims, action) {
    return await putSidPolicy(rulesOf(key, claims), action, async (policy) => {
      // A key without policy cannot exist: what is left when nothing of ours is wanted is the policy the key was made with.
      if (policy !== undefined) await aws.kms.putKeyPolicy(key.keyId, JSON.stringify(policy));
    });
  },

  judge(key, claims, observed) {
    if (!observed.exists) return refuseAll(claims.grants, keyMissing(key.keyId));
    return judgeSidPolicy(rulesOf(key, claims), claims.grants, observed.policy);
  },

  isClean: (key, claims, observed) => isSidPolicyClean(rulesOf(key, claims), claims.grants, observed.policy),
};

const keyMissing = (keyId: string): Refusal => ({
  state: 'Failed',
  reason: 'KeyNotFound',
  message: `KMS key ${keyId} does not exist: cancel its deletion, or import the dataset with its present key`,
});

const rulesOf = ({ keyId }: KeyPolicyKey, { datasets }: KeyPolicyClaims): SidPolicyRules => {
  const present = datasets.filter((dataset) => dataset.present);
  const all = (roles: readonly string[]): readonly string[] => [...new Set(roles)].toSorted();
  const baseline = [
    ...use(OWN_KEY_SIDS.owner, all(present.flatMap(({ ownerRoleArns }) => ownerRoleArns))),
    ...use(OWN_KEY_SIDS.dataset, all(present.map(({ datasetRoleArn }) => datasetRoleArn))),
    ...pivot(all(present.map(({ pivotRoleArn }) => pivotRoleArn))),
  ];
  return {
    name: `the policy of KMS key ${keyId}`,
    ownSids: new Set(Object.values(OWN_KEY_SIDS)),
    present: new Set(present.map(({ pivotRoleArn }) => pivotRoleArn)),
    limitBytes: LIMITS.key.limit,
    build: (grants) => [
      ...baseline,
      ...allow(OWN_KEY_SIDS.bucketDecrypt, DECRYPT_ACTIONS, arns(grants, 'Bucket')),
      ...allow(OWN_KEY_SIDS.bucketEncrypt, ENCRYPT_ACTIONS, arns(grants.filter(mayWrite), 'Bucket')),
      ...allow(OWN_KEY_SIDS.accessPointDecrypt, DECRYPT_ACTIONS, arns(grants, 'Folder')),
      ...allow(OWN_KEY_SIDS.accessPointEncrypt, ENCRYPT_ACTIONS, arns(grants.filter(mayWrite), 'Folder')),
    ],
  };
};

const mayWrite = (grant: Grant): boolean => writes(grant.permissions);

const arns = (grants: readonly Grant[], kind: 'Bucket' | 'Folder'): readonly string[] =>
  [...new Set(grants.filter(({ item }) => item.kind === kind).map(({ principal }) => principal.arn))].toSorted();

const use = (sid: string, principals: readonly string[]): readonly Statement[] =>
  allow(sid, [...DECRYPT_ACTIONS, ...ENCRYPT_ACTIONS, 'kms:DescribeKey'], principals);

/** The pivot role keeps this very policy. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const pivot = (arns: readonly string[]): readonly Statement[] =>
  allow(
    OWN_KEY_SIDS.pivot,
    [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey*',
      'kms:GetKeyPolicy',
      'kms:PutKeyPolicy',
      'kms:ReEncrypt*',
      'kms:TagResource',
      'kms:UntagResource',
    ],
    arns,
  );

/** In a key policy `Resource: "*"` means this key. */
const allow = (sid: string, actions: readonly string[], principals: readonly string[]): readonly Statement[] =>
  principals.length === 0
    ? []
    : [{ Sid: sid, Effect: 'Allow', Principal: { AWS: principals }, Action: actions, Resource: '*' }];
