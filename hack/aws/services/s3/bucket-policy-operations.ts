// Bucket policies and block public access.
import type * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Output } from '../../core/operation.ts';
import { showPrincipals } from '../../core/principal-ids.ts';
import { bucketTrail } from './bucket-operations.ts';
import { toPublicAccessBlock } from '../s3control/state.ts';
import { blockInForce } from './public-policy.ts';
import { publicStatement } from '../../../../operator/policy/public-statement.ts';
import { readResourcePolicy } from './resource-policy.ts';
import { bucketNeeds, bucketOf, type BucketInput } from './target.ts';

const needOn = (action: string) => (input: BucketInput, call: Call) =>
  bucketNeeds({ bucket: bucketOf(input, call), accessPoint: undefined }, action, call);

const getBucketPolicy = operation<sdk.GetBucketPolicyCommandInput, Output<sdk.GetBucketPolicyCommandOutput>>({
  access: 'read',
  needs: needOn('s3:GetBucketPolicy'),
  handle(input, call) {
    const { name, policy } = bucketOf(input, call);
    if (policy === undefined)
      throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', { members: { BucketName: name } });
    return { Policy: JSON.stringify(showPrincipals(call.world, policy)) };
  },
});

const putBucketPolicy = operation<sdk.PutBucketPolicyCommandInput, object>({
  access: 'write',
  needs: needOn('s3:PutBucketPolicy'),
  trail: (input) => ({ ...bucketTrail(input), bucketPolicy: parsed(input.Policy) }),
  handle(input, call) {
    const bucket = bucketOf(input, call);
    const { BlockPublicPolicy } = blockInForce(call.world, bucket.account, bucket.publicAccessBlock);
    bucket.policy = readResourcePolicy(call.world, input.Policy ?? '', {
      arn: bucket.arn,
      below: '/',
      blockPublic: BlockPublicPolicy,
    });
    return {};
  },
});

/** CloudTrail shows the policy as an object; a text that is none as it is. */
const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return text;
  }
};

const deleteBucketPolicy = operation<sdk.DeleteBucketPolicyCommandInput, object>({
  access: 'write',
  needs: needOn('s3:DeleteBucketPolicy'),
  trail: bucketTrail,
  handle(input, call) {
    bucketOf(input, call).policy = undefined;
    return {};
  },
});

const getBucketPolicyStatus = operation<
  sdk.GetBucketPolicyStatusCommandInput,
  Output<sdk.GetBucketPolicyStatusCommandOutput>
>({
  access: 'read',
  needs: needOn('s3:GetBucketPolicyStatus'),
  handle(input, call) {
    const { policy } = bucketOf(input, call);
    return { PolicyStatus: { IsPublic: policy !== undefined && publicStatement(policy) !== undefined } };
  },
});

const getPublicAccessBlock = operation<
  sdk.GetPublicAccessBlockCommandInput,
  Output<sdk.GetPublicAccessBlockCommandOutput>
>({
  access: 'read',
  needs: needOn('s3:GetBucketPublicAccessBlock'),
  handle(input, call) {
    const { name, publicAccessBlock } = bucketOf(input, call);
    if (publicAccessBlock === undefined) {
      throw new AwsError(
        'NoSuchPublicAccessBlockConfiguration',
        'The public access block configuration was not found',
        { members: { BucketName: name } },
      );
    }
    return { PublicAccessBlockConfiguration: { ...publicAccessBlock } };
  },
});

const putPublicAccessBlock = operation<sdk.PutPublicAccessBlockCommandInput, object>({
  access: 'write',
  needs: needOn('s3:PutBucketPublicAccessBlock'),
  trail: bucketTrail,
  handle(input, call) {
    bucketOf(input, call).publicAccessBlock = toPublicAccessBlock(input.PublicAccessBlockConfiguration);
    return {};
  },
});

const deletePublicAccessBlock = operation<sdk.DeletePublicAccessBlockCommandInput, object>({
  access: 'write',
  needs: needOn('s3:PutBucketPublicAccessBlock'),
  trail: bucketTrail,
  handle(input, call) {
    bucketOf(input, call).publicAccessBlock = undefined;
    return {};
  },
});

export const bucketPolicyOperations: Readonly<Record<string, AnyOperation>> = {
  GetBucketPolicy: getBucketPolicy,
  PutBucketPolicy: putBucketPolicy,
  DeleteBucketPolicy: deleteBucketPolicy,
  GetBucketPolicyStatus: getBucketPolicyStatus,
  GetPublicAccessBlock: getPublicAccessBlock,
  PutPublicAccessBlock: putPublicAccessBlock,
  DeletePublicAccessBlock: deletePublicAccessBlock,
};
