// Listens to the queues of all environments: what somebody changes in AWS is looked at within seconds.
import type { Logger } from 'pino';
import { keyArn } from '../../policy/arn.ts';
import { formatDocumentKey } from '../../access/document-key.ts';
import { sessionNameOf } from '../../aws/sessions.ts';
import { isFault } from '../../aws/fault.ts';
import type { QueueMessage } from '../../aws/services/sqs.ts';
import { withCallContext } from '../../aws/call-context.ts';
import { sleep, systemClock } from '../../kernel/clock.ts';
import type { Task } from '../../kernel/runtime/manager.ts';
import { nextTurn, Turns } from '../../kernel/turns.ts';
import type { Dataset } from '../../resources/dataset.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { parseAccountEvent, touchedBy, type AccountEvent, type Touched } from './cloudtrail-event.ts';
import { KnownNames } from './event-documents.ts';
import { datasetController } from '../dataset/dataset.ts';
import { documentController } from '../aws-document/controller-names.ts';
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

/** Why a message made no work. `Ours`: an event of what we did. `Unrelated`: nothing that it names is ours. */
export type Ignored = 'Malformed' | 'Ours' | 'Unrelated' | 'Undeliverable' | 'Failed';

/** Of messages, not of those who sent them. */
export interface EventObserver {
  received(): void;
  ignored(why: Ignored): void;
  /** A reconcile begins that the event caused. @param happenedAt as the sender says, milliseconds since the epoch; maybe NaN */
  caused(happenedAt: number): void;
}

/** One long poll per queue, only while this process leads. */
export const eventQueueTask = (platform: Platform, log: Log, observer: EventObserver): Task => ({
  name: 'event-queue',
  runs: 'leader',
  async run(signal) {
    const listening = new Map<string, Promise<void>>();
    while (!signal.aborted) {
      for (const environment of platform.stores.get(environmentKind).list()) {
        const url = environment.status.queue?.url;
        if (url === undefined || listening.has(url)) continue;
        const ended = listen(platform, log, observer, environment.metadata.name, url, signal).finally(() =>
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
  log: Log,
  observer: EventObserver,
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
      await withCallContext(work, async () => {
        const messages = await aws.sqs.receive(url);
        const known = new KnownNames(platform, environment);
        for (const message of messages) {
          observer.received();
          const ignored = await handle({ platform, log, observer, known, environment }, message);
          if (ignored !== undefined) observer.ignored(ignored);
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

interface Listener {
  readonly platform: Platform;
  readonly log: Log;
  readonly observer: EventObserver;
  readonly known: KnownNames;
  readonly environment: Environment;
}

/** Anybody whom the account lets may have sent the message: one that cannot be handled is worth no second try. */
const handle = async (listener: Listener, { id, body, deliveries }: QueueMessage): Promise<Ignored | undefined> => {
  const { platform, log, environment } = listener;
  const about = { environment: environment.metadata.name, message: id };
  if (deliveries > MOST_DELIVERIES) {
    log.warn({ ...about, deliveries }, 'message given up: it was never handled to its end');
    return 'Undeliverable';
  }
  try {
    const event = parseAccountEvent(body);
    if (event === undefined) return 'Malformed';
    if (isOurs(platform.config.installation, environment, event)) return 'Ours';
    return (await wake(listener, event)) > 0 ? undefined : 'Unrelated';
  } catch (error) {
    log.error({ err: error, ...about }, 'message not understood');
    return 'Failed';
  }
};

/** @returns how many work items */
const wake = async ({ platform, observer, known, environment }: Listener, event: AccountEvent): Promise<number> => {
  const onStart = (): void => observer.caused(event.time);
  const turns = new Turns(NAMES_A_TURN);
  let woken = 0;
  for (const touched of touchedBy(event)) {
    const documents = await known.documents(touched);
    const items = [
      ...documents.map((key) => [documentController, formatDocumentKey(key)] as const),
      ...ownersOf(platform, known, environment, event, touched),
    ];
    for (const [controller, key] of items) platform.enqueue(controller, key, { onStart });
    woken += items.length;
    await turns.piece();
  }
  return woken;
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
const ownersOf = (
  { specs }: Platform,
  known: KnownNames,
  environment: Environment,
  event: AccountEvent,
  touched: Touched,
): readonly (readonly [controller: string, key: string])[] => {
  const { id: account, region } = environment.spec.account;
  const items = (datasets: readonly Dataset[]) =>
    datasets.map(({ metadata }) => [datasetController, `${metadata.namespace}/${metadata.name}`] as const);
  switch (touched.kind) {
    case 'principal':
      return known
        .principals(touched.name)
        .map(({ kind, name }) => [
          kind === 'Team' ? teamController : 'consumptionrole',
          `${environment.metadata.name}/${name}`,
        ]);
    case 'key':
      return items(specs.datasetsOfKey(keyArn({ account, region, keyId: touched.name })));
    case 'database':
      // Where partitions lie is a matter of grants alone.
      return event.eventSource === 'glue.amazonaws.com' && !event.eventName.endsWith('Partition')
        ? items(specs.datasetsOfDatabase(account, region, touched.name))
        : [];
    default:
      return [];
  }
};
