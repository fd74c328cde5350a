// Environment: a namespace, an account that nobody else has, its consent and with it the claim on it, a stack, a trusted pivot role that
// administers the data lake; in this order, each a gate before the next (phase-steps.ts).
import { timestamp, type ConditionInput, type Outcome } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { ControllerDefinition, ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { annotations, FINALIZER, isReconcileRequested } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind, type Environment, type EnvironmentStatus } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { firstRefusal } from '../../access/checks.ts';
import { onePerKey } from '../reconcile/concurrency.ts';
import { idOf } from '../reconcile/object-id.ts';
import { asReconciler, type ObjectReconciler, type StatusFields } from '../reconcile/object-reconciler.ts';
import { fingerprintOf, ObservationCache } from '../reconcile/observation-cache.ts';
import { leftOutCondition } from '../reconcile/owned-data.ts';
import type { Platform } from '../reconcile/platform.ts';
import { blocked, keepKnown, ready, type ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { toldName } from '../reconcile/told-name.ts';
import { givenShares } from '../reconcile/share-decisions.ts';
import { usageOf } from '../reconcile/usage.ts';
import { claimantsOfAccount, holderOf, ownClaim } from './account-claim.ts';
import { externalIdOf, installationKey, linkCommand } from './account-link.ts';
import { revokeFormerRights } from './deploy-stack.ts';
import { finalizeEnvironment } from './finalize.ts';
import { VERIFY_MS } from './intervals.ts';
import { LakeAdministrators } from './lake-administrator.ts';
import { lapse, lapsesAt, untilLapse } from './lapse.ts';
import { findNamespace } from './namespace.ts';
import { passPhases } from './phase-steps.ts';
import { blockedAt, phaseConditions, retryableAt, type EnvironmentOutcome, type PhaseInput } from './phases.ts';
import { preconditions } from './preconditions.ts';
import { environmentNames, environmentProps, environmentTags, rightsIn } from './stack-props.ts';
import { environmentWatches } from './watches.ts';

export const environmentController = 'environment';

export const defineEnvironmentController = (platform: Platform): ControllerDefinition => ({
  name: environmentController,
  watches: environmentWatches(platform),
  ...onePerKey,
  reconcile: asReconciler(platform, new EnvironmentReconciler(platform)),
});

class EnvironmentReconciler implements ObjectReconciler<Environment> {
  readonly kind = environmentKind;
  readonly recordsReadyEvent = true;
  readonly #platform: Platform;
  readonly #installationKey;
  readonly #hub;
  readonly #administrators: LakeAdministrators;
  readonly #observations = new ObservationCache<Partial<EnvironmentStatus>>();

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#installationKey = once(() => installationKey(platform.api, platform.config.namespace));
    this.#hub = once(() => platform.aws.hub().sts.identity());
    this.#administrators = new LakeAdministrators(platform);
  }

  async reconcile(
    environment: Stored<Environment>,
    context: ReconcileContext,
  ): Promise<ReconcileOutcome<Environment> | undefined> {
    const found = await this.#reconcileSpec(environment, context);
    const outcome = isBeforeStack(found)
      ? await revokeFormerRights(this.#platform, environment, found, this.#hub, context)
      : found;
    if (await lapse(this.#platform, environment, outcome, context)) return undefined;
    const result = untilLapse(outcome.result, this.#lapsesAt(environment, outcome), context.now());
    return { ...withConditions(environment, outcome), result };
  }

  async finalize(
    environment: Stored<Environment>,
    context: ReconcileContext,
  ): Promise<ReconcileOutcome<Environment> | undefined> {
    const outcome = await finalizeEnvironment(this.#platform, environment, context);
    return outcome && withConditions(environment, outcome);
  }

  failed(error: unknown, environment: Environment): ReconcileOutcome<Environment> {
    return withConditions(environment, retryableAt('StackDeployed', error, {}));
  }

  async #reconcileSpec(environment: Stored<Environment>, context: ReconcileContext): Promise<EnvironmentOutcome> {
    if (environment.spec.suspend === true) return blocked('Suspended', 'spec.suspend is true');
    await context.writer.addFinalizer(environmentKind, environment, FINALIZER);
    const { stores, aws, config } = this.#platform;
    const organization = stores.get(organizationKind).get(undefined, environment.spec.organization);
    const unmet = firstRefusal(preconditions, { hubRegion: config.aws.hub.region, stores, environment, organization });
    if (unmet !== undefined) return unmet;
    const input = await this.#identify(environment, organization?.status.id ?? '', context);
    if ('reason' in input) return input;
    // A session that AWS has given lasts its hour, whatever became of the role's trust: who asks to look wants to know how it is.
    if (isReconcileRequested(environment) && environment.status.pivotRole !== undefined)
      aws.forget(environment.status.pivotRole.arn);
    return (await this.#cachedOutcome(input)) ?? (await this.#pass(input));
  }

  /** Its id and external id, and what it has already. */
  async #identify(
    environment: Stored<Environment>,
    organizationId: string,
    context: ReconcileContext,
  ): Promise<PhaseInput | EnvironmentOutcome> {
    const { api, config } = this.#platform;
    const id = idOf(environment);
    await context.writer.annotate(environmentKind, environment, { [annotations.id]: id });
    const { owner, account } = environment.spec;
    const externalId = externalIdOf(await this.#installationKey(), { organizationId, owner, accountId: account.id });
    const accountClaim = await ownClaim(api, config.namespace, environment);
    const namespace = await findNamespace(api, environment, context);
    if ('reason' in namespace) return blockedAt('NamespaceReady', namespace.reason, namespace.message, { id }, 10_000);
    const known = { id, namespace: namespace.found, externalId, accountClaim };
    try {
      const status = { ...known, linkCommand: linkCommand(config, environment, externalId, await this.#hub()) };
      return { environment, context, id, externalId, status };
    } catch (error) {
      return retryableAt('Trusted', error, known);
    }
  }

  /** Undefined where AWS has to be asked. */
  async #cachedOutcome(input: PhaseInput): Promise<EnvironmentOutcome | undefined> {
    const { environment, context, status } = input;
    const known = this.#observations.get(environment.metadata.name, await this.#fingerprint(input), context);
    return known && this.#administrators.isAdministrator(environment)
      ? ready({ ...known.answer, ...status }, known.goodForMs)
      : undefined;
  }

  async #pass(input: PhaseInput): Promise<EnvironmentOutcome> {
    const { environment, context } = input;
    const platform = this.#platform;
    const passed = await passPhases({ platform, hub: this.#hub, administrators: this.#administrators }, input);
    if ('reason' in passed) return passed;
    const ms = VERIFY_MS * (1 - platform.random() / 10);
    const status = { ...passed.status, verifiedAt: verifiedAt(environment, context.now()) };
    this.#observations.set(environment.metadata.name, await this.#fingerprint(input), status, context.now() + ms);
    return ready(status, ms);
  }

  /** What the stack is made of: datasets and roles are in it. */
  async #fingerprint({ environment, id, externalId }: PhaseInput): Promise<string> {
    const platform = this.#platform;
    const names = environmentNames(platform, environment, id);
    const props = environmentProps(platform, environment, { id, externalId, names, hub: await this.#hub() });
    return fingerprintOf(environment, props, environmentTags(platform, environment, id));
  }

  async statusOf(
    environment: Stored<Environment>,
    outcome: ReconcileOutcome<Environment>,
    now: number,
  ): Promise<StatusFields<Environment>> {
    const { metadata, status } = environment;
    const end = metadata.deletionTimestamp === undefined ? this.#lapsesAt(environment, outcome) : undefined;
    return {
      ...keepKnown(kept, outcome.status, status),
      ...(outcome.reason === 'IdTaken' && { id: undefined }),
      // Whose it is otherwise is told to nobody.
      ...(status.accountClaim?.heldBy !== holderOf(environment) && { accountClaim: outcome.status.accountClaim }),
      linkBy: end === undefined ? undefined : timestamp(end),
      teams: this.#platform.stores
        .get(teamKind)
        .list(metadata.name)
        .map(({ spec }) => spec.group)
        .toSorted(),
      ...usageOf(await this.#usersOf(metadata.name, now)),
    };
  }

  #lapsesAt(environment: Environment, { status }: ReconcileOutcome<Environment>): number | undefined {
    return lapsesAt(environment, status, this.#platform.config.environments.linkWithinDays);
  }

  async #usersOf(namespace: string, now: number): Promise<readonly string[]> {
    const { specs, stores } = this.#platform;
    return [
      ...[datasetKind, teamKind, consumptionRoleKind].flatMap((kind) => stores.get<Stored>(kind).list(namespace)),
      ...(await givenShares(specs, stores.get(shareRequestKind).list(namespace), now)),
    ].map(({ kind, metadata }) => `${kind} ${namespace}/${metadata.name}`);
  }

  conditionsOf(
    environment: Stored<Environment>,
    { status: found }: ReconcileOutcome<Environment>,
  ): readonly ConditionInput[] {
    return [
      ...(environment.status.stack === undefined ? [] : this.#datasetsLeftOut(environment)),
      ...(found.accountClaim === undefined ? [] : this.#accountShared(environment)),
    ];
  }

  #datasetsLeftOut(environment: Environment): readonly ConditionInput[] {
    const names = environmentNames(this.#platform, environment, idOf(environment));
    const { owned, imports } = rightsIn(this.#platform, environment, names).leftOut;
    return leftOutCondition([
      { whose: "the owner's role", datasets: owned },
      { whose: 'the pivot role', datasets: imports },
    ]);
  }

  #accountShared(environment: Environment): readonly ConditionInput[] {
    const others = claimantsOfAccount(this.#platform, environment).map((other) =>
      toldName('Environment', other, environment),
    );
    if (others.length === 0) return [];
    const message = `also in account ${environment.spec.account.id}: ${[...new Set(others)].join(', ')}`;
    return [{ type: 'AccountShared', status: 'True', reason: 'AccountShared', message }];
  }

  adjustOutcome(environment: Environment, outcome: Outcome, now: number): Outcome {
    const { rights, objectCounts } = this.#platform;
    return objectCounts.adjustOutcome(environment, rights.adjustOutcome(environment, outcome), now);
  }

  forget(name: string): void {
    this.#administrators.forget(name);
    this.#observations.delete(name);
  }
}

/** It did not get as far as its stack, which may give its owner's role too much. */
const isBeforeStack = ({ type, stoppedAt, deployed }: EnvironmentOutcome): boolean =>
  type !== 'Ready' && stoppedAt !== 'StackDeployed' && deployed !== true;

const withConditions = (
  { status }: Environment,
  { stoppedAt, deployed, trusted, ...outcome }: EnvironmentOutcome,
): ReconcileOutcome<Environment> => ({
  ...outcome,
  conditions: phaseConditions(
    { ...outcome, ...(stoppedAt && { stoppedAt }), ...(deployed && { deployed }), ...(trusted && { trusted }) },
    status.conditions,
  ),
});

const kept = [
  'id',
  'namespace',
  'externalId',
  'linkCommand',
  'accountClaim',
  'pivotRole',
  'defaultRole',
  'buckets',
  'workgroup',
  'stack',
  'datasets',
  'queue',
  'before',
  'verifiedAt',
] as const satisfies readonly (keyof EnvironmentStatus)[];

/** Asks until there is an answer, and never again. */
const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | undefined;
  return async () => {
    try {
      return await (answer ??= ask());
    } catch (error) {
      answer = undefined;
      throw error;
    }
  };
};

/** Written on change, else at most hourly: a status is stored as a whole each time. */
const verifiedAt = ({ status }: Environment, now: number): string =>
  status.verifiedAt !== undefined && now - Date.parse(status.verifiedAt) < VERIFY_MS
    ? status.verifiedAt
    : timestamp(now);
