// Listens to the queues of all environments: what somebody changes in AWS is looked at within seconds.
import type { Logger } from 'pino';
import { documentsForAnyItem, sharePoliciesKeyOf } from '../access/documents-for.ts';
import { policyPrefixOf, principalFor } from '../access/collect.ts';
import { sidesOf } from '../access/sides.ts';
import { formatDocumentKey, type DocumentKey } from '../access/document-key.ts';
import type { Specs } from '../access/specs.ts';
import { sessionNameOf } from '../aws/sessions.ts';
import { isFault } from '../aws/fault.ts';
import type { QueueMessage } from '../aws/sqs.ts';
import { runWork } from '../aws/work.ts';
import { sleep, systemClock } from '../kernel/clock.ts';
import type { Task } from '../kernel/manager.ts';
import { consumptionRoleKind } from '../resources/consumption-role.ts';
import { environmentKind, type Environment } from '../resources/environment.ts';
import { teamKind } from '../resources/team.ts';
import { parseAccountEvent, touchedBy, type AccountEvent, type Touched } from './account-event.ts';
import { datasetController } from './dataset.ts';
import { documentController } from './document.ts';
import type { Platform } from './platform.ts';
import { teamController } from './team.ts';

/** How often environments are looked through for queues that nobody listens to yet. */
const LOOK_MS = 1_000;
/** After a failure to receive: the poll of documents goes on meanwhile. */
const PAUSE_MS = 15_000;

/** One long poll per queue, only while this process leads. */
export const eventQueueTask = (platform: Platform, log: Pick<Logger, 'error'>): Task => ({
  name: 'event-queue',
  runs: 'leader',
  async run(signal) {
    const listening = new Map<string, Promise<void>>();
    while (!signal.aborted) {
      for (const environment of platform.stores.get(environmentKind).list()) {
        const url = environment.status.queue?.url;
        if (url === undefined || listening.has(url)) continue;
        const ended = listen(platform, log, environment.metadata.name, url, signal).finally(() =>
          listening.delete(url),
        );
        listening.set(url, ended);
      }
      await sleep(systemClock, LOOK_MS, signal);
    }
    await Promise.allSettled(listening.values());
  },
});

/** Until the environment has another queue, or none. Never fails: whoever owns one account must not end the operator of all. */
const listen = async (
  platform: Platform,
  log: Pick<Logger, 'error'>,
  name: string,
  url: string,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      const environment = platform.stores.get(environmentKind).get(undefined, name);
      if (environment?.status.queue?.url !== url) return;
      const aws = platform.accountOf(environment);
      if (aws === undefined) return;
      const work = { item: `queue ${name}`, reconcileId: 'listen', signal };
      await runWork(work, async () => {
        const messages = await aws.sqs.receive(url);
        for (const message of messages) handle(platform, log, environment, message);
        // Only now: a crash before this line delivers them again, and looking twice does no harm.
        if (messages.length > 0) await aws.sqs.deleteMessages(url, messages);
      });
    } catch (error) {
      if (!isFault(error)) log.error({ err: error, environment: name }, 'listening to the queue failed');
      await sleep(systemClock, PAUSE_MS, signal);
    }
  }
};

/** Anybody whom the account lets may have sent the message: one that cannot be handled is worth no second try. */
const handle = (
  platform: Platform,
  log: Pick<Logger, 'error'>,
  environment: Environment,
  { id, body }: QueueMessage,
): void => {
  try {
    const event = parseAccountEvent(body);
    if (event !== undefined && !isOurs(platform.config.installation, environment, event))
      wake(platform, environment, event);
  } catch (error) {
    log.error({ err: error, environment: environment.metadata.name, message: id }, 'message not understood');
  }
};

const wake = (platform: Platform, environment: Environment, event: AccountEvent): void => {
  for (const touched of touchedBy(event)) {
    for (const key of documentsTouched(platform, environment, touched))
      platform.enqueue(documentController, formatDocumentKey(key));
    wakeOwners(platform, environment, event, touched);
  }
};

