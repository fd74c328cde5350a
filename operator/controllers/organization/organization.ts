// Organization: an id that the trust of accounts rests on, and who uses it.
import type { Outcome } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
import { done, type ControllerDefinition } from '../../kernel/runtime/reconciler.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind, type Organization } from '../../resources/organization.ts';
import { idOf, idTaken, whenIdIsFree } from '../reconcile/object-id.ts';
import { asReconciler, type ObjectReconciler, type StatusFields } from '../reconcile/object-reconciler.ts';
import { quotaExceeded, whenQuotaIsFree } from '../reconcile/owner-quota.ts';
import type { Platform } from '../reconcile/platform.ts';
import { isReadyAsIs, progressing, ready, stalled, type ReconcileOutcome } from '../reconcile/reconcile-outcome.ts';
import { usageOf, type Usage } from '../reconcile/usage.ts';
import { watch } from '../reconcile/watch.ts';

/** Rights are written within a moment of the object. */
const RIGHTS_MS = 100;

export const defineOrganizationController = (platform: Platform): ControllerDefinition => ({
  name: 'organization',
  watches: [
    watch(organizationKind, ({ metadata }) => [{ key: metadata.name }]),
    ...whenIdIsFree(platform.stores, organizationKind),
    ...whenQuotaIsFree(platform.stores, 'organizations'),
    watch(environmentKind, ({ spec }) => [{ key: spec.organization }]),
  ],
  maxConcurrentReconciles: 1,
  reconcile: asReconciler(platform, new OrganizationReconciler(platform)),
});

type OrganizationOutcome = ReconcileOutcome<Organization>;

class OrganizationReconciler implements ObjectReconciler<Organization> {
  readonly kind = organizationKind;
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  reconcile(organization: Stored<Organization>): OrganizationOutcome {
    const { stores, rights } = this.#platform;
    const exceeded = quotaExceeded(stores, organization);
    if (exceeded !== undefined) return stalled('QuotaExceeded', exceeded);
    const taken = idTaken(stores, [organizationKind], organization);
    if (taken !== undefined) return stalled('IdTaken', taken);
    const status = { id: idOf(organization) };
    // What an earlier process wrote of its rights stands; what the API server refuses of them is told apart.
    return rights.isApplied(organization) || isReadyAsIs(organization)
      ? ready(status)
      : progressing('people are being given their rights', status, RIGHTS_MS);
  }

  finalize(organization: Stored<Organization>): OrganizationOutcome | undefined {
    const { inUse, usedBy } = this.#usageOf(organization);
    if (inUse === 0) return undefined;
    const users = usedBy?.join(', ') ?? `its ${inUse} environments (a platform administrator can name them)`;
    const { id } = organization.status;
    return { type: 'Reconciling', reason: 'InUse', message: `delete first: ${users}`, status: { id }, result: done };
  }

  statusOf(organization: Stored<Organization>, { status: { id } }: OrganizationOutcome): StatusFields<Organization> {
    const usage = this.#usageOf(organization);
    return { id, environments: usage.inUse, ...usage };
  }

  adjustOutcome(organization: Organization, outcome: Outcome): Outcome {
    return this.#platform.rights.adjustOutcome(organization, outcome);
  }

  /** Whoever is invited sees the organization, but not every environment of it: then they are counted, and their names told to nobody. */
  #usageOf({ metadata, spec }: Organization): Usage {
    const usage = usageOf(
      this.#platform.stores
        .get(environmentKind)
        .list()
        .filter((environment) => environment.spec.organization === metadata.name)
        .map((environment) => `Environment ${environment.metadata.name}`),
    );
    return (spec.teams ?? []).length === 0 ? usage : { ...usage, usedBy: undefined };
  }
}
