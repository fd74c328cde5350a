// What a share rests on: a request is looked at again when any of it changes, and only then.
import type { Specs } from '../../access/specs.ts';
import { objectKey } from '../../kernel/kind.ts';
import { Priority, type Request, type Watch } from '../../kernel/runtime/reconciler.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import { consumptionRoleKind, type ConsumptionRole } from '../../resources/consumption-role.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { datasetTableKind, type DatasetTable } from '../../resources/dataset-table.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { membersOf, organizationKind, type Organization } from '../../resources/organization.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../resources/share-request.ts';
import { teamKind, type Team } from '../../resources/team.ts';
import { tenantKind } from '../../resources/tenant.ts';
import { policyKinds } from '../tenant/admission-policies.ts';
import { watch } from '../reconcile/watch.ts';

interface ShareWatchesOptions {
  readonly specs: Specs;
  readonly stores: Stores;
}

export const shareWatches = (options: ShareWatchesOptions): readonly Watch[] => [
  ...decisionWatches(options),
  ...datasetWatches(options),
  ...principalWatches(options),
  ...organizationWatches(options),
  ...installationWatches(options),
];

const keys = (shares: readonly ShareRequest[], priority?: number): readonly Request[] =>
  shares.map(({ metadata }) => ({ key: objectKey(metadata), ...(priority === undefined ? {} : { priority }) }));

const decisionWatches = ({ specs }: ShareWatchesOptions): readonly Watch[] => [
  watch(shareRequestKind, (share) =>
    keys([share], share.metadata.deletionTimestamp === undefined ? undefined : Priority.revocation),
  ),
  watch(shareApprovalKind, ({ metadata, spec }, _old, event) => {
    const share = specs.shareRequest(spec.requestRef.namespace, spec.requestRef.name);
    const takes = event === 'deleted' || metadata.deletionTimestamp !== undefined || spec.decision === 'Rejected';
    return share === undefined ? [] : keys([share], takes ? Priority.revocation : undefined);
  }),
];

const datasetWatches = ({ specs }: ShareWatchesOptions): readonly Watch[] => {
  const sharesOf = ({ metadata }: Dataset): readonly ShareRequest[] =>
    specs.sharesOfDataset(metadata.namespace, metadata.name);
  return [
    watch(datasetKind, (dataset, old) => (same(datasetFacts, dataset, old) ? [] : keys(sharesOf(dataset)))),
    // Who waits for a decision is told which tables are not there.
    watch(datasetKind, (dataset, old) =>
      same(tableFacts, dataset, old)
        ? []
        : keys(
            sharesOf(dataset).filter(({ status }) => status.items?.some(({ state }) => state === 'PendingApproval')),
          ),
    ),
    watch(datasetTableKind, (table, old) =>
      same(filterFacts, table, old)
        ? []
        : keys(specs.sharesOfTable(table.metadata.namespace, table.spec.datasetRef.name, table.spec.table)),
    ),
  ];
};

const principalWatches = ({ specs }: ShareWatchesOptions): readonly Watch[] => [
  watch(teamKind, (team, old) =>
    same(teamFacts, team, old)
      ? []
      : keys(specs.sharesOfPrincipal(team.metadata.namespace, 'Team', team.metadata.name)),
  ),
  watch(consumptionRoleKind, (role, old) =>
    same(roleFacts, role, old)
      ? []
      : keys(specs.sharesOfPrincipal(role.metadata.namespace, 'ConsumptionRole', role.metadata.name)),
  ),
];

const organizationWatches = ({ specs, stores }: ShareWatchesOptions): readonly Watch[] => {
  const sharesOfBothSides = (environment: string): readonly ShareRequest[] => {
    const datasets = stores.get(datasetKind).list(environment);
    const given = datasets.flatMap(({ metadata }) => specs.sharesOfDataset(environment, metadata.name));
    return [...new Set([...specs.sharesOfEnvironment(environment), ...given])];
  };
  const environmentsOf = ({ metadata }: Organization): readonly Environment[] =>
    stores
      .get(environmentKind)
      .list()
      .filter(({ spec }) => spec.organization === metadata.name);
  const sharesOfGroups = (organization: Organization, groups: ReadonlySet<string>): readonly ShareRequest[] =>
    environmentsOf(organization).flatMap(({ metadata: { name }, spec }) =>
      groups.has(spec.owner)
        ? sharesOfBothSides(name)
        : specs.sharesOfEnvironment(name).filter(({ spec: { requester } }) => groups.has(requester)),
    );
  const sharesInside = (organization: Organization): readonly ShareRequest[] =>
    environmentsOf(organization).flatMap(({ metadata }) => sharesOfBothSides(metadata.name));
  return [
    // A group that leaves the organization loses what all its roles have, and the environments that it owns all their shares.
    // While there is none, as after a restore in another order, nobody is taken for left out.
    watch(organizationKind, (organization, old, event) => {
      if (event === 'initial') return [];
      const isWhole = event === 'added' || event === 'deleted';
      const shares = isWhole
        ? sharesInside(organization)
        : sharesOfGroups(organization, movedGroups(organization, old));
      return keys([...new Set(shares)], Priority.revocation);
    }),
    watch(environmentKind, (environment, old) =>
      same(environmentFacts, environment, old) ? [] : keys(sharesOfBothSides(environment.metadata.name)),
    ),
  ];
};

/** Who is a member now and was not before, or the other way about. */
const movedGroups = (organization: Organization, old: Organization | undefined): ReadonlySet<string> => {
  const [now, before] = [membersOf(organization), old === undefined ? [] : membersOf(old)];
  return new Set([...now, ...before].filter((group) => now.includes(group) !== before.includes(group)));
};

const installationWatches = ({ stores }: ShareWatchesOptions): readonly Watch[] => [
  ...policyKinds.map((kind) =>
    watch(kind, (_policy, _old, event) => (event === 'initial' ? [] : keys(stores.get(shareRequestKind).list()))),
  ),
  watch(tenantKind, (_tenant, old, event) =>
    old === undefined && event === 'initial' ? [] : keys(stores.get(shareRequestKind).list()),
  ),
];

/** Status is written often; a share cares for little of it. */
const same = <T>(facts: (object: T) => unknown, object: T, old: T | undefined): boolean =>
  old !== undefined && old !== object && JSON.stringify(facts(object)) === JSON.stringify(facts(old));

const datasetFacts = ({ metadata, status }: Dataset): unknown => {
  const { id, account, region, bucket, keyArn, glueDatabase } = status;
  return [metadata.generation, metadata.deletionTimestamp, id, account, region, bucket, keyArn, glueDatabase];
};

/** What its conditions say is nothing to a share. */
const filterFacts = ({ metadata, status }: DatasetTable): unknown => [
  metadata.generation,
  metadata.deletionTimestamp,
  status.filters,
];

const tableFacts = ({ status }: Dataset): unknown => status.tables?.names;

const teamFacts = (team: Team): unknown => [
  team.metadata.generation,
  team.metadata.deletionTimestamp,
  team.status.id,
  team.status.roleArn,
  team.status.roleId,
];

const roleFacts = ({ metadata, status }: ConsumptionRole): unknown => [
  metadata.generation,
  metadata.deletionTimestamp,
  status.id,
  status.principalId,
];

const environmentFacts = ({ metadata, status }: Environment): unknown => [
  metadata.generation,
  metadata.deletionTimestamp,
  status.id,
  status.pivotRole,
];
