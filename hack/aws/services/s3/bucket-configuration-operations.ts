// What a bucket is configured with: encryption and tags, which have an effect, and documents that are only kept and shown.
import type * as sdk from '@aws-sdk/client-s3';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import { operation, type AnyOperation, type Call, type Output } from '../../core/operation.ts';
import { bucketTrail } from './bucket-operations.ts';
import { demandLists, demandOwnershipRule } from './ownership.ts';
import { defaultEncryption, ownerOf, type ObjectEncryption } from './state.ts';
import { bucketNeeds, bucketOf, type BucketInput } from './target.ts';

const needOn = (action: string) => (input: BucketInput, call: Call) =>
  bucketNeeds({ bucket: bucketOf(input, call), accessPoint: undefined }, action, call);

/** A configuration that is kept as it came; ownership controls (ownership.ts) alone have an effect. */
interface StoredDocument {
  readonly key: string;
  /** `Cors` in GetBucketCors, PutBucketCors, DeleteBucketCors. */
  readonly get: string;
  readonly put: string;
  readonly delete?: string;
  readonly getAction: string;
  readonly putAction: string;
  /** Input member of Put that holds it. */
  readonly member: string;
  /** Output of Get. */
  readonly show: (document: unknown) => object;
  /** Error of Get when there is none; without it, Get answers empty. */
  readonly missing?: string;
  /** Refuses what AWS would. */
  readonly check?: (document: unknown) => void;
}

const asItIs = (document: unknown): object => document ?? {};

const storedDocuments: readonly StoredDocument[] = [
  {
    key: 'cors',
    get: 'GetBucketCors',
    put: 'PutBucketCors',
    delete: 'DeleteBucketCors',
    getAction: 's3:GetBucketCORS',
    putAction: 's3:PutBucketCORS',
    member: 'CORSConfiguration',
    show: asItIs,
    missing: 'NoSuchCORSConfiguration',
  },
  {
    key: 'lifecycle',
    get: 'GetBucketLifecycleConfiguration',
    put: 'PutBucketLifecycleConfiguration',
    delete: 'DeleteBucketLifecycle',
    getAction: 's3:GetLifecycleConfiguration',
    putAction: 's3:PutLifecycleConfiguration',
    member: 'LifecycleConfiguration',
    show: asItIs,
    missing: 'NoSuchLifecycleConfiguration',
  },
  {
    key: 'website',
    get: 'GetBucketWebsite',
    put: 'PutBucketWebsite',
    delete: 'DeleteBucketWebsite',
    getAction: 's3:GetBucketWebsite',
    putAction: 's3:PutBucketWebsite',
    member: 'WebsiteConfiguration',
    show: asItIs,
    missing: 'NoSuchWebsiteConfiguration',
  },
  {
    key: 'ownership',
    get: 'GetBucketOwnershipControls',
    put: 'PutBucketOwnershipControls',
    delete: 'DeleteBucketOwnershipControls',
    getAction: 's3:GetBucketOwnershipControls',
    putAction: 's3:PutBucketOwnershipControls',
    member: 'OwnershipControls',
    show: (document) => ({ OwnershipControls: document }),
    missing: 'OwnershipControlsNotFoundError',
    check: (document) => {
      demandOwnershipRule(document ?? {});
    },
  },
  {
    key: 'notification',
    get: 'GetBucketNotificationConfiguration',
    put: 'PutBucketNotificationConfiguration',
    getAction: 's3:GetBucketNotification',
    putAction: 's3:PutBucketNotification',
    member: 'NotificationConfiguration',
    show: asItIs,
  },
  {
    key: 'logging',
    get: 'GetBucketLogging',
    put: 'PutBucketLogging',
    getAction: 's3:GetBucketLogging',
    putAction: 's3:PutBucketLogging',
    member: 'BucketLoggingStatus',
    show: asItIs,
  },
  {
    key: 'accelerate',
    get: 'GetBucketAccelerateConfiguration',
    put: 'PutBucketAccelerateConfiguration',
    getAction: 's3:GetAccelerateConfiguration',
    putAction: 's3:PutAccelerateConfiguration',
    member: 'AccelerateConfiguration',
    show: asItIs,
  },
];

const operationsOf = (document: StoredDocument): [string, AnyOperation][] => {
  const change = (apply: (input: BucketInput & Readonly<Record<string, unknown>>, call: Call) => void): AnyOperation =>
    operation<BucketInput & Readonly<Record<string, unknown>>, object>({
      access: 'write',
      needs: needOn(document.putAction),
      trail: bucketTrail,
      handle(input, call) {
        apply(input, call);
        return {};
      },
    });
  const get = operation<BucketInput, object>({
    access: 'read',
    needs: needOn(document.getAction),
    handle(input, call) {
      const { name, documents } = bucketOf(input, call);
      const found = documents.get(document.key);
      if (found === undefined && document.missing !== undefined) {
        throw new AwsError(document.missing, `The ${document.key} configuration was not found`, {
          members: { BucketName: name },
        });
      }
      return document.show(found);
    },
  });
  const put = change((input, call) => {
    document.check?.(input[document.member]);
    bucketOf(input, call).documents.set(document.key, structuredClone(input[document.member]));
  });
  const remove = change((input, call) => {
    bucketOf(input, call).documents.delete(document.key);
  });
  const named: [string, AnyOperation][] = [
    [document.get, get],
    [document.put, put],
  ];
  return document.delete === undefined ? named : [...named, [document.delete, remove]];
};

