// Listens to the queues of all environments: what somebody changes in AWS is looked at within seconds.
import type { Logger } from 'pino';
import { formatDocumentKey } from '../../access/document-key.ts';
import { sessionNameOf } from '../../aws/sessions.ts';
import { isFault } from '../../aws/fault.ts';
import type { QueueMessage } from '../../aws/services/sqs.ts';
import { runWork } from '../../aws/call-context.ts';
import { sleep, systemClock } from '../../kernel/clock.ts';
import type { Task } from '../../kernel/runtime/manager.ts';
import { nextTurn, Turns } from '../../kernel/turns.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { parseAccountEvent, touchedBy, type AccountEvent, type Touched } from './cloudtrail-event.ts';
import { KnownNames } from './event-documents.ts';
import { datasetController } from '../dataset/dataset.ts';
import { documentController } from '../aws-document/aws-document.ts';
import type { Platform } from '../reconcile/platform.ts';
import { teamController } from '../team/team.ts';

/** How often environments are looked through for queues that nobody listens to yet. */
const LOOK_MS = 1_000;
/** After a failure to receive: the poll of documents goes on meanwhile. */
const PAUSE_MS = 15_000;

/** At most 100 messages a second of one account: more wait in its own queue, and delay nobody else. */
const BATCH_MS = 100;
/** The queue's own redrive policy says 5. A stack from before it has none, and a message that ends the process must not come for ever. */
const MOST_DELIVERIES = 5;
/** Names that are looked up in one turn. */
const NAMES_A_TURN = 25;

type Log = Pick<Logger, 'error' | 'warn'>;

/** One long poll per queue, only while this process leads. */
export const eventQueueTask = (platform: Platform, log: Log): Task => ({
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
const listen = async (platform: Platform, log: Log, name: string, url: string, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    try {
      const environment = platform.stores.get(environmentKind).get(undefined, name);
      if (environment?.status.queue?.url !== url) return;
      const aws = platform.accountOf(environment);
      if (aws === undefined) return;
      const work = { item: `queue ${name}`, reconcileId: 'listen', signal };
      await runWork(work, async () => {
        const messages = await aws.sqs.receive(url);
        const known = new KnownNames(platform, environment);
        for (const message of messages) {
          await handle(platform, log, known, environment, message);
          await nextTurn();
        }
        // Only now: a crash before this line delivers them again, and looking twice does no harm.
        if (messages.length > 0) await aws.sqs.deleteMessages(url, messages);
      });
      await sleep(systemClock, BATCH_MS, signal);
    } catch (error) {
      if (!isFault(error)) log.error({ err: error, environment: name }, 'listening to the queue failed');
      await sleep(systemClock, PAUSE_MS, signal);
    }
  }
};

/** Anybody whom the account lets may have sent the message: one that cannot be handled is worth no second try. */
const handle = async (
  platform: Platform,
  log: Log,
  known: KnownNames,
  environment: Environment,
  { id, body, deliveries }: QueueMessage,
): Promise<void> => {
  const about = { environment: environment.metadata.name, message: id };
  if (deliveries > MOST_DELIVERIES) {
    log.warn({ ...about, deliveries }, 'message given up: it was never handled to its end');
    return;
  }
  try {
    const event = parseAccountEvent(body);
    if (event !== undefined && !isOurs(platform.config.installation, environment, event))
      await wake(platform, known, environment, event);
  } catch (error) {
    log.error({ err: error, ...about }, 'message not understood');
  }
};

const wake = async (
  platform: Platform,
  known: KnownNames,
  environment: Environment,
  event: AccountEvent,
): Promise<void> => {
  const turns = new Turns(NAMES_A_TURN);
  for (const touched of touchedBy(event)) {
    for (const key of await known.documents(touched)) platform.enqueue(documentController, formatDocumentKey(key));
    wakeOwners(platform, known, environment, event, touched);
    await turns.piece();
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

/** A re-created role has another id, and a dropped table is no longer to be had: their controllers look too. */
const wakeOwners = (
  { specs, enqueue }: Platform,
  known: KnownNames,
  environment: Environment,
  event: AccountEvent,
  touched: Touched,
): void => {
  const { id: account, region } = environment.spec.account;
  if (touched.kind === 'principal')
    for (const { kind, name } of known.principals(touched.name))
      enqueue(kind === 'Team' ? teamController : 'consumptionrole', `${environment.metadata.name}/${name}`);
  if (touched.kind === 'key')
    for (const { metadata } of specs.datasetsOfKey(`arn:aws:kms:${region}:${account}:key/${touched.name}`))
      enqueue(datasetController, `${metadata.namespace}/${metadata.name}`);
  // Where partitions lie is a matter of grants alone.
  if (
    touched.kind === 'database' &&
    event.eventSource === 'glue.amazonaws.com' &&
    !event.eventName.endsWith('Partition')
  )
    for (const { metadata } of specs.datasetsOfDatabase(account, region, touched.name))
      enqueue(datasetController, `${metadata.namespace}/${metadata.name}`);
};
