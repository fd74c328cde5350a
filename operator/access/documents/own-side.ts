// What a role or user has of its own that may keep it from what is shared with it: permissions boundary, and policies that deny.
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';
import type { PolicySource } from '../../policy/request.ts';
import type { SharePoliciesClaims } from '../claims.ts';
import type { Flaw } from '../document.ts';
import { grantId, type Grant } from '../grant.ts';
import { denies, flawOf, samplesBelow, type Probe } from '../reader.ts';
import { readPolicy } from './read-policy.ts';
import { OBJECT_ACTION } from './statements.ts';

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

/** What of its own keeps a principal from one item. */
export const ownFlaw = (claims: SharePoliciesClaims, own: OwnSide, grant: Grant): Flaw | undefined =>
  own.boundary === undefined && own.policies.length === 0
    ? undefined
    : flawOf(grant.principal, probesOf(claims, own, grant), { identity: own.policies, boundary: own.boundary });

const probesOf = (claims: SharePoliciesClaims, own: OwnSide, grant: Grant): readonly Probe[] => {
  const { item, source, permissions, consumer } = grant;
  const voices = [...own.policies, ...(own.boundary === undefined ? [] : [own.boundary])];
  const { account, region } = source;
  const probe = (action: string, resource: string, of = account, context: Probe['context'] = {}): Probe => ({
    action,
    resource,
    account: of,
    context,
  });
  const key =
    source.keyArn === undefined
      ? []
      : [
          probe('kms:Decrypt', source.keyArn, account, {
            'kms:ViaService': `s3.${region}.amazonaws.com`,
            'kms:CallerAccount': consumer.account,
          }),
        ];
  const samples = (arn: string, prefix: string): readonly string[] => [
    ...new Set(voices.flatMap(({ policy }) => samplesBelow(arn, prefix, policy))),
  ];
  const objects = (arn: string, prefix: string): readonly Probe[] =>
    permissions.flatMap((permission) => samples(arn, prefix).map((object) => probe(OBJECT_ACTION[permission], object)));
  switch (item.kind) {
    case 'Bucket': {
      const arn = `arn:aws:s3:::${item.name}`;
      return [...objects(arn, ''), probe('s3:ListBucket', arn), ...key];
    }
    case 'Folder': {
      const arn = claims.accessPoints.get(grantId(grant));
      return arn === undefined ? [] : [...objects(`${arn}/object`, item.prefix), probe('s3:ListBucket', arn), ...key];
    }
    case 'Table': {
      const catalog = `arn:aws:lakeformation:${consumer.region}:${consumer.account}:catalog:${consumer.account}`;
      const table = `arn:aws:glue:${region}:${account}:table/${source.database}/${item.name}`;
      return [probe('glue:GetTable', table), probe('lakeformation:GetDataAccess', catalog, consumer.account)];
    }
  }
};
