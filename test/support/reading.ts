// Reading what is shared as its reader does: with a session of the role, through the SDK.
import * as glueSdk from '@aws-sdk/client-glue';
import * as lakeSdk from '@aws-sdk/client-lakeformation';
import * as s3Sdk from '@aws-sdk/client-s3';
import * as stsSdk from '@aws-sdk/client-sts';
import type { SimulatedAws } from '../../hack/aws/aws.ts';
import type { ShareItemStatus } from '../../operator/resources/share-request.ts';
import { regionalArn } from '../../operator/policy/arn.ts';
import { BUCKET, DATABASE, ROLES, TABLES, type Administrators, type RoleName } from './sharing-data.ts';
import { FOLDERS } from './sharing-world.ts';

const OBJECTS = ['top.txt', 'raw/a.txt', 'raw/deep/c.txt', 'raw2/b.txt', 'orders/part-0.csv'] as const;

/** Whether all of an item can be read, and what was answered first where it cannot. */
export type Readability = { readonly readable: true } | { readonly readable: false; readonly why: string };

export class Reader {
  readonly #aws: SimulatedAws;
  readonly #admin: Administrators;
  readonly #s3: s3Sdk.S3Client;
  readonly #glue: glueSdk.GlueClient;
  readonly #lake: lakeSdk.LakeFormationClient;

  private constructor(aws: SimulatedAws, admin: Administrators, config: ReturnType<SimulatedAws['clientConfig']>) {
    this.#aws = aws;
    this.#admin = admin;
    this.#s3 = new s3Sdk.S3Client(config);
    this.#glue = new glueSdk.GlueClient(config);
    this.#lake = new lakeSdk.LakeFormationClient(config);
  }

  static async of(aws: SimulatedAws, admin: Administrators, role: RoleName): Promise<Reader> {
    const sts = new stsSdk.STSClient(aws.clientConfig(ROLES[role], admin.region));
    const { Credentials: session } = await sts.send(
      new stsSdk.AssumeRoleCommand({ RoleArn: admin.roleArn(role), RoleSessionName: 'reader' }),
    );
    const {
      AccessKeyId: accessKeyId = '',
      SecretAccessKey: secretAccessKey = '',
      SessionToken: sessionToken = '',
    } = session ?? {};
    return new Reader(aws, admin, aws.clientConfig({ accessKeyId, secretAccessKey, sessionToken }, admin.region));
  }

  /** @param database where a table is */
  async read(item: ShareItemStatus, database = DATABASE): Promise<Readability> {
    try {
      switch (item.kind) {
        case 'Bucket':
          await this.#objects(BUCKET, '');
          break;
        case 'Folder':
          await this.#objects(item.accessPointAlias ?? '', FOLDERS[item.name as keyof typeof FOLDERS]);
          break;
        case 'Table':
          await this.#table(database, item.name);
      }
      return { readable: true };
    } catch (error) {
      return { readable: false, why: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
    }
  }

  async #objects(bucket: string, prefix: string): Promise<void> {
    await this.#s3.send(new s3Sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    for (const Key of OBJECTS.filter((key) => key.startsWith(prefix)))
      await this.#s3.send(new s3Sdk.GetObjectCommand({ Bucket: bucket, Key }));
  }

  async #table(database: string, name: string): Promise<void> {
    const { region } = this.#admin;
    const account = this.#admin.id('producer');
    await this.#glue.send(new glueSdk.GetTableCommand({ CatalogId: account, DatabaseName: database, Name: name }));
    const {
      AccessKeyId: accessKeyId = '',
      SecretAccessKey: secretAccessKey = '',
      SessionToken: sessionToken = '',
    } = await this.#lake.send(
      new lakeSdk.GetTemporaryGlueTableCredentialsCommand({
        TableArn: regionalArn({ account, region }, 'glue', `table/${database}/${name}`),
        Permissions: ['SELECT'],
        SupportedPermissionTypes: ['COLUMN_PERMISSION'],
      }),
    );
    // Lake Formation hands out a session of the dataset's role, which engines read the files with.
    const files = new s3Sdk.S3Client(this.#aws.clientConfig({ accessKeyId, secretAccessKey, sessionToken }, region));
    await files.send(new s3Sdk.GetObjectCommand({ Bucket: BUCKET, Key: `${name}/part-0.csv` }));
  }
}

/** Puts data under the tables, and lets engines of others have the credentials to read whole tables, as Athena has. */
export const letEnginesIn = async (admin: Administrators): Promise<void> => {
  for (const table of TABLES)
    await admin.call('producer', 's3', 'PutObject', {
      Bucket: BUCKET,
      Key: `${table}/part-0.csv`,
      Body: new TextEncoder().encode('1,eu,10'),
    });
  const { DataLakeSettings } = await admin.call<{ DataLakeSettings: object }>(
    'producer',
    'lakeformation',
    'GetDataLakeSettings',
    {},
  );
  await admin.call('producer', 'lakeformation', 'PutDataLakeSettings', {
    DataLakeSettings: { ...DataLakeSettings, AllowFullTableExternalDataAccess: true },
  });
};
