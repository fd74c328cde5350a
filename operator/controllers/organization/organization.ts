// Organization: an id that the trust of accounts rests on, and who uses it.
import type { Stored } from '../../kernel/kind.ts';
import { mergeConditions, readyConditions, type Outcome } from '../../kernel/conditions.ts';
import {
  done,
  requeueAfter,
  type ControllerDefinition,
  type ReconcileContext,
  type Result,
} from '../../kernel/runtime/reconciler.ts';
import { annotations, FINALIZER } from '../../resources/annotations.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { organizationKind, type Organization } from '../../resources/organization.ts';
import { idOf, idTaken, whenIdIsFree } from '../reconcile/object-id.ts';
import { quotaExceeded, whenQuotaIsFree } from '../reconcile/owner-quota.ts';
import type { Platform } from '../reconcile/platform.ts';
import { source } from '../reconcile/watch.ts';
import { usageOf, type Usage } from '../reconcile/usage.ts';

/** Rights are written within a moment of the object. */
const RIGHTS_MS = 100;

export const defineOrganizationController = ({ stores, rights }: Platform): ControllerDefinition => {
  const refusalOf = (organization: Stored<Organization>): Outcome | undefined => {
    const exceeded = quotaExceeded(stores, organization);
    if (exceeded !== undefined) return { type: 'Stalled', reason: 'QuotaExceeded', message: exceeded };
    const taken = idTaken(stores, [organizationKind], organization);
    return taken === undefined ? undefined : { type: 'Stalled', reason: 'IdTaken', message: taken };
  };

  const reconcile = async (name: string, context: ReconcileContext): Promise<Result> => {
    const organization = stores.get(organizationKind).get(undefined, name);
    if (organization === undefined) return done;
    const { metadata, status } = organization;
    const environments = stores
      .get(environmentKind)
      .list()
      .filter((environment) => environment.spec.organization === name);
    const usage = usageBy(organization, environments);
    const isEnding = metadata.deletionTimestamp !== undefined;
    if (isEnding && usage.inUse === 0) {
      await context.write.removeFinalizer(organizationKind, organization, FINALIZER);
      return done;
    }
    const refusal = isEnding ? undefined : refusalOf(organization);
    const isUsable = isEnding || rights.covers(organization);
    await context.write.status(organizationKind, organization, {
      observedGeneration: metadata.generation,
      id: isEnding ? status.id : refusal === undefined ? idOf(organization) : undefined,
      environments: environments.length,
      ...usage,
      conditions: mergeConditions(
        status.conditions,
        readyConditions(rights.temper(organization, refusal ?? outcomeOf(isEnding, isUsable, usage))),
        metadata.generation,
        context.now(),
      ),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? status.lastHandledAt,
    });
    return isUsable || refusal !== undefined ? done : requeueAfter(RIGHTS_MS);
  };

  return {
    name: 'organization',
    sources: [
      source(organizationKind, ({ metadata }) => [{ key: metadata.name }]),
      ...whenIdIsFree(stores, organizationKind),
      ...whenQuotaIsFree(stores, 'organizations'),
      source(environmentKind, ({ spec }) => [{ key: spec.organization }]),
    ],
    workers: 1,
    reconcile,
  };
};

/** Whoever is invited sees the organization, but not every environment of it: then they are counted, and their names told to nobody. */
const usageBy = ({ spec }: Organization, environments: readonly Environment[]): Usage => {
  const usage = usageOf(environments.map(({ metadata }) => `Environment ${metadata.name}`));
  return (spec.teams ?? []).length === 0 ? usage : { ...usage, usedBy: undefined };
};

const outcomeOf = (isEnding: boolean, isUsable: boolean, { inUse, usedBy }: Usage): Outcome => {
  const users = usedBy?.join(', ') ?? `its ${inUse} environments (a platform administrator can name them)`;
  if (isEnding) return { type: 'Reconciling', reason: 'InUse', message: `delete first: ${users}` };
  if (!isUsable) return { type: 'Reconciling', reason: 'Progressing', message: 'people are being given their rights' };
  return { type: 'Ready', reason: 'Succeeded' };
};
