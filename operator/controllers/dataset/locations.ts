// Where the parts of a dataset are in AWS, and which documents of the engine that makes.
import { bucketArn } from '../../policy/arn.ts';
import { foldedName } from '../../resources/names.ts';
import type { DocumentKey } from '../../access/document-key.ts';
import { keyParts } from '../../access/documents-of-share.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { DatasetStatus } from '../../resources/dataset-status.ts';
import type { Environment } from '../../resources/environment.ts';
import type { ObservedImport } from './import-rules.ts';
import type { DatasetStack } from './stack.ts';

export interface DataLocation {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly bucketArn: string;
  /** Absent with SSE-S3. */
  readonly keyArn?: string;
  readonly glueDatabase: string;
  readonly roleArn: string;
}

/** From what the stack made and what an import found. */
export const locationOf = (
  dataset: Dataset,
  environment: Environment,
  stack: Extract<DatasetStack, { state: 'Deployed' }>,
  imported: ObservedImport | undefined,
): DataLocation => {
  const bucket = dataset.spec.s3.origin === 'Import' ? (dataset.spec.s3.bucket?.name ?? '') : stack.bucket;
  const keyArn = imported === undefined ? stack.keyArn : imported.namedKey?.arn;
  const { id: account, region } = environment.spec.account;
  return {
    account,
    region,
    bucket,
    bucketArn: bucketArn({ region, bucket }),
    ...(keyArn !== undefined && { keyArn }),
    glueDatabase: stack.database,
    roleArn: stack.roleArn,
  };
};

/** As the status remembers them; undefined while some part was never known. */
export const locationFromStatus = ({
  account,
  region,
  bucket,
  bucketArn,
  keyArn,
  glueDatabase,
  roleArn,
}: DatasetStatus): DataLocation | undefined =>
  account === undefined ||
  region === undefined ||
  bucket === undefined ||
  bucketArn === undefined ||
  glueDatabase === undefined ||
  roleArn === undefined
    ? undefined
    : {
        account,
        region,
        bucket,
        bucketArn,
        glueDatabase: foldedName(glueDatabase),
        roleArn,
        ...(keyArn !== undefined && { keyArn }),
      };

/** The documents that exist for the dataset itself, shared or not. */
export const documentsOf = ({
  account,
  region,
  bucket,
  keyArn,
  glueDatabase,
}: Pick<DataLocation, 'account' | 'region' | 'bucket' | 'glueDatabase'> & {
  readonly keyArn?: string | undefined;
}): readonly DocumentKey[] => [
  { kind: 'registration', account, region, bucket },
  { kind: 'bucket-policy', account, region, bucket },
  { kind: 'catalog-grants', account, region, database: glueDatabase },
  ...(keyArn === undefined ? [] : [{ kind: 'key-policy' as const, ...keyParts(keyArn) }]),
];
