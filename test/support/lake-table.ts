// A table of CSV in the lake of the scene: the file and what Glue says of it.
import { CreateTableCommand, GlueClient } from '@aws-sdk/client-glue';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { ClientConfig } from '../../hack/aws/aws.ts';

export interface LakeTable {
  readonly bucket: string;
  readonly database: string;
  readonly name: string;
  /** With a header; a column whose first value is a number is one of numbers. */
  readonly csv: string;
}

/** @param config of an administrator of the producer account */
export const makeLakeTable = async (
  config: ClientConfig,
  { bucket, database, name, csv }: LakeTable,
): Promise<void> => {
  await new S3Client(config).send(new PutObjectCommand({ Bucket: bucket, Key: `${name}/part-0.csv`, Body: csv }));
  const [header = [], first = []] = csv.split('\n').map((line) => line.split(','));
  await new GlueClient(config).send(
    new CreateTableCommand({
      DatabaseName: database,
      TableInput: {
        Name: name,
        TableType: 'EXTERNAL_TABLE',
        Parameters: { 'skip.header.line.count': '1' },
        StorageDescriptor: {
          Location: `s3://${bucket}/${name}/`,
          Columns: header.map((column, index) => ({
            Name: column,
            Type: /^\d+$/.test(first[index] ?? '') ? 'bigint' : 'string',
          })),
          InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' },
        },
      },
    }),
  );
};
