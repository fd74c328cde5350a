// Who can read what, through GraphQL: what is answered of now and of other times, to whom, and in how few statements.

import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../../operator/cli/program.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../../operator/resources/dataset-table.ts';
import { tenantKind } from '../../../operator/resources/tenant.ts';
import { shareRequestKind } from '../../../operator/resources/share-request.ts';
import type { MemoryKubeApi } from '../../../operator/kernel/testing/memory-kube-api.ts';
import { databaseServer } from '../../../test/support/database.ts';
import { gatewayScene, type Person } from '../../../test/support/gateway-scene.ts';
import { dataset, ordersTable, populate, put, share } from '../../../test/support/index-scene.ts';
import type { AccessFilter } from '../../graphql/schema-types.ts';

const postgres = databaseServer();
const ENVIRONMENT: NodeJS.ProcessEnv = { DATAALL_GATEWAY: 'https://gateway.example.com', DATAALL_TOKEN: 'secret' };
const REQUEST = { namespace: 'marketing-prod', name: 'for-us' };
const ORDERS = { namespace: 'sales-prod', name: 'orders' };
const DATASET_ROLE = 'arn:aws:iam::111111111111:role/orders-dataset';

const document = `query ($filter: AccessFilter) { listAccess(filter: $filter) { count at recordedSince nodes {
  standing reach item itemKind from until endReason datasetLabel datasetUri shareUri doubts permissions
  principal { kind name environment group arn account }
  consent { approver automatic at note until } restrictions { name rows columns } } } }`;

interface Answer {
  readonly standing: string;
  readonly reach: string;
  readonly item: string | null;
  readonly principal: { readonly name: string; readonly group: string; readonly arn: string | null };
  readonly [field: string]: unknown;
}

/** Those of the only field. */
async function ask(person: Person, filter: AccessFilter = {}): Promise<readonly Answer[]> {
  const { listAccess } = await person.ask<{ listAccess: { nodes: readonly Answer[] } }>(document, { filter });
  return listAccess.nodes;
}

const told = (answers: readonly Answer[]) =>
  answers.map(({ standing, item, principal }) => `${standing} ${item ?? 'all'} ${principal.name}`);

/** Marketing has the table, by a filter, and has asked for a folder that it was not given. */
async function furnish(api: MemoryKubeApi): Promise<void> {
  await populate(api);
  const filters = [{ name: 'eu', rows: "region = 'eu'", columns: ['id'] }];
  const table = { datasetRef: { name: 'orders' }, table: 'orders', filters };
  await put(api, datasetTableKind, { ...ORDERS, name: 'orders' }, table);
  const found = {
    id: 'ordersds',
    bucket: 'acme-orders',
    roleArn: DATASET_ROLE,
    account: '111111111111',
    tables: { count: 1, names: ['orders'], syncedAt: '2026-11-30T12:00:00Z' },
  };
  await put(api, datasetKind, ORDERS, dataset('sales', ['stewards']), found);
  await put(api, shareRequestKind, REQUEST, share('marketing', [ordersTable]), {
    phase: 'Granted',
    items: [{ ...ordersTable, state: 'Granted', health: 'Healthy', filters: ['eu'] }],
    principalArn: 'arn:aws:iam::222222222222:role/marketing',
    permissions: ['Read'],
    approval: { name: 'marketing-prod.for-us', generation: 1 },
  });
}

async function scene() {
  const { as, database, ...rest } = await gatewayScene(postgres, furnish);
  const people = {
    sally: as('sally', 'sales'),
    stu: as('stu', 'stewards'),
    mary: as('mary', 'marketing'),
    lea: as('lea', 'marketing-lead'),
    zoe: as('zoe', 'strangers'),
    ada: as('ada', 'admins'),
  };
  /** As it was recorded of years in which nobody here lived. */
  const past = async (started: string, ended: string, more: object = {}): Promise<void> => {
    const span = {
      request_uid: 'gone',
      request_namespace: 'marketing-prod',
      request: 'former',
      requester: 'marketing',
      principal_kind: 'Team',
      principal: 'former-team',
      principal_arn: 'arn:aws:iam::222222222222:role/former',
      principal_id: null,
      dataset_namespace: 'sales-prod',
      dataset: 'orders',
      item_kind: 'Table',
      item: 'orders',
      filters: [],
      permissions: ['Read'],
      started,
      ended,
      end_reason: 'Deleted',
      ...more,
    } as const;
    await database
      .insertInto('access_span')
      .values(span as never)
      .execute();
  };
  return { people, past, database, as, ...rest };
}

