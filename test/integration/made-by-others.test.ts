// What administrators of an account make under our names, or take from us: it neither keeps the reader out nor a share from ending.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ShareItemStatus } from '../../operator/resources/share-request.ts';
import { shareRequestKind } from '../../operator/resources/share-request.ts';
import { SOURCE_PARAMETER } from '../../operator/access/documents/lake-formation/observe-shared-database.ts';
import { NO_ACCESS } from '../support/access-probe.ts';
import { oneShare } from '../support/one-share.ts';
import { letEnginesIn, Reader } from '../support/reading.ts';
import { BUCKET, DATABASE, type Account } from '../support/sharing-data.ts';
import type { Item, SharingWorld } from '../support/sharing-world.ts';

const stage = oneShare();
const { settled, share, statusOf } = stage;
let world: SharingWorld;
beforeAll(() => {
  ({ world } = stage);
});

beforeEach(async () => {
  await letEnginesIn(world.admin);
});

const TABLE: Item = { kind: 'Table', name: 'orders' };
const FOLDER: Item = { kind: 'Folder', name: 'raw' };
const LINKS = 'orders_shared';
const WHOLE_TABLE = { ...NO_ACCESS, tables: { orders: ['whole'] } };

const consumer = async <T = unknown>(service: string, operation: string, input: object): Promise<T> =>
  await world.admin.call<T>('consumer', service, operation, input);

const pointCall = async <T = unknown>(operation: string, input: object = {}): Promise<T> =>
  await world.admin.call<T>('producer', 's3control', operation, { AccountId: world.admin.id('producer'), ...input });

const theItem = async (): Promise<ShareItemStatus> => {
  const [item] = (await statusOf('one', 'analysts')).items ?? [];
  if (item === undefined) throw new Error('no item');
  return item;
};

/** The status says so, and the reader finds it. */
const readable = async (): Promise<void> => {
  const item = await theItem();
  expect(item).toMatchObject({ state: 'Granted', health: 'Healthy' });
  const reader = await Reader.of(world.aws, world.admin, 'analysts');
  expect(await reader.read(item)).toEqual({ readable: true });
};

const mended = async (check: () => Promise<void>): Promise<void> => {
  world.verifyAll();
  await world.until(check);
};

const lakeCall = async (
  account: Account,
  operation: 'GrantPermissions' | 'RevokePermissions',
  principal: string,
  Resource: object,
  Permissions: readonly string[],
): Promise<void> => {
  await world.admin.call(account, 'lakeformation', operation, {
    Principal: { DataLakePrincipalIdentifier: principal },
    Resource,
    Permissions,
  });
};
const takeOver = async (Resource: object): Promise<void> =>
  await lakeCall('consumer', 'GrantPermissions', world.admin.arn('consumer', 'user/administrator'), Resource, ['ALL']);

const targetOfLink = async (): Promise<string | undefined> => {
  const { link = '', database = '' } = await theItem();
  const found = await consumer<{ Table: { TargetTable?: { Name?: string } } }>('glue', 'GetTable', {
    DatabaseName: database,
    Name: link,
  });
  return found.Table.TargetTable?.Name;
};

const leadElsewhere = async (): Promise<void> => {
  await takeOver({ Table: { DatabaseName: LINKS, Name: 'orders' } });
  await takeOver({ Database: { Name: LINKS } });
  await consumer('glue', 'DeleteTable', { DatabaseName: LINKS, Name: 'orders' });
  await consumer('glue', 'CreateTable', {
    DatabaseName: LINKS,
    TableInput: {
      Name: 'orders',
      TargetTable: { CatalogId: world.admin.id('producer'), DatabaseName: DATABASE, Name: 'customers' },
    },
  });
};

it('an access point of the name of ours that lets in one VPC only is made anew for everybody, and the status has its new alias', async () => {
  await share([FOLDER]);
  await mended(readable);
  const { accessPointAlias: before, accessPointArn: arn = '' } = await theItem();
  const Name = arn.slice(arn.lastIndexOf('/') + 1);
  const { Policy } = await pointCall<{ Policy: string }>('GetAccessPointPolicy', { Name });
  await pointCall('DeleteAccessPoint', { Name });
  await pointCall('CreateAccessPoint', { Name, Bucket: BUCKET, VpcConfiguration: { VpcId: 'vpc-1' } });
  await pointCall('PutAccessPointPolicy', { Name, Policy });
  await mended(async () => {
    expect(await pointCall('GetAccessPoint', { Name })).toMatchObject({ NetworkOrigin: 'Internet' });
    expect((await theItem()).accessPointAlias).not.toBe(before);
    await readable();
  });
});

describe('a link of ours that leads elsewhere', () => {
  it('leads to the shared table again', async () => {
    await share([TABLE]);
    await settled('analysts', WHOLE_TABLE);
    await leadElsewhere();
    await mended(async () => {
      expect(await targetOfLink()).toBe('orders');
      await readable();
    });
  });

  it('does not keep the share from ending', async () => {
    await share([TABLE]);
    await settled('analysts', WHOLE_TABLE);
    world.operator?.kill();
    await leadElsewhere();
    await world.api.delete(shareRequestKind, world.requestName('one', 'analysts'));
    world.start();
    await world.until(async () => {
      expect(await world.exists(shareRequestKind, world.requestName('one', 'analysts'))).toBe(false);
    });
  });
});

describe('a database of links on which our role has no right', () => {
  it('as somebody revoked it, takes the links of the next share, and goes with the last one', async () => {
    await share([TABLE]);
    await settled('analysts', WHOLE_TABLE);
    const pivot = world.admin.arn('consumer', 'role/dataallPivotRole');
    await lakeCall('consumer', 'RevokePermissions', pivot, { Database: { Name: LINKS } }, ['ALL']);
    const customers: readonly Item[] = [{ kind: 'Table', name: 'customers' }];
    await world.request('two', 'analysts', { items: [...customers] });
    await world.approve('two', 'analysts', { items: [...customers] });
    await settled('analysts', { ...NO_ACCESS, tables: { orders: ['whole'], customers: ['whole'] } });
  });

  it('as somebody made it and said that it is ours, does not keep the share from ending', async () => {
    const Parameters = { [SOURCE_PARAMETER]: `${world.admin.id('producer')}/${DATABASE}` };
    const DatabaseInput = { Name: LINKS, Parameters, CreateTableDefaultPermissions: [] };
    await consumer('glue', 'CreateDatabase', { DatabaseInput });
    await share([TABLE]);
    await settled('analysts', WHOLE_TABLE);
    await mended(readable);
    await world.api.delete(shareRequestKind, world.requestName('one', 'analysts'));
    await settled('analysts', NO_ACCESS);
  });
});
