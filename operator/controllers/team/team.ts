// Team: the role and workgroup of an invited group, made by a stack of its own or, for a role it brings, given as policies.
import { decide } from '../../access/desired-state.ts';
import { grantsOf } from '../../access/consent.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';
import { mergeConditions, readyConditions, type ConditionInput } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import {
  done,
  Priority,
  requeueAfter,
  transient,
  type ControllerDefinition,
  type ReconcileContext,
  type Request,
  type Result,
  type SourceEvent,
} from '../../kernel/runtime/reconciler.ts';
import { annotations, FINALIZER } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { isTerminal } from '../../resources/reasons.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind, type Team, type TeamStatus } from '../../resources/team.ts';
import { stackOutputs } from '../../stacks/stack-props.ts';
import { faultReason } from '../reconcile/fault-reason.ts';
import { isServing } from '../environment/gates.ts';
import { idOf, idTaken, principalKinds, whenIdIsFree } from '../reconcile/object-id.ts';
import { aboutOf, countOnly, LastLooks, ownChange } from '../reconcile/observation-cache.ts';
import { workOn } from '../reconcile/object-work.ts';
import { leftOutCondition } from '../reconcile/owned-data.ts';
import type { Platform } from '../reconcile/platform.ts';
import { principalRefused, whenPrincipalIsFree } from '../reconcile/principal-claims.ts';
import { source } from '../reconcile/watch.ts';
import { advanceTeamStack, takeRights } from './deploy-stack.ts';
import { endTeam, type TeamFinding } from './finalize.ts';
import { isInvited, policyNames, teamLeftOut, teamProps, teamTags } from './stack-props.ts';
import { usageOf } from '../reconcile/usage.ts';
import { byEnvironment } from '../reconcile/concurrency.ts';

export const teamController = 'team';

type Reason = TeamFinding['outcome']['reason'];

/** A re-created role is seen by event within seconds where events arrive, and by this at the latest. */
const LOOK_AGAIN_MS = 30 * 60_000;

