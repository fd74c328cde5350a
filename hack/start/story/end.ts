/** Story, last part: consent is taken back, everything is deleted, and both accounts are as they were. */
import { CATALOGUE } from '../sample-data/lake.ts';
import { accountDifferences } from './differences.ts';
import type { Answer } from './reader.ts';
import { shared } from './share-status.ts';
import { hold, type Step } from './step.ts';
import { until } from './until.ts';

const inUse: Step = {
  name: 'What is shared cannot be deleted by mistake',
  async run({ kubectl }, say) {
    const refusal = await kubectl.refused(say, 'owner', 'delete dataset orders -n sales-prod');
    hold(refusal.includes('marketing-prod'), 'the refusal names who uses it');
  },
};

const revoke: Step = {
  name: 'The owner deletes the approvals, and access is gone',
  async run(stage, say) {
    const analysts = await stage.reader('consumer', 'analysts');
    const { database, links, alias } = await shared(stage.kubectl);
    const attempts: Readonly<Record<string, () => Promise<Answer<unknown>>>> = {
      table: () => analysts.query(database, `SELECT count(*) FROM ${links['products'] ?? ''}`),
      'filtered table': () => analysts.query(database, `SELECT count(*) FROM ${links['orders'] ?? ''}`),
      folder: () => analysts.list(alias, 'raw/'),
      bucket: () => analysts.get(CATALOGUE.bucket, CATALOGUE.key),
    };
    await stage.kubectl.say(say, 'owner', 'delete -f examples/sales/approvals.yaml --wait=false');
    const since = performance.now();
    const gone = Object.entries(attempts).map(async ([what, attempt]) => {
      const denial = await until(
        `${what} is closed`,
        async () => {
          const answer = await attempt();
          return 'denied' in answer ? answer.denied : undefined;
        },
        stage.signal,
      );
      return `${what}, ${Math.round(performance.now() - since)} ms after the delete: ${denial}`;
    });
    for (const line of await Promise.all(gone)) say.answer(line, true);
  },
};

const remove: Step = {
  name: 'Everything is deleted, each by whom it belongs to',
  async run({ kubectl }, say) {
    await kubectl.say(say, 'analyst', 'delete -f examples/marketing/requests.yaml --timeout=60s');
    await kubectl.say(
      say,
      'owner',
      'delete -f examples/sales/tables.yaml -f examples/sales/datasets.yaml --timeout=120s',
    );
    await kubectl.say(say, 'analyst', 'delete -f examples/marketing/environment.yaml --timeout=120s');
    await kubectl.say(say, 'owner', 'delete -f examples/sales/environment.yaml --timeout=120s');
    await kubectl.say(say, 'platform-admin', 'delete -f examples/acme/organization.yaml --timeout=60s');
  },
};

const asBefore: Step = {
  name: 'Both accounts are as they were',
  async run(stage, say) {
    const { differences, forgiven } = accountDifferences(stage.aws.world, stage.before);
    for (const [why, count] of forgiven) say.note(`${count} differences are ${why}`);
    for (const { path } of differences) say.note(`different: ${path}`);
    say.answer(`${differences.length} differences`);
    hold(differences.length === 0, 'both accounts are as they were');
  },
};

export const endSteps: readonly Step[] = [inUse, revoke, remove, asBefore];
