// What blocking public access makes of a public policy.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
import type { PolicyDocument } from '../../../../operator/policy/document.ts';
import { publicStatement } from '../../../../operator/policy/public-statement.ts';
import type { World } from '../../core/world.ts';
import { accountBlockState, type PublicAccessBlock } from '../s3control/state.ts';

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
  return block.RestrictPublicBuckets && !isOwnAccountOrService && publicStatement(policy) !== undefined
    ? onlyDenials(policy)
    : [policy];
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
