// RAM invitations that somebody rejected, that expired, or that hold something else too: the request says which, and what to do, and that works.
import { beforeAll, describe, expect, it } from 'vitest';
import { annotations } from '../../operator/resources/annotations.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { oneShare, readyOf } from '../support/one-share.ts';
import { DATABASE } from '../support/sharing-data.ts';
import { NAMESPACES, type Item, type SharingWorld } from '../support/sharing-world.ts';

const stage = oneShare();
const { reads, settled, share, statusOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

const TABLE: Item = { kind: 'Table', name: 'customers' };
const READS = { ...NO_ACCESS, tables: { customers: ['whole'] } };
const STRANGER = 'table/sandbox/trial';
const DAYS = 24 * 3_600_000;

interface Invitation {
  readonly resourceShareInvitationArn: string;
  readonly resourceShareArn: string;
  readonly resourceShareName: string;
  readonly status: string;
}

const invitations = async (): Promise<readonly Invitation[]> => {
  const { resourceShareInvitations: all = [] } = await world.admin.call<{ resourceShareInvitations?: Invitation[] }>(
    'consumer',
    'ram',
    'GetResourceShareInvitations',
    {},
  );
  return all;
};

const answer = async (how: 'Accept' | 'Reject', { resourceShareInvitationArn }: Invitation): Promise<void> => {
  await world.admin.call('consumer', 'ram', `${how}ResourceShareInvitation`, { resourceShareInvitationArn });
};

/** A table of no dataset, and a grant on it by a person to the role `analysts`. */
const strangersGrant = () => ({
  Principal: { DataLakePrincipalIdentifier: world.admin.roleArn('analysts') },
  Resource: { Table: { CatalogId: world.admin.id('producer'), DatabaseName: 'sandbox', Name: 'trial' } },
  Permissions: ['SELECT', 'DESCRIBE'],
});

const grantStranger = async (): Promise<Invitation> => {
  const producer = async (service: string, operation: string, input: object): Promise<unknown> =>
    await world.admin.call('producer', service, operation, input);
  await producer('lakeformation', 'PutDataLakeSettings', {
    DataLakeSettings: {
      DataLakeAdmins: [
        { DataLakePrincipalIdentifier: `arn:aws:iam::${world.admin.id('producer')}:user/administrator` },
        { DataLakePrincipalIdentifier: `arn:aws:iam::${world.admin.id('producer')}:role/dataallPivotRole` },
      ],
      Parameters: { CROSS_ACCOUNT_VERSION: '4' },
    },
  });
  await producer('glue', 'CreateDatabase', { DatabaseInput: { Name: 'sandbox', CreateTableDefaultPermissions: [] } });
  await producer('glue', 'CreateTable', { DatabaseName: 'sandbox', TableInput: { Name: 'trial' } });
  await producer('lakeformation', 'GrantPermissions', strangersGrant());
  const [invitation] = await invitations();
  if (invitation === undefined) throw new Error('no invitation was sent');
  return invitation;
};

/** AWS does not let us accept the invitation of the share, until it does. */
const shareUnanswered = async (): Promise<void> => {
  world.faults.add({
    match: { service: 'ram', operation: 'AcceptResourceShareInvitation', principal: /dataallPivotRole/ },
    fault: { kind: 'error', code: 'ServerInternalException', status: 500 },
  });
  await share([TABLE]);
  await world.until(async () => expect((await invitations()).length).toBe(1), true);
};

const rejectAll = async (): Promise<void> => {
  for (const invitation of await invitations()) await answer('Reject', invitation);
  world.faults.clear();
};

const blockedFor = async (reason: string, message: RegExp): Promise<void> => {
  await world.until(async () => {
    const status = await statusOf('one', 'analysts');
    expect(readyOf(status)).toMatchObject({ status: 'False', reason });
    expect(status.items?.[0]).toMatchObject({ reason, message: expect.stringMatching(message) });
  }, true);
  expect(await reads('analysts')).toEqual(NO_ACCESS);
};

const requestReconcile = async (): Promise<void> => {
  await world.api.patch(shareRequestKind, world.requestName('one', 'analysts'), {
    type: 'merge',
    body: { metadata: { annotations: { [annotations.requestedAt]: new Date(world.clock.now()).toISOString() } } },
  });
};

const cleanUp = async (): Promise<void> => {
  await world.admin.call('producer', 'lakeformation', 'RevokePermissions', strangersGrant()).catch(() => undefined);
  await world.admin.call('producer', 'glue', 'DeleteDatabase', { Name: 'sandbox' }).catch(() => undefined);
};

describe('an invitation', () => {
  it('that was rejected is told with the resource share to delete, after which another one is sent on request', async () => {
    const invitation = await grantStranger();
    await answer('Reject', invitation);
    await share([TABLE]);
    const { resourceShareInvitationArn: arn, resourceShareName: name } = invitation;
    await blockedFor(
      'InvitationRejected',
      new RegExp(`${arn} of ${name} was rejected.*delete.* in ${world.admin.id('producer')}.*requested-at`),
    );
    await world.admin.call('producer', 'ram', 'DeleteResourceShare', { resourceShareArn: invitation.resourceShareArn });
    await requestReconcile();
    await settled('analysts', READS);
    await cleanUp();
  });

  it('of ours alone that was rejected is sent again on request', async () => {
    await shareUnanswered();
    await rejectAll();
    await blockedFor('InvitationRejected', /was rejected/);
    await requestReconcile();
    await settled('analysts', READS);
  });

  it('is sent again where differences are only reported, which stay', async () => {
    await world.edit(environmentKind, { name: NAMESPACES.producer }, { remediation: 'Report' });
    await shareUnanswered();
    await rejectAll();
    await blockedFor('InvitationRejected', /was rejected/);
    const theirs = { Principal: { DataLakePrincipalIdentifier: world.admin.roleArn('inhouse') } };
    await world.admin.call('producer', 'lakeformation', 'GrantPermissions', {
      ...theirs,
      Resource: { Table: { DatabaseName: DATABASE, Name: 'orders' } },
      Permissions: ['DESCRIBE'],
    });
    await requestReconcile();
    await settled('analysts', READS);
    const { PrincipalResourcePermissions: found = [] } = await world.admin.call<{
      PrincipalResourcePermissions?: unknown[];
    }>('producer', 'lakeformation', 'ListPermissions', theirs);
    expect(found).toHaveLength(1);
  });

  it('that has expired is told so, and is sent again on request', async () => {
    await shareUnanswered();
    world.aws.world.clock.advance(8 * DAYS);
    world.faults.clear();
    await blockedFor('InvitationRejected', /has expired/);
    await requestReconcile();
    await settled('analysts', READS);
  });

  it('that also holds what nobody consented to is told with what it is, and counts once a person accepts it', async () => {
    const invitation = await grantStranger();
    await share([TABLE]);
    await blockedFor(
      'InvitationMixed',
      new RegExp(`${invitation.resourceShareInvitationArn}.*${STRANGER}.*accept it in`),
    );
    await answer('Accept', invitation);
    await settled('analysts', READS);
    await cleanUp();
  });

  it('that also holds what nobody consented to is accepted once the other grant is revoked', async () => {
    await grantStranger();
    await share([TABLE]);
    await blockedFor('InvitationMixed', new RegExp(`revoke that grant in ${world.admin.id('producer')}`));
    await cleanUp();
    await settled('analysts', READS);
  });
});
