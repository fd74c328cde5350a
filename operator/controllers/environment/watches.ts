// What wakes an environment: itself and others of its account, its organization, and what is in it.
import type { Stored } from '../../kernel/kind.ts';
import type { Watch } from '../../kernel/runtime/reconciler.ts';
import { consumptionRoleKind } from '../../resources/consumption-role.ts';
import { datasetKind } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { organizationKind } from '../../resources/organization.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { teamKind } from '../../resources/team.ts';
import { whenIdIsFree } from '../reconcile/object-id.ts';
import { ownUpdatePriority, statusOnlyPriority } from '../reconcile/observation-cache.ts';
import { whenQuotaIsFree } from '../reconcile/owner-quota.ts';
import type { Platform } from '../reconcile/platform.ts';
import { watch } from '../reconcile/watch.ts';
import { othersInAccount } from './account-claim.ts';

export const environmentWatches = ({ stores }: Pick<Platform, 'stores'>): readonly Watch[] => [
  watch(environmentKind, (environment, old, event) => [
    { key: environment.metadata.name, ...ownUpdatePriority(environment, old, event) },
    // Whoever waited for the account may have it now.
    ...(old === undefined || environment.metadata.deletionTimestamp === undefined
      ? []
      : othersInAccount({ stores }, environment).map(({ metadata }) => ({ key: metadata.name }))),
  ]),
  ...whenIdIsFree(stores, environmentKind),
  ...whenQuotaIsFree(stores, 'environments'),
  watch(organizationKind, ({ metadata }, old) =>
    stores
      .get(environmentKind)
      .list()
      .filter(({ spec }) => spec.organization === metadata.name)
      .map((environment) => ({ key: environment.metadata.name, afterMs: old === undefined ? 0 : 100 })),
  ),
  // Parts of datasets are rights of roles in the stack; the rest counts as use.
  ...[datasetKind, teamKind, consumptionRoleKind, shareRequestKind, shareApprovalKind].map((kind) =>
    watch<Stored>(kind, ({ metadata }, _old, event) => [
      { key: metadata.namespace ?? '', afterMs: 1_000, ...statusOnlyPriority(event) },
    ]),
  ),
];
