// What one tenant can throw at the operator of all, each as large as it was when it stopped an earlier version.
import { environmentKind } from '../../operator/resources/environment.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import { tenantKind } from '../../operator/resources/tenant.ts';
import { create, inParallel, writeShare } from './objects.ts';
import { FLOODING_GROUP } from './people.ts';
import type { Stage } from './stage.ts';
import { REGION, type BenchDataset, type BenchPrincipal } from './workload.ts';

/** Whose namespaces, account and dataset the floods are in: nobody else uses them. */
export interface Flooder {
  readonly dataset: BenchDataset;
  readonly principal: BenchPrincipal;
}

export interface Flood {
  readonly name: string;
  readonly size: string;
  /** Resolves when everything is written. */
  readonly begin: (stage: Stage, flooder: Flooder) => Promise<void>;
}

const MESSAGES = 30;
const BUCKETS = 8_000;
const REQUESTS = 300;
const ITEMS = 500;
const ORGANIZATIONS = 8;
const GROUPS = 500;
const DATASET_TABLES = 3_784;

export const floods: readonly Flood[] = [
  {
    name: 'hostile events',
    size: `${MESSAGES} messages of ${BUCKETS} bucket names in the account's own queue`,
    begin: sendEvents,
  },
  {
    name: 'huge groups',
    size: `${ORGANIZATIONS} organizations that invite ${GROUPS} groups of 128 four-byte characters each`,
    begin: inviteGroups,
  },
  { name: 'tables', size: `${DATASET_TABLES} DatasetTables of one dataset`, begin: describeTables },
  {
    name: 'requests',
    size: `${REQUESTS} approved requests of ${ITEMS} items each`,
    begin: askForEverything,
  },
];

async function sendEvents({ aws, writers }: Stage, { dataset: { producer } }: Flooder): Promise<void> {
  const administrator = aws.administrator(producer.name);
  const call = async <O>(operation: string, input: object): Promise<O> =>
    await aws.invoke<O>('sqs', operation, input, administrator, REGION);
  const { QueueUrl: url } = await call<{ QueueUrl: string }>('CreateQueue', { QueueName: 'events' });
  const status = { queue: { url, arn: `arn:aws:sqs:${REGION}:${producer.account}:events` } };
  const patch = { type: 'merge' as const, body: { status } };
  await writers.operator.patch(environmentKind, { name: producer.name }, patch, { subresource: 'status' });
  const bucket = Array.from({ length: BUCKETS }, (_, index) => ({ bucketName: `b${index}` }));
  const detail = { eventSource: 's3.amazonaws.com', eventName: 'PutBucketPolicy', requestParameters: { bucket } };
  const MessageBody = JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail });
  for (let sent = 0; sent < MESSAGES; sent++) await call('SendMessage', { QueueUrl: url, MessageBody });
}

async function inviteGroups({ writers }: Stage): Promise<void> {
  await create(writers.administrator, tenantKind, {
    metadata: { name: 'default' },
    spec: { administrators: ['platform-admins'] },
  });
  await inParallel(numbers(ORGANIZATIONS), async (organization) => {
    const teams = numbers(GROUPS).map((index) => ({
      group: `${'𒀀'.repeat(118)}${organization}-${index}`,
      permissions: ['LINK_ENVIRONMENT'],
    }));
    await create(writers.floodingAsker, organizationKind, {
      metadata: { name: `flood-${organization}` },
      spec: { label: 'flood', owner: FLOODING_GROUP, teams },
    });
  });
}

async function describeTables({ writers }: Stage, { dataset }: Flooder): Promise<void> {
  await inParallel(numbers(DATASET_TABLES), async (index) => {
    await create(writers.floodingDecider, datasetTableKind, {
      metadata: { namespace: dataset.producer.name, name: `flood-${index}` },
      spec: {
        datasetRef: { name: dataset.name },
        table: `flood_${index}`,
        filters: [{ name: 'eu', rows: "region = 'eu'" }],
      },
    });
  });
}

/** By a team that owns both sides, so that nobody else has to consent. */
async function askForEverything({ writers }: Stage, { dataset, principal }: Flooder): Promise<void> {
  const items = numbers(ITEMS).map((index) => ({ kind: 'Table', name: `flood_${index}` }));
  const { floodingAsker: asker, floodingDecider: decider } = writers;
  await inParallel(numbers(REQUESTS), async (index) => {
    await writeShare({ asker, decider }, { name: `flood-${index}`, dataset, principal }, items);
  });
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
