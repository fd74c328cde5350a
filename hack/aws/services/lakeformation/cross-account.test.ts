// A cross-account table share step by step: metadata is readable when every step was taken, and not one earlier.
import { DeleteTableCommand, GetTableCommand, GetTablesCommand, PutResourcePolicyCommand } from '@aws-sdk/client-glue';
import { ListPermissionsCommand } from '@aws-sdk/client-lakeformation';
import * as ram from '@aws-sdk/client-ram';
import { describe, expect, it } from 'vitest';
import { shareWithinOrganization } from '../ram/organization-sharing.ts';
import type { Scene } from './share-scene.ts';
import * as stage from './share-scene.ts';

const { ANALYST, CONSUMER, DATABASE, LINKS, PRODUCER, TABLE } = stage;
const DAY = 24 * 60 * 60 * 1000;

/** The steps of the share, in order; a test leaves one out. */
const STEPS: Record<string, (scene: Scene) => Promise<void>> = {
  'grant on the source': async ({ producer }) =>
    stage.grant(producer, ANALYST, stage.tableResource, ['DESCRIBE', 'SELECT']),
  'accept the invitation': async ({ consumer }) => stage.acceptAll(consumer),
  'make the link': async ({ consumer }) => stage.makeLink(consumer),
  'grant on the link': async ({ consumer }) => stage.grant(consumer, ANALYST, stage.linkResource, ['DESCRIBE']),
};

const prepared = async (): Promise<Scene> => {
  const scene = await stage.openScene();
  await stage.governLake(scene.producer, PRODUCER);
  await stage.governLake(scene.consumer, CONSUMER);
  await stage.makeTable(scene.producer);
  await stage.makeLinkDatabase(scene.consumer);
  await stage.makeRole(scene.consumer, 'analyst', { AWS: CONSUMER }, [
    stage.glueStatement({ source: true, link: true }),
    stage.dataAccessStatement,
  ]);
  return scene;
};

const shareWithout = async (left: string): Promise<Scene> => {
  const scene = await prepared();
  for (const [name, step] of Object.entries(STEPS)) {
    if (name === left) continue;
    // What follows a missing step may have nothing to work on.
    await step(scene).catch((error: unknown) => {
      if (left === 'none') throw error;
    });
  }
  return scene;
};

const readSource = async (scene: Scene, role = ANALYST) => {
  const { glue } = await scene.assume(role);
  return glue.send(new GetTableCommand({ CatalogId: PRODUCER, DatabaseName: DATABASE, Name: TABLE }));
};

const readLink = async (scene: Scene, role = ANALYST) => {
  const { glue } = await scene.assume(role);
  return glue.send(new GetTableCommand({ DatabaseName: LINKS, Name: TABLE }));
};

const columnsOf = (output: {
  Table?: { StorageDescriptor?: { Columns?: { Name?: string | undefined }[] | undefined } | undefined } | undefined;
}) => output.Table?.StorageDescriptor?.Columns?.map((column) => column.Name);

