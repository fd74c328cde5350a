// A consumer who knows nothing of Kubernetes: boto3 with the credentials of the role reads exactly what was granted, by all three
// mechanisms, a stranger reads nothing, and after the approvals are deleted nobody does.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanEnvironment, lockedPython } from '../../hack/aws/conformance/python.ts';
import { shareApprovalKind } from '../../operator/resources/share-approval.ts';
import { shareRequestKind, type ShareItemStatus } from '../../operator/resources/share-request.ts';
import { runPythonAs } from '../support/lines-as-role.ts';
import { snippetOf, type Readable } from '../../web/src/modules/share/reading/snippets.ts';
import { approvalOf, openSharingScene, requestOf, type SharingScene } from '../support/sharing-scene.ts';

const run = promisify(execFile);
const BUCKET = 'orders-data';
const TABLES = { products: 'id,label\n1,chair\n2,table\n', payroll: 'id,salary\n1,1000\n' };
const DENIED = { denied: expect.stringMatching(/AccessDenied|permission|not authorized/i) as string };
/** Denied, or what is not one's own is not even known by name. */
const UNREADABLE = {
  denied: expect.stringMatching(/AccessDenied|NoSuch|permission|not authorized|not found|does not exist/i) as string,
};

type Outcome = { readonly given: unknown } | { readonly denied: string };
type Read =
  | { readonly do: 'query'; readonly database: string; readonly sql: string }
  | { readonly do: 'get' | 'put'; readonly bucket: string; readonly key: string }
  | { readonly do: 'list'; readonly bucket: string; readonly prefix: string };

let scene: SharingScene;

beforeAll(async () => {
  [scene] = await Promise.all([openSharingScene({ http: true, tables: TABLES }), lockedPython()]);
  await boto3({ prepare: { make: ['interns'], allow_athena: ['analysts'], allow_everything: ['interns'] } });
});
afterAll(async () => scene[Symbol.asyncDispose]());

describe('with boto3, by the plain endpoint,', () => {
  it('the role reads what was granted and nothing else, a stranger nothing, and nobody anything after revocation', async () => {
    await scene.harness.apply([euAmounts, ...share('lake', lakeItems), ...share('bucket', [bucketItem])]);
    const [lake] = await Promise.all([granted('lake'), granted('bucket')]);
    const { database, products, orders, alias } = placesOf(lake);

    const tables: readonly Read[] = [
      query(database, `SELECT * FROM ${products} ORDER BY id`),
      query(database, `SELECT * FROM ${orders} ORDER BY id`),
      query(database, `SELECT count(*), sum(amount) FROM ${orders}`),
    ];
    const folder: readonly Read[] = [
      { do: 'get', bucket: alias, key: 'raw/a.txt' },
      { do: 'list', bucket: alias, prefix: 'raw/' },
    ];
    const wholeBucket: readonly Read[] = [
      { do: 'get', bucket: BUCKET, key: 'raw2/b.txt' },
      { do: 'list', bucket: BUCKET, prefix: 'raw' },
    ];
    const never: readonly Read[] = [
      query(database, `SELECT region FROM ${orders}`),
      query(database, `SELECT id FROM ${orders} WHERE region = 'us'`),
      query(database, 'SELECT * FROM payroll'),
      query('orders', 'SELECT * FROM payroll'),
      { do: 'get', bucket: alias, key: 'raw2/b.txt' },
      { do: 'list', bucket: alias, prefix: 'raw2/' },
      { do: 'list', bucket: alias, prefix: 'raw' },
      { do: 'put', bucket: alias, key: 'raw/mine.txt' },
      { do: 'put', bucket: BUCKET, key: 'mine.txt' },
    ];

    expect(await readAs('analysts', tables)).toEqual([
      { given: [['id', 'label'], ['1', 'chair'], ['2', 'table']] }, // prettier-ignore
      { given: [['id', 'amount'], ['1', '10'], ['3', '30']] }, // prettier-ignore
      { given: [expect.anything(), ['2', '40']] },
    ]);
    expect(await readAs('analysts', folder)).toEqual([{ given: 'raw data' }, { given: ['raw/a.txt'] }]);
    expect(await readAs('analysts', wholeBucket)).toEqual([
      { given: 'other data' },
      { given: ['raw/a.txt', 'raw2/b.txt'] },
    ]);
    expect(await readAs('analysts', never)).toEqual(never.map(() => DENIED));
    const everything = [...tables, ...folder, ...wholeBucket, ...never];
    // A stranger whose own account allows it everything: it is the producer who denies.
    expect(await readAs('interns', [harmless, ...everything])).toEqual([ANSWERED, ...everything.map(() => UNREADABLE)]);

    await expectCopiedLinesWork(lake);

    // Each share ends alone: without the bucket, the folder is still read through its access point only.
    await revoke('bucket');
    expect(await readAs('analysts', [...wholeBucket, { do: 'get', bucket: BUCKET, key: 'raw/a.txt' }])).toEqual([
      DENIED,
      DENIED,
      DENIED,
    ]);
    expect(await readAs('analysts', folder)).toEqual([{ given: 'raw data' }, { given: ['raw/a.txt'] }]);
    await revoke('lake');
    expect(await readAs('analysts', [harmless, ...everything])).toEqual([
      ANSWERED,
      ...everything.map(() => UNREADABLE),
    ]);
    // Nor does it help that the consumer's administrator allows the role everything: the producer has closed too.
    await boto3({ prepare: { allow_everything: ['analysts'] } });
    expect(await readAs('analysts', [harmless, ...everything])).toEqual([
      ANSWERED,
      ...everything.map(() => UNREADABLE),
    ]);
  });
});

