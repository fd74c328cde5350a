// Tags of objects.
import type * as sdk from '@aws-sdk/client-s3';
import { AwsError } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Output } from '../../core/operation.ts';
import { missingKey, tagContext, versionNeeds } from './object-operations.ts';
import { versionOf } from './object-store.ts';
import type { ObjectVersion } from './state.ts';
import { targetOf, type ObjectInput } from './target.ts';

const MAX_TAGS = 10;

const versionAt = (input: ObjectInput & { readonly VersionId?: string | undefined }, call: Call): ObjectVersion => {
  const target = targetOf(input, call);
  const version = versionOf(target.bucket, input.Key ?? '', input.VersionId);
  if (version === undefined) throw missingKey(target, input, call);
  return version;
};

const tagMap = (tagging: sdk.Tagging | undefined): Map<string, string> =>
  new Map((tagging?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));

const getObjectTagging = operation<sdk.GetObjectTaggingCommandInput, Output<sdk.GetObjectTaggingCommandOutput>>({
  access: 'read',
  dataPlane: true,
  needs: (input, call) => versionNeeds('s3:GetObjectTagging', input, call),
  handle: (input, call) => ({ TagSet: [...versionAt(input, call).tags].map(([Key, Value]) => ({ Key, Value })) }),
});

const putObjectTagging = operation<sdk.PutObjectTaggingCommandInput, Output<sdk.PutObjectTaggingCommandOutput>>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) =>
    versionNeeds('s3:PutObjectTagging', input, call).map((need) => ({
      ...need,
      context: { ...need.context, ...tagContext(tagMap(input.Tagging)) },
    })),
  handle(input, call) {
    const tags = tagMap(input.Tagging);
    if (tags.size > MAX_TAGS) throw new AwsError('BadRequest', `Object tags cannot be greater than ${MAX_TAGS}`);
    versionAt(input, call).tags = tags;
    return {};
  },
});

const deleteObjectTagging = operation<
  sdk.DeleteObjectTaggingCommandInput,
  Output<sdk.DeleteObjectTaggingCommandOutput>
>({
  access: 'write',
  dataPlane: true,
  needs: (input, call) => versionNeeds('s3:DeleteObjectTagging', input, call),
  handle(input, call) {
    versionAt(input, call).tags = new Map();
    return {};
  },
});

export const objectTagOperations: Readonly<Record<string, AnyOperation>> = {
  GetObjectTagging: getObjectTagging,
  PutObjectTagging: putObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,
};
