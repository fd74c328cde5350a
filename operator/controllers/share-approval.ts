// ShareApproval: ties a decision to exactly what it was given for, and says whether it is in effect.
import { bindApproval, type BindingResult } from '../access/binding.ts';
import { decide, principalFor } from '../access/collect.ts';
import type { Specs } from '../access/specs.ts';
import { mergeConditions, type ConditionInput } from '../kernel/conditions.ts';
import {
  done,
  requeueAfter,
  type ControllerDefinition,
  type ReconcileContext,
  type Request,
  type Result,
} from '../kernel/reconciler.ts';
import type { Stores } from '../kernel/store.ts';
import { annotations, FINALIZER } from '../resources/annotations.ts';
import { consumptionRoleKind } from '../resources/consumption-role.ts';
import { datasetKind } from '../resources/dataset.ts';
import { approvalName } from '../resources/names.ts';
import { shareApprovalKind, type ShareApproval } from '../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../resources/share-request.ts';
import { teamKind } from '../resources/team.ts';
import { ProgressPace } from './progress-pace.ts';
import { source } from './sources.ts';

export interface ShareApprovalOptions {
  readonly specs: Specs;
  readonly stores: Stores;
}

export const defineApprovalController = ({ specs, stores }: ShareApprovalOptions): ControllerDefinition => {
  const pace = new ProgressPace();

  const reconcile = async (key: string, context: ReconcileContext): Promise<Result> => {
    const [namespace = '', name = ''] = key.split('/');
    const approval = stores.get(shareApprovalKind).get(namespace, name);
    if (approval === undefined) return done;
    const { requestRef, datasetRef } = approval.spec;
    const request = specs.shareRequest(requestRef.namespace, requestRef.name);
    if (approval.metadata.deletionTimestamp !== undefined) {
      if (!givesAccess(request)) {
        pace.forget(approval.metadata.uid);
        await context.write.removeFinalizer(shareApprovalKind, approval, FINALIZER);
      }
      return done;
    }
    const now = context.now();
    const result = bindApproval({
      approval,
      request,
      dataset: specs.dataset(namespace, datasetRef.name),
      consumer: specs.environment(requestRef.namespace),
      principal: request && principalFor(specs, request),
      at: new Date(now).toISOString(),
    });
    const boundTo = result.bound ? result.binding : approval.status.boundTo;
    const view = { ...approval, status: { ...approval.status, ...(boundTo && { boundTo }) } };
    const conditions = conditionsOf(view, result, request, specs, now);
    const untilWorthTelling = pace.wait(approval, conditions, now);
    if (untilWorthTelling > 0) return requeueAfter(untilWorthTelling, context.priority);
    await context.write.status(shareApprovalKind, approval, {
      observedGeneration: approval.metadata.generation,
      boundTo,
      conditions: mergeConditions(approval.status.conditions, conditions, approval.metadata.generation, now),
      lastHandledAt: approval.metadata.annotations?.[annotations.requestedAt] ?? approval.status.lastHandledAt,
    });
    const expiry = approval.spec.expiresAt === undefined ? undefined : Date.parse(approval.spec.expiresAt) - now;
    return expiry !== undefined && expiry > 0 ? requeueAfter(Math.min(expiry, 24 * 3_600_000)) : done;
  };

  const keyOf = (share: ShareRequest): Request => ({
    key: `${share.spec.datasetRef.namespace}/${approvalName(share.metadata)}`,
  });
  const rebind = (shares: readonly ShareRequest[]): readonly Request[] => shares.map(keyOf);

  return {
    name: 'shareapproval',
    sources: [
      source(shareApprovalKind, ({ metadata }) => [{ key: `${metadata.namespace}/${metadata.name}` }]),
      source(shareRequestKind, (share) => [keyOf(share)]),
      source(datasetKind, ({ metadata }, old) =>
        old !== undefined && old.metadata.generation === metadata.generation
          ? []
          : rebind(specs.sharesOfDataset(metadata.namespace, metadata.name)),
      ),
      source(teamKind, ({ metadata }) => rebind(specs.sharesOfPrincipal(metadata.namespace, 'Team', metadata.name))),
      source(consumptionRoleKind, ({ metadata }) =>
        rebind(specs.sharesOfPrincipal(metadata.namespace, 'ConsumptionRole', metadata.name)),
      ),
    ],
    workers: 8,
    reconcile,
  };
};

/** The finalizer of a deleted approval waits until its access is gone: `kubectl delete` returns when it is. */
export const givesAccess = (request: ShareRequest | undefined): boolean =>
  (request?.status.items ?? []).some(
    ({ state }) => state !== 'PendingApproval' && state !== 'Revoked' && state !== 'Rejected',
  );

const conditionsOf = (
  approval: ShareApproval,
  result: BindingResult,
  request: ShareRequest | undefined,
  specs: Specs,
  now: number,
): readonly ConditionInput[] => {
  if (!result.bound) {
    const { reason, message } = result;
    return [
      { type: 'Bound', status: 'False', reason, message },
      { type: 'Ready', status: 'False', reason, message },
      ...(reason === 'RequestMismatch' ? [{ type: 'Stalled', status: 'True' as const, reason, message }] : []),
    ];
  }
  const bound: ConditionInput = { type: 'Bound', status: 'True', reason: 'Bound' };
  const decision = request && decide(withApproval(specs, approval), request, now);
  switch (decision?.state) {
    case 'ApprovalStale':
    case 'RequestMismatch':
    case 'Expired': {
      const { state: reason, message } = decision;
      return [
        reason === 'Expired' ? bound : { type: 'Bound', status: 'False', reason, message },
        { type: 'Ready', status: 'False', reason, message },
        { type: 'Stalled', status: 'True', reason, message },
      ];
    }
    case undefined:
      return [
        bound,
        {
          type: 'Ready',
          status: 'False',
          reason: 'RequestNotFound',
          message: 'the request is gone; this decision has no effect',
        },
      ];
    default:
      return [bound, { type: 'Ready', status: 'True', reason: 'Succeeded' }];
  }
};

/** The specs as they will be once the binding just made is stored. */
const withApproval = (specs: Specs, approval: ShareApproval): Specs => ({
  ...specs,
  installation: specs.installation,
  approvalFor: () => approval,
});
