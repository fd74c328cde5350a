// The policy of a dataset bucket: TLS only, principals of bucket items, and delegation to access points for folder items.
import { accessPointArn, bucketArn } from '../../../policy/arn.ts';
import type { AccountAws } from '../../../aws/account.ts';
import { isFault } from '../../../aws/fault.ts';
import type { PolicyDocument, Statement } from '../../../policy/document.ts';
import {
  baselineOf,
  grantsOfDatasets,
  isAt,
  isRecorded,
  remediationOf,
  sharesOfDatasets,
} from '../../dataset-baseline.ts';
import type { BucketPolicyClaims } from '../../desired.ts';
import type { DocumentType, Flaw } from '../../document.ts';
import type { BucketPolicyKey, DocumentKey } from '../../document-key.ts';
import { isSameAccount, type Grant, type SharePermission } from '../../grant.ts';
import { sidsBeside } from './foreign-statements.ts';
import { Budget } from '../../budget.ts';
import { denies, flawOf, remembering, samplesBelow, withFlaws, type Probe } from '../../reader.ts';
import { accessPointName } from '../../../resources/names.ts';
import { putPolicy } from './put-policy.ts';
import { readPolicy } from './read-policy.ts';
import { refuseAll, type Refusal } from '../refusal.ts';
import { remembered } from '../view.ts';
import { isOwn, viewOwnedStatements, type PutPolicy, type OwnedStatementRules } from './owned-statements.ts';
import { BUCKET_ACTIONS, OBJECT_ACTION, OWN_BUCKET_SIDS } from './statements.ts';
import { publicStatement } from '../../../policy/public-statement.ts';
import { LIMITS } from '../../../policy/size.ts';

export interface ObservedBucket {
  /** False when the bucket is gone: then nothing can be granted and nothing is left to revoke. */
  readonly exists: boolean;
  readonly policy: PolicyDocument | undefined;
  /** Names of all access points of this bucket, ours or not. */
  readonly accessPoints: readonly string[];
}

const { prepare, viewOf } = remembered((key: BucketPolicyKey, claims: BucketPolicyClaims, { policy }: ObservedBucket) =>
  viewOwnedStatements(rulesOf(key, claims), claims.grants, policy),
);

export const bucketPolicy: DocumentType<BucketPolicyKey, BucketPolicyClaims, ObservedBucket, PutPolicy> = {
  kind: 'bucket-policy',

  collect(specs, key, now) {
    const dataset = specs.datasetsOfBucket(key.bucket).filter(isRecorded).find(isAt(key));
    const baseline = dataset && baselineOf(specs, dataset);
    if (dataset === undefined || baseline === undefined) return undefined;
    const grants = grantsOfDatasets(specs, [dataset], now).filter(({ item }) => item.kind !== 'Table');
    return { dataset: baseline, grants, ...remediationOf(specs, dataset) };
  },

  shares: (specs, key) => sharesOfDatasets(specs, specs.datasetsOfBucket(key.bucket)),

  owners: (specs, key) => specs.datasetsOfBucket(key.bucket).filter(isAt(key)),

  async observe({ aws }, key) {
    const [found, accessPoints] = await Promise.all([
      observePolicy(aws, key.bucket),
      aws.s3control.accessPoints(key.bucket),
    ]);
    return { ...found, accessPoints: found.exists ? accessPoints.map(({ name }) => name) : [] };
  },

  readBack: async ({ aws }, key, _claims, { accessPoints }) => ({
    ...(await observePolicy(aws, key.bucket)),
    accessPoints,
  }),

  prepare,

  plan(key, claims, observed) {
    if (!observed.exists)
      return { actions: [], drift: [], refused: refuseAll(claims.grants, bucketMissing(key.bucket)) };
    return viewOf(key, claims, observed).plan;
  },

  async execute({ aws }, key, claims, action) {
    return await putPolicy(rulesOf(key, claims), action, async (policy) => {
      if (policy === undefined) await aws.s3.deleteBucketPolicy(key.bucket);
      else await aws.s3.putBucketPolicy(key.bucket, JSON.stringify(policy));
    });
  },

  judge(key, claims, observed) {
    if (!observed.exists) return refuseAll(claims.grants, bucketMissing(key.bucket));
    const rules = rulesOf(key, claims);
    const { verdicts } = viewOf(key, claims, observed);
    const { policy } = observed;
    if (policy === undefined) return verdicts;
    const isDenying = denies(policy, (statement) => isOwn(rules, statement));
    const open = publicStatement(policy);
    if (!isDenying && open === undefined) return verdicts;
    const resource = { name: rules.name, policy };
    const budget = new Budget();
    return withFlaws(verdicts, claims.grants, (grant) => {
      const flaw = isDenying ? flawOf(grant.principal, probesOf(key, grant, policy), { resource }, budget) : undefined;
      return flaw ?? (open === undefined || isSameAccount(grant) ? undefined : closedByBlock(rules, open));
    });
  },

  isClean: (key, claims, observed) => viewOf(key, claims, observed).isClean,

  ownReading(key, claims, { policy }) {
    const rules = rulesOf(key, claims);
    if (!denies(policy, (statement) => isOwn(rules, statement))) return undefined;
    const resource = { name: rules.name, policy };
    const reader = { arn: claims.dataset.datasetRoleArn, uniqueId: '' };
    const budget = new Budget();
    const below = remembering((prefix) => flawOf(reader, ownProbesOf(key, prefix, policy), { resource }, budget));
    return (_dataset, prefix) => below(prefix);
  },

  discover: (key, claims, observed): readonly DocumentKey[] =>
    observed.accessPoints
      .filter((name) => name.startsWith(`${claims.dataset.id}-`))
      .map((name) => ({ kind: 'access-point', account: key.account, region: key.region, name })),
};

