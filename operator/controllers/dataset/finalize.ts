// The end of a dataset: the shares of it first, then what we added to what it has, then what its stack made, then who may decide about it.
import { formatDocumentKey } from '../../access/document-key.ts';
import type { AccountAws } from '../../aws/account.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import { Priority, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import { documentController } from '../aws-document/controller-names.ts';
import { isAbandoned, recordOrphansEvent, whatItAwaits } from '../reconcile/abandon.ts';
import type { Platform } from '../reconcile/platform.ts';
import { deleting } from '../reconcile/reconcile-outcome.ts';
import { isRefused, recordNotRestored, refusalOf, unlessRefused } from '../reconcile/refusals.ts';
import { endingOf } from '../reconcile/removals.ts';
import { mayStillGrant } from '../share/share-approval.ts';
import { deleteDependents } from './dependents.ts';
import { documentsOf, locationFromStatus } from './locations.ts';
import { stackDeleting, type DatasetOutcome } from './outcome.ts';
import { lastOfKey, restored } from './restore.ts';
import { removeDataset } from './stack.ts';

/** Rights are taken and objects deleted within moments. */
const LOOK_AGAIN_MS = 100;

/** A dataset that ends where it is. */
interface Ending {
  readonly platform: Platform;
  readonly dataset: Stored<Dataset>;
  readonly environment: Environment;
  readonly aws: AccountAws | undefined;
  readonly context: ReconcileContext;
}

/** Each step proved by a read before the next; undefined once nothing is left. */
export const finalizeDataset = async (
  platform: Platform,
  dataset: Stored<Dataset>,
  context: ReconcileContext,
): Promise<DatasetOutcome | undefined> => {
  const environment = platform.specs.environment(dataset.metadata.namespace);
  const abandoned = isAbandoned(dataset);
  if (!abandoned && environment !== undefined) {
    const ending = { platform, dataset, environment, aws: platform.accountOf(environment), context };
    const unfinished = (await partsEnd(ending)) ?? (await stackEnds(ending));
    if (unfinished !== undefined) return unfinished;
  }
  const left = await deleteDependents(platform, dataset);
  if (left !== undefined) return waitFor(dataset, left, LOOK_AGAIN_MS);
  if (abandoned) recordOrphansEvent(dataset, leftOf(dataset), context);
  return undefined;
};

const waitFor = (dataset: Stored<Dataset>, message: string, lookAgainMs?: number): DatasetOutcome =>
  deleting(whatItAwaits(dataset, message), lookAgainMs);

/** Of a dataset whose parts were never known, nothing was shared, and nothing of ours was added to them. */
const partsEnd = async (ending: Ending): Promise<DatasetOutcome | undefined> => {
  const { dataset, aws } = ending;
  if (dataset.status.bucket === undefined) return undefined;
  if (aws === undefined) return waitFor(dataset, 'waits for the environment to be reachable');
  return sharesEnd(ending) ?? (await documentsEnd(ending, aws)) ?? (await baselineReturns(ending, aws));
};

const sharesEnd = ({ platform, dataset }: Ending): DatasetOutcome | undefined => {
  const { namespace, name } = dataset.metadata;
  const users = platform.specs.sharesOfDataset(namespace, name).filter(mayStillGrant);
  if (users.length === 0) return undefined;
  const names = users.slice(0, 3).map(({ metadata }) => objectKey(metadata));
  return waitFor(dataset, `takes access from ${users.length} shares: ${names.join(', ')}`);
};

/** Our statements, grants and registration. */
const documentsEnd = async (
  { platform, dataset, context }: Ending,
  aws: AccountAws,
): Promise<DatasetOutcome | undefined> => {
  const { observed, removals, enqueue } = platform;
  const location = locationFromStatus(dataset.status);
  const since = removals.since(endingOf(dataset));
  const documents = location === undefined ? [] : documentsOf(location);
  const open = documents.filter((document) => !observed.isCleanSince(document, since));
  for (const document of open.filter((one) => removals.mustEnqueue(endingOf(dataset), one, context.now())))
    enqueue(documentController, formatDocumentKey(document), { priority: Priority.revocation });
  const refused = open.filter((document) => isRefused(platform, dataset, document, context.now()));
  if (open.length > refused.length) {
    const obstacle = observed.failureAmong(open)?.message;
    const what = `removes its statements and grants: ${open.map(({ kind }) => kind).join(', ')}`;
    return waitFor(dataset, obstacle === undefined ? what : `${what}; ${obstacle}`);
  }
  const stays = refused.map((document) => ({
    what: `${formatDocumentKey(document)} stays as it is`,
    why: refusalOf(platform, document),
  }));
  recordNotRestored(platform, dataset, stays, context);
  const ofKey = await lastOfKey(dataset, aws);
  recordNotRestored(
    platform,
    dataset,
    ofKey.map((what) => ({ what })),
    context,
  );
  return undefined;
};

/** What an import changed is put back. */
const baselineReturns = async (
  { platform, dataset, environment, context }: Ending,
  aws: AccountAws,
): Promise<DatasetOutcome | undefined> => {
  const location = locationFromStatus(dataset.status);
  if (location === undefined || dataset.status.before === undefined) return undefined;
  const without = `what was there before it is not put back in database ${location.glueDatabase}`;
  const left = await unlessRefused(platform, { object: dataset, step: 'restoration', without }, context, async () =>
    restored(platform, dataset, environment, aws, location, context),
  );
  if (left === 'OnTheWay') return waitFor(dataset, 'waits for the rights to put back what was there before it', 2_000);
  recordNotRestored(
    platform,
    dataset,
    (left ?? []).map((what) => ({ what })),
    context,
  );
  return undefined;
};

const stackEnds = async ({
  platform,
  dataset,
  environment,
  aws,
  context,
}: Ending): Promise<DatasetOutcome | undefined> => {
  const { stack } = dataset.status;
  if (stack === undefined) return undefined;
  const without = `stack ${stack.name} or what it made stays in account ${environment.spec.account.id}`;
  const removed = await unlessRefused(platform, { object: dataset, step: 'stack', without }, context, async () =>
    removeDataset(platform, { dataset, environment, aws }, context),
  );
  return removed === undefined || removed.state === 'Deleted' ? undefined : stackDeleting(removed);
};

/** Where something of it may be. */
const leftOf = ({ status }: Dataset): readonly string[] => {
  const location = locationFromStatus(status);
  return [
    ...(location === undefined ? [] : documentsOf(location).map(formatDocumentKey)),
    ...(status.stack === undefined ? [] : [`stack ${status.stack.name}`]),
  ];
};
