// Shares in GraphQL.

import { saysOf } from '../../../operator/resources/explanation/explanation.ts';
import { liveField } from '../../live/live-field.ts';
import type { Resolvers } from '../../graphql/schema-types.ts';
import { pageOfAll } from '../../read-model/page.ts';
import { demandLogs, seesLogs } from '../../server/log-access.ts';
import { partUri } from '../dataset/table/table.ts';
import { askedOf } from './decision/asked.ts';
import { attachedFilterUri, itemsNamed, shareableTypes, shareableViews, viewsOf } from './items.ts';
import { itemId } from '../../read-model/item-id.ts';
import { logLines } from './log.ts';
import { filterValues } from './listing/filter-values.ts';
import { addressOf } from './reading/address.ts';
import { shareMutations } from './mutations.ts';
import { consumptionData, publishedItems, sharedDatabases, sharedTables } from './published.ts';
import { listShares, type ShareRow } from './queries.ts';
import { decidersOf, roleOf, shareFor, shareWithItem } from './share.ts';
import { isRevokable, isShared, itemsOf, shareStatus } from '../../read-model/share-state.ts';
import { principalView } from './principal.ts';
import { datasetsToRequest } from './request/request-access.ts';
import { shareableItems } from './shareable/shareable.ts';
import { timelineOf } from './timeline/timeline.ts';

/** Whether something is as a filter asks, which may not ask. */
const isAsked = (flag: boolean | null | undefined, is: boolean): boolean =>
  flag === undefined || flag === null || flag === is;

/** Where the data is, is told to who may see the dataset, and once something of it is given. */
const tellsAccount = ({ dataset_seen, request }: ShareRow): boolean =>
  dataset_seen || (request.status.items ?? []).some(({ state }) => state === 'Granted');

const SHARE_LOGS = 'modules.shares_base.features.show_share_logs';

