// What S3 calls a public policy: one of which a statement lets everybody in.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
import type { PolicyDocument, Statement } from './document.ts';

/** Condition keys that make a statement for everyone non-public, when their values are fixed. */
const restrictingKeys: ReadonlySet<string> = new Set(
  [
    'aws:PrincipalAccount',
    'aws:PrincipalArn',
    'aws:PrincipalOrgID',
    'aws:PrincipalOrgPaths',
    'aws:SourceAccount',
    'aws:SourceArn',
    'aws:SourceIp',
    'aws:SourceOwner',
    'aws:SourceVpc',
    'aws:SourceVpce',
    'aws:userid',
    's3:DataAccessPointAccount',
    's3:DataAccessPointArn',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
  ].map((key) => key.toLowerCase()),
);

const positiveOperator =
  /^(?:ForAllValues:|ForAnyValue:)?(?:StringEquals|StringLike|ArnEquals|ArnLike|IpAddress|StringEqualsIgnoreCase)$/;

const isFixed = (key: string, value: string): boolean => {
  if (key === 'aws:sourceip') return !value.endsWith('/0');
  // Of an access point ARN only the account must be fixed; `AROAEXAMPLE:*` is the one pattern allowed for a user id.
  if (key === 's3:dataaccesspointarn') return isOfOneAccount(value);
  if (key === 'aws:userid') return /^A[A-Z0-9]+(?::\*)?$/.test(value);
  return !/[*?]/.test(value.replaceAll(/\$\{[^}]+\}/g, '*'));
};

const isOfOneAccount = (accessPointArn: string): boolean => {
  const [scheme, , service, , account = ''] = accessPointArn.split(':');
  return scheme === 'arn' && service === 's3' && /^\d{12}$/.test(account);
};

const isRestricted = ({ Condition = {} }: Statement): boolean =>
  Object.entries(Condition).some(
    ([operator, keys]) =>
      positiveOperator.test(operator) &&
      Object.entries(keys).some(([key, values]) => {
        const name = key.toLowerCase();
        return restrictingKeys.has(name) && [values].flat().every((value) => isFixed(name, String(value)));
      }),
  );

const namesEveryone = ({ Principal, NotPrincipal }: Statement): boolean => {
  if (NotPrincipal !== undefined || Principal === '*') return true;
  return [Principal?.AWS ?? []].flat().includes('*');
};

/** Undefined: it is none. */
export const publicStatement = ({ Statement: statements }: PolicyDocument): Statement | undefined =>
  statements.find((statement) => statement.Effect === 'Allow' && namesEveryone(statement) && !isRestricted(statement));
