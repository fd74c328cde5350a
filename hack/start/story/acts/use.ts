/** Story, third part: the owner approves, and what was consented to works; nothing else does, and for nobody else. */
import { CATALOGUE, LAKE } from '../../sample-data/lake.ts';
import { expectDenied, expectGiven } from '../expect-access.ts';
import type { Narrator } from '../narrator.ts';
import type { Rows } from '../reader.ts';
import { shared } from '../share-status.ts';
import type { Step } from '../step.ts';
import { hold } from '../story-broken.ts';

/** What an approval has to repeat: `marketing for arn:...: Read of ["Table products",...]`. */
const ASKED = `'{range .status.requests.items[*]}{.requester} for {.principalArn}: {.permissions[*]} of {.asks}{"\\n"}{end}'`;

const approve: Step = {
  name: 'The owner reads who asks for what, and approves',
  page: { as: 'owner', path: '/shares?tab=received' },
  async run({ kubectl }, say) {
    const pending = '--for=jsonpath={.status.requests.pending}=1 --timeout=60s';
    await kubectl.say(say, 'owner', `wait dataset --all -n sales-prod ${pending}`);
    const asked = await kubectl.say(say, 'owner', `get dataset orders -n sales-prod -o jsonpath=${ASKED}`);
    hold(asked.includes('Table orders: eu_no_cards'), 'the owner sees what is asked for');
    const since = performance.now();
    await kubectl.say(say, 'owner', 'apply --server-side -f examples/sales/approvals.yaml');
    await kubectl.say(say, 'analyst', 'wait sharerequest --all -n marketing-prod --for=condition=Ready --timeout=60s');
    say.note(`granted ${Math.round(performance.now() - since)} ms after the owner pressed return`);
    await kubectl.say(say, 'analyst', 'get sharerequests -n marketing-prod');
    await kubectl.say(say, 'analyst', 'events --for sharerequest/orders-for-analysts -n marketing-prod');
  },
};

const tables: Step = {
  name: 'As the role, Athena reads the table, and of the filtered one its rows and columns only',
  page: { as: 'analyst', path: '/shares?tab=sent&term=orders' },
  async run(stage, say) {
    const analysts = await stage.reader('consumer', 'analysts');
    const { database, links } = await shared(stage.kubectl);
    const query = async (sql: string): Promise<Rows> => {
      const rows = await expectGiven(say, sql, () => analysts.query(database, sql));
      show(say, rows);
      return rows;
    };
    const products = links['products'] ?? '';
    const orders = links['orders'] ?? '';
    await query(`SELECT category, count(*) AS products FROM ${products} GROUP BY category ORDER BY category`);
    const regions = await query(
      `SELECT region, count(*) AS orders, round(sum(amount)) AS amount FROM ${orders} GROUP BY region`,
    );
    hold(regions.rows.length === 1 && regions.rows[0]?.[0] === 'eu', 'only rows of region eu are seen');
    const columns = await query(`SELECT * FROM ${orders} ORDER BY id LIMIT 2`);
    hold(!columns.columns.includes('card_number'), 'the column card_number is not seen');
    await expectDenied(say, `SELECT card_number FROM ${orders}`, () =>
      analysts.query(database, `SELECT card_number FROM ${orders} LIMIT 1`),
    );
    await expectDenied(say, `SELECT * FROM customers  -- not asked for`, () =>
      analysts.query(database, 'SELECT * FROM customers LIMIT 1'),
    );
  },
};

const folder: Step = {
  name: 'The folder is read through its access point, by alias; its neighbour raw2/ is not',
  page: { as: 'analyst', path: '/shares?tab=sent&term=orders' },
  async run(stage, say) {
    const analysts = await stage.reader('consumer', 'analysts');
    const { alias } = await shared(stage.kubectl);
    const keys = await expectGiven(say, `s3 ls s3://${alias}/raw/`, () => analysts.list(alias, 'raw/'));
    say.answer(keys.join('\n'));
    const [key = ''] = keys;
    const text = await expectGiven(say, `s3 cp s3://${alias}/${key} -`, () => analysts.get(alias, key));
    say.answer(`${text.split('\n').length - 2} shipments, the first: ${text.split('\n')[1] ?? ''}`);
    await expectDenied(say, `s3 cp s3://${alias}/raw2/payroll.csv -`, () => analysts.get(alias, 'raw2/payroll.csv'));
    await expectDenied(say, `s3 ls s3://${alias}/raw2/`, () => analysts.list(alias, 'raw2/'));
    await expectDenied(say, `s3 cp s3://${LAKE.bucket}/${key} -  # past the access point`, () =>
      analysts.get(LAKE.bucket, key),
    );
  },
};

const bucket: Step = {
  name: 'The bucket is read by its name',
  page: { as: 'analyst', path: '/shares?tab=sent&term=catalogue' },
  async run(stage, say) {
    const analysts = await stage.reader('consumer', 'analysts');
    const path = `s3://${CATALOGUE.bucket}/${CATALOGUE.key}`;
    const text = await expectGiven(say, `s3 cp ${path} -`, () => analysts.get(CATALOGUE.bucket, CATALOGUE.key));
    say.answer(text.trimEnd());
  },
};

const strangers: Step = {
  name: 'A stranger stays outside: another role of the same account, another account, another user',
  page: { as: 'stranger', path: '/shares?tab=sent' },
  async run(stage, say) {
    const { database, links, alias } = await shared(stage.kubectl);
    const interns = await stage.reader('consumer', 'interns');
    const sql = `SELECT * FROM ${links['products'] ?? ''} LIMIT 1`;
    await expectDenied(say, `${sql}  -- as role interns`, () => interns.query(database, sql));
    await expectDenied(say, `s3 ls s3://${alias}/raw/  # as role interns`, () => interns.list(alias, 'raw/'));
    await expectDenied(say, `s3 ls s3://${CATALOGUE.bucket}/  # as role interns`, () =>
      interns.list(CATALOGUE.bucket, ''),
    );
    const stranger = stage.administratorAsReader('stranger');
    await expectDenied(say, `s3 ls s3://${CATALOGUE.bucket}/  # as an administrator of account stranger`, () =>
      stranger.list(CATALOGUE.bucket, ''),
    );
    await stage.kubectl.refused(say, 'stranger', 'get sharerequests -n marketing-prod');
  },
};

function show(say: Narrator, { columns, rows }: Rows): void {
  const table = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...table.map((row) => (row[index] ?? '').length)));
  say.answer(
    table
      .map((row) =>
        row
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('  ')
          .trimEnd(),
      )
      .join('\n'),
  );
}

export const useSteps: readonly Step[] = [approve, tables, folder, bucket, strangers];