/** Our own sessions of the pivot role: we know what we did. Anybody may call a session of another role like ours. */
export const isOurs = (
  installation: string,
  { status }: Pick<Environment, 'status'>,
  { principalId }: Pick<AccountEvent, 'principalId'>,
): boolean =>
  status.pivotRole?.id !== undefined &&
  principalId.startsWith(`${status.pivotRole.id}:${sessionNameOf(installation, '')}`);

const documentsTouched = (platform: Platform, environment: Environment, touched: Touched): readonly DocumentKey[] => {
  const { id: account, region } = environment.spec.account;
  switch (touched.kind) {
    case 'bucket':
      return [
        { kind: 'bucket-policy', account, region, bucket: touched.name },
        { kind: 'registration', account, region, bucket: touched.name },
      ];
    case 'access-point':
      return [{ kind: 'access-point', account, region, name: touched.name }];
    case 'key':
      return [{ kind: 'key-policy', account, region, keyId: touched.name }];
    case 'database':
      return databaseDocuments(platform.specs, environment, touched.name);
    case 'principal':
      return principals(platform, environment)
        .filter((arn) => arn.endsWith(`/${touched.name}`))
        .map(sharePoliciesKeyOf);
    case 'policy':
      return principals(platform, environment)
        .filter((arn) =>
          touched.name.includes(
            `:policy/${policyPrefixOf({ prefix: environment.spec.resourcePrefix, id: environment.status.id ?? '' }, arn)}`,
          ),
        )
        .map(sharePoliciesKeyOf);
    case 'lake-settings':
      return [{ kind: 'lake-settings', account, region }];
  }
};

/** A database is a dataset's, or holds links for this environment. */
const databaseDocuments = (specs: Specs, environment: Environment, database: string): readonly DocumentKey[] => {
  const { id: account, region } = environment.spec.account;
  const produced: readonly DocumentKey[] =
    specs.datasetsOfDatabase(account, region, database).length > 0
      ? [{ kind: 'catalog-grants', account, region, database }]
      : [];
  const links = specs.sharesOfEnvironment(environment.metadata.name).flatMap((request) => {
    const { namespace, name } = request.spec.datasetRef;
    const sides = sidesOf({
      request,
      dataset: specs.dataset(namespace, name),
      consumer: environment,
      principal: principalFor(specs, request),
    });
    const documents = sides === undefined ? [] : documentsForAnyItem(sides);
    return documents.filter(
      (key) => key.kind === 'shared-database' && database.startsWith(`${key.sourceDatabase}_shared`),
    );
  });
  return [...produced, ...links];
};

const principals = ({ stores }: Platform, { metadata }: Environment): readonly string[] => [
  ...stores
    .get(consumptionRoleKind)
    .list(metadata.name)
    .map(({ spec }) => spec.principalArn),
  ...stores
    .get(teamKind)
    .list(metadata.name)
    .flatMap(({ status }) => status.roleArn ?? []),
];

/** A re-created role has another id, and a dropped table is no longer to be had: their controllers look too. */
const wakeOwners = (platform: Platform, environment: Environment, event: AccountEvent, touched: Touched): void => {
  const { specs, stores, enqueue } = platform;
  const { id: account, region } = environment.spec.account;
  if (touched.kind === 'principal') {
    const { name } = environment.metadata;
    for (const { metadata, spec } of stores.get(consumptionRoleKind).list(name))
      if (spec.principalArn.endsWith(`/${touched.name}`)) enqueue('consumptionrole', `${name}/${metadata.name}`);
    for (const { metadata, status } of stores.get(teamKind).list(name))
      if (status.roleArn?.endsWith(`/${touched.name}`) === true) enqueue(teamController, `${name}/${metadata.name}`);
  }
  if (touched.kind === 'database' && event.eventSource === 'glue.amazonaws.com')
    for (const { metadata } of specs.datasetsOfDatabase(account, region, touched.name))
      enqueue(datasetController, `${metadata.namespace}/${metadata.name}`);
};
