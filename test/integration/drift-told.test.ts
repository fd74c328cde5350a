// What somebody changed in AWS is told to whom it concerns, and to nobody else: requests read of their own grants, owners of what is theirs.
import { beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { eventKind } from '../../operator/kernel/runtime/event-recorder.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { oneShare, readyOf } from '../support/one-share.ts';
import { BUCKET } from '../support/sharing-data.ts';
import { NAMESPACES, type Item, type SharingWorld } from '../support/sharing-world.ts';
import { tamper, type Tampering } from '../support/tampering.ts';

const ASKED: readonly Item[] = [
  { kind: 'Table', name: 'orders' },
  { kind: 'Bucket', name: BUCKET },
];

const stage = oneShare();
const { settled, share, statusOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

/** One request that is granted, one for another role of the account, granted too, and two that nobody decided about. */
const cast = async (): Promise<void> => {
  await share(ASKED);
  await world.request('theirs', 'robots', { items: [{ kind: 'Bucket', name: BUCKET }] });
  await world.approve('theirs', 'robots', { items: [{ kind: 'Bucket', name: BUCKET }] });
  await world.request('undecided', 'analysts', { items: [{ kind: 'Table', name: 'customers' }] });
  await world.request('unmet', 'robots', { items: [...ASKED] });
  await settled('analysts', { bucket: true, folders: [], tables: { orders: ['whole'] } });
  await settled('robots', { bucket: true, folders: [], tables: {} });
};

/** By `namespace/name` of what they are about. */
const toldOfDrift = async (): Promise<Readonly<Record<string, string>>> => {
  const { items } = await world.api.list(eventKind);
  const told = items
    .filter(({ reason }) => reason === 'Drifted')
    .map(({ regarding, note }) => {
      const { kind, namespace, name } = regarding as KubeObject & { namespace?: string; name: string };
      return [[kind, namespace, name].filter((part) => part !== undefined).join(' '), String(note)];
    });
  return Object.fromEntries(told) as Readonly<Record<string, string>>;
};

const afterLook = async (...deeds: readonly Tampering[]): Promise<Readonly<Record<string, string>>> => {
  for (const deed of deeds) await tamper(world.admin, deed, 'analysts');
  world.verifyAll();
  await world.until(async () => expect(await toldOfDrift()).not.toEqual({}));
  return await toldOfDrift();
};

const DATASET = 'Dataset sales-prod orders';
const GRANTED = 'ShareRequest marketing-prod one';

describe('of what somebody changed in the account of the data', () => {
  it('the owner is told what nobody has consent to, and no request is', async () => {
    await cast();
    const told = await afterLook('table granted to robots');
    expect(Object.keys(told)).toEqual([DATASET]);
    expect(told[DATASET]).toMatch(/catalog-grants:.*put right: grant .*role\/robots.* SELECT .*orders.* is not wanted/);
  });

  it('the request whose grant was taken is told, the owner too, and no other request', async () => {
    await cast();
    const told = await afterLook('table revoked');
    expect(Object.keys(told).toSorted()).toEqual([DATASET, GRANTED]);
    expect(told[GRANTED]).toMatch(/role\/analysts.*orders.* is missing/);
    await world.until(async () => {
      const { lastRepair } = await statusOf('one', 'analysts');
      expect(lastRepair?.message).toMatch(/role\/analysts.*orders.* is missing/);
    });
    expect(await statusOf('theirs', 'robots')).not.toHaveProperty('lastRepair');
  });

  it('each of two requests in one bucket policy is told of its own part, and the owner of all', async () => {
    await cast();
    const told = await afterLook('bucket policy deleted');
    const theirs = 'ShareRequest marketing-prod theirs';
    expect(Object.keys(told).toSorted()).toEqual([DATASET, GRANTED, theirs]);
    for (const request of [GRANTED, theirs])
      expect(told[request]).toMatch(/: statement DataAll-Bucket-ReadOnly is missing$/);
    expect(told[DATASET]).toMatch(/RequiredSecureTransport is missing/);
  });

  it('under Report the conditions of a request say what its own grants lack, and nothing of others', async () => {
    await world.edit(environmentKind, { name: NAMESPACES.producer }, { remediation: 'Report' });
    await cast();
    const told = await afterLook('table granted to robots');
    expect(told[DATASET]).toMatch(/left as it is: grant .*role\/robots/);
    expect(Object.keys(told)).toEqual([DATASET]);
    expect(readyOf(await statusOf('one', 'analysts'))).toMatchObject({ status: 'True', reason: 'Granted' });
    expect(JSON.stringify(await world.api.list(shareRequestKind))).not.toContain('is not wanted');
    await afterLook('table revoked');
    await world.until(async () => {
      const ready = readyOf(await statusOf('one', 'analysts'));
      expect(ready).toMatchObject({ status: 'False', reason: 'Drifted' });
      expect(ready?.message).not.toContain('robots');
    });
    expect(await statusOf('one', 'analysts')).not.toHaveProperty('lastRepair');
  });
});

describe('of what somebody changed in the account of the use', () => {
  it('the requests whose links went are told, and the owner of the data is not', async () => {
    await cast();
    expect(Object.keys(await afterLook('links deleted'))).toEqual([GRANTED]);
  });

  it('the environment is told of what is nobody’s grant, and no request is', async () => {
    await cast();
    await world.admin.call('consumer', 'lakeformation', 'GrantPermissions', {
      Principal: { DataLakePrincipalIdentifier: world.admin.roleArn('robots') },
      Resource: { Table: { CatalogId: world.admin.id('consumer'), DatabaseName: 'orders_shared', Name: 'orders' } },
      Permissions: ['DESCRIBE'],
    });
    const told = await afterLook();
    expect(Object.keys(told)).toEqual(['Environment marketing-prod']);
    expect(Object.values(told)[0]).toMatch(/role\/robots.* is not wanted/);
  });
});
