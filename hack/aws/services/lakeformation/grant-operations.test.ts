// Who may grant inside one account, what a grant may be, and how it is taken back.
import { DeleteRoleCommand, DeleteRolePolicyCommand } from '@aws-sdk/client-iam';
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { database, listedPermissions, openReaderScene, readAs, READER, table } from './reader-scene.ts';
import type { Clients, Scene } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER, TABLE } = stage;

let scene: Scene;
let admin: Clients;
beforeEach(async () => {
  ({ scene, admin } = await openReaderScene());
});

const readTable = async () => readAs(scene, READER);

const permissionsOf = async (principal: string, resource = table) => listedPermissions(admin, principal, resource);

describe('a grant', () => {
  it('is made by administrators and holders of the grant option only', async () => {
    const OTHER = `arn:aws:iam::${PRODUCER}:role/other`;
    await stage.makeRole(admin, 'other', { AWS: PRODUCER }, []);
    await stage.grant(admin, READER, table, ['SELECT'], []);
    await expect(stage.grant(await scene.assume(READER), OTHER, table, ['SELECT'])).rejects.toThrow(
      'Resource does not exist or requester is not authorized to access requested permissions.',
    );
    await stage.grant(admin, READER, table, ['SELECT'], ['SELECT']);
    await stage.grant(await scene.assume(READER), OTHER, table, ['SELECT']);
    expect(await permissionsOf(OTHER)).toEqual(['SELECT']);
  });

  it.each<[string, string, lake.Resource, lake.Permission[], string]>([
    ['an unknown role', `arn:aws:iam::${PRODUCER}:role/nobody`, table, ['SELECT'], 'InvalidInputException'],
    ['an unknown account', '999999999999', table, ['SELECT'], 'InvalidInputException'],
    ['no principal at all', 'somebody', table, ['SELECT'], 'InvalidInputException'],
    ['SELECT on a database', READER, database, ['SELECT'], 'InvalidInputException'],
    [
      'DESCRIBE on columns',
      READER,
      { TableWithColumns: { DatabaseName: DATABASE, Name: TABLE, ColumnNames: ['id'] } },
      ['DESCRIBE'],
      'InvalidInputException',
    ],
    [
      'an unknown column',
      READER,
      { TableWithColumns: { DatabaseName: DATABASE, Name: TABLE, ColumnNames: ['none'] } },
      ['SELECT'],
      'InvalidInputException',
    ],
    [
      'an unknown table',
      READER,
      { Table: { DatabaseName: DATABASE, Name: 'none' } },
      ['SELECT'],
      'EntityNotFoundException',
    ],
    ['an unknown database', READER, { Database: { Name: 'none' } }, ['DESCRIBE'], 'EntityNotFoundException'],
    [
      'an unknown filter',
      READER,
      { DataCellsFilter: { TableCatalogId: PRODUCER, DatabaseName: DATABASE, TableName: TABLE, Name: 'none' } },
      ['SELECT'],
      'EntityNotFoundException',
    ],
    ['an organization', 'arn:aws:organizations::222222222222:organization/o-abc', table, ['SELECT'], 'NotImplemented'],
    ['LF-Tags', READER, { LFTag: { TagKey: 'a', TagValues: ['b'] } }, ['DESCRIBE'], 'NotImplemented'],
    ['two resources at once', READER, { ...table, ...database }, ['DESCRIBE'], 'InvalidInputException'],
    [
      'an unregistered location',
      READER,
      { DataLocation: { ResourceArn: 'arn:aws:s3:::x-bucket' } },
      ['DATA_LOCATION_ACCESS'],
      'EntityNotFoundException',
    ],
  ])('is refused for %s', async (_what, principal, resource, permissions, name) => {
    await expect(stage.grant(admin, principal, resource, permissions)).rejects.toMatchObject({ name });
  });

  it('is refused to people whom IAM does not allow to grant', async () => {
    await stage.setRolePolicy(admin, 'reader', [{ Effect: 'Allow', Action: 'glue:*', Resource: '*' }]);
    await expect(stage.grant(await scene.assume(READER), READER, table, ['SELECT'])).rejects.toThrow(
      'lakeformation:GrantPermissions',
    );
  });

  it('outlives its role and serves a new one of the same ARN', async () => {
    await stage.grant(admin, READER, table, ['SELECT']);
    await admin.iam.send(new DeleteRolePolicyCommand({ RoleName: 'reader', PolicyName: 'rights' }));
    await admin.iam.send(new DeleteRoleCommand({ RoleName: 'reader' }));
    expect(await permissionsOf(READER)).toEqual(['SELECT']);
    await stage.makeRole(admin, 'reader', { AWS: PRODUCER }, [{ Effect: 'Allow', Action: 'glue:Get*', Resource: '*' }]);
    expect((await readTable()).Table?.Name).toBe(TABLE);
  });

  it('of a deleted role can be revoked', async () => {
    await stage.grant(admin, READER, table, ['SELECT']);
    await admin.iam.send(new DeleteRolePolicyCommand({ RoleName: 'reader', PolicyName: 'rights' }));
    await admin.iam.send(new DeleteRoleCommand({ RoleName: 'reader' }));
    await stage.revoke(admin, READER, table, ['SELECT']);
    expect(await permissionsOf(READER)).toEqual([]);
  });
});

