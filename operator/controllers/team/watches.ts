// What wakes a team: itself, the organization and the environment it is in, what its group owns, and who shares with it.
import { objectKey } from '../../kernel/kind.ts';
import type { Request, Watch, CacheEvent } from '../../kernel/runtime/reconciler.ts';
import { Priority } from '../../kernel/runtime/reconciler.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { isServing } from '../environment/serving.ts';
import { principalKinds, whenIdIsFree } from '../reconcile/object-id.ts';
import { ownUpdatePriority, statusOnlyPriority } from '../reconcile/observation-cache.ts';
import type { Platform } from '../reconcile/platform.ts';
import { whenPrincipalIsFree } from '../reconcile/principal-claims.ts';
import { watch } from '../reconcile/watch.ts';

export const teamWatches = ({ specs, stores }: Pick<Platform, 'specs' | 'stores'>): readonly Watch[] => {
  const teamsOf = (namespace: string, group?: string): readonly Request[] =>
    stores
      .get(teamKind)
      .list(namespace)
      .filter(({ spec }) => group === undefined || spec.group === group)
      .map(({ metadata }) => teamCalled(namespace, metadata.name));
  return [
    watch(teamKind, (team, old, event) => [
      { key: objectKey(team.metadata), ...ownUpdatePriority(team, old, event) },
      // The next one of the same group may count now.
      ...(event === 'deleted' ? teamsOf(team.metadata.namespace, team.spec.group) : []),
    ]),
    ...whenIdIsFree(stores, teamKind, principalKinds),
    ...whenPrincipalIsFree(specs, 'Team'),
    watch(environmentKind, (environment, old) =>
      old !== undefined &&
      isServing(old) === isServing(environment) &&
      JSON.stringify(old.spec) === JSON.stringify(environment.spec)
        ? []
        : teamsOf(environment.metadata.name),
    ),
    watch(organizationKind, ({ metadata }) =>
      stores
        .get(environmentKind)
        .list()
        .filter(({ spec }) => spec.organization === metadata.name)
        .flatMap((environment) => teamsOf(environment.metadata.name)),
    ),
    watch(datasetKind, ({ metadata, spec }, old, event) => [
      // Its parts are rights in the stack, which is looked at if they are others.
      ...counting(teamsOf(metadata.namespace, spec.owner), event),
      // What the role of the former owner may do with the data is in its stack.
      ...(old === undefined || old.spec.owner === spec.owner
        ? []
        : teamsOf(metadata.namespace, old.spec.owner).map(({ key }) => ({ key, priority: Priority.revocation }))),
    ]),
    watch(consumptionRoleKind, ({ metadata, spec }, _old, event) =>
      counting(teamsOf(metadata.namespace, spec.owner), event),
    ),
    watch(shareRequestKind, ({ metadata, spec: { principal } }, _old, event) =>
      principal.kind === 'Team' ? counting([teamCalled(metadata.namespace, principal.name)], event) : [],
    ),
    watch(shareApprovalKind, ({ spec: { requestRef, principal } }, _old, event) =>
      principal.kind === 'Team' ? counting([teamCalled(requestRef.namespace, principal.name)], event) : [],
    ),
  ];
};

/** Many changes at once are one new status. */
const teamCalled = (namespace: string, name: string): Request => ({
  key: objectKey({ namespace, name }),
  afterMs: 500,
});

/** News of who uses a team, or what it has. */
const counting = (teams: readonly Request[], event: CacheEvent): readonly Request[] =>
  teams.map((team) => ({ ...team, ...statusOnlyPriority(event) }));