const isAlgorithm = (name: unknown): name is ObjectEncryption['algorithm'] =>
  name === 'AES256' || name === 'aws:kms' || name === 'aws:kms:dsse';

const getBucketEncryption = operation<
  sdk.GetBucketEncryptionCommandInput,
  Output<sdk.GetBucketEncryptionCommandOutput>
>({
  access: 'read',
  needs: needOn('s3:GetEncryptionConfiguration'),
  handle(input, call) {
    const { algorithm, keyId, bucketKey } = bucketOf(input, call).encryption;
    return {
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: algorithm,
              ...(keyId === undefined ? {} : { KMSMasterKeyID: keyId }),
            },
            BucketKeyEnabled: bucketKey,
          },
        ],
      },
    };
  },
});

const putBucketEncryption = operation<sdk.PutBucketEncryptionCommandInput, object>({
  access: 'write',
  needs: needOn('s3:PutEncryptionConfiguration'),
  trail: bucketTrail,
  handle(input, call) {
    const [rule, more] = input.ServerSideEncryptionConfiguration?.Rules ?? [];
    const algorithm = rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
    if (rule === undefined || more !== undefined || !isAlgorithm(algorithm)) {
      throw new AwsError(
        'MalformedXML',
        'The XML you provided was not well-formed or did not validate against our published schema',
      );
    }
    const keyId = rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
    if (algorithm === 'AES256' && keyId !== undefined) {
      throw new AwsError(
        'InvalidArgument',
        'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms',
      );
    }
    bucketOf(input, call).encryption = { algorithm, keyId, bucketKey: rule.BucketKeyEnabled === true };
    return {};
  },
});

const deleteBucketEncryption = operation<sdk.DeleteBucketEncryptionCommandInput, object>({
  access: 'write',
  needs: needOn('s3:PutEncryptionConfiguration'),
  trail: bucketTrail,
  handle(input, call) {
    bucketOf(input, call).encryption = defaultEncryption;
    return {};
  },
});

const getBucketTagging = operation<sdk.GetBucketTaggingCommandInput, Output<sdk.GetBucketTaggingCommandOutput>>({
  access: 'read',
  needs: needOn('s3:GetBucketTagging'),
  handle(input, call) {
    const { name, tags } = bucketOf(input, call);
    if (tags === undefined)
      throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', { members: { BucketName: name } });
    return { TagSet: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  },
});

const putBucketTagging = operation<sdk.PutBucketTaggingCommandInput, object>({
  access: 'write',
  needs: needOn('s3:PutBucketTagging'),
  trail: bucketTrail,
  handle(input, call) {
    bucketOf(input, call).tags = new Map((input.Tagging?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    return {};
  },
});

const deleteBucketTagging = operation<sdk.DeleteBucketTaggingCommandInput, object>({
  access: 'write',
  needs: needOn('s3:PutBucketTagging'),
  trail: bucketTrail,
  handle(input, call) {
    bucketOf(input, call).tags = undefined;
    return {};
  },
});

/** The list of a bucket is never anything but its owner's: what else it could say, PutBucketAcl does not take. */
const getBucketAcl = operation<sdk.GetBucketAclCommandInput, Output<sdk.GetBucketAclCommandOutput>>({
  access: 'read',
  needs: needOn('s3:GetBucketAcl'),
  handle(input, call) {
    const Owner = ownerOf(bucketOf(input, call));
    return { Owner, Grants: [{ Grantee: { ...Owner, Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' }] };
  },
});

const putBucketAcl = operation<sdk.PutBucketAclCommandInput, object>({
  access: 'write',
  needs: needOn('s3:PutBucketAcl'),
  trail: bucketTrail,
  handle(input, call) {
    demandLists(bucketOf(input, call));
    if (input.ACL !== 'private') throw notImplemented(`s3 bucket ACL ${input.ACL ?? 'of grants'}`);
    return {};
  },
});

export const bucketConfigurationOperations: Readonly<Record<string, AnyOperation>> = {
  ...Object.fromEntries(storedDocuments.flatMap(operationsOf)),
  GetBucketEncryption: getBucketEncryption,
  PutBucketEncryption: putBucketEncryption,
  DeleteBucketEncryption: deleteBucketEncryption,
  GetBucketTagging: getBucketTagging,
  PutBucketTagging: putBucketTagging,
  DeleteBucketTagging: deleteBucketTagging,
  GetBucketAcl: getBucketAcl,
  PutBucketAcl: putBucketAcl,
};
