// Who a share is for, what becomes of invitations that are not accepted, and how an account leaves.
import { GetTableCommand } from '@aws-sdk/client-glue';
import * as ram from '@aws-sdk/client-ram';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Scene } from '../lakeformation/share-scene.ts';
import * as stage from '../lakeformation/share-scene.ts';
import { shareWithinOrganization } from './organization-sharing.ts';

const { ANALYST, CONSUMER, DATABASE, PRODUCER, TABLE } = stage;
const FINANCE = `arn:aws:iam::${CONSUMER}:role/finance`;
const DAY = 24 * 60 * 60 * 1000;

let scene: Scene;

beforeEach(async () => {
  scene = await stage.openScene();
  await stage.governLake(scene.producer, PRODUCER);
  await stage.governLake(scene.consumer, CONSUMER);
  await stage.makeTable(scene.producer);
  for (const name of ['analyst', 'finance'])
    await stage.makeRole(scene.consumer, name, { AWS: CONSUMER }, [
      stage.glueStatement({ source: true, link: true }),
      { Effect: 'Allow', Action: 'ram:*', Resource: '*' },
    ]);
});

const share = async (role: string) => stage.grant(scene.producer, role, stage.tableResource, ['SELECT']);

const read = async (role: string) => {
  const { glue } = await scene.assume(role);
  return glue.send(new GetTableCommand({ CatalogId: PRODUCER, DatabaseName: DATABASE, Name: TABLE }));
};

const principals = async () => {
  const { resourceShareAssociations } = await scene.producer.ram.send(
    new ram.GetResourceShareAssociationsCommand({ associationType: 'PRINCIPAL' }),
  );
  return resourceShareAssociations?.map(({ associatedEntity, status }) => [associatedEntity, status]);
};

const closed = { name: 'AccessDeniedException' };

describe('the principal of a share for a grant to a role', () => {
  it('is the account of the role, which accepts once for all its roles', async () => {
    await share(ANALYST);
    const [invitation, ...others] = await stage.invitations(scene.consumer);
    expect([invitation?.receiverAccountId, invitation?.receiverArn, others]).toEqual([CONSUMER, undefined, []]);
    expect(await principals()).toEqual([[CONSUMER, 'ASSOCIATING']]);
    await stage.acceptAll(scene.consumer);
    expect((await read(ANALYST)).Table?.Name).toBe(TABLE);

    await expect(read(FINANCE)).rejects.toMatchObject(closed);
    await share(FINANCE);
    expect((await read(FINANCE)).Table?.Name).toBe(TABLE);
    expect(await stage.invitations(scene.consumer)).toHaveLength(1);

    await stage.revoke(scene.producer, ANALYST, stage.tableResource, ['SELECT']);
    await expect(read(ANALYST)).rejects.toMatchObject(closed);
    expect((await read(FINANCE)).Table?.Name).toBe(TABLE);
    expect(await principals()).toEqual([[CONSUMER, 'ASSOCIATED']]);
  });

  it('cannot be a role', async () => {
    await share(ANALYST);
    const [invitation] = await stage.invitations(scene.consumer);
    await expect(
      scene.producer.ram.send(
        new ram.AssociateResourceShareCommand({
          resourceShareArn: invitation?.resourceShareArn,
          principals: [FINANCE],
        }),
      ),
    ).rejects.toBeInstanceOf(ram.InvalidParameterException);
  });
});

describe('an association', () => {
  it('has failed once its invitation was rejected, and another grant does not invite again', async () => {
    await share(ANALYST);
    const [invitation] = await stage.invitations(scene.consumer);
    await scene.consumer.ram.send(
      new ram.RejectResourceShareInvitationCommand({
        resourceShareInvitationArn: invitation?.resourceShareInvitationArn,
      }),
    );
    expect(await principals()).toEqual([[CONSUMER, 'FAILED']]);
    await share(FINANCE);
    expect((await stage.invitations(scene.consumer)).map(({ status }) => status)).toEqual(['REJECTED']);
    await expect(read(FINANCE)).rejects.toMatchObject(closed);
  });

  it('has failed once its invitation ran out', async () => {
    await share(ANALYST);
    scene.aws.world.clock.advance(7 * DAY);
    expect(await principals()).toEqual([[CONSUMER, 'FAILED']]);
  });

  it('that failed is invited anew after the owner took the account out and in again', async () => {
    await share(ANALYST);
    const [invitation] = await stage.invitations(scene.consumer);
    const { resourceShareArn, resourceShareInvitationArn } = invitation ?? {};
    await scene.consumer.ram.send(new ram.RejectResourceShareInvitationCommand({ resourceShareInvitationArn }));
    const account = { resourceShareArn, principals: [CONSUMER] };
    await scene.producer.ram.send(new ram.DisassociateResourceShareCommand(account));
    await scene.producer.ram.send(new ram.AssociateResourceShareCommand(account));
    await stage.acceptAll(scene.consumer);
    expect((await read(ANALYST)).Table?.Name).toBe(TABLE);
  });
});

describe('an account that received a share', () => {
  const leave = async (account = CONSUMER, resourceArns: string[] = []) => {
    const { resourceShares } = await scene.producer.ram.send(
      new ram.GetResourceSharesCommand({ resourceOwner: 'SELF' }),
    );
    return scene.consumer.ram.send(
      new ram.DisassociateResourceShareCommand({
        resourceShareArn: resourceShares?.[0]?.resourceShareArn,
        principals: [account],
        resourceArns,
      }),
    );
  };

  it('leaves it: nothing of it opens any more, and a new grant is a new share', async () => {
    await share(ANALYST);
    await stage.acceptAll(scene.consumer);
    await leave();
    await expect(read(ANALYST)).rejects.toMatchObject(closed);
    expect(await principals()).toEqual([]);
    await share(ANALYST);
    await stage.acceptAll(scene.consumer);
    expect((await read(ANALYST)).Table?.Name).toBe(TABLE);
  });

  it('takes out nobody else and nothing of it', async () => {
    await share(ANALYST);
    await stage.acceptAll(scene.consumer);
    const refused = expect.objectContaining({ name: 'OperationNotPermittedException' }) as unknown;
    await expect(leave('111111111111')).rejects.toEqual(refused);
    await expect(leave(CONSUMER, [`arn:aws:glue:eu-west-1:${PRODUCER}:table/${DATABASE}/${TABLE}`])).rejects.toEqual(
      refused,
    );
    expect((await read(ANALYST)).Table?.Name).toBe(TABLE);
  });

  it('cannot leave what it has not accepted, nor what is shared within its organization', async () => {
    await share(ANALYST);
    await expect(leave()).rejects.toBeInstanceOf(ram.UnknownResourceException);
    await stage.acceptAll(scene.consumer);
    shareWithinOrganization(scene.aws.world, [PRODUCER, CONSUMER]);
    await expect(leave()).rejects.toBeInstanceOf(ram.OperationNotPermittedException);
  });
});
