// The end of a team: its shares first, then its share policies, then its stack.
import { formatDocumentKey } from '../../access/document-key.ts';
import { sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import type { Stored } from '../../kernel/kind.ts';
import { Priority, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Environment } from '../../resources/environment.ts';
import type { Team } from '../../resources/team.ts';
import { isAbandoned, recordOrphansEvent, whatItAwaits } from '../reconcile/abandon.ts';
import { documentController } from '../aws-document/controller-names.ts';
import { deploySession, executionRoleArn } from '../environment/stack-props.ts';
import { idOf } from '../reconcile/object-id.ts';
import type { Platform } from '../reconcile/platform.ts';
import { deleting, type ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { isRefused, policiesGo, recordNotRestored, sharePoliciesStay, unlessRefused } from '../reconcile/refusals.ts';
import { endingOf } from '../reconcile/removals.ts';
import { mayStillGrant } from '../share/share-approval.ts';
import { advanceTeamStack } from './deploy-stack.ts';
import { teamProps, teamTags } from './stack-props.ts';

/** One step towards the end; undefined once nothing is left. @throws AwsFault */
export const finalizeTeam = async (
  platform: Platform,
  team: Stored<Team>,
  context: ReconcileContext,
): Promise<ReconcileOutcome<Team> | undefined> => {
  const environment = platform.specs.environment(team.metadata.namespace);
  if (isAbandoned(team)) {
    recordOrphansEvent(team, leftOf(platform, team, environment), context);
    return undefined;
  }
  if (environment === undefined) return undefined;
  const awaited =
    sharesAwaited(platform, team) ??
    policiesAwaited(platform, team, context) ??
    (await stackAwaited(platform, team, environment, context));
  return awaited && deleting(whatItAwaits(team, awaited.message), awaited.ms);
};

/** What the end waits for, and how many milliseconds until the next look. */
interface Awaited {
  readonly message: string;
  readonly ms?: number | undefined;
}

const sharesAwaited = ({ specs }: Platform, { metadata }: Stored<Team>): Awaited | undefined => {
  const users = specs.sharesOfPrincipal(metadata.namespace, 'Team', metadata.name).filter(mayStillGrant);
  const names = users.slice(0, 3).map((share) => share.metadata.name);
  return users.length === 0 ? undefined : { message: `its shares end first: ${names.join(', ')}` };
};

const policiesAwaited = (platform: Platform, team: Stored<Team>, context: ReconcileContext): Awaited | undefined => {
  const { observed, removals, enqueue } = platform;
  if (team.status.roleArn === undefined) return undefined;
  const document = sharePoliciesKeyOf(team.status.roleArn);
  const ending = endingOf(team);
  if (observed.isCleanSince(document, removals.since(ending))) return undefined;
  if (removals.mustEnqueue(ending, document, context.now()))
    enqueue(documentController, formatDocumentKey(document), { priority: Priority.revocation });
  if (!isRefused(platform, team, document, context.now())) return { message: policiesGo(platform, document) };
  recordNotRestored(platform, team, [sharePoliciesStay(platform, document)], context);
  return undefined;
};

const stackAwaited = async (
  platform: Platform,
  team: Stored<Team>,
  environment: Environment,
  context: ReconcileContext,
): Promise<Awaited | undefined> => {
  const { deletionPolicy, account } = environment.spec;
  const unwanted = {
    name: teamProps(platform, team, environment).stackName,
    tags: teamTags(platform, team, environment, idOf(team)),
    roleArn: executionRoleArn(platform, environment),
  };
  const { cloudFormation } = deploySession(platform, environment);
  const stays = `stack ${unwanted.name} stays in account ${account.id}`;
  const progress =
    deletionPolicy === 'Retain'
      ? undefined
      : await unlessRefused(platform, { object: team, step: 'stack', without: stays }, context, async () =>
          platform.stacks.deployer.remove(cloudFormation, unwanted, undefined),
        );
  for (const event of progress?.news ?? []) context.event(team, event);
  if (progress?.state === 'Deleted') return undefined;
  if (progress !== undefined) return { message: progress.message, ms: progress.requeueMs };
  // What stays is to give nobody a right to data: its next owner may be another group.
  return await unlessRefused(
    platform,
    {
      object: team,
      step: 'rights',
      without: `${stays}, and its role may work with what the group owned`,
    },
    context,
    async () =>
      (await platform.stacks.deployer.stands(cloudFormation, unwanted))
        ? await rightsAwaited(platform, team, environment, context)
        : undefined,
  );
};

/** Undefined once the stack is read to give no right to data. A role that is gone has none, and its stack cannot be updated. */
const rightsAwaited = async (
  platform: Platform,
  team: Stored<Team>,
  environment: Environment,
  context: ReconcileContext,
): Promise<Awaited | undefined> => {
  const { progress } = await advanceTeamStack(platform, team, environment, 'None', context);
  if (progress.state === 'Deployed') return undefined;
  const iam = progress.state === 'Failed' ? platform.accountOf(environment)?.iam : undefined;
  if (iam && team.status.roleArn && (await iam.principal(team.status.roleArn)) === undefined) return undefined;
  return { message: `its role loses what its group owned: ${progress.message}`, ms: progress.requeueMs };
};

/** Where something of it may be. */
const leftOf = (platform: Platform, team: Stored<Team>, environment: Environment | undefined): readonly string[] => [
  ...(team.status.roleArn === undefined ? [] : [formatDocumentKey(sharePoliciesKeyOf(team.status.roleArn))]),
  ...(environment === undefined ? [] : [`stack ${teamProps(platform, team, environment).stackName}`]),
];
