// Brings the stack of a team one step further; also that of a team which waits for something, as far as that takes rights away.
import { isFault } from '../../aws/fault.ts';
import type { Stored } from '../../kernel/kind.ts';
import { requeueAfter, transient, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { requestedAtOf } from '../../resources/annotations.ts';
import type { Environment } from '../../resources/environment.ts';
import type { Team, TeamStatus } from '../../resources/team.ts';
import type { StackProgress } from '../../stacks/stack-deployer.ts';
import type { TeamStackProps } from '../../stacks/stack-props.ts';
import { deploySession, executionRoleArn } from '../environment/stack-props.ts';
import { idOf } from '../reconcile/object-id.ts';
import { eitherOf, hasTooMuch, type Extent } from '../reconcile/owned-data.ts';
import { faultReason } from '../reconcile/fault-reason.ts';
import type { Platform } from '../reconcile/platform.ts';
import type { ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { mayQuery, teamDatasets, teamProps, teamTags } from './stack-props.ts';

export interface TeamProgress {
  readonly progress: StackProgress;
  readonly props: TeamStackProps;
  /** What the role may have rights to from now on. */
  readonly status: Pick<TeamStatus, 'datasets' | 'mayQuery'>;
}

/** One step towards the stack that gives so much. @throws AwsFault */
export const advanceTeamStack = async (
  platform: Platform,
  team: Stored<Team>,
  environment: Environment,
  extent: Extent,
  context: ReconcileContext,
): Promise<TeamProgress> => {
  const props = teamProps(platform, team, environment, extent);
  const progress = await platform.stacks.deployer.reconcile(
    deploySession(platform, environment).cloudFormation,
    {
      name: props.stackName,
      template: await platform.stacks.synthesizer.synthesize('team', props),
      tags: teamTags(platform, team, environment, idOf(team)),
      roleArn: executionRoleArn(platform, environment),
      attempt: requestedAtOf(team.metadata) ?? '',
    },
    undefined,
  );
  for (const event of progress.news) context.event(team, event);
  const wanted = teamDatasets(platform, team, environment, extent);
  const stands = progress.state === 'Deployed';
  const datasets = eitherOf(stands ? { datasets: [] } : team.status, wanted);
  return {
    progress,
    props,
    status: { datasets, mayQuery: props.team.mayQuery || (!stands && team.status.mayQuery !== false) },
  };
};

/**
 * For a team that waits for something: what its group does not own any more is taken from its role all the same, and nothing is added.
 * Of a stack that was never made there is nothing to take.
 */
export const revokeFormerRights = async (
  platform: Platform,
  team: Stored<Team>,
  held: ReconcileOutcome<Team>,
  context: ReconcileContext,
): Promise<ReconcileOutcome<Team>> => {
  const environment = platform.specs.environment(team.metadata.namespace);
  if (environment === undefined || team.status.roleArn === undefined) return held;
  const isCurrent =
    !hasTooMuch(team.status, teamDatasets(platform, team, environment, 'Known')) &&
    (mayQuery(team) || team.status.mayQuery === false);
  if (isCurrent) return held;
  const rightsGo = (message: string, more: Partial<ReconcileOutcome<Team>>): ReconcileOutcome<Team> => ({
    ...held,
    ...more,
    message: `${held.message}; its role loses what it is not to have any more: ${message}`,
  });
  try {
    const own = {
      name: teamProps(platform, team, environment).stackName,
      tags: teamTags(platform, team, environment, idOf(team)),
    };
    // One that somebody deleted gives nothing, and is not made anew for that.
    if (!(await platform.stacks.deployer.stands(deploySession(platform, environment).cloudFormation, own)))
      return { ...held, status: { ...held.status, datasets: [] } };
    const { progress, status: rights } = await advanceTeamStack(platform, team, environment, 'Known', context);
    const status = { ...held.status, ...rights };
    if (progress.state === 'Deployed') return { ...held, status };
    return rightsGo(progress.message, { status, result: requeueAfter(progress.requeueMs ?? 1_000) });
  } catch (error) {
    if (!isFault(error)) throw error;
    return rightsGo(`${error.message}. ${error.advice}`, { result: transient(faultReason(error), error.message) });
  }
};
