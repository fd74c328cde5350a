// What is still there of shares that are gone, as the accounts' own administrators see it.
import { BUCKET, DATABASE, ROLES, roleNames, type Administrators } from './sharing-data.ts';

/** One sentence each; empty when both accounts are as before the first share (the dataset's own baseline aside). */
export const leftovers = async (admin: Administrators): Promise<readonly string[]> => {
  const [producer, consumer] = [admin.id('producer'), admin.id('consumer')];
  const found: string[] = [];
  const { AccessPointList = [] } = await admin.call<{ AccessPointList?: { Name: string }[] }>(
    'producer',
    's3control',
    'ListAccessPoints',
    { AccountId: producer },
  );
  found.push(...AccessPointList.map(({ Name }) => `access point ${Name}`));
  const policy = await admin
    .call<{ Policy: string }>('producer', 's3', 'GetBucketPolicy', { Bucket: BUCKET })
    .then(({ Policy }) => Policy)
    .catch(() => '');
  for (const sid of ['DataAll-Bucket-ReadOnly', 'DataAll-Bucket-WriteOnly', 'DelegateAccessToAccessPoint'])
    if (policy.includes(sid)) found.push(`statement ${sid} of the bucket`);
  const { Keys = [] } = await admin.call<{ Keys?: { KeyId: string }[] }>('producer', 'kms', 'ListKeys', {});
  for (const { KeyId } of Keys) {
    const { Policy } = await admin.call<{ Policy: string }>('producer', 'kms', 'GetKeyPolicy', {
      KeyId,
      PolicyName: 'default',
    });
    for (const sid of ['DataAll-Bucket-KMS', 'DataAll-Access-Point-KMS'])
      if (Policy.includes(sid)) found.push(`statement ${sid} of the key`);
  }
  for (const role of roleNames) {
    const { Policies = [] } = await admin.call<{ Policies?: { PolicyName: string }[] }>(
      ROLES[role],
      'iam',
      'ListPolicies',
      { Scope: 'Local' },
    );
    found.push(...Policies.map(({ PolicyName }) => `policy ${PolicyName}`));
  }
  for (const [account, catalogId] of [
    ['producer', producer],
    ['consumer', consumer],
  ] as const) {
    const { PrincipalResourcePermissions: rows = [] } = await admin.call<{
      PrincipalResourcePermissions?: { Principal?: { DataLakePrincipalIdentifier?: string }; Resource?: unknown }[];
    }>(account, 'lakeformation', 'ListPermissions', { CatalogId: catalogId, MaxResults: 1000 });
    for (const { Principal, Resource } of rows) {
      const arn = Principal?.DataLakePrincipalIdentifier ?? '';
      const text = JSON.stringify(Resource);
      const shared =
        roleNames.some((role) => admin.roleArn(role) === arn) ||
        (arn === 'IAM_ALLOWED_PRINCIPALS' && text.includes(`"${DATABASE}`));
      if (shared) found.push(`grant of ${arn} on ${text}`);
    }
    const { DatabaseList = [] } = await admin.call<{ DatabaseList?: { Name: string }[] }>(
      account,
      'glue',
      'GetDatabases',
      {},
    );
    found.push(...DatabaseList.filter(({ Name }) => Name !== DATABASE).map(({ Name }) => `database ${Name}`));
  }
  return [...new Set(found)];
};
