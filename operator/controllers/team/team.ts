// Team: the role and workgroup of an invited group, made by a stack of its own or, for a role it brings, given as policies.
import type { ConditionInput } from '../../kernel/conditions.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import type { ControllerDefinition, ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { annotations, FINALIZER } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { teamKind, type Team, type TeamStatus } from '../../resources/team.ts';
import { stackOutputs } from '../../stacks/stack-props.ts';
import { perEnvironment } from '../reconcile/concurrency.ts';
import { idOf } from '../reconcile/object-id.ts';
import { asReconciler, type ObjectReconciler, type StatusFields } from '../reconcile/object-reconciler.ts';
import { fingerprintOf, ObservationCache } from '../reconcile/observation-cache.ts';
import { leftOutCondition } from '../reconcile/owned-data.ts';
import type { Platform } from '../reconcile/platform.ts';
import {
  blocked,
  keepKnown,
  progressing,
  ready,
  retryable,
  type ReconcileOutcome,
} from '../reconcile/reconcile-outcome.ts';
import { givenShares } from '../reconcile/share-decisions.ts';
import { usageOf } from '../reconcile/usage.ts';
import { LOOK_FOR_ROLE_MS, teamPlace, type TeamPlace } from './blockers.ts';
import { advanceTeamStack, revokeFormerRights } from './deploy-stack.ts';
import { finalizeTeam } from './finalize.ts';
import { policyNames, teamLeftOut, teamProps, teamTags } from './stack-props.ts';
import { teamWatches } from './watches.ts';

export const teamController = 'team';

/** A re-created role is seen by event within seconds where events arrive, and by this at the latest. */
const LOOK_AGAIN_MS = 30 * 60_000;

export const defineTeamController = (platform: Platform): ControllerDefinition => ({
  name: teamController,
  watches: teamWatches(platform),
  ...perEnvironment,
  reconcile: asReconciler(platform, new TeamReconciler(platform)),
});

type TeamOutcome = ReconcileOutcome<Team>;

class TeamReconciler implements ObjectReconciler<Team> {
  readonly kind = teamKind;
  readonly #platform: Platform;
  readonly #observations = new ObservationCache<Partial<TeamStatus>>();

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  async reconcile(team: Stored<Team>, context: ReconcileContext): Promise<TeamOutcome> {
    const place = teamPlace(this.#platform, team);
    if ('reason' in place) return await revokeFormerRights(this.#platform, team, place, context);
    await context.writer.addFinalizer(teamKind, team, FINALIZER);
    await context.writer.annotate(teamKind, team, { [annotations.id]: idOf(team) });
    const key = objectKey(team.metadata);
    const fingerprint = this.#fingerprint(team, place);
    const known = this.#observations.get(key, fingerprint, context);
    if (known !== undefined) return ready(known.answer, known.goodForMs);
    const outcome = (await this.#broughtRoleMissing(team, place)) ?? (await this.#reconcileStack(team, place, context));
    if (outcome.type !== 'Ready') return outcome;
    const ms = LOOK_AGAIN_MS * (1 - this.#platform.random() / 10);
    this.#observations.set(key, fingerprint, outcome.status, context.now() + ms);
    return ready(outcome.status, ms);
  }

  async finalize(team: Stored<Team>, context: ReconcileContext): Promise<TeamOutcome | undefined> {
    return await finalizeTeam(this.#platform, team, context);
  }

  failed(error: unknown): TeamOutcome {
    return retryable(error, (reason) => (reason === 'PivotRoleUnreachable' ? 'EnvironmentNotReady' : reason));
  }

  #fingerprint(team: Stored<Team>, { environment }: TeamPlace): string {
    const props = teamProps(this.#platform, team, environment);
    return fingerprintOf(team, props, teamTags(this.#platform, team, environment, idOf(team)));
  }

  async #broughtRoleMissing(team: Team, { aws }: TeamPlace): Promise<TeamOutcome | undefined> {
    const { roleArn } = team.spec;
    if (roleArn === undefined || (await aws.iam.principal(roleArn)) !== undefined) return undefined;
    return roleNotFound(team, `role ${roleArn} does not exist: create it`);
  }

  /** One step towards the stack, and once it stands the role that it made or was given. */
  async #reconcileStack(
    team: Stored<Team>,
    { environment, aws }: TeamPlace,
    context: ReconcileContext,
  ): Promise<TeamOutcome> {
    const { progress, props, status } = await advanceTeamStack(this.#platform, team, environment, 'All', context);
    const known = { id: idOf(team), ...status };
    if (progress.state === 'Failed')
      return blocked('StackFailed', progress.message, {
        status: known,
        lookAgainMs: progress.requeueMs ?? LOOK_AGAIN_MS,
      });
    if (progress.state !== 'Deployed') return progressing(progress.message, known, progress.requeueMs ?? 1_000);
    const roleArn = team.spec.roleArn ?? progress.outputs[stackOutputs.roleArn] ?? '';
    const role = await aws.iam.principal(roleArn);
    if (role === undefined) return roleNotFound(team, `role ${roleArn} does not exist: request a reconcile`);
    const { workgroup } = props.team;
    return ready({ ...known, roleArn, roleId: role.id, workgroup, policies: policyNames(props) }, LOOK_AGAIN_MS);
  }

  async statusOf(team: Stored<Team>, { reason, status: found }: TeamOutcome, now: number): Promise<StatusFields<Team>> {
    return {
      // The last role that was seen stays, too: forgetting it would end access for nothing.
      ...keepKnown(kept, found, team.status),
      ...(reason === 'IdTaken' && { id: undefined }),
      ...usageOf(await this.#usersOf(team, now)),
    };
  }

  conditionsOf(team: Stored<Team>): readonly ConditionInput[] {
    const environment = this.#platform.specs.environment(team.metadata.namespace);
    if (environment === undefined || team.status.roleArn === undefined) return [];
    return leftOutCondition([{ whose: 'its role', datasets: teamLeftOut(this.#platform, team, environment) }]);
  }

  async #usersOf({ metadata, spec }: Team, now: number): Promise<readonly string[]> {
    const { specs, stores } = this.#platform;
    const { namespace, name } = metadata;
    // Of a group that has the environment's own role, or another Team, nothing hangs on this one.
    const counts =
      specs.environment(namespace)?.spec.owner !== spec.group &&
      specs.teamOfGroup(namespace, spec.group)?.metadata.name === name;
    const owned = counts
      ? [...stores.get(datasetKind).list(namespace), ...stores.get(consumptionRoleKind).list(namespace)].filter(
          (object) => object.spec.owner === spec.group,
        )
      : [];
    const shares = await givenShares(specs, specs.sharesOfPrincipal(namespace, 'Team', name), now);
    return [...owned, ...shares].map((object) => `${object.kind} ${objectKey(object.metadata)}`);
  }

  forget(key: string): void {
    this.#observations.delete(key);
  }
}

const kept = [
  'id',
  'roleArn',
  'roleId',
  'workgroup',
  'policies',
  'datasets',
  'mayQuery',
] as const satisfies readonly (keyof TeamStatus)[];

const roleNotFound = (team: Team, message: string): TeamOutcome =>
  blocked('RoleNotFound', message, { status: { id: idOf(team) }, lookAgainMs: LOOK_FOR_ROLE_MS });