export const defineTeamController = (platform: Platform): ControllerDefinition => {
  const { specs, stores } = platform;
  const looks = new LastLooks<Partial<TeamStatus>>();

  const reconcile = async (key: string, context: ReconcileContext): Promise<Result> => {
    const [namespace = '', name = ''] = key.split('/');
    const team = stores.get(teamKind).get(namespace, name);
    if (team === undefined) {
      looks.forget(key);
      return done;
    }
    const finding = await workOn(teamKind, team, context, async () => {
      try {
        return await examine(team, context);
      } catch (error) {
        return faulted(error);
      }
    });
    if (finding === undefined) return done;
    await write(team, finding, context);
    return finding.result;
  };

  const examine = async (team: Stored<Team>, context: ReconcileContext): Promise<TeamFinding | undefined> => {
    const { namespace } = team.metadata;
    const environment = specs.environment(namespace);
    const aws = environment && platform.accountOf(environment);
    if (team.metadata.deletionTimestamp !== undefined) return await endTeam(platform, team, environment, context);
    const held = hold(team, environment, aws);
    if (held !== undefined) return await takeRights(platform, team, environment, held, context);
    if (environment === undefined || aws === undefined) return undefined;
    await context.write.addFinalizer(teamKind, team, FINALIZER);
    return await deploy(team, environment, aws, context);
  };

  /** What keeps its stack from being brought up to date. */
  const hold = (
    team: Stored<Team>,
    environment: Environment | undefined,
    aws: AccountAws | undefined,
  ): TeamFinding | undefined => {
    const { namespace } = team.metadata;
    const taken = idTaken(stores, principalKinds, team);
    if (taken !== undefined) return waiting('IdTaken', taken);
    if (environment === undefined)
      return waiting('EnvironmentNotFound', `namespace ${namespace} belongs to no Environment`);
    const refusal = refuse(team, environment);
    if (refusal !== undefined) return refusal;
    if (aws === undefined || !isServing(environment))
      return waiting('EnvironmentNotReady', `environment ${namespace} is not ready: see its conditions`);
    return team.spec.suspend === true ? waiting('Suspended', 'spec.suspend is true') : undefined;
  };

  /** What no account needs to be asked for. */
  const refuse = (team: Stored<Team>, environment: Environment): TeamFinding | undefined => {
    const { metadata, spec } = team;
    if (!isInvited(platform, environment, spec.group))
      return waiting(
        'NotInvited',
        `${spec.group} is neither owner nor team of Organization ${environment.spec.organization}: add it to spec.teams there, or delete this Team; a role made for it stays till then, without what it owned or was given`,
      );
    if (spec.group === environment.spec.owner)
      return waiting('GroupTaken', `${spec.group} owns this environment and has its role already: delete this Team`);
    const first = specs.teamOfGroup(metadata.namespace, spec.group);
    if (first !== undefined && first.metadata.uid !== metadata.uid)
      return waiting(
        'GroupTaken',
        `Team ${first.metadata.name} has group ${spec.group} already: delete one of the two`,
      );
    const refused = spec.roleArn === undefined ? undefined : principalRefused(specs, spec.roleArn, team);
    return refused && waiting(refused.reason, refused.message);
  };

  const deploy = async (
    team: Stored<Team>,
    environment: Environment,
    aws: AccountAws,
    context: ReconcileContext,
  ): Promise<TeamFinding> => {
    const id = idOf(team);
    await context.write.annotate(teamKind, team, { [annotations.id]: id });
    const props = teamProps(platform, team, environment);
    const tags = teamTags(platform, team, environment, id);
    const key = `${team.metadata.namespace}/${team.metadata.name}`;
    const about = aboutOf(team, props, tags);
    const known = looks.recall(key, about, context);
    if (known !== undefined) return inPlace(known.answer, known.goodForMs);
    const brought = team.spec.roleArn;
    if (brought !== undefined && (await aws.iam.principal(brought)) === undefined)
      return waiting('RoleNotFound', `role ${brought} does not exist: create it`, { id });
    const { progress, status: rights } = await advanceTeamStack(platform, team, environment, 'All', context);
    if (progress.state === 'Failed')
      return {
        outcome: { type: 'Stalled', reason: 'StackFailed', message: progress.message },
        status: { id, ...rights },
        result: requeueAfter(progress.requeueMs ?? LOOK_AGAIN_MS),
      };
    if (progress.state !== 'Deployed')
      return {
        outcome: { type: 'Reconciling', reason: 'Progressing', message: progress.message },
        status: { id, ...rights },
        result: requeueAfter(progress.requeueMs ?? 1_000),
      };
    const roleArn = brought ?? progress.outputs[stackOutputs.roleArn] ?? '';
    const role = await aws.iam.principal(roleArn);
    if (role === undefined)
      return waiting('RoleNotFound', `role ${roleArn} does not exist: request a reconcile`, { id });
    const status = {
      id,
      roleArn,
      roleId: role.id,
      workgroup: props.team.workgroup,
      policies: policyNames(props),
      ...rights,
    };
    const ms = LOOK_AGAIN_MS * (1 - platform.random() / 10);
    looks.remember(key, about, status, context.now() + ms);
    return inPlace(status, ms);
  };

  const write = async (team: Stored<Team>, finding: TeamFinding, context: ReconcileContext): Promise<void> => {
    const { metadata, status } = team;
    await context.write.status(teamKind, team, {
      observedGeneration: metadata.generation,
      // The last role that was seen stays while AWS cannot be asked: forgetting it would end access for nothing.
      ...Object.fromEntries(kept.map((field) => [field, finding.status[field] ?? status[field]])),
      ...(finding.outcome.reason === 'IdTaken' && { id: undefined }),
      ...usageOf(users(team, context.now())),
      conditions: mergeConditions(
        status.conditions,
        [...readyConditions(finding.outcome), ...leftOut(team)],
        metadata.generation,
        context.now(),
      ),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? status.lastHandledAt,
    });
  };

  const leftOut = (team: Team): ConditionInput[] => {
    const environment = specs.environment(team.metadata.namespace);
    return environment === undefined || team.status.roleArn === undefined
      ? []
      : leftOutCondition([{ whose: 'its role', datasets: teamLeftOut(platform, team, environment) }]);
  };

  const users = ({ metadata, spec }: Team, now: number): readonly string[] => {
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
    const shares = specs
      .sharesOfPrincipal(namespace, 'Team', name)
      .filter((share) => grantsOf(decide(specs, share, now)).length > 0);
    return [...owned, ...shares].map((object) => `${object.kind} ${namespace}/${object.metadata.name}`);
  };

  const teamsOf = (namespace: string, group?: string): readonly Request[] =>
    stores
      .get(teamKind)
      .list(namespace)
      .filter(({ spec }) => group === undefined || spec.group === group)
      .map(({ metadata }) => teamCalled(namespace, metadata.name));

  return {
    name: teamController,
    sources: [
      source(teamKind, (team, old, event) => [
        { key: `${team.metadata.namespace}/${team.metadata.name}`, ...ownChange(team, old, event) },
        // The next one of the same group may count now.
        ...(event === 'deleted' ? teamsOf(team.metadata.namespace, team.spec.group) : []),
      ]),
      ...whenIdIsFree(stores, teamKind, principalKinds),
      ...whenPrincipalIsFree(specs, 'Team'),
      source(environmentKind, (environment, old) =>
        old !== undefined &&
        isServing(old) === isServing(environment) &&
        JSON.stringify(old.spec) === JSON.stringify(environment.spec)
          ? []
          : teamsOf(environment.metadata.name),
      ),
      source(organizationKind, ({ metadata }) =>
        stores
          .get(environmentKind)
          .list()
          .filter(({ spec }) => spec.organization === metadata.name)
          .flatMap((environment) => teamsOf(environment.metadata.name)),
      ),
      source(datasetKind, ({ metadata, spec }, old, event) => [
        // Its parts are rights in the stack, which is looked at if they are others.
        ...counting(teamsOf(metadata.namespace, spec.owner), event),
        // What the role of the former owner may do with the data is in its stack.
        ...(old === undefined || old.spec.owner === spec.owner
          ? []
          : teamsOf(metadata.namespace, old.spec.owner).map(({ key }) => ({ key, priority: Priority.revocation }))),
      ]),
      source(consumptionRoleKind, ({ metadata, spec }, _old, event) =>
        counting(teamsOf(metadata.namespace, spec.owner), event),
      ),
      source(shareRequestKind, ({ metadata, spec: { principal } }, _old, event) =>
        principal.kind === 'Team' ? counting([teamCalled(metadata.namespace, principal.name)], event) : [],
      ),
      source(shareApprovalKind, ({ spec: { requestRef, principal } }, _old, event) =>
        principal.kind === 'Team' ? counting([teamCalled(requestRef.namespace, principal.name)], event) : [],
      ),
    ],
    ...byEnvironment,
    reconcile,
  };
};

