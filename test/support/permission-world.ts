// What is in the world of permissions beside that of authority-scene.ts, made by those who may: a group that the Tenant limits, a share of
// which one table is given and another is asked for, a draft; and what the operator says of them, in words that are found nowhere else.

import type { Database } from '../../api/read-model/database.ts';
import { itemId } from '../../api/read-model/item-id.ts';
import { allowed } from './authority-actor.ts';
import { people, type Scene } from './authority-scene.ts';

const sales = { namespace: 'sales-prod' };
const SALES_ACCOUNT = '111111111111';
const MARKETING_ACCOUNT = '222222222222';
const time = '2026-11-30T12:00:00Z';

/** Where the operator has put what belongs to an object, in words of its own. */
const arn = (account: string, name: string): string => `arn:aws:iam::${account}:role/${name}`;

export async function furnish(scene: Scene): Promise<void> {
  await invite(scene);
  const folder = { name: 'raw', prefix: 'raw/', description: 'As they come' };
  await allowed(
    scene.as.sam.change(scene.variant('Dataset/orders'), {
      spec: { folders: [folder], description: 'What customers ordered' },
    }),
  );
  await allowed(scene.as.sam.create(scene.variant('DatasetTable/orders.orders')));
  const table = {
    datasetRef: { name: 'orders' },
    table: 'returns',
    filters: [{ name: 'eu_only', rows: "region = 'eu'" }],
  };
  await allowed(scene.as.sam.create(scene.variant('DatasetTable/orders.orders', { name: 'orders.returns' }, table)));
  await allowed(
    scene.as.olga.create(scene.variant('Organization/acme', { name: 'empty' }, { label: 'Nothing yet', teams: [] })),
  );
  const reports = { label: 'Reports', principalArn: arn(MARKETING_ACCOUNT, 'reports') };
  await allowed(scene.as.ana.create(scene.variant('ConsumptionRole/notebooks', { name: 'reports' }, reports)));
  await environmentStatus(scene);
  await datasetStatus(scene);
  await share(scene);
  await draft(scene);
  await scene.syncRbac();
}

/** Contractors may do everything in the environment of sales, as far as the Tenant lets them: datasets. */
async function invite(scene: Scene): Promise<void> {
  const acme = scene.variant('Organization/acme', {}, {});
  const { teams = [] } = acme['spec'] as { teams?: object[] };
  await allowed(
    scene.as.olga.change(acme, {
      spec: { description: 'All of ACME', teams: [...teams, { group: people.carl, permissions: [] }] },
    }),
  );
  await scene.syncRbac();
  const permissions = [
    'CREATE_DATASET',
    'CREATE_SHARE_OBJECT',
    'ADD_ENVIRONMENT_CONSUMPTION_ROLES',
    'INVITE_ENVIRONMENT_GROUP',
  ];
  await allowed(
    scene.as.eve.create(scene.variant('Team/analysts', { name: 'contractors' }, { group: people.carl, permissions })),
  );
  await scene.syncRbac();
}

async function environmentStatus(scene: Scene): Promise<void> {
  const say = async (key: string, account: string, word: string) =>
    allowed(
      scene.as.operator.status(scene.variant(key), {
        observedGeneration: 1,
        externalId: `${word}-external-id`,
        linkCommand: `link --account ${account} --${word}`,
        defaultRole: { arn: arn(account, `${word}-owner-role`) },
        buckets: { environment: `${word}-results`, logs: `${word}-logs` },
        workgroup: `${word}-workgroup`,
        stack: { name: `${word}-stack`, status: 'CREATE_COMPLETE', reason: `${word} stack reason` },
      }),
    );
  await say('Environment/sales-prod', SALES_ACCOUNT, 'sales');
  await say('Environment/marketing-prod', MARKETING_ACCOUNT, 'marketing');
  const team = async (key: string, account: string, word: string) =>
    allowed(
      scene.as.operator.status(scene.variant(key), {
        observedGeneration: 1,
        roleArn: arn(account, word),
        workgroup: `${word}-group`,
      }),
    );
  await team('Team/finance', SALES_ACCOUNT, 'finance-role');
  await team('Team/marketing-analysts', MARKETING_ACCOUNT, 'analysts-role');
}

