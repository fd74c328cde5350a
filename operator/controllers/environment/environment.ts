// Environment: a namespace, an account that nobody else has, its consent and with it the claim on it, a stack, a trusted pivot role that
// administers the data lake; in this order, each a gate before the next.
import { decide } from '../../access/desired-state.ts';
import { grantsOf } from '../../access/consent.ts';
import { formatDocumentKey } from '../../access/document-key.ts';
import type { AccountAws } from '../../aws/account.ts';
import { partitionOf } from '../../policy/arn.ts';
import { isFault } from '../../aws/fault.ts';
import { mergeConditions, readyConditions, timestamp, type ConditionInput } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import {
  done,
  Priority,
  requeueAfter,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import { annotations, FINALIZER } from '../../resources/annotations.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind, type Environment, type EnvironmentStatus } from '../../resources/environment.ts';
import { membersOf, organizationKind, type Organization } from '../../resources/organization.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { documentController } from '../aws-document/aws-document.ts';
import { DocumentInquiries } from '../reconcile/document-inquiries.ts';
import { claimAccount, holderOf, ownClaim, type Claim } from './account-claim.ts';
import { advanceStack, takeOwnerRights } from './deploy-stack.ts';
import { endEnvironment, lakeSettingsOf } from './finalize.ts';
import {
  faulted,
  gateConditions,
  stopped,
  underWay,
  type EnvironmentFinding,
  type Gate,
  type Passage,
} from './gates.ts';
import { lapse, lapsesAt, untilLapse } from './lapse.ts';
import { externalIdOf, installationKey, linkCommand } from './account-link.ts';
import { environmentNames, environmentProps, environmentTags, rightsIn, type EnvironmentNames } from './stack-props.ts';
import { consent, pivotSession, sameAccount, untrusted } from './account-trust.ts';
import { aboutOf, countOnly, LastLooks, ownChange } from '../reconcile/observation-cache.ts';
import { ensureNamespace, findNamespace } from './namespace.ts';
import { idOf, idTaken, whenIdIsFree } from '../reconcile/object-id.ts';
import { workOn } from '../reconcile/object-work.ts';
import { leftOutCondition } from '../reconcile/owned-data.ts';
import { quotaExceeded, whenQuotaIsFree } from '../reconcile/owner-quota.ts';
import type { Platform } from '../reconcile/platform.ts';
import { tellReady } from '../reconcile/ready-event.ts';
import { source } from '../reconcile/watch.ts';
import { toldName } from '../reconcile/told-name.ts';
import { usageOf } from '../reconcile/usage.ts';
import { oneEach } from '../reconcile/concurrency.ts';

export const environmentController = 'environment';

/** Account, trust and stack are looked at again this often without being asked. */
const VERIFY_MS = 60 * 60_000;
export const defineEnvironmentController = (platform: Platform): ControllerDefinition => {
  const { config, specs, stores, outcomes } = platform;
  const key = once(() => installationKey(platform.api, config.namespace));
  const hub = once(() => platform.aws.hub().sts.identity());
  /** By name: whose pivot role this process has seen last, and since when. */
  const pivots = new Map<string, { readonly pivot: string; readonly tick: number }>();
  const inquiries = new DocumentInquiries(outcomes);
  const looks = new LastLooks<Partial<EnvironmentStatus>>();

  const reconcile = async (name: string, context: ReconcileContext): Promise<Result> => {
    const environment = stores.get(environmentKind).get(undefined, name);
    if (environment === undefined) {
      pivots.delete(name);
      looks.forget(name);
      return done;
    }
    const finding = await workOn(environmentKind, environment, context, async () => {
      const found = await examine(environment, context);
      const isHeld = found !== undefined && found.stoppedAt !== 'StackDeployed' && found.deployed !== true;
      return isHeld && found.outcome.type !== 'Ready' && environment.metadata.deletionTimestamp === undefined
        ? await takeOwnerRights(platform, environment, found, hub, context)
        : found;
    });
    if (finding === undefined) return done;
    const isEnding = environment.metadata.deletionTimestamp !== undefined;
    if (!isEnding && (await lapse(platform, environment, finding, context))) return done;
    const end = isEnding ? undefined : lapsesAt(environment, finding.status, config.environments.linkWithinDays);
    await write(environment, finding, end, context);
    return untilLapse(finding.result, end, context.now());
  };

  const examine = async (
    environment: Stored<Environment>,
    context: ReconcileContext,
  ): Promise<EnvironmentFinding | undefined> => {
    const { metadata, spec } = environment;
    if (metadata.deletionTimestamp !== undefined) {
      try {
        return await endEnvironment(platform, environment, context);
      } catch (error) {
        return faulted('StackDeployed', error, {});
      }
    }
    if (spec.suspend === true)
      return {
        outcome: { type: 'Waiting', reason: 'Suspended', message: 'spec.suspend is true' },
        status: {},
        result: done,
      };
    await context.write.addFinalizer(environmentKind, environment, FINALIZER);
    const organization = stores.get(organizationKind).get(undefined, spec.organization);
    const refusal = refuse(environment, organization);
    if (refusal !== undefined) return refusal;
    return await enter(environment, organization?.status.id ?? '', context);
  };

  /** What no account needs to be asked for. */
  const refuse = (
    environment: Stored<Environment>,
    organization: Organization | undefined,
  ): EnvironmentFinding | undefined => {
    const { spec } = environment;
    const { region } = spec.account;
    const hubRegion = config.aws.hub.region;
    if (partitionOf(region) !== partitionOf(hubRegion))
      return stopped(
        'before',
        'OtherPartition',
        `region ${region} is in ${partitionOf(region)}, and this installation in ${partitionOf(hubRegion)}: nobody is let in from one to the other`,
        {},
        VERIFY_MS,
      );
    const exceeded = quotaExceeded(stores, environment);
    if (exceeded !== undefined) return stopped('before', 'QuotaExceeded', exceeded, {}, VERIFY_MS);
    if (organization?.status.id === undefined)
      return stopped(
        'before',
        'OrganizationNotFound',
        organization === undefined
          ? `there is no Organization ${spec.organization}: create it`
          : `Organization ${spec.organization} is not ready yet`,
        {},
        60_000,
      );
    if (!membersOf(organization).includes(spec.owner))
      return stopped(
        'before',
        'NotInvited',
        `${spec.owner} is neither owner nor team of Organization ${spec.organization}: add it to spec.teams there`,
        {},
        VERIFY_MS,
      );
    const taken = idTaken(stores, [environmentKind], environment);
    return taken === undefined ? undefined : stopped('before', 'IdTaken', taken, {}, VERIFY_MS);
  };

  const enter = async (
    environment: Stored<Environment>,
    organizationId: string,
    context: ReconcileContext,
  ): Promise<EnvironmentFinding> => {
    const id = idOf(environment);
    await context.write.annotate(environmentKind, environment, { [annotations.id]: id });
    const { owner, account } = environment.spec;
    const externalId = externalIdOf(await key(), { organizationId, owner, accountId: account.id });
    const accountClaim = await ownClaim(platform.api, config.namespace, environment);
    const namespace = await findNamespace(platform.api, environment, context);
    if ('reason' in namespace) return stopped('NamespaceReady', namespace.reason, namespace.message, { id }, 10_000);
    const known = { id, namespace: namespace.found, externalId, accountClaim };
    let status: Partial<EnvironmentStatus>;
    try {
      status = { ...known, linkCommand: linkCommand(config, environment, externalId, await hub()) };
    } catch (error) {
      return faulted('Trusted', error, known);
    }
    const passage = { environment, context, id, externalId, status };
    // A session that AWS has given lasts its hour, whatever became of the role's trust: who asks to look wants to know how it is.
    const isAsked = environment.metadata.annotations?.[annotations.requestedAt] !== environment.status.lastHandledAt;
    if (isAsked && environment.status.pivotRole !== undefined) platform.aws.forget(environment.status.pivotRole.arn);
    return (await lastLook(passage)) ?? (await deploy(passage));
  };

  /** Undefined where AWS has to be asked. */
  const lastLook = async ({ environment, context, ...passage }: Passage): Promise<EnvironmentFinding | undefined> => {
    const known = looks.recall(
      environment.metadata.name,
      await aboutStack({ environment, context, ...passage }),
      context,
    );
    return known && isAdministered(environment)
      ? inPlace({ ...known.answer, ...passage.status }, known.goodForMs)
      : undefined;
  };

  /** What the stack is made of: datasets and roles are in it. */
  const aboutStack = async ({ environment, id, externalId }: Passage): Promise<string> => {
    const names = environmentNames(platform, environment, id);
    const props = environmentProps(platform, environment, { id, externalId, names, hub: await hub() });
    return aboutOf(environment, props, environmentTags(platform, environment, id));
  };

  const isAdministered = (environment: Stored<Environment>): boolean => {
    const settings = lakeSettingsOf(environment);
    return outcomes.get(settings)?.failure === undefined && outcomes.isCleanSince(settings, pivotSince(environment));
  };

  /** Told to who has the account's consent, and to nobody else. */
  const accountTaken = ({ environment, status }: Passage, { heldBy }: Claim): EnvironmentFinding | undefined => {
    if (heldBy === holderOf(environment)) return undefined;
    const holder = stores.get(environmentKind).get(undefined, heldBy.split('/')[0] ?? '');
    const told = holder === undefined ? 'another Environment' : toldName('Environment', holder, environment);
    const { id: account, region } = environment.spec.account;
    const message = `account ${account} in ${region} is claimed by ${told}: use that one, or delete it first`;
    return stopped('AccountClaimed', 'AccountTaken', message, status, VERIFY_MS);
  };

  /** Trust before the account is ours and before the first change set, the stack, trust again as the pivot role. */
  const deploy = async (unclaimed: Passage): Promise<EnvironmentFinding> => {
    const { environment, context, externalId } = unclaimed;
    let passage = unclaimed;
    let reached: { readonly gate: Gate; readonly status: Partial<EnvironmentStatus>; readonly deployed?: true } = {
      gate: 'Trusted',
      status: passage.status,
    };
    try {
      const distrust = await consent(platform, passage);
      if (distrust !== undefined) return distrust;
      // Only now: anybody may name any account, and would keep its owner out of it.
      const accountClaim = await claimAccount(platform.api, config.namespace, stores.get(environmentKind), environment);
      const taken = accountTaken(passage, accountClaim);
      if (taken !== undefined) return taken;
      passage = { ...passage, status: { ...passage.status, accountClaim } };
      // A namespace too: else any name could be taken by naming any account.
      const namespace = await ensureNamespace(platform.api, environment, context);
      if ('reason' in namespace)
        return stopped('NamespaceReady', namespace.reason, namespace.message, passage.status, 10_000);
      passage = { ...passage, status: { ...passage.status, namespace: namespace.found } };
      reached = { gate: 'StackDeployed', status: passage.status };
      const { names, finding, status } = await advanceStack(platform, passage, await hub());
      if (finding !== undefined) return finding;
      reached = { gate: 'Trusted', status, deployed: true };
      // A new stack may be a new role, whose rights the session of an old one does not have.
      if (environment.status.stack?.status !== status.stack?.status) platform.aws.forget(names.pivotRoleArn);
      return await settle({ ...passage, status }, pivotSession(platform, environment, externalId), names);
    } catch (error) {
      context.signal.throwIfAborted();
      const { gate, status, deployed } = reached;
      const finding = isFault(error, 'NoTrust')
        ? untrusted(platform, { ...passage, status }, gate, error.message)
        : faulted(gate, error, status);
      return { ...finding, ...(deployed && { deployed }) };
    }
  };

  /** As the pivot role: who it and the owner's role are, and the settings of the data lake. */
  const settle = async (passage: Passage, aws: AccountAws, names: EnvironmentNames): Promise<EnvironmentFinding> => {
    const { environment, context } = passage;
    const pivotRole = { arn: names.pivotRoleArn, id: (await aws.iam.role(names.pivotRole))?.id };
    const ownerArn = passage.status.defaultRole?.arn ?? '';
    const owner = await aws.iam.principal(ownerArn);
    const before =
      environment.status.before ??
      ({ crossAccountVersion: (await aws.lakeFormation.settings()).parameters['CROSS_ACCOUNT_VERSION'] } as const);
    const status: Partial<EnvironmentStatus> = {
      ...passage.status,
      pivotRole,
      before,
      defaultRole: owner === undefined ? undefined : { arn: ownerArn, id: owner.id },
    };
    if (owner === undefined)
      return stopped('StackDeployed', 'RoleNotFound', `role ${ownerArn} does not exist: create it`, status, 60_000);
    // The document reads the pivot role from the stored status.
    if (environment.status.pivotRole?.arn !== pivotRole.arn)
      return underWay(undefined, 'the pivot role becomes a data lake administrator', status, 0);
    if (!isAdministered(environment)) {
      const settings = lakeSettingsOf(environment);
      const failure = outcomes.get(settings)?.failure;
      if (inquiries.mustAsk(environment.metadata.name, settings, pivotSince(environment), context.now()))
        platform.enqueue(documentController, formatDocumentKey(settings), { priority: context.priority });
      const message = failure?.message ?? 'the pivot role becomes a data lake administrator';
      return underWay(undefined, message, status, failure === undefined ? 500 : 15_000);
    }
    inquiries.forget(environment.metadata.name);
    const ms = VERIFY_MS * (1 - platform.random() / 10);
    const found = { ...status, verifiedAt: verifiedAt(environment, context.now()) };
    looks.remember(environment.metadata.name, await aboutStack(passage), found, context.now() + ms);
    return inPlace(found, ms);
  };

  /** Settings that were read before an environment had this role do not prove that the role administers anything. */
  const pivotSince = ({ metadata, status }: Stored<Environment>): number => {
    const pivot = `${metadata.uid} ${status.pivotRole?.arn}`;
    const known = pivots.get(metadata.name);
    if (known?.pivot === pivot) return known.tick;
    const tick = outcomes.tick();
    pivots.set(metadata.name, { pivot, tick });
    return tick;
  };

  const write = async (
    environment: Stored<Environment>,
    finding: EnvironmentFinding,
    end: number | undefined,
    context: ReconcileContext,
  ): Promise<void> => {
    const { metadata, status } = environment;
    const { name } = metadata;
    const tempered = platform.rights.temper(environment, finding.outcome);
    const outcome = platform.objectCounts.temper(environment, tempered, context.now());
    tellReady(context, environment, outcome);
    const wanted: ConditionInput[] = [
      ...readyConditions(outcome),
      ...gateConditions(finding, status.conditions),
      ...(status.stack === undefined ? [] : leftOut(environment, idOf(environment))),
      ...(finding.status.accountClaim === undefined ? [] : accountShared(environment)),
    ];
    await context.write.status(environmentKind, environment, {
      observedGeneration: metadata.generation,
      // What was known stays known while AWS cannot be asked.
      ...Object.fromEntries(kept.map((field) => [field, finding.status[field] ?? status[field]])),
      ...(finding.outcome.reason === 'IdTaken' && { id: undefined }),
      // Whose it is otherwise is told to nobody.
      ...(status.accountClaim?.heldBy !== holderOf(environment) && { accountClaim: finding.status.accountClaim }),
      linkBy: end === undefined ? undefined : timestamp(end),
      teams: stores
        .get(teamKind)
        .list(name)
        .map(({ spec }) => spec.group)
        .toSorted(),
      ...usageOf(users(name, context.now())),
      conditions: mergeConditions(status.conditions, wanted, metadata.generation, context.now()),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? status.lastHandledAt,
    });
  };

  const leftOut = (environment: Environment, id: string): ConditionInput[] => {
    const { owned, imports } = rightsIn(platform, environment, environmentNames(platform, environment, id)).leftOut;
    return leftOutCondition([
      { whose: "the owner's role", datasets: owned },
      { whose: 'the pivot role', datasets: imports },
    ]);
  };

  const accountShared = (environment: Environment): ConditionInput[] => {
    const others = sameAccount(platform, environment).map((other) => toldName('Environment', other, environment));
    if (others.length === 0) return [];
    const message = `also in account ${environment.spec.account.id}: ${[...new Set(others)].join(', ')}`;
    return [{ type: 'AccountShared', status: 'True', reason: 'AccountShared', message }];
  };

  const users = (namespace: string, now: number): readonly string[] => [
    ...[datasetKind, teamKind, consumptionRoleKind].flatMap((kind) =>
      stores
        .get<Stored>(kind)
        .list(namespace)
        .map(({ metadata }) => `${kind.kind} ${namespace}/${metadata.name}`),
    ),
    ...stores
      .get(shareRequestKind)
      .list(namespace)
      .filter((share) => grantsOf(decide(specs, share, now)).length > 0)
      .map(({ metadata }) => `ShareRequest ${namespace}/${metadata.name}`),
  ];

  return {
    name: environmentController,
    sources: [
      source(environmentKind, (environment, old, event) => [
        { key: environment.metadata.name, ...ownChange(environment, old, event) },
        // Whoever waited for the account may have it now.
        ...(old === undefined ? [] : neighbours(platform, environment)),
      ]),
      ...whenIdIsFree(stores, environmentKind),
      ...whenQuotaIsFree(stores, 'environments'),
      source(organizationKind, ({ metadata }, old) =>
        stores
          .get(environmentKind)
          .list()
          .filter(({ spec }) => spec.organization === metadata.name)
          .map((environment) => ({ key: environment.metadata.name, after: old === undefined ? 0 : 100 })),
      ),
      // Parts of datasets are rights of roles in the stack; the rest counts as use.
      ...[datasetKind, teamKind, consumptionRoleKind, shareRequestKind, shareApprovalKind].map((kind) =>
        source<Stored>(kind, ({ metadata }, _old, event) => [
          { key: metadata.namespace ?? '', after: 1_000, ...countOnly(event) },
        ]),
      ),
    ],
    ...oneEach,
    reconcile,
  };
};

const inPlace = (status: Partial<EnvironmentStatus>, goodForMs: number): EnvironmentFinding => ({
  outcome: { type: 'Ready', reason: 'Succeeded', message: '' },
  status,
  result: requeueAfter(goodForMs, Priority.backlog),
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

const neighbours = ({ stores }: Platform, { metadata, spec }: Environment): { readonly key: string }[] =>
  metadata.deletionTimestamp === undefined
    ? []
    : stores
        .get(environmentKind)
        .list()
        .filter((other) => other.spec.account.id === spec.account.id && other.metadata.uid !== metadata.uid)
        .map((other) => ({ key: other.metadata.name }));

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