/** What the page of a share gives people to copy, as it stands there: run as the role it reads what is given, and as a stranger nothing. */
async function expectCopiedLinesWork(lake: readonly ShareItemStatus[]): Promise<void> {
  const { database, products, orders, alias } = placesOf(lake);
  const place = { region: 'eu-west-1', workgroup: 'analytics' };
  const table: Readable = { kind: 'Table', database, table: products };
  const part: Readable = { kind: 'Table', database, table: orders };
  const folder: Readable = { kind: 'Objects', bucket: alias, prefix: 'raw/' };
  const bucket: Readable = { kind: 'Objects', bucket: BUCKET, prefix: '' };
  const lines = [table, part, folder, bucket].map((item) => snippetOf('python', item, place) ?? '');
  const stranger = scene.roleArn.replace(/[^/]+$/, 'interns');
  const [asRole, asStranger] = [scene.roleArn, stranger].map(async (role) =>
    Promise.all(lines.map((program) => runPythonAs(scene.aws, role, program))),
  );
  expect(await asRole).toEqual([
    { given: expect.stringContaining("['1', 'chair']") },
    { given: expect.stringMatching(/\['1', '10'\]\n\['3', '30'\]/) },
    { given: expect.stringContaining("b'raw data'") },
    { given: expect.stringContaining('raw2/b.txt') },
  ]);
  expect(await asStranger).toEqual(lines.map(() => UNREADABLE));
  const sql = snippetOf('sql', part, place) ?? '';
  expect(await readAs('analysts', [query(database, sql)])).toEqual([
    { given: [['id', 'amount'], ['1', '10'], ['3', '30']] }, // prettier-ignore
  ]);
}

const harmless: Read = { do: 'query', database: 'default', sql: 'SELECT 1 AS one' };
const ANSWERED = { given: [['one'], ['1']] };

const query = (database: string, sql: string): Read => ({ do: 'query', database, sql });

const euAmounts = {
  apiVersion: 'dataall.io/v1alpha1',
  kind: 'DatasetTable',
  metadata: { namespace: 'sales-prod', name: 'orders.orders' },
  spec: {
    datasetRef: { name: 'orders' },
    table: 'orders',
    filters: [{ name: 'eu_amounts', rows: "region = 'eu'", columns: ['id', 'amount'] }],
  },
};

const lakeItems = [
  { kind: 'Table', name: 'products' },
  { kind: 'Table', name: 'orders', filters: ['eu_amounts'] },
  { kind: 'Folder', name: 'raw' },
];
const bucketItem = { kind: 'Bucket', name: BUCKET };

/** A request and the consent to all of it. */
const share = (name: string, items: readonly object[]) => [
  requestOf(name, { items }),
  approvalOf(name, scene.roleArn, { items }),
];

const granted = async (name: string): Promise<readonly ShareItemStatus[]> => {
  const key = { namespace: 'marketing-prod', name };
  const { status } = await scene.until(shareRequestKind, key, ({ status: { phase } }) => phase === 'Granted');
  return status.items ?? [];
};

/** Deletes the approval as `kubectl delete` does: until it is gone. */
const revoke = async (name: string): Promise<void> => {
  const approval = { namespace: 'sales-prod', name: `marketing-prod.${name}` };
  await scene.api.delete(shareApprovalKind, approval);
  await scene.gone(shareApprovalKind, approval);
};

const placesOf = (items: readonly ShareItemStatus[]) => {
  const find = (name: string): ShareItemStatus | undefined => items.find((item) => item.name === name);
  return {
    database: find('products')?.database ?? '',
    products: find('products')?.link ?? '',
    orders: find('orders')?.link ?? '',
    alias: find('raw')?.accessPointAlias ?? '',
  };
};

const readAs = async (role: string, reads: readonly Read[]): Promise<readonly Outcome[]> =>
  (await boto3({ role, reads })) as readonly Outcome[];

const boto3 = async (argument: object): Promise<unknown> => {
  const { endpoint, accounts } = scene.aws;
  const given = JSON.stringify({ endpoint, account: accounts['consumer'], ...argument });
  const { stdout } = await run(await lockedPython(), [join(import.meta.dirname, 'consumer-boto3.py'), given], {
    env: { ...cleanEnvironment(), PYTHONPATH: join(import.meta.dirname, '../../hack/aws/conformance') },
  });
  return JSON.parse(stdout) as unknown;
};