describe('a revocation', () => {
  it('takes exactly what is held', async () => {
    await stage.grant(admin, READER, table, ['SELECT', 'DESCRIBE', 'INSERT']);
    await stage.revoke(admin, READER, table, ['INSERT']);
    expect(await permissionsOf(READER)).toEqual(['DESCRIBE', 'SELECT']);
    await expect(stage.revoke(admin, READER, table, ['INSERT', 'SELECT'])).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: 'No permissions revoked. Grantee does not have:[INSERT]',
    });
    expect(await permissionsOf(READER)).toEqual(['DESCRIBE', 'SELECT']);
  });

  it('of what was never granted says so', async () => {
    await expect(stage.revoke(admin, READER, table, ['SELECT'])).rejects.toThrow(
      /^No permissions revoked\. Grantee has no permissions/,
    );
  });

  it('of one permission of Super leaves the others', async () => {
    await stage.grant(admin, READER, table, ['ALL']);
    await stage.revoke(admin, READER, table, ['SELECT']);
    expect(await permissionsOf(READER)).toEqual(['ALTER', 'DELETE', 'DESCRIBE', 'DROP', 'INSERT']);
    await stage.grant(admin, READER, table, ['ALL']);
    await stage.revoke(admin, READER, table, ['ALL']);
    expect(await permissionsOf(READER)).toEqual([]);
  });
});

describe('a batch', () => {
  const entry = (Id: string, permissions: lake.Permission[]): lake.BatchPermissionsRequestEntry => ({
    Id,
    Principal: { DataLakePrincipalIdentifier: READER },
    Resource: table,
    Permissions: permissions,
  });

  it('does what it can and names what failed', async () => {
    const { Failures } = await admin.lake.send(
      new lake.BatchGrantPermissionsCommand({ Entries: [entry('a', ['SELECT']), entry('b', ['CREATE_TABLE'])] }),
    );
    expect(Failures).toMatchObject([{ RequestEntry: { Id: 'b' }, Error: { ErrorCode: 'InvalidInputException' } }]);
    expect(await permissionsOf(READER)).toEqual(['SELECT']);
    const revoked = await admin.lake.send(
      new lake.BatchRevokePermissionsCommand({ Entries: [entry('a', ['INSERT']), entry('b', ['SELECT'])] }),
    );
    expect(revoked.Failures?.map((failure) => failure.RequestEntry?.Id)).toEqual(['a']);
    expect(await permissionsOf(READER)).toEqual([]);
  });

  it('holds at most 20 entries', async () => {
    const Entries = Array.from({ length: 21 }, (_, index) => entry(String(index), ['SELECT']));
    await expect(admin.lake.send(new lake.BatchGrantPermissionsCommand({ Entries }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });
});
