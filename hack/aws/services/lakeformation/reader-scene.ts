// A governed lake with one table in one account, and a role that IAM lets do anything with it: for tests of what Lake Formation adds.
import { GetTableCommand } from '@aws-sdk/client-glue';
import * as lake from '@aws-sdk/client-lakeformation';
import * as stage from './share-scene.ts';

export const READER = `arn:aws:iam::${stage.PRODUCER}:role/reader`;
export const EVERYBODY = 'IAM_ALLOWED_PRINCIPALS';
export const table: lake.Resource = { Table: { DatabaseName: stage.DATABASE, Name: stage.TABLE } };
export const database: lake.Resource = { Database: { Name: stage.DATABASE } };

/** `admin` works as an administrator of the lake. */
export const openReaderScene = async (): Promise<{ readonly scene: stage.Scene; readonly admin: stage.Clients }> => {
  const scene = await stage.openScene();
  const admin = scene.producer;
  await stage.governLake(admin, stage.PRODUCER);
  await stage.makeTable(admin);
  await stage.makeRole(admin, 'reader', { AWS: stage.PRODUCER }, [
    { Effect: 'Allow', Action: ['glue:*', 'lakeformation:*'], Resource: '*' },
  ]);
  return { scene, admin };
};

export const readAs = async (scene: stage.Scene, roleArn: string) => {
  const { glue } = await scene.assume(roleArn);
  return glue.send(new GetTableCommand({ DatabaseName: stage.DATABASE, Name: stage.TABLE }));
};

export const listedPermissions = async (
  admin: stage.Clients,
  principal: string,
  resource: lake.Resource,
): Promise<readonly lake.Permission[]> => {
  const { PrincipalResourcePermissions: found } = await admin.lake.send(
    new lake.ListPermissionsCommand({ Principal: { DataLakePrincipalIdentifier: principal }, Resource: resource }),
  );
  return found?.flatMap((entry) => entry.Permissions ?? []) ?? [];
};