describe('who can read a dataset', () => {
  it('is told to its owner with who consented, through what, and what a filter leaves', async () => {
    const { people } = await scene();
    const [owner, consumer, ...others] = await ask(people.sally, { datasetUri: 'ordersds' });
    expect(others).toEqual([]);
    expect(owner).toMatchObject({
      standing: 'Owned',
      item: null,
      principal: { kind: 'Dataset', group: 'sales', arn: DATASET_ROLE, account: '111111111111' },
      consent: null,
    });
    expect(consumer).toMatchObject({
      standing: 'Granted',
      reach: 'Item',
      itemKind: 'Table',
      item: 'orders',
      datasetLabel: 'Orders',
      until: null,
      permissions: ['Read'],
      principal: { kind: 'Team', environment: 'marketing-prod', group: 'marketing', account: '222222222222' },
      consent: { approver: 'sales', automatic: false },
      restrictions: [{ name: 'eu', rows: "region = 'eu'", columns: ['id'] }],
    });
    expect(consumer?.['shareUri']).not.toBeNull();
  });

  it('is told to stewards and administrators, and to nobody else', async () => {
    const { people } = await scene();
    const all = ['Owned all orders', 'Granted orders marketing'];
    for (const person of [people.sally, people.stu, people.ada])
      expect(told(await ask(person, { datasetUri: 'ordersds' }))).toEqual(all);
    for (const person of [people.mary, people.lea, people.zoe])
      expect(await person.refused(document, { filter: { datasetUri: 'ordersds' } })).toMatchObject({
        code: 'UnauthorizedOperation',
      });
  });

  it('is consent alone where AWS was not found so, and nobody once that is taken back', async () => {
    const { people, api, indexed } = await scene();
    const found = async (state: string) => {
      await put(api, shareRequestKind, REQUEST, share('marketing', [ordersTable]), {
        phase: 'Granting',
        items: [{ ...ordersTable, state }],
        principalArn: 'arn:aws:iam::222222222222:role/marketing',
        permissions: ['Read'],
        approval: { name: 'marketing-prod.for-us', generation: 1 },
      });
      await indexed();
      return (await ask(people.mary, { own: true })).map(({ standing, doubts }) => ({ standing, doubts }));
    };
    expect(await found('Failed')).toEqual([{ standing: 'Granted', doubts: ['AwsUncertain'] }]);
    // What was given for a moment may last in keys.
    expect(await found('PendingApproval')).toEqual([
      { standing: 'Ended', doubts: ['KeysMayLast'] },
      { standing: 'Consented', doubts: [] },
    ]);
    expect((await found('Revoked')).map(({ standing }) => standing)).toEqual(['Ended']);
  });
});

describe('what somebody can read', () => {
  it('is told to their own group, and to the environment that the role is in', async () => {
    const { people } = await scene();
    expect(told(await ask(people.mary, { own: true }))).toEqual(['Granted orders marketing']);
    expect(told(await ask(people.sally, { own: true }))).toEqual(['Owned all orders']);
    expect(told(await ask(people.lea))).toEqual(['Granted orders marketing']);
    expect(await ask(people.zoe)).toEqual([]);
    const arn = 'arn:aws:iam::222222222222:role/marketing';
    expect(told(await ask(people.ada, { principalArn: arn }))).toEqual(['Granted orders marketing']);
    expect(told(await ask(people.ada, { account: '111111111111' }))).toEqual(['Owned all orders']);
    expect(told(await ask(people.ada, { group: 'sales' }))).toEqual(['Owned all orders']);
    expect(told(await ask(people.ada, { term: 'MARKETING' }))).toEqual(['Granted orders marketing']);
    expect(told(await ask(people.ada, { standing: ['Owned'] }))).toEqual(['Owned all orders']);
  });
});

