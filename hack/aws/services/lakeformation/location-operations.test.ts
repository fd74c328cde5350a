// Registered locations: whose role, and who may point tables at them.
import { CreateTableCommand, GetTableCommand } from '@aws-sdk/client-glue';
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import { database, openReaderScene, READER } from './reader-scene.ts';
import type { Clients, Scene } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER, TABLE } = stage;

let scene: Scene;
let admin: Clients;
beforeEach(async () => {
  ({ scene, admin } = await openReaderScene());
});

describe('registered locations', () => {
  const ResourceArn = 'arn:aws:s3:::sales-data/orders';

  it('need a role that exists and may be passed', async () => {
    const register = new lake.RegisterResourceCommand({ ResourceArn, RoleArn: stage.LAKE_ROLE });
    await expect(admin.lake.send(register)).rejects.toMatchObject({ name: 'InvalidInputException' });
    await stage.makeRole(admin, 'lake', { Service: 'lakeformation.amazonaws.com' }, []);
    const { lake: reader } = await scene.assume(READER);
    await expect(reader.send(register)).rejects.toThrow('iam:PassRole');
    await admin.lake.send(register);
    await expect(admin.lake.send(register)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
    const { ResourceInfo } = await admin.lake.send(
      new lake.DescribeResourceCommand({ ResourceArn: `${ResourceArn}/` }),
    );
    expect(ResourceInfo).toMatchObject({ ResourceArn, RoleArn: stage.LAKE_ROLE, HybridAccessEnabled: false });
    const { Table: found } = await admin.glue.send(new GetTableCommand({ DatabaseName: DATABASE, Name: TABLE }));
    expect(found?.IsRegisteredWithLakeFormation).toBe(true);
    await admin.lake.send(new lake.DeregisterResourceCommand({ ResourceArn }));
    await expect(admin.lake.send(new lake.DescribeResourceCommand({ ResourceArn }))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });

  it('make the service-linked role when asked', async () => {
    await admin.lake.send(
      new lake.RegisterResourceCommand({ ResourceArn, UseServiceLinkedRole: true, HybridAccessEnabled: true }),
    );
    const { ResourceInfoList } = await admin.lake.send(new lake.ListResourcesCommand({}));
    expect(ResourceInfoList).toMatchObject([
      {
        ResourceArn,
        HybridAccessEnabled: true,
        RoleArn: `arn:aws:iam::${PRODUCER}:role/aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess`,
      },
    ]);
  });

  it('keep others from pointing tables at them', async () => {
    await stage.makeRole(admin, 'lake', { Service: 'lakeformation.amazonaws.com' }, []);
    await admin.lake.send(
      new lake.RegisterResourceCommand({ ResourceArn: 'arn:aws:s3:::elsewhere', RoleArn: stage.LAKE_ROLE }),
    );
    await stage.grant(admin, READER, database, ['CREATE_TABLE']);
    const { glue } = await scene.assume(READER);
    const create = new CreateTableCommand({
      DatabaseName: DATABASE,
      TableInput: { Name: 'sly', StorageDescriptor: { Location: 's3://elsewhere/secret/' } },
    });
    await expect(glue.send(create)).rejects.toThrow('Required Data Location Access on s3://elsewhere/secret/');
    await stage.grant(admin, READER, { DataLocation: { ResourceArn: 'arn:aws:s3:::elsewhere/secret' } }, [
      'DATA_LOCATION_ACCESS',
    ]);
    await glue.send(create);
  });
});
