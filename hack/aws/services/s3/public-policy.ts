// What S3 calls a public policy, and what blocking public access makes of it.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
import type { PolicyDocument, Statement } from '../../../../operator/policy/document.ts';
import type { World } from '../../core/world.ts';
import { accountBlockState, type PublicAccessBlock } from '../s3control/state.ts';

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
  if (key === 's3:dataaccesspointarn') return /^arn:aws:s3:[^:]*:\d{12}:/.test(value);
  if (key === 'aws:userid') return /^A[A-Z0-9]+(?::\*)?$/.test(value);
  return !/[*?]/.test(value.replaceAll(/\$\{[^}]+\}/g, '*'));
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

export const isPublic = (policy: PolicyDocument): boolean =>
  policy.Statement.some(
    (statement) => statement.Effect === 'Allow' && namesEveryone(statement) && !isRestricted(statement),
  );

/** The settings that count for a resource of an account: its own, or stronger ones of the account. */
export const blockInForce = (world: World, account: string, own: PublicAccessBlock | undefined): PublicAccessBlock => {
  const { block } = accountBlockState(world, account);
  const either = (setting: keyof PublicAccessBlock): boolean => own?.[setting] === true || block?.[setting] === true;
  return {
    BlockPublicAcls: either('BlockPublicAcls'),
    IgnorePublicAcls: either('IgnorePublicAcls'),
    BlockPublicPolicy: either('BlockPublicPolicy'),
    RestrictPublicBuckets: either('RestrictPublicBuckets'),
  };
};

/** RestrictPublicBuckets: a public policy speaks only to the owner's account and to AWS services. */
export const policyInForce = (
  policy: PolicyDocument | undefined,
  block: PublicAccessBlock,
  isOwnAccountOrService: boolean,
): readonly PolicyDocument[] => {
  if (policy === undefined) return [];
  return block.RestrictPublicBuckets && !isOwnAccountOrService && isPublic(policy) ? onlyDenials(policy) : [policy];
};

/** Blocking takes rights away, never prohibitions. Remembered, as the evaluator remembers policies by object. */
const denials = new WeakMap<PolicyDocument, readonly PolicyDocument[]>();
export const onlyDenials = (policy: PolicyDocument): readonly PolicyDocument[] => {
  let left = denials.get(policy);
  if (left === undefined) {
    left = [{ ...policy, Statement: policy.Statement.filter(({ Effect }) => Effect === 'Deny') }];
    denials.set(policy, left);
  }
  return left;
};