/** Many changes at once are one new status. */
const teamCalled = (namespace: string, name: string): Request => ({ key: `${namespace}/${name}`, after: 500 });

/** News of who uses a team, or what it has. */
const counting = (teams: readonly Request[], event: SourceEvent): readonly Request[] =>
  teams.map((team) => ({ ...team, ...countOnly(event) }));

const inPlace = (status: Partial<TeamStatus>, goodForMs: number): TeamFinding => ({
  outcome: { type: 'Ready', reason: 'Succeeded', message: '' },
  status,
  result: requeueAfter(goodForMs, Priority.backlog),
});

const kept = [
  'id',
  'roleArn',
  'roleId',
  'workgroup',
  'policies',
  'datasets',
  'mayQuery',
] as const satisfies readonly (keyof TeamStatus)[];

/** About the role that a team brings: what is in AWS, or in any environment of its account. */
const lookAgainAt: readonly Reason[] = ['RoleNotFound', 'PrincipalTaken', 'PrincipalForbidden'];

/** Sources wake it when what it waits for is in the cluster; for the rest it looks again. */
const waiting = (reason: Reason, message: string, status: Partial<TeamStatus> = {}): TeamFinding => ({
  outcome: { type: isTerminal(reason) ? 'Stalled' : 'Waiting', reason, message },
  status,
  result: lookAgainAt.includes(reason) ? requeueAfter(60_000) : done,
});

const faulted = (error: unknown): TeamFinding => {
  if (!isFault(error)) throw error;
  const fault = faultReason(error);
  const reason: Reason = fault === 'PivotRoleUnreachable' ? 'EnvironmentNotReady' : fault;
  return {
    outcome: { type: 'Reconciling', reason, message: `${error.message}. ${error.advice}` },
    status: {},
    result: transient(reason, error.message),
  };
};
