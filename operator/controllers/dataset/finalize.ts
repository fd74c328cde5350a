// The end of a dataset: the shares of it first, then what we added to what it has, then what its stack made, then who may decide about it.
import { formatDocumentKey } from '../../access/document-key.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { Stored } from '../../kernel/kind.ts';
import { Priority, requeueAfter, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { FINALIZER } from '../../resources/annotations.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import { documentsOf, knownCoordinates } from './locations.ts';
import { endDependents } from './dependents.ts';
import { stackEnding, type Finding } from './outcome.ts';
import { lastOfKey, restored } from './restore.ts';
import { removeDataset, type DatasetStack } from './stack.ts';
import { isAbandoned, tellLeftBehind, whatItAwaits } from '../reconcile/abandon.ts';
import { documentController } from '../aws-document/aws-document.ts';
import type { Platform } from '../reconcile/platform.ts';
import { isRefused, refusalOf, tellNotRestored, unlessRefused, type NotRestored } from '../reconcile/refusals.ts';
import { givesAccess } from '../share/share-approval.ts';

/** Rights are taken and objects deleted within moments. */
const LOOK_AGAIN_MS = 100;

/** Shares first, then our statements and grants, then what the stack made: each proved by a read before the next. */
export const endDataset = async (
  platform: Platform,
  dataset: Stored<Dataset>,
  environment: Environment | undefined,
  aws: AccountAws | undefined,
  context: ReconcileContext,
): Promise<Finding | undefined> => {
  const { metadata, status } = dataset;
  const deleting = (message: string, ms = 1_000): Finding => ({
    outcome: { type: 'Reconciling', reason: 'Deleting', message: whatItAwaits(dataset, message) },
    result: requeueAfter(ms),
  });
  const abandoned = isAbandoned(dataset);
  const ending = endingOf(metadata.uid);
  /** Nothing in AWS is left to look after. */
  const leave = async (): Promise<Finding | undefined> => {
    const left = await endDependents(platform, dataset);
    if (left !== undefined) return deleting(left, LOOK_AGAIN_MS);
    if (abandoned) tellLeftBehind(dataset, leftOf(dataset), context);
    await context.write.removeFinalizer(datasetKind, dataset, FINALIZER);
    platform.withdrawals.forget(ending);
    return undefined;
  };
  const step = (name: string, without: string) => ({ object: dataset, ending, step: name, without });
  /** Undefined where AWS keeps it for good. */
  const removed = async (from: Environment): Promise<DatasetStack | undefined> =>
    await unlessRefused(
      platform,
      step('stack', `stack ${status.stack?.name} or what it made stays in account ${from.spec.account.id}`),
      context,
      async () => removeDataset(platform, { dataset, environment: from, aws }, context),
    );
  if (abandoned || environment === undefined || status.bucket === undefined) {
    if (!abandoned && environment !== undefined && status.stack !== undefined) {
      const stack = await removed(environment);
      if (stack !== undefined && stack.state !== 'Deleted') return stackEnding(stack);
    }
    return await leave();
  }
  if (aws === undefined) return deleting('waits for the environment to be reachable');
  const users = platform.specs.sharesOfDataset(metadata.namespace, metadata.name).filter(givesAccess);
  if (users.length > 0)
    return deleting(
      `takes access from ${users.length} shares: ${users
        .slice(0, 3)
        .map((share) => `${share.metadata.namespace}/${share.metadata.name}`)
        .join(', ')}`,
    );
  const coordinates = knownCoordinates(status);
  const since = platform.withdrawals.since(ending);
  const open =
    coordinates === undefined
      ? []
      : documentsOf(coordinates).filter((document) => !platform.outcomes.isCleanSince(document, since));
  for (const document of open.filter((one) => platform.withdrawals.mustAsk(ending, one, context.now())))
    platform.enqueue(documentController, formatDocumentKey(document), { priority: Priority.revocation });
  const refused = open.filter((document) => isRefused(platform, ending, document, context.now()));
  if (open.length > refused.length) {
    const obstacle = platform.outcomes.failureAmong(open)?.message;
    const what = `removes its statements and grants: ${open.map(({ kind }) => kind).join(', ')}`;
    return deleting(obstacle === undefined ? what : `${what}; ${obstacle}`);
  }
  const tellLeft = (left: readonly NotRestored[]): void =>
    tellNotRestored(platform, { object: dataset, ending }, left, context);
  tellLeft(
    refused.map((document) => ({
      what: `${formatDocumentKey(document)} stays as it is`,
      why: refusalOf(platform, document),
    })),
  );
  tellLeft((await lastOfKey(dataset, aws)).map((what) => ({ what })));
  if (coordinates !== undefined && status.before !== undefined) {
    const without = `what was there before it is not put back in database ${coordinates.glueDatabase}`;
    const left = await unlessRefused(platform, step('restoration', without), context, async () =>
      restored(platform, dataset, environment, aws, coordinates, context),
    );
    if (left === 'OnTheWay') return deleting('waits for the rights to put back what was there before it', 2_000);
    tellLeft((left ?? []).map((what) => ({ what })));
  }
  const stack = await removed(environment);
  return stack === undefined || stack.state === 'Deleted' ? await leave() : stackEnding(stack);
};

const endingOf = (uid: string): string => `dataset ${uid}`;

/** Where something of it may be. */
const leftOf = ({ status }: Dataset): readonly string[] => {
  const coordinates = knownCoordinates(status);
  return [
    ...(coordinates === undefined ? [] : documentsOf(coordinates).map(formatDocumentKey)),
    ...(status.stack === undefined ? [] : [`stack ${status.stack.name}`]),
  ];
};
