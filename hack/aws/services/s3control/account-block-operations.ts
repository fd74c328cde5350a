// Block public access of a whole account.
import type * as sdk from '@aws-sdk/client-s3-control';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Need, type Output } from '../../core/operation.ts';
import { accountBlockState, toPublicAccessBlock } from './state.ts';

const needOn =
  (action: string) =>
  ({ AccountId = '' }: { readonly AccountId?: string | undefined }): Need[] => [
    { action: `s3:${action}`, resource: '*', resourceAccount: AccountId },
  ];

const getPublicAccessBlock = operation<
  sdk.GetPublicAccessBlockCommandInput,
  Output<sdk.GetPublicAccessBlockCommandOutput>
>({
  access: 'read',
  needs: needOn('GetAccountPublicAccessBlock'),
  handle(input, call) {
    const { block } = accountBlockState(call.world, input.AccountId ?? '');
    if (block === undefined) {
      throw new AwsError('NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found');
    }
    return { PublicAccessBlockConfiguration: { ...block } };
  },
});

const putPublicAccessBlock = operation<sdk.PutPublicAccessBlockCommandInput, object>({
  access: 'write',
  needs: needOn('PutAccountPublicAccessBlock'),
  handle(input, call) {
    accountBlockState(call.world, input.AccountId ?? '').block = toPublicAccessBlock(
      input.PublicAccessBlockConfiguration,
    );
    return {};
  },
});

const deletePublicAccessBlock = operation<sdk.DeletePublicAccessBlockCommandInput, object>({
  access: 'write',
  needs: needOn('PutAccountPublicAccessBlock'),
  handle(input, call) {
    accountBlockState(call.world, input.AccountId ?? '').block = undefined;
    return {};
  },
});

export const accountBlockOperations: Readonly<Record<string, AnyOperation>> = {
  GetPublicAccessBlock: getPublicAccessBlock,
  PutPublicAccessBlock: putPublicAccessBlock,
  DeletePublicAccessBlock: deletePublicAccessBlock,
};
