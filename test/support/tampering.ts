// What people with rights in the accounts do behind the operator's back.
import { BUCKET, DATABASE, ROLES, type Administrators, type RoleName } from './sharing-data.ts';

export const tamperings = [
  'bucket policy deleted',
  'robots added to the bucket policy',
  'foreign statement added',
  'table revoked',
  'table granted to robots',
  'table grantable',
  'all tables granted to robots',
  'columns granted to robots',
  'filter widened',
  'share policies detached',
  'share policy widened',
  'access points deleted',
  'access point policy deleted',
  'links deleted',
  'key policy reset',
  'Lake Formation switched off',
] as const;
export type Tampering = (typeof tamperings)[number];

/** A statement of somebody else, which must stay whatever we do. */
export const FOREIGN_STATEMENT = {
  Sid: 'TheirOwn',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:PutObject',
  Resource: [`arn:aws:s3:::${BUCKET}/theirs/b`, `arn:aws:s3:::${BUCKET}/theirs/a`],
};

/** Does it if there is anything to do it to. */
export const tamper = async (admin: Administrators, what: Tampering, role: RoleName): Promise<void> => {
  try {
    await deeds[what](admin, role);
  } catch (error) {
    // What is not there cannot be tampered with.
    if (
      !(error instanceof Error) ||
      !/not.*(found|exist)|NoSuch|No permissions|does not|Invalid principal/i.test(`${error.name} ${error.message}`)
    )
      throw error;
  }
};

const policyOf = async (admin: Administrators): Promise<{ Statement: Record<string, unknown>[] }> => {
  try {
    const { Policy } = await admin.call<{ Policy: string }>('producer', 's3', 'GetBucketPolicy', { Bucket: BUCKET });
    return JSON.parse(Policy) as { Statement: Record<string, unknown>[] };
  } catch {
    return { Statement: [] };
  }
};

const putPolicy = async (admin: Administrators, statements: readonly object[]): Promise<void> => {
  await admin.call('producer', 's3', 'PutBucketPolicy', {
    Bucket: BUCKET,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  });
};

const ordersTable = (admin: Administrators) => ({
  Table: { CatalogId: admin.id('producer'), DatabaseName: DATABASE, Name: 'orders' },
});

const grant = async (admin: Administrators, role: RoleName, resource: object, grantable = false): Promise<void> => {
  await admin.call('producer', 'lakeformation', 'GrantPermissions', {
    Principal: { DataLakePrincipalIdentifier: admin.roleArn(role) },
    Resource: resource,
    Permissions: ['SELECT'],
    PermissionsWithGrantOption: grantable ? ['SELECT'] : [],
  });
};

const accessPoints = async (admin: Administrators): Promise<readonly string[]> => {
  const { AccessPointList = [] } = await admin.call<{ AccessPointList?: { Name: string }[] }>(
    'producer',
    's3control',
    'ListAccessPoints',
    { AccountId: admin.id('producer') },
  );
  return AccessPointList.map(({ Name }) => Name);
};

const sharePolicies = async (admin: Administrators, role: RoleName): Promise<readonly string[]> => {
  const { AttachedPolicies = [] } = await admin.call<{ AttachedPolicies?: { PolicyArn: string }[] }>(
    ROLES[role],
    'iam',
    'ListAttachedRolePolicies',
    { RoleName: role },
  );
  return AttachedPolicies.map(({ PolicyArn }) => PolicyArn);
};

