// What a role or user has of its own that may keep it from what is shared with it: permissions boundary, and policies that deny.
import { bucketArn, dnsSuffixOf, regionalArn } from '../../policy/arn.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';
import type { PolicySource } from '../../policy/request.ts';
import type { SharePoliciesClaims } from '../desired.ts';
import type { Budget } from '../budget.ts';
import type { Flaw } from '../document.ts';
import { grantId, type Grant } from '../grant.ts';
import { denies, flawOf, samplesBelow, type Probe } from '../reader.ts';
import { readPolicy } from './resource-policy/read-policy.ts';
import { OBJECT_ACTION } from './resource-policy/statements.ts';

export interface OwnSide {
  readonly boundary: PolicySource | undefined;
  /** Those that deny something; what else it may do changes nothing. */
  readonly policies: readonly PolicySource[];
}

const NOTHING: OwnSide = { boundary: undefined, policies: [] };

/**
 * An account that does not show us these is taken at the word of what it shows: docs/limits.md.
 * @param attached ARNs of policies of others
 */
export const readOwnSide = async (
  aws: AccountAws,
  principalArn: string,
  attached: Promise<readonly string[]>,
): Promise<OwnSide> => {
  try {
    // No longer in a row than what a revocation waits for anyway.
    const [{ inline, boundary }, managed] = await Promise.all([
      aws.iam.limits(principalArn).then(async (limits) => ({
        ...limits,
        boundary: limits.boundaryArn === undefined ? undefined : await readManaged(aws, limits.boundaryArn),
      })),
      attached.then((arns) => Promise.all(arns.filter(mayDeny).map((arn) => readManaged(aws, arn)))),
    ]);
    const own = inline.flatMap(({ name, document }) => sourceOf(`inline policy ${name} of the role`, document) ?? []);
    return {
      boundary,
      policies: [...own, ...managed.flatMap((one) => one ?? [])].filter(({ policy }) => denies(policy)),
    };
  } catch (error) {
    if (isFault(error, 'AccessDenied')) return NOTHING;
    throw error;
  }
};

/** AWS's own policies allow, but for those whose purpose is to deny, whose names say so. */
const mayDeny = (arn: string): boolean => !arn.includes(':iam::aws:') || /deny|quarantine/i.test(arn);

const readManaged = async (aws: AccountAws, arn: string): Promise<PolicySource | undefined> =>
  sourceOf(arn, (await aws.iam.policy(arn))?.document);

const sourceOf = (name: string, document: string | undefined): PolicySource | undefined => {
  const policy = readPolicy(document);
  return policy && { name, policy };
};

/** What of its own keeps a principal from one item. @param budget one for all items that are judged in one look */
export const ownFlaw = (claims: SharePoliciesClaims, own: OwnSide, grant: Grant, budget: Budget): Flaw | undefined =>
  own.boundary === undefined && own.policies.length === 0
    ? undefined
    : flawOf(grant.principal, probesOf(claims, own, grant), { identity: own.policies, boundary: own.boundary }, budget);

function* probesOf(claims: SharePoliciesClaims, own: OwnSide, grant: Grant): Iterable<Probe> {
  const { item, source, consumer } = grant;
  const { account, region } = source;
  const probe = (action: string, resource: string, of = account): Probe => ({
    action,
    resource,
    account: of,
    context: {},
  });
  if (item.kind === 'Table') {
    const catalog = regionalArn(consumer, 'lakeformation', `catalog:${consumer.account}`);
    yield probe('glue:GetTable', regionalArn(source, 'glue', `table/${source.database}/${item.name}`));
    yield probe('lakeformation:GetDataAccess', catalog, consumer.account);
    return;
  }
  const arn =
    item.kind === 'Bucket' ? bucketArn({ region, bucket: item.name }) : claims.accessPoints.get(grantId(grant));
  if (arn === undefined) return;
  yield probe('s3:ListBucket', arn);
  if (source.keyArn !== undefined) {
    const context = { 'kms:ViaService': `s3.${region}.${dnsSuffixOf(region)}`, 'kms:CallerAccount': consumer.account };
    yield { ...probe('kms:Decrypt', source.keyArn), context };
  }
  const voices = [...own.policies, ...(own.boundary === undefined ? [] : [own.boundary])];
  const policies = voices.map(({ policy }) => policy);
  const objects =
    item.kind === 'Bucket' ? samplesBelow(arn, '', policies) : samplesBelow(`${arn}/object`, item.prefix, policies);
  for (const object of objects)
    for (const permission of grant.permissions) yield probe(OBJECT_ACTION[permission], object);
}
