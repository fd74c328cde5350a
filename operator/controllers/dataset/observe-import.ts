// What AWS says of the bucket, the key and the database that an import names.
import type { AccountAws } from '../../aws/account.ts';
import type { Dataset } from '../../resources/dataset.ts';
import { foldedName } from '../../resources/names.ts';
import { isAuthorized, type ObservedImport } from './import-rules.ts';

/** @throws AwsFault AccessDenied of what belongs to another account, or is closed to the pivot role */
export const observeImport = async (
  aws: Pick<AccountAws, 'account' | 'region' | 's3' | 'kms' | 'glue'>,
  dataset: Dataset,
): Promise<ObservedImport> => {
  const { spec } = dataset;
  const bucket = spec.s3.bucket?.name ?? '';
  const { kmsKey, glueDatabase } = spec.s3;
  const bucketRegion = await aws.s3.bucketRegion(bucket);
  const here = bucketRegion === aws.region;
  const encryption = here ? await aws.s3.bucketEncryption(bucket) : undefined;
  const named = kmsKey?.arn ?? (kmsKey?.alias === undefined ? undefined : `alias/${kmsKey.alias}`);
  const namedKey = named === undefined ? undefined : await aws.kms.key(named);
  // Tags of a key of another account cannot be read; nor need they be.
  const isOurs = namedKey?.arn.split(':')[4] === aws.account;
  return {
    bucketRegion,
    encryption,
    tags: here ? await aws.s3.bucketTags(bucket) : {},
    bucketKey: encryption?.keyId === undefined ? undefined : await aws.kms.key(encryption.keyId),
    namedKey,
    keyTags: isOurs && !isAuthorized(dataset) ? await aws.kms.tags(namedKey.arn) : {},
    database: glueDatabase === undefined ? undefined : await aws.glue.database(foldedName(glueDatabase.name)),
  };
};
