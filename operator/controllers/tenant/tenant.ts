// Tenant: says whether the settings of the installation are in effect, above all whether its admission policies are.
import { findCondition, type ConditionInput, type Outcome } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import {
  type ControllerDefinition,
  type ReconcileContext,
  type Request,
  type CacheEvent,
} from '../../kernel/runtime/reconciler.ts';
import { POLICY_REMEDY } from '../../resources/authority/in-force.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { teamKind } from '../../resources/team.ts';
import { tenantKind, type Tenant } from '../../resources/tenant.ts';
import { groupsAnywhere } from '../reconcile/known-groups.ts';
import { asReconciler, type ObjectReconciler, type StatusFields } from '../reconcile/object-reconciler.ts';
import type { Platform } from '../reconcile/platform.ts';
import { ready, stalled, type ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { unknownLimits } from '../reconcile/unknown-words.ts';
import { usageOf } from '../reconcile/usage.ts';
import { watch } from '../reconcile/watch.ts';
import { policyKinds } from './admission-policies.ts';

export const defineTenantController = (platform: Platform): ControllerDefinition => ({
  name: 'tenant',
  watches: [
    watch(tenantKind, ({ metadata }) => [{ key: metadata.name }]),
    watch(organizationKind, ({ metadata }, old, event) =>
      old !== undefined && old.metadata.generation !== metadata.generation ? ONCE : whenCounted(old, event),
    ),
    watch(teamKind, (_team, old, event) => whenCounted(old, event)),
    watch(environmentKind, (_environment, old, event) => whenCounted(old, event)),
    ...policyKinds.map((kind) => watch(kind, () => [{ key: 'default' }])),
  ],
  maxConcurrentReconciles: 1,
  reconcile: asReconciler(platform, new TenantReconciler(platform)),
});

class TenantReconciler implements ObjectReconciler<Tenant> {
  readonly kind = tenantKind;
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  reconcile(tenant: Stored<Tenant>, context: ReconcileContext): ReconcileOutcome<Tenant> {
    const { policiesMissing } = this.#platform;
    const missing = policiesMissing();
    if (missing.length === 0) return ready({});
    if (findCondition(tenant.status.conditions, 'Ready')?.reason !== 'PoliciesMissing')
      context.event(tenant, { type: 'Warning', reason: 'PoliciesMissing', note: missing.join('; ') });
    return stalled('PoliciesMissing', `nothing is granted: ${missing.join('; ')}. ${POLICY_REMEDY}`);
  }

  finalize(): undefined {
    return undefined;
  }

  /** While there is one of these, somebody has to be in charge; everything else is in an environment. */
  statusOf(): StatusFields<Tenant> {
    const { stores } = this.#platform;
    const users = [...stores.get(organizationKind).list(), ...stores.get(environmentKind).list()];
    return usageOf(users.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  }

  conditionsOf(tenant: Stored<Tenant>): readonly ConditionInput[] {
    const groups = (tenant.spec.permissions ?? []).map(({ group }) => group);
    if (groups.length === 0) return [];
    const known = [...groupsAnywhere(this.#platform, groups), ...tenant.spec.administrators];
    return unknownLimits(tenant, new Set(known));
  }

  adjustOutcome(tenant: Tenant, outcome: Outcome): Outcome {
    return this.#platform.rights.adjustOutcome(tenant, outcome);
  }
}

/** Many that come or go at once are one new status. */
const ONCE: readonly Request[] = [{ key: 'default', afterMs: 500 }];

const whenCounted = (old: object | undefined, event: CacheEvent): readonly Request[] =>
  event === 'deleted' || old === undefined ? ONCE : [];
