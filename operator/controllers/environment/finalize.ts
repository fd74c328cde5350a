// The end of an environment: what is in it first, then our administrator, its stack, its claim, its namespace.
import { formatDocumentKey } from '../../access/document-key.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { KubeObject } from '../../kernel/kind.ts';
import type { Kind, Stored } from '../../kernel/kind.ts';
import { Priority, requeueAfter, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { annotations } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import type { Environment, EnvironmentStatus } from '../../resources/environment.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { isAbandoned } from '../reconcile/abandon.ts';
import { documentController } from '../aws-document/controller-names.ts';
import { releaseAccount } from './account-claim.ts';
import { pivotModeOf } from './account-link.ts';
import { advanceStack } from './deploy-stack.ts';
import { deploySession, environmentTags, executionRoleArn } from './stack-props.ts';
import { lakeSettingsOf } from './lake-administrator.ts';
import type { EnvironmentOutcome } from './phases.ts';
import { leaveNamespace } from './namespace.ts';
import { hasTooMuch } from '../reconcile/owned-data.ts';
import type { Platform } from '../reconcile/platform.ts';
import { isRefused, recordNotRestored, refusalOf, unlessRefused } from '../reconcile/refusals.ts';
import { endingOf } from '../reconcile/removals.ts';

/** What must be gone before an environment can go, in the order in which to remove it. */
const inside: readonly Kind[] = [shareRequestKind, shareApprovalKind, datasetKind, consumptionRoleKind, teamKind];
const shown = 5;

/** One step towards the end; undefined once nothing is left. @throws AwsFault */
export const finalizeEnvironment = async (
  platform: Platform,
  environment: Stored<Environment>,
  context: ReconcileContext,
): Promise<EnvironmentOutcome | undefined> => {
  const { metadata } = environment;
  if (isAbandoned(environment)) {
    context.event(environment, {
      type: 'Warning',
      reason: 'Abandoned',
      note: `left behind in account ${environment.spec.account.id}: ${leftBehind(environment)}`,
    });
  } else {
    const objects = inside.flatMap((kind) => namesOf(platform, kind, metadata.name));
    if (objects.length > 0) return deleting('InUse', `remove first: ${objects.slice(0, shown).join(', ')}`, 15_000);
    const stays = `stack ${environment.status.stack?.name} stays in account ${environment.spec.account.id}`;
    const stackGoes = await unlessRefused(
      platform,
      { object: environment, step: 'look at the stack', without: stays },
      context,
      async () => isStackGoing(platform, environment),
    );
    const unfinished =
      (await rightsGo(platform, environment, context, stays)) ??
      (stackGoes === true ? undefined : giveUpAdministrator(platform, environment, context)) ??
      (stackGoes === undefined ? undefined : await removeStack(platform, environment, context, stackGoes));
    if (unfinished !== undefined) return unfinished;
  }
  // Another environment may take over the account at once, with a role of the same name.
  if (environment.status.pivotRole !== undefined) platform.aws.forget(environment.status.pivotRole.arn);
  await releaseAccount(platform.api, platform.config.namespace, environment);
  await leaveNamespace(platform.api, environment, context);
  return undefined;
};

const deleting = (
  reason: 'InUse' | 'Deleting' | 'StackFailed',
  message: string,
  ms: number,
  status: Partial<EnvironmentStatus> = {},
): EnvironmentOutcome => ({
  type: reason === 'InUse' ? 'Waiting' : 'Reconciling',
  reason,
  message,
  stoppedAt: 'before',
  status,
  result: requeueAfter(ms),
});

/** A stack that stays gives its owner's role no right to data: the next owner of that may be another group. */
const rightsGo = async (
  platform: Platform,
  environment: Stored<Environment>,
  context: ReconcileContext,
  stays: string,
): Promise<EnvironmentOutcome | undefined> => {
  const { spec, status } = environment;
  const { id, externalId, stack } = status;
  if (spec.deletionPolicy !== 'Retain' || id === undefined || externalId === undefined) return undefined;
  if (stack === undefined || !hasTooMuch(status, [])) return undefined;
  const { cloudFormation } = deploySession(platform, environment);
  const own = { name: stack.name, tags: environmentTags(platform, environment, id) };
  const advanced = await unlessRefused(
    platform,
    {
      object: environment,
      step: 'rights',
      without: `${stays}, and its owner's role may work with what the group owned`,
    },
    context,
    async () =>
      (await platform.stacks.deployer.stands(cloudFormation, own))
        ? await advanceStack(
            platform,
            { environment, context, id, externalId, status: {} },
            await platform.aws.hub().sts.identity(),
            'None',
          )
        : undefined,
  );
  if (advanced?.outcome === undefined) return undefined;
  const { outcome, status: known } = advanced;
  const message = `its owner's role loses what the group owned: ${outcome.message}`;
  const reason = outcome.reason === 'StackFailed' ? 'StackFailed' : 'Deleting';
  return { ...deleting(reason, message, 1_000, known), result: outcome.result };
};

/**
 * Once the stack goes, the pivot role that it made may be gone with it; its deletion began only after a read had shown that it is no
 * administrator. A role that the account brought is there whatever becomes of the stack, and gives up the office itself. The status alone does not tell: an operator may have ended between the deletion and the status that tells of it.
 */
const isStackGoing = async (platform: Platform, environment: Environment): Promise<boolean> => {
  const { spec, status } = environment;
  if (status.stack === undefined || spec.deletionPolicy === 'Retain') return false;
  if (pivotModeOf(platform.config, environment) !== 'Managed') return false;
  const { cloudFormation } = deploySession(platform, environment);
  return await platform.stacks.deployer.isDeleting(cloudFormation, status.stack.name);
};

/** The pivot role ceases to be data lake administrator while it still can say so itself. */
const giveUpAdministrator = (
  platform: Platform,
  environment: Stored<Environment>,
  context: ReconcileContext,
): EnvironmentOutcome | undefined => {
  const { accountOf, observed, removals, enqueue } = platform;
  if (accountOf(environment) === undefined) return undefined;
  const key = lakeSettingsOf(environment);
  const ending = endingOf(environment);
  if (observed.isCleanSince(key, removals.since(ending))) return undefined;
  if (removals.mustEnqueue(ending, key, context.now()))
    enqueue(documentController, formatDocumentKey(key), { priority: Priority.revocation });
  if (isRefused(platform, environment, key, context.now())) {
    const { arn } = environment.status.pivotRole ?? {};
    const what = `${arn} stays a data lake administrator of account ${key.account} in ${key.region}: remove it there, for Lake Formation takes no settings that list a role which is gone`;
    recordNotRestored(platform, environment, [{ what, why: refusalOf(platform, key) }], context);
    return undefined;
  }
  const failure = observed.get(key)?.failure;
  return deleting(
    'Deleting',
    failure === undefined
      ? 'the pivot role is being removed from the data lake administrators'
      : `${failure.message} If the account is closed, a platform administrator may annotate ${annotations.abandon}=${environment.metadata.uid}`,
    failure === undefined ? 1_000 : 15_000,
  );
};

const removeStack = async (
  platform: Platform,
  environment: Stored<Environment>,
  context: ReconcileContext,
  stackGoes: boolean,
): Promise<EnvironmentOutcome | undefined> => {
  const { spec, status } = environment;
  if (status.stack === undefined || status.id === undefined || spec.deletionPolicy === 'Retain') return undefined;
  const aws = platform.accountOf(environment);
  const { name } = status.stack;
  const unwanted = {
    name,
    tags: environmentTags(platform, environment, status.id),
    roleArn: executionRoleArn(platform, environment),
  };
  const place = { object: environment };
  // Buckets first: the role that may delete them can be one of the stack's.
  if (aws !== undefined && !stackGoes)
    await unlessRefused(
      platform,
      { ...place, step: 'buckets', without: `buckets of the environment stay in account ${spec.account.id}` },
      context,
      async () => removeBuckets(aws, environment, spec.deletionPolicy === 'DeleteWithData'),
    );
  const progress = await unlessRefused(
    platform,
    { ...place, step: 'stack', without: `stack ${name} stays in account ${spec.account.id}` },
    context,
    async () =>
      platform.stacks.deployer.remove(deploySession(platform, environment).cloudFormation, unwanted, status.stack),
  );
  if (progress === undefined) return undefined;
  for (const event of progress.news) context.event(environment, event);
  if (progress.state === 'Deleted') return undefined;
  const reason = progress.state === 'Failed' ? 'StackFailed' : 'Deleting';
  return deleting(reason, progress.message, progress.requeueMs ?? 1_000, { stack: progress.status });
};

/** With Delete, a bucket that holds anything stays. */
const removeBuckets = async (aws: AccountAws, { status }: Environment, withData: boolean): Promise<void> => {
  for (const bucket of [status.buckets?.environment, status.buckets?.logs]) {
    if (bucket === undefined || (await aws.s3.bucketRegion(bucket)) === undefined) continue;
    if (withData) await aws.s3.deleteObjects(bucket);
    else if (await aws.s3.prefixExists(bucket, '')) continue;
    await aws.s3.deleteBucket(bucket);
  }
};

const namesOf = <T extends KubeObject>({ stores }: Platform, kind: Kind<T>, namespace: string): readonly string[] =>
  stores
    .get(kind)
    .list(namespace)
    .map(({ metadata }) => `${kind.kind} ${metadata.name}`);

const leftBehind = ({ status }: Environment): string =>
  [
    status.stack?.name && `stack ${status.stack.name}`,
    status.pivotRole?.arn && `data lake administrator ${status.pivotRole.arn}`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(', ') || 'nothing';
