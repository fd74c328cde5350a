// Organization: an id that the trust of accounts rests on, and who uses it.
import { mergeConditions, readyConditions } from '../kernel/conditions.ts';
import { done, type ControllerDefinition, type ReconcileContext, type Result } from '../kernel/reconciler.ts';
import { annotations, FINALIZER } from '../resources/annotations.ts';
import { environmentKind } from '../resources/environment.ts';
import { idFromUid } from '../resources/names.ts';
import { organizationKind } from '../resources/organization.ts';
import type { Platform } from './platform.ts';
import { source } from './sources.ts';
import { usageOf } from './usage.ts';

export const defineOrganizationController = ({ stores }: Platform): ControllerDefinition => {
  const reconcile = async (name: string, context: ReconcileContext): Promise<Result> => {
    const organization = stores.get(organizationKind).get(undefined, name);
    if (organization === undefined) return done;
    const { metadata, spec, status } = organization;
    const environments = stores
      .get(environmentKind)
      .list()
      .filter((environment) => environment.spec.organization === name);
    const usage = usageOf(environments.map((environment) => `Environment ${environment.metadata.name}`));
    const isEnding = metadata.deletionTimestamp !== undefined;
    if (isEnding && usage.inUse === 0) {
      await context.write.removeFinalizer(organizationKind, organization, FINALIZER);
      return done;
    }
    const outcome = isEnding
      ? ({ type: 'Reconciling', reason: 'InUse', message: `delete first: ${(usage.usedBy ?? []).join(', ')}` } as const)
      : ({ type: 'Ready', reason: 'Succeeded', message: '' } as const);
    await context.write.status(organizationKind, organization, {
      observedGeneration: metadata.generation,
      id: status.id ?? spec.id ?? metadata.annotations?.[annotations.id] ?? idFromUid(metadata.uid),
      environments: environments.length,
      ...usage,
      conditions: mergeConditions(status.conditions, readyConditions(outcome), metadata.generation, context.now()),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? status.lastHandledAt,
    });
    return done;
  };

  return {
    name: 'organization',
    sources: [
      source(organizationKind, ({ metadata }) => [{ key: metadata.name }]),
      source(environmentKind, ({ spec }) => [{ key: spec.organization }]),
    ],
    workers: 1,
    reconcile,
  };
};
