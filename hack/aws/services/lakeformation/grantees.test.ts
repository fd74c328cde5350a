// Whom Lake Formation's calls are asked of in IAM, and which names of principals it takes.
import * as lake from '@aws-sdk/client-lakeformation';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clients, Scene } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { DATABASE, PRODUCER, REGION, TABLE } = stage;
const READER = `arn:aws:iam::${PRODUCER}:role/reader`;
const CATALOG = `arn:aws:lakeformation:${REGION}:${PRODUCER}:catalog:${PRODUCER}`;
const table: lake.Resource = { Table: { DatabaseName: DATABASE, Name: TABLE } };

let scene: Scene;
let admin: Clients;

beforeEach(async () => {
  scene = await stage.openScene();
  admin = scene.producer;
  await stage.governLake(admin, PRODUCER);
  await stage.makeTable(admin);
});

describe('what IAM is asked', () => {
  const settingsAs = async (resource: string) => {
    await stage.makeRole(admin, 'reader', { AWS: PRODUCER }, [
      { Effect: 'Allow', Action: 'lakeformation:GetDataLakeSettings', Resource: resource },
    ]);
    const reader = await scene.assume(READER);
    return reader.lake.send(new lake.GetDataLakeSettingsCommand({}));
  };

  it("names the account's catalog as the resource, and a denial says so", async () => {
    await expect(settingsAs('arn:aws:glue:*:*:catalog')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`lakeformation:GetDataLakeSettings on resource: ${CATALOG} because`) as unknown,
    });
  });

  it.each([CATALOG, '*'])('is allowed by a policy on %s', async (resource) => {
    expect((await settingsAs(resource)).DataLakeSettings).toBeDefined();
  });
});

describe('a principal', () => {
  const revoke = async (principal: string) => stage.revoke(admin, principal, table, ['SELECT']);

  it.each(['EVERYONE', 'ALLIAMPrincipals', 'IAM_ALLOWED_PRINCIPALS', `${PRODUCER}:IAMPrincipals`])(
    'known as %s holds nothing that could be revoked from it',
    async (principal) => {
      await expect(revoke(principal)).rejects.toMatchObject({
        name: 'InvalidInputException',
        message: 'No permissions revoked. Grantee has no permissions and no grantable permissions on resource.',
      });
    },
  );

  it.each(['EVERYONE', 'ALLIAMPrincipals', 'nobody', 'arn:aws:s3:::bucket'])(
    'called %s cannot be granted anything',
    async (principal) => {
      await expect(stage.grant(admin, principal, table, ['SELECT'])).rejects.toMatchObject({
        name: 'InvalidInputException',
        message: `Invalid principal, ${principal}`,
      });
    },
  );

  it('that is none at all is not revoked from either', async () => {
    await expect(revoke('nobody')).rejects.toThrow('Invalid principal, nobody');
  });
});
