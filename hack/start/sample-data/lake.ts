/** The producer's lake as a sales team would have it before it hears of us: encrypted bucket, files, Glue database, open to IAM alone. */
import { CreateDatabaseCommand, CreateTableCommand, GlueClient, type TableInput } from '@aws-sdk/client-glue';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type ServerSideEncryptionByDefault,
} from '@aws-sdk/client-s3';
import type { SimulatedAws } from '../../aws/aws.ts';
import { ACCOUNTS, REGION } from '../cast.ts';
import { sampleFiles } from './files.ts';

/** Names that examples/ repeats. */
export const LAKE = { bucket: 'acme-sales-lake', keyAlias: 'acme-sales-lake', database: 'sales' } as const;
export const CATALOGUE = { bucket: 'acme-sales-catalogue', key: 'chair-7/sheet.txt' } as const;

export async function makeLake(aws: SimulatedAws): Promise<void> {
  const config = aws.clientConfig('producer', REGION);
  const s3 = new S3Client(config);
  await makeBucket(s3, LAKE.bucket, {
    SSEAlgorithm: 'aws:kms',
    KMSMasterKeyID: await makeKey(new KMSClient(config)),
  });
  await keepBucket(s3, LAKE.bucket);
  for (const { key, body } of await sampleFiles())
    await s3.send(new PutObjectCommand({ Bucket: LAKE.bucket, Key: key, Body: body }));
  await makeDatabase(new GlueClient(config));

  await makeBucket(s3, CATALOGUE.bucket, { SSEAlgorithm: 'AES256' });
  const Body = 'chair-7: oak, 45 cm, stackable\n';
  await s3.send(new PutObjectCommand({ Bucket: CATALOGUE.bucket, Key: CATALOGUE.key, Body }));
}

async function makeKey(kms: KMSClient): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'The lake of the sales team' }));
  await kms.send(new CreateAliasCommand({ AliasName: `alias/${LAKE.keyAlias}`, TargetKeyId: KeyMetadata?.KeyId }));
  return KeyMetadata?.Arn ?? '';
}

async function makeBucket(s3: S3Client, Bucket: string, encryption: ServerSideEncryptionByDefault): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
  const Rules = [{ ApplyServerSideEncryptionByDefault: encryption, BucketKeyEnabled: true }];
  await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
}

/** A statement of theirs: sharing must not lose it, and the end of sharing must leave it. */
async function keepBucket(s3: S3Client, Bucket: string): Promise<void> {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'NobodyDeletesTheLake',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:DeleteBucket',
        Resource: `arn:aws:s3:::${Bucket}`,
      },
    ],
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
}

/** Made the way Glue's console does: IAMAllowedPrincipals may do everything, so IAM alone decides. */
async function makeDatabase(glue: GlueClient): Promise<void> {
  await glue.send(
    new CreateDatabaseCommand({ CatalogId: ACCOUNTS.producer.id, DatabaseInput: { Name: LAKE.database } }),
  );
  for (const TableInput of TABLES) await glue.send(new CreateTableCommand({ DatabaseName: LAKE.database, TableInput }));
}

/** https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html */
const FORMATS = {
  parquet: {
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
  },
  csv: {
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    SerdeInfo: {
      SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      Parameters: { 'field.delim': ',' },
    },
  },
} as const;

function table(name: string, format: keyof typeof FORMATS, columns: Readonly<Record<string, string>>): TableInput {
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { classification: format, ...(format === 'csv' && { 'skip.header.line.count': '1' }) },
    StorageDescriptor: {
      Location: `s3://${LAKE.bucket}/${name}/`,
      Columns: Object.entries(columns).map(([Name, Type]) => ({ Name, Type })),
      ...FORMATS[format],
    },
  };
}

const TABLES: readonly TableInput[] = [
  table('orders', 'parquet', {
    id: 'bigint',
    customer_id: 'bigint',
    product_id: 'bigint',
    region: 'string',
    quantity: 'bigint',
    amount: 'double',
    card_number: 'string',
    ordered_on: 'date',
  }),
  table('customers', 'csv', { id: 'bigint', name: 'string', email: 'string', region: 'string', since: 'date' }),
  table('products', 'csv', { id: 'bigint', name: 'string', category: 'string', price: 'double' }),
];