const deeds: Readonly<Record<Tampering, (admin: Administrators, role: RoleName) => Promise<void>>> = {
  async 'bucket policy deleted'(admin) {
    await admin.call('producer', 's3', 'DeleteBucketPolicy', { Bucket: BUCKET });
  },
  async 'robots added to the bucket policy'(admin) {
    const { Statement: statements } = await policyOf(admin);
    const opened = {
      Sid: 'DataAll-Bucket-ReadOnly',
      Effect: 'Allow',
      Principal: { AWS: admin.roleArn('robots') },
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
    };
    await putPolicy(admin, [...statements.filter(({ Sid }) => Sid !== opened.Sid), opened]);
  },
  async 'foreign statement added'(admin) {
    const { Statement: statements } = await policyOf(admin);
    await putPolicy(admin, [...statements.filter(({ Sid }) => Sid !== FOREIGN_STATEMENT.Sid), FOREIGN_STATEMENT]);
  },
  async 'table revoked'(admin, role) {
    await admin.call('producer', 'lakeformation', 'RevokePermissions', {
      Principal: { DataLakePrincipalIdentifier: admin.roleArn(role) },
      Resource: ordersTable(admin),
      Permissions: ['SELECT'],
    });
  },
  async 'table granted to robots'(admin) {
    await grant(admin, 'robots', ordersTable(admin));
  },
  async 'table grantable'(admin, role) {
    await grant(admin, role, ordersTable(admin), true);
  },
  async 'all tables granted to robots'(admin) {
    const CatalogId = admin.id('producer');
    await grant(admin, 'robots', { Table: { CatalogId, DatabaseName: DATABASE, TableWildcard: {} } });
  },
  async 'columns granted to robots'(admin) {
    await grant(admin, 'robots', {
      TableWithColumns: {
        CatalogId: admin.id('producer'),
        DatabaseName: DATABASE,
        Name: 'customers',
        ColumnNames: ['id'],
      },
    });
  },
  async 'filter widened'(admin) {
    await admin.call('producer', 'lakeformation', 'UpdateDataCellsFilter', {
      TableData: {
        TableCatalogId: admin.id('producer'),
        DatabaseName: DATABASE,
        TableName: 'orders',
        Name: 'eu',
        RowFilter: { AllRowsWildcard: {} },
        ColumnWildcard: {},
      },
    });
  },
  async 'share policies detached'(admin, role) {
    for (const PolicyArn of await sharePolicies(admin, role))
      await admin.call(ROLES[role], 'iam', 'DetachRolePolicy', { RoleName: role, PolicyArn });
  },
  async 'share policy widened'(admin, role) {
    for (const PolicyArn of (await sharePolicies(admin, role)).slice(0, 1))
      await admin.call(ROLES[role], 'iam', 'CreatePolicyVersion', {
        PolicyArn,
        SetAsDefault: true,
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Sid: 'BucketStatementS30', Effect: 'Allow', Action: ['s3:*', 'glue:*'], Resource: '*' }],
        }),
      });
  },
  async 'access points deleted'(admin) {
    for (const Name of await accessPoints(admin))
      await admin.call('producer', 's3control', 'DeleteAccessPoint', { AccountId: admin.id('producer'), Name });
  },
  async 'access point policy deleted'(admin) {
    for (const Name of await accessPoints(admin))
      await admin.call('producer', 's3control', 'DeleteAccessPointPolicy', { AccountId: admin.id('producer'), Name });
  },
  async 'links deleted'(admin) {
    const Name = `${DATABASE}_shared`;
    await admin.call('consumer', 'lakeformation', 'GrantPermissions', {
      Principal: { DataLakePrincipalIdentifier: `arn:aws:iam::${admin.id('consumer')}:user/administrator` },
      Resource: { Database: { CatalogId: admin.id('consumer'), Name } },
      Permissions: ['DROP'],
    });
    await admin.call('consumer', 'glue', 'DeleteDatabase', { Name });
  },
  async 'key policy reset'(admin) {
    const { Keys = [] } = await admin.call<{ Keys?: { KeyId: string }[] }>('producer', 'kms', 'ListKeys', {});
    for (const { KeyId } of Keys)
      await admin.call('producer', 'kms', 'PutKeyPolicy', {
        KeyId,
        PolicyName: 'default',
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Enable IAM User Permissions',
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${admin.id('producer')}:root` },
              Action: 'kms:*',
              Resource: '*',
            },
          ],
        }),
      });
  },
  async 'Lake Formation switched off'(admin) {
    await admin.call('producer', 'lakeformation', 'GrantPermissions', {
      Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' },
      Resource: ordersTable(admin),
      Permissions: ['ALL'],
    });
  },
};