describe('who could read something at a time', () => {
  it('is told to auditors of all that was, by whatever item it could be read', async () => {
    const { people, past } = await scene();
    await past('2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z');
    await past('2020-01-10T00:00:00Z', '2020-01-20T00:00:00Z', { item_kind: 'Bucket', item: 'acme-orders', request_uid: 'b' }); // prettier-ignore
    const at = async (time: string, rest: AccessFilter = {}) => told(await ask(people.ada, { at: time, ...rest }));
    expect(await at('2020-01-05T00:00:00Z')).toEqual(['Granted orders former-team']);
    expect(await at('2020-01-15T00:00:00Z')).toEqual(['Granted acme-orders former-team', 'Granted orders former-team']);
    expect(await at('2020-03-01T00:00:00Z')).toEqual([]);
    expect(await at('2020-03-01T00:00:00Z', { since: '2020-01-25T00:00:00Z' })).toEqual(['Ended orders former-team']);
    expect(await at('2020-02-01T00:30:00Z')).toEqual(['Ended orders former-team']);
  });

  it('is not told to who has a dataset of the same name since, and to its readers of then by their group alone', async () => {
    const { people, past } = await scene();
    await past('2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z');
    const at = '2020-01-05T00:00:00Z';
    expect(await ask(people.sally, { at })).toEqual([]);
    expect(await ask(people.lea, { at })).toEqual([]);
    expect(told(await ask(people.mary, { at }))).toEqual(['Granted orders former-team']);
  });

  it('is told by the consent of then, not by one that has its name since', async () => {
    const { people, past } = await scene();
    const consent = { approval: 'marketing-prod.for-us', approval_generation: 1, approver: 'sales', automatic: false };
    await past('2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z', consent);
    const [former] = await ask(people.ada, { at: '2020-01-05T00:00:00Z' });
    expect(former).toMatchObject({ consent: { approver: 'sales', at: null, note: null } });
    const now = await ask(people.ada, { group: 'marketing' });
    expect(now).toMatchObject([{ consent: { approver: 'sales', at: expect.any(String) as unknown } }]);
  });

  it('of a table is also who could read the folder or the bucket that it lies in', async () => {
    const { people, past, database } = await scene();
    const { uid } = await database.selectFrom('dataset').select('uid').executeTakeFirstOrThrow();
    await database.insertInto('dataset_catalog').values({ dataset_uid: uid, etag: 'e', tables_synced: null, fetched: '2026-11-30T12:00:00Z' }).execute(); // prettier-ignore
    const table = { id: 'o', dataset_uid: uid, name: 'orders', location: 's3://acme-orders/raw/orders/' };
    await database.insertInto('dataset_catalog_table').values({ ...table, description: null, type: null, columns: '[]' }).execute(); // prettier-ignore
    const started = new Date(Date.now() + 1_000).toISOString();
    await past(started, '2100-01-01T00:00:00Z', { item_kind: 'Folder', item: 'raw', request_uid: 'f' });
    await past(started, '2100-01-01T00:00:00Z', { item_kind: 'Folder', item: 'other', request_uid: 'o' });
    const at = '2099-01-01T00:00:00Z';
    const reaches = async (kind: 'Table' | 'Folder', item: string) =>
      (await ask(people.sally, { datasetUri: 'ordersds', itemKind: kind, item, at })).map(
        ({ item: by, reach }) => `${by} ${reach}`,
      );
    expect(await reaches('Table', 'orders')).toEqual(['null Item', 'raw Files', 'orders Item']);
    expect(await reaches('Folder', 'raw')).toEqual(['null Item', 'raw Item']);
  });
});

describe('dataall audit', () => {
  it('tells at a shell who could read what then, to who may ask, on all pages', async () => {
    const { people, past, api } = await scene();
    for (let index = 0; index < 101; index++)
      await past('2020-01-01T00:00:00Z', '2020-02-01T00:00:00Z', { principal: `former-${index}`, principal_arn: `arn:aws:iam::222222222222:role/former-${index}` }); // prettier-ignore
    const audit = async (person: Person, args: readonly string[], environment = ENVIRONMENT) => {
      let [text, errors] = ['', ''];
      const exit = await runCommand(['audit', ...args], {
        write: (more) => (text += more),
        writeError: (more) => (errors += more),
        connect: async () => ({ api, namespace: 'sales-prod', [Symbol.asyncDispose]: async () => {} }),
        ask: async (_, query, variables) => {
          const { data, errors } = await person.answered(query, variables as Readonly<Record<string, unknown>>);
          return { data, errors };
        },
        environment,
        now: () => new Date(),
        interrupted: new AbortController().signal,
      });
      return { exit, text, errors };
    };
    const then = await audit(people.ada, ['--at', '2020-01-15T00:00:00Z', '-o', 'json']);
    const { access } = JSON.parse(then.text) as { access: { principal: { name: string } }[] };
    expect(new Set(access.map(({ principal }) => principal.name)).size).toBe(101);
    expect((await audit(people.ada, ['--at', '2020-03-01T00:00:00Z'])).text).toMatch(/recorded since .*\n\nnobody\n$/);
    expect((await audit(people.sally, ['orders'])).text).toMatch(/marketing +Granted +sales-prod\/orders Table orders/);
    expect(await audit(people.mary, ['orders'])).toMatchObject({ exit: 6, errors: expect.stringContaining('UnauthorizedOperation') as unknown }); // prettier-ignore
    expect(await audit(people.ada, ['nothing'])).toMatchObject({ exit: 5 });
    expect(await audit(people.ada, ['--at', 'yesterday'])).toMatchObject({ exit: 1, errors: expect.stringContaining('RFC 3339') as unknown }); // prettier-ignore
    expect(await audit(people.ada, [], {})).toMatchObject({ exit: 2, errors: expect.stringContaining('DATAALL_GATEWAY') as unknown }); // prettier-ignore
  });
});

