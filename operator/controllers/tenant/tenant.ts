// Tenant: says whether the settings of the installation are in effect, above all whether its admission policies are.
import { mergeConditions, readyConditions, type Outcome } from '../../kernel/conditions.ts';
import { installationOf } from '../../config.ts';
import {
  done,
  type ControllerDefinition,
  type ReconcileContext,
  type Request,
  type Result,
  type SourceEvent,
} from '../../kernel/runtime/reconciler.ts';
import { annotations, FINALIZER } from '../../resources/annotations.ts';
import { policyRemedy } from '../../resources/authority/in-force.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { teamKind } from '../../resources/team.ts';
import { tenantKind, type Tenant } from '../../resources/tenant.ts';
import { groupsAnywhere } from '../reconcile/known-groups.ts';
import type { Platform } from '../reconcile/platform.ts';
import { policyKinds } from './admission-policies.ts';
import { source } from '../reconcile/watch.ts';
import { unknownLimits } from '../reconcile/unknown-words.ts';
import { usageOf } from '../reconcile/usage.ts';

export const defineTenantController = (platform: Platform): ControllerDefinition => {
  const { stores, rights, policiesMissing, config } = platform;
  const reconcile = async (name: string, context: ReconcileContext): Promise<Result> => {
    const tenant = stores.get(tenantKind).get(undefined, name);
    if (tenant === undefined) return done;
    const { metadata, status } = tenant;
    if (metadata.deletionTimestamp !== undefined) {
      await context.write.removeFinalizer(tenantKind, tenant, FINALIZER);
      return done;
    }
    const missing = policiesMissing();
    const outcome: Outcome =
      missing.length > 0
        ? {
            type: 'Stalled',
            reason: 'PoliciesMissing',
            message: `nothing is granted: ${missing.join('; ')}. ${policyRemedy(installationOf(config))}`,
          }
        : { type: 'Ready', reason: 'Succeeded' };
    const before = status.conditions?.find(({ type }) => type === 'Ready')?.reason;
    if (missing.length > 0 && before !== 'PoliciesMissing')
      context.event(tenant, { type: 'Warning', reason: 'PoliciesMissing', note: missing.join('; ') });
    await context.write.status(tenantKind, tenant, {
      observedGeneration: metadata.generation,
      ...usageOf(users()),
      conditions: mergeConditions(
        status.conditions,
        [...readyConditions(rights.temper(tenant, outcome)), ...unknownLimits(tenant, limitedGroups(tenant))],
        metadata.generation,
        context.now(),
      ),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? status.lastHandledAt,
    });
    return done;
  };

  const limitedGroups = ({ spec }: Tenant): ReadonlySet<string> => {
    const groups = (spec.permissions ?? []).map(({ group }) => group);
    return groups.length === 0 ? new Set() : new Set([...groupsAnywhere(platform, groups), ...spec.administrators]);
  };

  /** While there is one of these, somebody has to be in charge; everything else is in an environment. */
  const users = (): readonly string[] =>
    [...stores.get(organizationKind).list(), ...stores.get(environmentKind).list()].map(
      ({ kind, metadata }) => `${kind} ${metadata.name}`,
    );

  return {
    name: 'tenant',
    sources: [
      source(tenantKind, ({ metadata }) => [{ key: metadata.name }]),
      source(organizationKind, ({ metadata }, old, event) =>
        old !== undefined && old.metadata.generation !== metadata.generation ? ONCE : whenCounted(old, event),
      ),
      source(teamKind, (_team, old, event) => whenCounted(old, event)),
      source(environmentKind, (_environment, old, event) => whenCounted(old, event)),
      ...policyKinds.map((kind) => source(kind, () => [{ key: 'default' }])),
    ],
    workers: 1,
    reconcile,
  };
};

/** Many that come or go at once are one new status. */
const ONCE: readonly Request[] = [{ key: 'default', after: 500 }];

const whenCounted = (old: object | undefined, event: SourceEvent): readonly Request[] =>
  event === 'deleted' || old === undefined ? ONCE : [];
