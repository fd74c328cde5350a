// Settings of a lake: replaced as a whole, and refused as a whole.
import { DeleteRoleCommand } from '@aws-sdk/client-iam';
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { openReaderScene, READER } from './reader-scene.ts';
import type { Clients } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER } = stage;

let admin: Clients;
beforeEach(async () => {
  ({ admin } = await openReaderScene());
});

describe('settings', () => {
  const settings = async () => (await admin.lake.send(new lake.GetDataLakeSettingsCommand({}))).DataLakeSettings;

  it('are replaced as a whole', async () => {
    await admin.lake.send(
      new lake.PutDataLakeSettingsCommand({ DataLakeSettings: { TrustedResourceOwners: [PRODUCER] } }),
    );
    expect(await settings()).toMatchObject({
      DataLakeAdmins: [],
      CreateTableDefaultPermissions: [],
      TrustedResourceOwners: [PRODUCER],
      Parameters: { CROSS_ACCOUNT_VERSION: '1' },
    });
    await expect(stage.grant(admin, READER, { Database: { Name: DATABASE } }, ['DROP'])).resolves.toBeUndefined();
  });

  it.each<[string, lake.DataLakeSettings]>([
    ['an unknown parameter', { Parameters: { CrossAccountVersion: '3' } }],
    ['an unknown version', { Parameters: { CROSS_ACCOUNT_VERSION: '9' } }],
    [
      'an unknown administrator',
      { DataLakeAdmins: [{ DataLakePrincipalIdentifier: `arn:aws:iam::${PRODUCER}:role/nobody` }] },
    ],
  ])('refuse %s', async (_what, DataLakeSettings) => {
    await expect(admin.lake.send(new lake.PutDataLakeSettingsCommand({ DataLakeSettings }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });

  it('are refused to everybody while an administrator among them does not exist any more', async () => {
    const { producer } = await stage.openScene();
    const { DataLakeSettings: before } = await producer.lake.send(new lake.GetDataLakeSettingsCommand({}));
    const steward = { DataLakePrincipalIdentifier: `arn:aws:iam::${PRODUCER}:role/steward` };
    for (const list of ['DataLakeAdmins', 'ReadOnlyAdmins'] as const) {
      await stage.makeRole(producer, 'steward', { AWS: PRODUCER }, []);
      const DataLakeSettings = { ...before, [list]: [...(before?.[list] ?? []), steward] };
      const put = new lake.PutDataLakeSettingsCommand({ DataLakeSettings });
      await producer.lake.send(put);
      await producer.iam.send(new DeleteRoleCommand({ RoleName: 'steward' }));
      await expect(producer.lake.send(put)).rejects.toMatchObject({
        name: 'InvalidInputException',
        message: expect.stringContaining('Invalid principal'),
      });
    }
  });

  it('left as a new account has them are no change of the world', async () => {
    const fresh = await stage.openScene();
    const before = fresh.aws.world.snapshot();
    const { DataLakeSettings } = await fresh.producer.lake.send(new lake.GetDataLakeSettingsCommand({}));
    await fresh.producer.lake.send(new lake.PutDataLakeSettingsCommand({ DataLakeSettings }));
    expect(fresh.aws.world.diff(before, fresh.aws.world.snapshot())).toEqual([]);
  });
});