describe('the graph of access', () => {
  it('has each role and each dataset once, and an edge where one can read something of the other', async () => {
    const { people } = await scene();
    const graph = `query ($filter: AccessFilter) { accessGraph(filter: $filter) { isComplete
      principals { name group account } datasets { datasetUri label } edges { principals datasets items standings } } }`;
    expect(await people.ada.ask(graph)).toEqual({
      accessGraph: {
        isComplete: true,
        principals: [
          { name: 'marketing', group: 'marketing', account: '222222222222' },
          { name: 'orders', group: 'sales', account: '111111111111' },
        ],
        datasets: [{ datasetUri: 'ordersds', label: 'Orders' }],
        edges: { principals: [0, 1], datasets: [0, 0], items: [1, 1], standings: ['Granted', 'Owned'] },
      },
    });
    const refused = await people.mary.refused(graph, { filter: { datasetUri: 'ordersds' } });
    expect(refused.code).toBe('UnauthorizedOperation');
  });
});

describe('an auditor', () => {
  it('is told all of it, changes nothing by it, and leaves a record of having asked that nobody changes', async () => {
    const { people, put: write, database, as } = await scene();
    const audrey = as('audrey', 'auditors');
    expect(await ask(audrey)).toEqual([]);
    await write(tenantKind, { name: 'default' }, { administrators: ['admins'], auditors: ['auditors'] });
    const all = ['Owned all orders', 'Granted orders marketing'];
    expect(told(await ask(audrey, { datasetUri: 'ordersds' }))).toEqual(all);
    await ask(audrey, { datasetUri: 'ordersds', page: 2 });
    expect(told(await ask(audrey))).toEqual(all);
    const archive = 'mutation { deleteDataset(datasetUri: "ordersds") }';
    expect(await audrey.refused(archive)).toMatchObject({ code: 'UnauthorizedOperation' });
    await ask(people.sally);
    const asked = await database.selectFrom('access_inquiry').select(['username', 'question']).orderBy('id').execute();
    expect(asked).toEqual([
      { username: 'audrey', question: { datasetUri: 'ordersds' } },
      { username: 'audrey', question: {} },
    ]);
    await expect(sql`delete from access_inquiry`.execute(database)).rejects.toThrow(/is kept as it was recorded/);
  });
});

describe('a question about access', () => {
  it('that says what cannot be is refused with what to write', async () => {
    const { people } = await scene();
    const refused = async (filter: AccessFilter) => (await people.ada.refused(document, { filter })).message;
    expect(await refused({ at: 'yesterday' })).toContain('a time as RFC 3339 writes it');
    expect(await refused({ itemKind: 'Table', item: 'orders' })).toContain('give datasetUri too');
    expect(await refused({ datasetUri: 'ordersds', item: 'orders' })).toContain('give itemKind and item');
    expect(await refused({ at: '2020-01-01T00:00:00Z', since: '2021-01-01T00:00:00Z' })).toContain('earlier than');
    expect(await refused({ datasetUri: 'nowhere' })).toContain('was not found');
    expect(await refused({ environmentUri: 'nowhere' })).toContain('was not found');
  });

  it('finds what may be asked about by a part of its name, of what one decides about alone', async () => {
    const { people } = await scene();
    const find = `query ($filter: AuditableItemFilter) { listAuditableItems(filter: $filter) { datasetLabel environment itemKind item } }`;
    const found = async (person: Person, term: string) =>
      (
        await person.ask<{ listAuditableItems: { item: string | null; itemKind: string | null }[] }>(find, {
          filter: { term },
        })
      ).listAuditableItems.map(({ itemKind, item }) => `${itemKind} ${item}`);
    expect(await found(people.sally, 'ord')).toEqual(['null null', 'Table orders', 'Bucket acme-orders', 'Folder raw']);
    expect(await found(people.ada, 'raw')).toEqual(['Folder raw']);
    expect(await found(people.mary, 'ord')).toEqual([]);
  });
});