describe('a cross-account table share', () => {
  it('opens table and link when every step was taken', async () => {
    const scene = await shareWithout('none');
    expect(columnsOf(await readSource(scene))).toEqual(['id', 'region', 'customer', 'amount']);
    const link = await readLink(scene);
    expect(columnsOf(link)).toEqual(['id', 'region', 'customer', 'amount']);
    expect(link.Table?.TargetTable).toMatchObject({ CatalogId: PRODUCER, DatabaseName: DATABASE, Name: TABLE });
    expect(link.Table?.DatabaseName).toBe(LINKS);
  });

  it('without the grant on the source neither opens', async () => {
    const scene = await shareWithout('grant on the source');
    await expect(readSource(scene)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(columnsOf(await readLink(scene))).toBeUndefined();
  });

  it('without the accepted invitation the consumer cannot see the source', async () => {
    const scene = await shareWithout('accept the invitation');
    await expect(readSource(scene)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /is not authorized to perform: glue:GetTable on resource: .*222222222222:catalog because no resource-based policy allows/,
      ) as unknown,
    });
    expect(columnsOf(await readLink(scene))).toBeUndefined();
  });

  it('without the link there is nothing of that name', async () => {
    const scene = await shareWithout('make the link');
    await expect(readLink(scene)).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it('without DESCRIBE on the link the link is closed though the source is open', async () => {
    const scene = await shareWithout('grant on the link');
    await expect(readLink(scene)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'Insufficient Lake Formation permission(s): Required Describe on orders',
    });
    expect(columnsOf(await readSource(scene))).toHaveLength(4);
  });

  it('without IAM rights on the source ARNs the link shows itself only', async () => {
    const scene = await shareWithout('none');
    await stage.setRolePolicy(scene.consumer, 'analyst', [stage.glueStatement({ source: false, link: true })]);
    await expect(readSource(scene)).rejects.toMatchObject({
      message: expect.stringContaining('because no identity-based policy allows the glue:GetTable action') as unknown,
    });
    expect(columnsOf(await readLink(scene))).toBeUndefined();
  });

  it('without IAM rights on the link ARNs the link is closed', async () => {
    const scene = await shareWithout('none');
    await stage.setRolePolicy(scene.consumer, 'analyst', [stage.glueStatement({ source: true, link: false })]);
    await expect(readLink(scene)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('opens nothing to another role of the consumer', async () => {
    const scene = await shareWithout('none');
    await stage.makeRole(scene.consumer, 'stranger', { AWS: CONSUMER }, [
      { Effect: 'Allow', Action: '*', Resource: '*' },
    ]);
    const stranger = `arn:aws:iam::${CONSUMER}:role/stranger`;
    await expect(readSource(scene, stranger)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(readLink(scene, stranger)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('closes when the grant is revoked, and removes share and invitation with the last grant', async () => {
    const scene = await shareWithout('none');
    await stage.revoke(scene.producer, ANALYST, stage.tableResource, ['DESCRIBE', 'SELECT']);
    await expect(readSource(scene)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const { resourceShares } = await scene.producer.ram.send(
      new ram.GetResourceSharesCommand({ resourceOwner: 'SELF' }),
    );
    expect(resourceShares).toEqual([]);
    expect(await stage.invitations(scene.consumer)).toEqual([]);
  });

  it('without the accepted invitation stays closed even where the catalog policy opens it', async () => {
    const scene = await shareWithout('accept the invitation');
    const source = (rest: string): string => `arn:aws:glue:${stage.REGION}:${PRODUCER}:${rest}`;
    await scene.producer.glue.send(
      new PutResourcePolicyCommand({
        EnableHybrid: 'TRUE',
        PolicyInJson: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { AWS: ANALYST }, Action: 'glue:*', Resource: source('*') }],
        }),
      }),
    );
    await expect(readSource(scene)).rejects.toThrow(
      'Insufficient Lake Formation permission(s): Required Describe on orders',
    );
    await stage.acceptAll(scene.consumer);
    expect(columnsOf(await readSource(scene))).toHaveLength(4);
  });

  it('goes with the table: a dropped table is no longer shared', async () => {
    const scene = await shareWithout('none');
    await scene.producer.glue.send(new DeleteTableCommand({ DatabaseName: DATABASE, Name: TABLE }));
    const { resources } = await scene.consumer.ram.send(
      new ram.ListResourcesCommand({ resourceOwner: 'OTHER-ACCOUNTS' }),
    );
    expect(resources).toEqual([]);
    expect(columnsOf(await readLink(scene))).toBeUndefined();
  });

  it('lists in GetTables what the caller may see', async () => {
    const scene = await shareWithout('none');
    await stage.makeTable(scene.producer, 'secrets');
    const { glue } = await scene.assume(ANALYST);
    const list = async () => {
      const { TableList } = await glue.send(new GetTablesCommand({ CatalogId: PRODUCER, DatabaseName: DATABASE }));
      return TableList?.map((table) => table.Name);
    };
    expect(await list()).toEqual([TABLE]);
    const all = await scene.producer.glue.send(new GetTablesCommand({ DatabaseName: DATABASE, MaxResults: 1 }));
    expect(all.TableList?.map((table) => table.Name)).toEqual([TABLE]);
    expect(all.NextToken).toBeDefined();
  });
});

describe('the invitation', () => {
  it('names sender, receiver and share, and is answered once', async () => {
    const scene = await shareWithout('accept the invitation');
    const [invitation] = await stage.invitations(scene.consumer);
    expect(invitation).toMatchObject({
      senderAccountId: PRODUCER,
      receiverAccountId: CONSUMER,
      status: 'PENDING',
      resourceShareName: expect.stringMatching(/^LakeFormation-V3-/) as unknown,
    });
    const pending = await scene.consumer.ram.send(
      new ram.ListPendingInvitationResourcesCommand({
        resourceShareInvitationArn: invitation?.resourceShareInvitationArn,
      }),
    );
    expect(pending.resources).toMatchObject([
      { arn: `arn:aws:glue:eu-west-1:${PRODUCER}:table/sales/orders`, type: 'glue:Table' },
    ]);
    await stage.acceptAll(scene.consumer);
    const again = new ram.AcceptResourceShareInvitationCommand({
      resourceShareInvitationArn: invitation?.resourceShareInvitationArn,
    });
    await expect(scene.consumer.ram.send(again)).rejects.toBeInstanceOf(
      ram.ResourceShareInvitationAlreadyAcceptedException,
    );
    await expect(scene.producer.ram.send(again)).rejects.toBeInstanceOf(
      ram.ResourceShareInvitationArnNotFoundException,
    );
  });

  it('expires after seven days of the world clock', async () => {
    const scene = await shareWithout('accept the invitation');
    scene.aws.world.clock.advance(7 * DAY);
    const [invitation] = await stage.invitations(scene.consumer);
    expect(invitation?.status).toBe('EXPIRED');
    const accept = new ram.AcceptResourceShareInvitationCommand({
      resourceShareInvitationArn: invitation?.resourceShareInvitationArn,
    });
    await expect(scene.consumer.ram.send(accept)).rejects.toBeInstanceOf(ram.ResourceShareInvitationExpiredException);
    await expect(readSource(scene)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('is sent anew by a new grant after the share of a rejected one was deleted', async () => {
    const scene = await shareWithout('accept the invitation');
    const [invitation] = await stage.invitations(scene.consumer);
    await scene.consumer.ram.send(
      new ram.RejectResourceShareInvitationCommand({
        resourceShareInvitationArn: invitation?.resourceShareInvitationArn,
      }),
    );
    await expect(readSource(scene)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await scene.producer.ram.send(
      new ram.DeleteResourceShareCommand({ resourceShareArn: invitation?.resourceShareArn }),
    );
    await stage.grant(scene.producer, ANALYST, stage.tableResource, ['SELECT']);
    await stage.acceptAll(scene.consumer);
    expect(columnsOf(await readSource(scene))).toHaveLength(4);
  });

  it('is not repeated for further tables of an accepted share', async () => {
    const scene = await shareWithout('none');
    await stage.makeTable(scene.producer, 'returns');
    await stage.grant(scene.producer, ANALYST, { Table: { DatabaseName: DATABASE, Name: 'returns' } }, ['SELECT']);
    expect((await stage.invitations(scene.consumer)).map((entry) => entry.status)).toEqual(['ACCEPTED']);
    const { resourceShareAssociations } = await scene.producer.ram.send(
      new ram.GetResourceShareAssociationsCommand({ associationType: 'RESOURCE', associationStatus: 'ASSOCIATED' }),
    );
    expect(resourceShareAssociations?.map((entry) => entry.associatedEntity?.split('/').at(-1))).toEqual([
      'orders',
      'returns',
    ]);
  });

  it('is not needed between accounts of an organization that shares', async () => {
    const scene = await prepared();
    shareWithinOrganization(scene.aws.world, [PRODUCER, CONSUMER]);
    await stage.grant(scene.producer, ANALYST, stage.tableResource, ['SELECT']);
    expect(await stage.invitations(scene.consumer)).toEqual([]);
    expect(columnsOf(await readSource(scene))).toHaveLength(4);
  });
});

describe('a grant to a whole account', () => {
  it('is passed on by the consumer administrator, within what came with the grant option', async () => {
    const scene = await prepared();
    await stage.grant(scene.producer, CONSUMER, stage.tableResource, ['DESCRIBE', 'SELECT'], ['SELECT']);
    await stage.acceptAll(scene.consumer);
    await expect(readSource(scene)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(stage.grant(scene.consumer, ANALYST, stage.tableResource, ['INSERT'])).rejects.toMatchObject({
      message: 'Resource does not exist or requester is not authorized to access requested permissions.',
    });
    await stage.grant(scene.consumer, ANALYST, stage.tableResource, ['SELECT']);
    expect(columnsOf(await readSource(scene))).toHaveLength(4);
    const listed = await scene.consumer.lake.send(new ListPermissionsCommand({ Resource: stage.tableResource }));
    expect(
      listed.PrincipalResourcePermissions?.map((entry) => entry.Principal?.DataLakePrincipalIdentifier).sort(),
    ).toEqual([CONSUMER, CONSUMER, ANALYST]);
    await stage.revoke(scene.producer, CONSUMER, stage.tableResource, ['DESCRIBE', 'SELECT']);
    await expect(readSource(scene)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('cross-account version settings', () => {
  it.each(['1', '2'])('version %s refuses a role of another account', async (version) => {
    const scene = await prepared();
    await stage.governLake(scene.producer, PRODUCER, version);
    await expect(stage.grant(scene.producer, ANALYST, stage.tableResource, ['SELECT'])).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });

  it('before version 4 IAMAllowedPrincipals must be gone from the table', async () => {
    const scene = await prepared();
    await stage.grant(scene.producer, 'IAM_ALLOWED_PRINCIPALS', stage.tableResource, ['ALL']);
    await expect(stage.grant(scene.producer, ANALYST, stage.tableResource, ['SELECT'])).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
    await stage.governLake(scene.producer, PRODUCER, '4');
    await stage.grant(scene.producer, ANALYST, stage.tableResource, ['SELECT']);
    await stage.governLake(scene.producer, PRODUCER, '3');
    await stage.revoke(scene.producer, 'IAM_ALLOWED_PRINCIPALS', stage.tableResource, ['ALL']);
    await stage.grant(scene.producer, ANALYST, stage.tableResource, ['DESCRIBE']);
  });

  it('a grantor needs RAM rights', async () => {
    const scene = await prepared();
    await stage.makeRole(scene.producer, 'granter', { AWS: PRODUCER }, [
      { Effect: 'Allow', Action: 'lakeformation:*', Resource: '*' },
    ]);
    const granter = `arn:aws:iam::${PRODUCER}:role/granter`;
    await stage.grant(scene.producer, granter, stage.tableResource, ['SELECT'], ['SELECT']);
    await expect(
      stage.grant(await scene.assume(granter), ANALYST, stage.tableResource, ['SELECT']),
    ).rejects.toMatchObject({ message: expect.stringContaining('ram:CreateResourceShare') as unknown });
  });
});
