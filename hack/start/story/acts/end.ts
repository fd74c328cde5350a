/** Story, last part: consent is taken back, everything is deleted, and both accounts are as they were. */
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { consentParameterName } from '../../../../operator/resources/names.ts';
import type { UserName } from '../../cast.ts';
import { ANALYTICS } from '../../sample-data/analytics.ts';
import { CATALOGUE } from '../../sample-data/lake.ts';
import { accountDifferences } from '../differences.ts';
import type { Narrator } from '../narrator.ts';
import type { Answer } from '../reader.ts';
import { shared } from '../share-status.ts';
import type { Stage } from '../stage.ts';
import type { Step } from '../step.ts';
import { hold, StoryBroken } from '../story-broken.ts';
import { until } from '../until.ts';

const inUse: Step = {
  name: 'What is shared cannot be deleted by mistake',
  page: { as: 'owner', path: '/datasets?tab=owned' },
  async run({ kubectl }, say) {
    const refusal = await kubectl.refused(say, 'owner', 'delete dataset orders -n sales-prod');
    hold(refusal.includes('marketing-prod'), 'the refusal names who uses it');
  },
};

const revoke: Step = {
  name: 'The owner deletes the approvals, and access is gone',
  page: { as: 'analyst', path: '/shares?tab=sent' },
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
  page: { as: 'platform-admin', path: '/environments' },
  async run(stage, say) {
    await deleted(stage, say, 'analyst', '-f examples/marketing/requests.yaml');
    await deleted(stage, say, 'owner', '-f examples/sales/tables.yaml -f examples/sales/datasets.yaml');
    await deleted(stage, say, 'analyst', '-f examples/marketing/environment.yaml');
    await deleted(stage, say, 'owner', '-f examples/sales/environment.yaml');
    await deleted(stage, say, 'platform-admin', '-f examples/acme/organization.yaml');
    await stage.kubectl.say(
      say,
      'admin',
      'wait namespace/sales-prod namespace/marketing-prod --for=delete --timeout=60s',
    );
    for (const account of ['producer', 'consumer'] as const) {
      const command = `aws ssm delete-parameter --name ${consentParameterName('dataall')}`;
      say.command(`${command}   # in account ${account}: consent is taken back`);
      await stage.accounts.run(account, command);
    }
    say.command(
      `aws s3 rm s3://${ANALYTICS.results} --recursive   # in account consumer: what the analysts' queries wrote`,
    );
    await empty(new S3Client(stage.administrator('consumer')), ANALYTICS.results);
  },
};

/** What is still in use is refused, by name; the same command again, once that is gone, ends clean. */
async function deleted(stage: Stage, say: Narrator, user: UserName, what: string): Promise<void> {
  const command = `delete ${what} --timeout=120s`;
  say.command(`kubectl --context ${user} ${command}`);
  let refusal = '';
  const output = await until(
    `${what} is deleted`,
    async () => {
      const { ok, output } = await stage.kubectl.run(['--context', user, ...command.split(' '), '--ignore-not-found']);
      if (ok) return output;
      if (!output.includes('is in use')) throw new StoryBroken(output);
      refusal = output;
      return undefined;
    },
    stage.signal,
    () => refusal,
  );
  if (refusal !== '') {
    say.answer(refusal, true);
    say.note('and again, a moment later:');
  }
  if (output !== '') say.answer(output);
}

async function empty(s3: S3Client, Bucket: string): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
}

const asBefore: Step = {
  name: 'Both accounts are as they were',
  page: { as: 'platform-admin', path: '/' },
  async run(stage, say) {
    const { differences, forgiven } = accountDifferences(stage.aws.world, stage.before);
    for (const difference of differences) say.note(difference);
    say.answer(`${differences.length} differences`);
    for (const [why, count] of forgiven) say.note(`not counted: ${why} (${count})`);
    hold(differences.length === 0, 'both accounts are as they were');
  },
};

export const endSteps: readonly Step[] = [inUse, revoke, remove, asBefore];