const observePolicy = async (aws: AccountAws, bucket: string): Promise<Omit<ObservedBucket, 'accessPoints'>> => {
  try {
    return { exists: true, policy: readPolicy(await aws.s3.bucketPolicy(bucket)) };
  } catch (error) {
    if (!isFault(error, 'NotFound')) throw error;
    return { exists: false, policy: undefined };
  }
};

/** What the reader of an item does with the bucket, through an access point for a folder. */
function* probesOf(key: BucketPolicyKey, grant: Grant, policy: PolicyDocument): Iterable<Probe> {
  const { item, permissions } = grant;
  const arn = bucketArn(key);
  const name = accessPointName(grant.source.dataset.id, grant.principal.reference.id);
  const through: Probe['context'] =
    item.kind === 'Folder'
      ? {
          's3:DataAccessPointArn': accessPointArn({ ...key, name }),
          's3:DataAccessPointAccount': key.account,
          's3:AccessPointNetworkOrigin': 'Internet',
        }
      : {};
  const context = { ...through, 's3:ResourceAccount': key.account };
  const probe = (action: string, resource: string): Probe => ({ action, resource, account: key.account, context });
  yield probe('s3:ListBucket', arn);
  for (const object of samplesBelow(arn, item.kind === 'Folder' ? item.prefix : '', [policy]))
    for (const permission of permissions) yield probe(OBJECT_ACTION[permission], object);
}

function* ownProbesOf(key: BucketPolicyKey, prefix: string, policy: PolicyDocument): Iterable<Probe> {
  const context = { 's3:ResourceAccount': key.account };
  for (const resource of samplesBelow(bucketArn(key), prefix, [policy]))
    yield { action: 's3:GetObject', resource, account: key.account, context };
}

/** Whether the account blocks is not to be seen from here, and buckets made since 2023 do unless somebody has said otherwise. */
const closedByBlock = ({ name }: OwnedStatementRules, { Sid: sid = 'without a Sid' }: Statement): Flaw => ({
  health: 'Unknown',
  reason: 'Unverified',
  message: `statement "${sid}" of ${name} lets everybody in, and where public access is blocked (RestrictPublicBuckets of the bucket or its account) S3 then lets in nobody of other accounts: let the statement name whom it is for`,
});

const bucketMissing = (bucket: string): Refusal => ({
  state: 'Failed',
  reason: 'BucketNotFound',
  message: `bucket ${bucket} does not exist: restore it, or take the item out of the request`,
});

type Sids = Readonly<Record<keyof typeof OWN_BUCKET_SIDS, string>>;

const rulesOf = (key: BucketPolicyKey, { dataset }: BucketPolicyClaims): OwnedStatementRules => {
  const sids = sidsBeside(OWN_BUCKET_SIDS, dataset.foreignSids.bucket);
  return {
    name: `the policy of bucket ${key.bucket}`,
    ownSids: new Set(Object.values(sids)),
    present: new Set(),
    limitBytes: LIMITS.bucket.limit,
    build: (grants) =>
      dataset.present
        ? [
            tlsOnly(sids, key),
            ...(grants.some(({ item }) => item.kind === 'Folder') ? [delegation(sids, key)] : []),
            ...PERMISSIONS.flatMap((permission) => principals(sids, key, permission, arnsOf(grants, permission))),
          ]
        : [],
  };
};

/** Every statement that we may write, for whomever. */
export const bucketStatements = (key: BucketPolicyKey): readonly Statement[] => [
  tlsOnly(OWN_BUCKET_SIDS, key),
  delegation(OWN_BUCKET_SIDS, key),
  ...PERMISSIONS.flatMap((permission) => principals(OWN_BUCKET_SIDS, key, permission, ['*'])),
];

const PERMISSIONS = ['Read', 'Write', 'Modify'] as const;

const bucketResources = (key: BucketPolicyKey): readonly string[] => [bucketArn(key), `${bucketArn(key)}/*`];

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html (enforce encryption of data in transit) */
const tlsOnly = (sids: Sids, key: BucketPolicyKey): Statement => ({
  Sid: sids.secureTransport,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: bucketResources(key),
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/**
 * Leaves requests through access points of the bucket's own account to the policies of those access points.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
 */
const delegation = (sids: Sids, key: BucketPolicyKey): Statement => ({
  Sid: sids.delegate,
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: 's3:*',
  Resource: bucketResources(key),
  Condition: { StringEquals: { 's3:DataAccessPointAccount': key.account } },
});

const principals = (
  sids: Sids,
  key: BucketPolicyKey,
  permission: SharePermission,
  arns: readonly string[],
): readonly Statement[] =>
  arns.length === 0
    ? []
    : [
        {
          Sid: sids[permission],
          Effect: 'Allow',
          Principal: { AWS: arns },
          Action: BUCKET_ACTIONS[permission],
          Resource: bucketResources(key),
        },
      ];

const arnsOf = (grants: readonly Grant[], permission: SharePermission): readonly string[] =>
  [
    ...new Set(
      grants
        .filter(({ item, permissions }) => item.kind === 'Bucket' && permissions.includes(permission))
        .map(({ principal }) => principal.arn),
    ),
  ].toSorted();