async function datasetStatus(scene: Scene): Promise<void> {
  const say = async (key: string, word: string, names: readonly string[]) =>
    allowed(
      scene.as.operator.status(scene.variant(key), {
        observedGeneration: 1,
        account: SALES_ACCOUNT,
        region: 'eu-west-1',
        bucket: `${word}-bucket`,
        glueDatabase: `${word}_database`,
        roleArn: arn(SALES_ACCOUNT, `${word}-role`),
        tables: { count: names.length, names, syncedAt: time },
        stack: { name: `${word}-stack`, status: 'CREATE_COMPLETE', reason: `${word} stack reason` },
      }),
    );
  await say('Dataset/orders', 'orders', ['orders', 'returns']);
  await say('Dataset/invoices', 'invoices', ['invoices']);
}

const ordersTable = { kind: 'Table', name: 'orders' };
const returnsTable = { kind: 'Table', name: 'returns', filters: ['eu_only'] };
const bucket = { kind: 'Bucket', name: 'orders-bucket' };

/** Ana asks for two tables and is given one; she is putting the bucket together with them, and wants all of it for longer. */
async function share(scene: Scene): Promise<void> {
  const asked = {
    items: [ordersTable, returnsTable],
    purpose: 'Because of the campaign',
    expiresAt: '2027-06-30T00:00:00Z',
    extension: { reason: 'It takes longer' },
  };
  const made = await allowed(scene.as.ana.create(scene.variant('ShareRequest/orders', {}, asked)));
  const answer = {
    expiresAt: '2027-01-31T00:00:00Z',
    reason: 'As agreed',
    principal: { kind: 'ConsumptionRole', name: 'notebooks', arn: arn(MARKETING_ACCOUNT, 'notebooks') },
  };
  const approval = scene.variant('ShareApproval/marketing-prod.orders', {}, answer);
  const present = await allowed(scene.as.sam.create(approval));
  await allowed(scene.as.operator.status(present, { observedGeneration: 1 }));
  await allowed(scene.as.ana.change(made, { spec: { draftItems: [bucket] } }));
  await allowed(
    scene.as.operator.status(made, {
      observedGeneration: 2,
      phase: 'PartlyGranted',
      requested: 2,
      granted: 1,
      principalArn: arn(MARKETING_ACCOUNT, 'notebooks'),
      consumerAccount: MARKETING_ACCOUNT,
      permissions: ['Read'],
      approval: { name: 'marketing-prod.orders', generation: 1 },
      expiresAt: '2027-01-31T00:00:00Z',
      items: [
        {
          ...ordersTable,
          state: 'Granted',
          health: 'Healthy',
          database: 'orders_shared_database',
          link: 'orders_link',
        },
        { kind: 'Table', name: 'returns', state: 'PendingApproval', message: 'returns wait for a decision' },
      ],
    }),
  );
}

async function draft(scene: Scene): Promise<void> {
  const asked = {
    datasetRef: { ...sales, name: 'invoices' },
    items: [],
    draft: true,
    purpose: 'Not yet said to anybody',
  };
  await allowed(scene.as.ana.create(scene.variant('ShareRequest/orders', { name: 'draft' }, asked)));
}

/** What the catalogue says of the table `returns`, as the indexer stores it; and a notification for the owner of the dataset. */
export async function recordMore(database: Database): Promise<void> {
  const { uid, uri } = await database
    .selectFrom('dataset')
    .select(['uid', 'uri'])
    .where('name', '=', 'orders')
    .executeTakeFirstOrThrow();
  await database
    .insertInto('dataset_catalog')
    .values({ dataset_uid: uid, etag: 'one', tables_synced: null, fetched: time })
    .execute();
  const columns = [{ name: 'secret_reason', type: 'secret_type' }];
  const table = {
    id: itemId(uri, 'Table', 'returns'),
    dataset_uid: uid,
    name: 'returns',
    location: 's3://orders-bucket/returns/',
  };
  await database
    .insertInto('dataset_catalog_table')
    .values({ ...table, description: null, type: 'EXTERNAL_TABLE', columns: JSON.stringify(columns) })
    .execute();
  const about = {
    key: 'of orders',
    type: 'SHARE_OBJECT_SUBMITTED',
    target_uri: uri,
    message: 'Somebody asks',
  } as const;
  await database
    .insertInto('notification')
    .values({ ...about, recipient: people.sam, happened: time })
    .execute();
}
