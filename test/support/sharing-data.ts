// The AWS side of fault tests: a producer with an encrypted bucket, two tables and folders, a consumer, pivot roles, and no share.
import type { SimulatedAws } from '../../hack/aws/aws.ts';
import { bucketArn, iamArn, partitionOf } from '../../operator/policy/arn.ts';

export const REGION = 'eu-west-1';
export const EXTERNAL_ID = 'external-id-of-the-test';
export const BUCKET = 'orders-data';
export const DATABASE = 'orders';
export const TABLES = ['orders', 'customers'] as const;
export const COLUMNS = ['id', 'region', 'amount'] as const;

/** Principals of shares: name -> account. `inhouse` lives in the producer's own account. */
export const ROLES = { analysts: 'consumer', robots: 'consumer', inhouse: 'producer' } as const;
export type RoleName = keyof typeof ROLES;
export const roleNames = Object.keys(ROLES) as RoleName[];

export type Account = 'producer' | 'consumer';

/** AWS as its administrators: no throttle, no faults of ours. */
export class Administrators {
  readonly #aws: SimulatedAws;
  readonly region: string;

  constructor(aws: SimulatedAws, region = REGION) {
    this.#aws = aws;
    this.region = region;
  }

  id(account: Account | 'hub'): string {
    return this.#aws.accounts[account]?.id ?? '';
  }

  async call<T = Record<string, unknown>>(
    account: Account,
    service: string,
    operation: string,
    input: object,
  ): Promise<T> {
    return await this.#aws.invoke<T>(service, operation, input, this.#aws.administrator(account), this.region);
  }

  roleArn(name: RoleName): string {
    return this.arn(ROLES[name], `role/${name}`);
  }

  /** Of something in IAM. */
  arn(account: Account | 'hub', resource: string): string {
    return iamArn(partitionOf(this.region), this.id(account), resource);
  }

  /** Unique id of a role as it is now; undefined = there is none. */
  async roleId(name: RoleName): Promise<string | undefined> {
    try {
      const { Role } = await this.call<{ Role: { RoleId: string } }>(ROLES[name], 'iam', 'GetRole', { RoleName: name });
      return Role.RoleId;
    } catch {
      return undefined;
    }
  }

  async createRole(name: RoleName): Promise<void> {
    await this.call(ROLES[name], 'iam', 'CreateRole', {
      RoleName: name,
      AssumeRolePolicyDocument: trust({ AWS: this.arn(ROLES[name], 'root') }),
    });
  }

  /** As a person does it: what is attached is detached first. */
  async deleteRole(name: RoleName): Promise<void> {
    const account = ROLES[name];
    const { AttachedPolicies = [] } = await this.call<{ AttachedPolicies?: { PolicyArn: string }[] }>(
      account,
      'iam',
      'ListAttachedRolePolicies',
      { RoleName: name },
    );
    for (const { PolicyArn } of AttachedPolicies)
      await this.call(account, 'iam', 'DetachRolePolicy', { RoleName: name, PolicyArn });
    await this.call(account, 'iam', 'DeleteRole', { RoleName: name });
  }
}

const trust = (principal: object, condition?: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...(condition && { Condition: condition }) },
    ],
  });

const allow = (action: string, resource: unknown): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });

/** Makes everything; answers the ARN of the bucket's key. */
export const makeData = async (admin: Administrators): Promise<string> => {
  const { region } = admin;
  for (const account of ['producer', 'consumer'] as const) {
    await admin.call(account, 'iam', 'CreateRole', {
      RoleName: 'dataallPivotRole',
      AssumeRolePolicyDocument: trust(
        { AWS: admin.arn('hub', 'root') },
        { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
      ),
    });
    await admin.call(account, 'iam', 'PutRolePolicy', {
      RoleName: 'dataallPivotRole',
      PolicyName: 'all',
      PolicyDocument: allow('*', '*'),
    });
    await admin.call(account, 'lakeformation', 'PutDataLakeSettings', {
      DataLakeSettings: {
        DataLakeAdmins: [{ DataLakePrincipalIdentifier: admin.arn(account, 'user/administrator') }],
      },
    });
  }
  for (const name of roleNames) await admin.createRole(name);
  const producer = async <T>(service: string, operation: string, input: object): Promise<T> =>
    await admin.call<T>('producer', service, operation, input);
  const { KeyMetadata } = await producer<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {});
  await producer('s3', 'CreateBucket', {
    Bucket: BUCKET,
    CreateBucketConfiguration: { LocationConstraint: admin.region },
  });
  await producer('s3', 'PutBucketEncryption', {
    Bucket: BUCKET,
    ServerSideEncryptionConfiguration: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyMetadata.Arn },
          BucketKeyEnabled: true,
        },
      ],
    },
  });
  for (const key of ['top.txt', 'raw/a.txt', 'raw2/b.txt', 'raw/deep/c.txt'])
    await producer('s3', 'PutObject', { Bucket: BUCKET, Key: key, Body: new TextEncoder().encode(key) });
  await producer('iam', 'CreateRole', {
    RoleName: 'orders-dataset',
    AssumeRolePolicyDocument: trust({ Service: 'lakeformation.amazonaws.com' }),
  });
  await producer('iam', 'PutRolePolicy', {
    RoleName: 'orders-dataset',
    PolicyName: 'data',
    PolicyDocument: allow('s3:*', [
      bucketArn({ region, bucket: BUCKET }),
      `${bucketArn({ region, bucket: BUCKET })}/*`,
    ]),
  });
  await producer('glue', 'CreateDatabase', { DatabaseInput: { Name: DATABASE, CreateTableDefaultPermissions: [] } });
  for (const table of TABLES)
    await producer('glue', 'CreateTable', {
      DatabaseName: DATABASE,
      TableInput: {
        Name: table,
        TableType: 'EXTERNAL_TABLE',
        StorageDescriptor: {
          Location: `s3://${BUCKET}/${table}/`,
          Columns: COLUMNS.map((Name) => ({ Name, Type: 'string' })),
        },
      },
    });
  return KeyMetadata.Arn;
};
