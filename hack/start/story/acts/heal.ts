/** Story, fourth part: somebody changes AWS by hand, and it is put right because AWS says so, not because somebody looks. */
import {
  LakeFormationClient,
  ListPermissionsCommand,
  RevokePermissionsCommand,
  type PrincipalResourcePermissions,
} from '@aws-sdk/client-lakeformation';
import { DeleteBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNTS } from '../../cast.ts';
import { CATALOGUE, LAKE } from '../../sample-data/lake.ts';
import type { Narrator } from '../narrator.ts';
import type { Answer } from '../reader.ts';
import { shared } from '../share-status.ts';
import type { Stage } from '../stage.ts';
import type { Step } from '../step.ts';
import { hold } from '../story-broken.ts';
import { until } from '../until.ts';

const bucketPolicy: Step = {
  name: 'An administrator of the producer account deletes the bucket policy; it comes back',
  page: { as: 'owner', path: '/shares?tab=received&term=catalogue' },
  async run(stage, say) {
    const analysts = await stage.reader('consumer', 'analysts');
    const s3 = new S3Client(stage.administrator('producer'));
    say.command(`aws s3api delete-bucket-policy --bucket ${CATALOGUE.bucket}   # in account producer`);
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: CATALOGUE.bucket }));
    await healed(stage, say, () => analysts.get(CATALOGUE.bucket, CATALOGUE.key));
  },
};

const lakeGrant: Step = {
  name: 'An administrator revokes a Lake Formation grant; it is given again',
  page: { as: 'owner', path: '/shares?tab=received&term=orders' },
  async run(stage, say) {
    const analysts = await stage.reader('consumer', 'analysts');
    const { database, links } = await shared(stage.kubectl);
    const lake = new LakeFormationClient(stage.administrator('producer'));
    const grants = await grantsOnTable(lake, 'products');
    hold(grants.length > 0, 'the consumer holds a grant on table products');
    say.command('aws lakeformation revoke-permissions ... table sales.products   # in account producer');
    for (const { Principal, Resource, Permissions, PermissionsWithGrantOption } of grants)
      await lake.send(new RevokePermissionsCommand({ Principal, Resource, Permissions, PermissionsWithGrantOption }));
    const sql = `SELECT count(*) FROM ${links['products'] ?? ''}`;
    await healed(stage, say, () => analysts.query(database, sql));
  },
};

async function grantsOnTable(lake: LakeFormationClient, Name: string): Promise<PrincipalResourcePermissions[]> {
  const { PrincipalResourcePermissions = [] } = await lake.send(
    new ListPermissionsCommand({ Resource: { Table: { DatabaseName: LAKE.database, Name } } }),
  );
  return PrincipalResourcePermissions.filter(({ Principal }) =>
    Principal?.DataLakePrincipalIdentifier?.includes(ACCOUNTS.consumer.id),
  );
}

/** Tells what the role gets at once, and how long it takes until it gets its data again. */
async function healed(stage: Stage, say: Narrator, attempt: () => Promise<Answer<unknown>>): Promise<void> {
  const since = performance.now();
  const atOnce = await attempt();
  if ('denied' in atOnce) say.answer(atOnce.denied, true);
  await until(
    'access is back',
    async () => {
      const answer = await attempt();
      return 'given' in answer ? true : undefined;
    },
    stage.signal,
  );
  say.note(`access was back ${Math.round(performance.now() - since)} ms after the tampering`);
}

export const healSteps: readonly Step[] = [bucketPolicy, lakeGrant];
