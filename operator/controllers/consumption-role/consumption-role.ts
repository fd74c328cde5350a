// ConsumptionRole: makes sure that the role or user exists and is the one that was claimed, and keeps its unique id before our eyes.
import type { Specs } from '../../access/specs.ts';
import { decide, policyPrefixOf } from '../../access/desired-state.ts';
import { grantsOf } from '../../access/consent.ts';
import { formatDocumentKey } from '../../access/document-key.ts';
import { sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import { isFault } from '../../aws/fault.ts';
import type { IamPrincipal } from '../../aws/services/iam.ts';
import { mergeConditions, readyConditions, type Outcome } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import {
  done,
  Priority,
  requeueAfter,
  transient,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import { annotations, FINALIZER } from '../../resources/annotations.ts';
import { consumptionRoleKind, type ConsumptionRole } from '../../resources/consumption-role.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import { environmentKind } from '../../resources/environment.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { isAbandoned, tellLeftBehind, whatItAwaits } from '../reconcile/abandon.ts';
import { documentController, reasonOf } from '../aws-document/aws-document.ts';
import { idOf, idTaken, principalKinds, whenIdIsFree } from '../reconcile/object-id.ts';
import { groupsAround } from '../reconcile/known-groups.ts';
import { aboutOf, countOnly, LastLooks, ownChange } from '../reconcile/observation-cache.ts';
import { workOn } from '../reconcile/object-work.ts';
import type { Platform } from '../reconcile/platform.ts';
import { principalRefused, whenPrincipalIsFree } from '../reconcile/principal-claims.ts';
import { isRefused, policiesGo, sharePoliciesStay, tellNotRestored } from '../reconcile/refusals.ts';
import { givesAccess } from '../share/share-approval.ts';
import { source } from '../reconcile/watch.ts';
import { unknownOwner } from '../reconcile/unknown-words.ts';
import { sharesInUse } from '../reconcile/usage.ts';
import { byEnvironment } from '../reconcile/concurrency.ts';

type Reason = ReasonFor<'ConsumptionRole', 'Ready'>;

/** A re-created role is seen by event within seconds where events arrive, and by this at the latest. */
const LOOK_AGAIN_MS = 30 * 60_000;

export const defineConsumptionRoleController = (platform: Platform): ControllerDefinition => {
  const { specs, stores, outcomes } = platform;
  const looks = new LastLooks<IamPrincipal>();

  const reconcile = async (key: string, context: ReconcileContext): Promise<Result> => {
    const [namespace = '', name = ''] = key.split('/');
    const role = stores.get(consumptionRoleKind).get(namespace, name);
    if (role === undefined) {
      looks.forget(key);
      return done;
    }
    const document = sharePoliciesKeyOf(role.spec.principalArn);
    if (isEnding(role)) return await finish(role, document, context);
    const taken = idTaken(stores, principalKinds, role);
    if (taken !== undefined)
      return await write(role, { type: 'Stalled', reason: 'IdTaken', message: taken }, undefined, context);
    const environment = specs.environment(namespace);
    if (environment === undefined)
      return await write(
        role,
        { type: 'Waiting', reason: 'EnvironmentNotFound', message: `namespace ${namespace} belongs to no Environment` },
        undefined,
        context,
      );
    const aws = platform.accountOf(environment);
    if (aws === undefined)
      return await write(
        role,
        { type: 'Waiting', reason: 'EnvironmentNotReady', message: `environment ${namespace} is not linked yet` },
        undefined,
        context,
      );
    const refusal = forbidden(specs, role, environment.spec.account.id);
    if (refusal !== undefined) return await write(role, { type: 'Stalled', ...refusal }, undefined, context);
    try {
      const about = aboutOf(role, environment.status.pivotRole?.arn);
      const known = looks.recall(key, about, context);
      const principal =
        known?.answer ??
        (await workOn(consumptionRoleKind, role, context, async () => aws.iam.principal(role.spec.principalArn)));
      if (principal === undefined) {
        const message = `${role.spec.principalArn} does not exist: create it, or delete this ConsumptionRole`;
        await write(role, { type: 'Waiting', reason: 'PrincipalNotFound', message }, undefined, context);
        return requeueAfter(60_000);
      }
      await write(role, { type: 'Ready', reason: 'Succeeded', message: '' }, principal, context);
      if (outcomes.get(document) === undefined && !outcomes.isUnderWay(document))
        platform.enqueue(documentController, formatDocumentKey(document), { priority: context.priority });
      const ms = known?.goodForMs ?? LOOK_AGAIN_MS * (1 - platform.random() / 10);
      if (known === undefined) looks.remember(key, about, principal, context.now() + ms);
      return requeueAfter(ms, Priority.backlog);
    } catch (error) {
      if (!isFault(error)) throw error;
      const reason = reasonOf(error);
      const shown: Reason = reason === 'PivotRoleUnreachable' ? 'EnvironmentNotReady' : reason;
      await write(
        role,
        { type: 'Reconciling', reason: shown, message: `${error.message}. ${error.advice}` },
        undefined,
        context,
      );
      return transient(reason, error.message);
    }
  };

  /** Deleted: its shares end first, then its policies go; the finalizer falls when a read has shown that none is left. */
  const finish = async (
    role: Stored<ConsumptionRole>,
    document: ReturnType<typeof sharePoliciesKeyOf>,
    context: ReconcileContext,
  ): Promise<Result> => {
    const { namespace, name } = role.metadata;
    const abandoned = isAbandoned(role);
    const ending = `consumptionrole ${role.metadata.uid}`;
    const holds = platform.withdrawals.since(ending);
    // Without the object nobody would know whose grants these are in the documents of producers.
    const shares = specs.sharesOfPrincipal(namespace, 'ConsumptionRole', name).filter(givesAccess);
    const isClean = outcomes.isCleanSince(document, holds);
    const isLeft = shares.length === 0 && !isClean && isRefused(platform, ending, document, context.now());
    if (abandoned || specs.environment(namespace) === undefined || (shares.length === 0 && (isClean || isLeft))) {
      if (isLeft && !abandoned)
        tellNotRestored(platform, { object: role, ending }, [sharePoliciesStay(platform, document)], context);
      const open = outcomes.isCleanSince(document, holds) ? [] : [formatDocumentKey(document)];
      if (abandoned) tellLeftBehind(role, [...open, ...(sharesInUse(shares).usedBy ?? [])], context);
      await context.write.removeFinalizer(consumptionRoleKind, role, FINALIZER);
      platform.withdrawals.forget(ending);
      return done;
    }
    const waitsFor =
      shares.length === 0
        ? policiesGo(platform, document)
        : `access is being taken from ${shares.length} of its shares`;
    await write(
      role,
      {
        type: 'Reconciling',
        reason: 'Deleting',
        message: whatItAwaits(role, waitsFor),
      },
      undefined,
      context,
    );
    if (platform.withdrawals.mustAsk(ending, document, context.now()))
      platform.enqueue(documentController, formatDocumentKey(document), { priority: Priority.revocation });
    return requeueAfter(1_000);
  };

  const write = async (
    role: Stored<ConsumptionRole>,
    outcome: Outcome & { readonly reason: Reason },
    principal: IamPrincipal | undefined,
    context: ReconcileContext,
  ): Promise<Result> => {
    const { metadata, spec, status } = role;
    const environment = specs.environment(metadata.namespace);
    const account = spec.principalArn.split(':')[4];
    const shares = specs.sharesOfPrincipal(metadata.namespace, 'ConsumptionRole', metadata.name);
    const users = sharesInUse(shares.filter((share) => grantsOf(decide(specs, share, context.now())).length > 0));
    await context.write.status(consumptionRoleKind, role, {
      observedGeneration: metadata.generation,
      id: isEnding(role) ? status.id : outcome.reason === 'IdTaken' ? undefined : idOf(role),
      account,
      // The last id that was seen stays while AWS cannot be asked: forgetting it would end access for nothing.
      principalId: principal?.id ?? (outcome.reason === 'PrincipalNotFound' ? undefined : status.principalId),
      policies:
        environment?.status.id === undefined
          ? undefined
          : policiesOf(role, environment.status.id, environment.spec.resourcePrefix),
      ...users,
      conditions: mergeConditions(
        status.conditions,
        [
          ...readyConditions(outcome),
          ...(isEnding(role) ? [] : unknownOwner(role, groupsAround(platform, metadata.namespace))),
        ],
        metadata.generation,
        context.now(),
      ),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? status.lastHandledAt,
    });
    return done;
  };

  const policiesOf = (role: ConsumptionRole, environmentId: string, prefix: string) => {
    const record = outcomes.get(sharePoliciesKeyOf(role.spec.principalArn));
    if (record === undefined) return role.status.policies;
    const base = policyPrefixOf({ prefix, id: environmentId }, role.spec.principalArn);
    return (role.status.policies ?? []).filter(({ name }) => name.startsWith(base));
  };

  return {
    name: 'consumptionrole',
    sources: [
      source(consumptionRoleKind, (role, old, event) => [
        { key: `${role.metadata.namespace}/${role.metadata.name}`, ...ownChange(role, old, event) },
      ]),
      ...whenIdIsFree(stores, consumptionRoleKind, principalKinds),
      ...whenPrincipalIsFree(specs, 'ConsumptionRole'),
      source(environmentKind, ({ metadata, status }, old) =>
        old !== undefined && old.status.pivotRole?.arn === status.pivotRole?.arn
          ? []
          : stores
              .get(consumptionRoleKind)
              .list(metadata.name)
              .map((role) => ({ key: `${metadata.name}/${role.metadata.name}` })),
      ),
      source(shareRequestKind, ({ metadata, spec }, _old, event) => {
        if (spec.principal.kind !== 'ConsumptionRole') return [];
        const { name } = spec.principal;
        // A share that needs the unique id of the principal waits for a look at AWS.
        const isKnown = specs.consumptionRole(metadata.namespace, name)?.status.principalId !== undefined;
        return [{ key: `${metadata.namespace}/${name}`, after: 500, ...(isKnown && countOnly(event)) }];
      }),
    ],
    ...byEnvironment,
    reconcile,
  };
};

const isEnding = ({ metadata }: ConsumptionRole): boolean => metadata.deletionTimestamp !== undefined;

/** What no ConsumptionRole may name, beyond what the schema refuses. */
const forbidden = (
  specs: Specs,
  role: ConsumptionRole,
  account: string,
): { reason: Reason; message: string } | undefined => {
  const arn = role.spec.principalArn;
  if (arn.split(':')[4] !== account)
    return {
      reason: 'ForeignAccount',
      message: `${arn} is not in account ${account} of this environment: name a role of that account`,
    };
  return principalRefused(specs, arn, role);
};