export const shareResolvers: Resolvers = {
  Query: {
    getShareObject: (_, { shareUri }, context) => shareFor(context, 'GET_SHARE_OBJECT', shareUri),
    getShareRequestsFromMe: async (_, { filter }, { database, viewer, identity }) =>
      listShares(database, await viewer(), identity.groups, 'from', filter ?? {}),
    getShareRequestsToMe: async (_, { filter }, { database, viewer, identity }) =>
      listShares(database, await viewer(), identity.groups, 'to', filter ?? {}),
    listDatasetsToRequest: (_, { datasetUris }, context) => datasetsToRequest(context, datasetUris),
    listShareFilterValues: (_, parameters, context) => filterValues(context, parameters),
    getShareItemDataFilters: async (_, { attachedDataFilterUri }, context) => {
      const uri = attachedFilterUri.itemUri(attachedDataFilterUri);
      const [item] = itemsNamed(await shareWithItem(context, 'GET_SHARE_OBJECT', uri), 'GET_SHARE_OBJECT', [uri]);
      if (item === undefined || item.filters.length === 0) return null;
      return {
        attachedDataFilterUri,
        label: item.filters.toSorted().join('_'),
        dataFilterNames: [...item.filters],
        dataFilterUris: item.filters.map((name) =>
          partUri(itemId(item.share.dataset_uri ?? '', item.kind, item.name), name),
        ),
        itemUri: uri,
      };
    },
    getShareLogs: async (_, { shareUri }, context) => {
      await demandLogs(context, 'GET_SHARE_LOGS', SHARE_LOGS);
      return logLines(await shareFor(context, 'GET_SHARE_LOGS', shareUri));
    },
    searchEnvironmentDataItems: (_, { environmentUri, filter }, context) =>
      publishedItems(context, environmentUri, filter ?? {}),
    getS3ConsumptionData: async (_, { shareUri }, context) =>
      consumptionData(await shareFor(context, 'GET_S3_CONSUMPTION_DATA', shareUri ?? '')),
    getSharedDatasetTables: (_, { datasetUri, envUri }, context) => sharedTables(context, datasetUri, envUri),
    listS3DatasetsSharedWithEnvGroup: (_, { groupUri, environmentUri }, context) =>
      sharedDatabases(context, groupUri, environmentUri),
  },
  Mutation: shareMutations,
  Subscription: {
    shareChanged: liveField(async ({ shareUri }, context, following) => {
      following.follow('ShareRequest', shareUri);
      const share = await shareFor(context, 'GET_SHARE_OBJECT', shareUri);
      if (share.dataset_uri !== null) following.follow('Dataset', share.dataset_uri);
      return share;
    }),
  },
  ShareObject: {
    shareUri: ({ uri }) => uri,
    status: ({ request, approval }) => shareStatus(request, approval ?? undefined),
    owner: ({ changed_by }) => changed_by,
    created: ({ created }) => created.toISOString(),
    updated: ({ updated }) => updated.toISOString(),
    deleted: ({ request }) => request.metadata.deletionTimestamp,
    datasetUri: ({ dataset_uri }) => dataset_uri,
    requestPurpose: ({ request }) => request.spec.purpose,
    rejectPurpose: ({ approval }) => approval?.spec.rejected?.at(-1)?.reason ?? approval?.spec.reason,
    expiryDate: ({ request }) => request.status.expiresAt,
    requestedExpiryDate: ({ request }) => request.spec.expiresAt,
    submittedForExtension: (row) => shareStatus(row.request, row.approval ?? undefined) === 'Submitted_For_Extension',
    extensionReason: ({ request }) => request.spec.extension?.reason,
    lastExtensionDate: ({ approval }) =>
      approval?.spec.extension?.decision === 'Approved' ? approval.spec.extension.at : null,
    nonExpirable: ({ request }) => request.spec.expiresAt === undefined,
    shareExpirationPeriod: () => null,
    dataset: (row) => ({
      datasetUri: row.dataset_uri,
      datasetName: row.dataset_label ?? row.request.spec.datasetRef.name,
      SamlAdminGroupName: row.dataset_owner,
      environmentName: row.request.spec.datasetRef.namespace,
      AwsAccountId: tellsAccount(row) ? row.dataset_account : null,
      region: row.dataset_region,
      exists: row.dataset_uri !== null,
      description: row.dataset_description,
      datasetType: 'S3',
    }),
    alreadyExisted: (row) => ('alreadyExisted' in row ? row.alreadyExisted === true : null),
    existingSharedItems: ({ request, approval }) => itemsOf(request, approval ?? undefined).some(isShared),
    statistics: ({ request, approval }) => {
      const items = itemsOf(request, approval ?? undefined);
      const count = (...states: readonly string[]) => items.filter(({ status }) => states.includes(status)).length;
      return {
        sharedItems: items.filter(isShared).length,
        revokedItems: count('Revoke_Succeeded'),
        failedItems: count('Share_Failed', 'Revoke_Failed'),
        pendingItems: count('PendingApproval'),
      };
    },
    asked: ({ request }) => askedOf(request),
    principal: (row) => principalView(row),
    group: ({ requester }) => requester,
    items: async (row, { filter }, context) => {
      const { isShared: isAdded, isRevokable: revokable, isHealthy } = filter ?? {};
      const term = filter?.term?.toLowerCase() ?? '';
      const added = isAdded === false ? [] : viewsOf(row);
      const others = isAdded === true ? [] : await shareableViews(context, row);
      const items = [...added, ...others].filter(
        (item) =>
          item.name.toLowerCase().includes(term) &&
          isAsked(revokable, item.status !== null && isRevokable(item)) &&
          isAsked(isHealthy, item.health === 'Healthy'),
      );
      return pageOfAll(items, filter);
    },
    canViewLogs: async (row, _, context) =>
      (roleOf(context, row) !== 'NoPermission' || (await context.viewer()).seesEverything) &&
      (await seesLogs(context, SHARE_LOGS)),
    timeline: ({ request, approval }) => timelineOf(request, approval ?? undefined),
    lastRepair: ({ request }) => request.status.lastRepair,
    deciders: decidersOf,
    userRoleForShareObject: (row, _, context) => roleOf(context, row),
    permissions: ({ request }) => request.spec.permissions,
    consumerAccount: ({ request }) => request.status.consumerAccount,
    athenaWorkgroup: ({ principal_known }) => principal_known?.workgroup,
    policyManagement: (row) => principalView(row).policyManagement,
  },
  Dataset: {
    shareableItems: ({ uri }, { term }, context) => shareableItems(context, uri, term),
  },
  ShareItem: {
    shareUri: ({ share }) => share.uri,
    shareItemUri: ({ uri }) => uri,
    itemUri: ({ share, kind, name }) => itemId(share.dataset_uri ?? '', kind, name),
    itemType: ({ kind }) => shareableTypes[kind],
    itemName: ({ name }) => name,
    description: () => null,
    healthStatus: ({ health }) => health,
    healthMessage: ({ message }) => message,
    says: ({ share, kind, name, message }) => {
      if (message === null) return null;
      const now = share.request.status.items?.find((item) => item.kind === kind && item.name === name);
      return now?.reason === undefined ? message : saysOf(now.reason);
    },
    lastVerificationTime: ({ share }) => share.request.status.verifiedAt,
    attachedDataFilterUri: (item) => attachedFilterUri.of(item),
    dataFilters: ({ filters }) => [...filters],
    address: addressOf,
  },
};
