// Who should be able to read what: a small function of specs, uids, role ids and recorded bindings, written without the engine's code.
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject, Stored } from '../../operator/kernel/kind.ts';
import { consumptionRoleKind } from '../../operator/resources/consumption-role.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { shareApprovalKind, type ShareApproval } from '../../operator/resources/share-approval.ts';
import { shareRequestKind, type ShareRequest } from '../../operator/resources/share-request.ts';
import type { Access, AccessByRole } from './access-probe.ts';
import { BUCKET, COLUMNS, roleNames, TABLES, type Administrators, type RoleName } from './sharing-data.ts';

export interface Oracle {
  /** What every principal must be able to read. */
  readonly required: AccessByRole;
  /** What it may be able to read at most: suspended shares keep what they had and get nothing. */
  readonly allowed: AccessByRole;
}

interface Given {
  readonly suspended: boolean;
  readonly items: readonly GivenItem[];
}

type GivenItem =
  | { readonly bucket: true }
  | { readonly folder: string }
  | { readonly table: string; readonly views: readonly string[] };

export const consult = async (api: KubeApi, admin: Administrators, now: number): Promise<Oracle> => {
  const list = async <T extends KubeObject>(kind: Kind<T>): Promise<readonly Stored<T>[]> =>
    (await api.list(kind)).items;
  const [requests, approvals, roles, tables] = await Promise.all([
    list(shareRequestKind),
    list(shareApprovalKind),
    list(consumptionRoleKind),
    list(datasetTableKind),
  ]);
  const dataset = (await list(datasetKind)).find(({ metadata }) => metadata.deletionTimestamp === undefined);
  const filters = new Map(
    tables
      .filter(({ metadata }) => metadata.creationTimestamp >= (dataset?.metadata.creationTimestamp ?? ''))
      .flatMap(({ spec }) => (spec.filters ?? []).map((filter) => [filter.name, filter] as const)),
  );
  const roleIds = new Map(await Promise.all(roleNames.map(async (role) => [role, await admin.roleId(role)] as const)));

  const givenBy = (request: Stored<ShareRequest>, role: RoleName): Given | undefined => {
    const { spec, metadata } = request;
    const approval = approvals.find(({ metadata: { name } }) => name === `${metadata.namespace}.${metadata.name}`);
    const object = roles.find(({ metadata: { name, namespace } }) => name === role && namespace === metadata.namespace);
    if (approval === undefined || object === undefined || dataset === undefined) return undefined;
    if ([request, approval, object].some((one) => one.metadata.deletionTimestamp !== undefined)) return undefined;
    const ends = [spec.expiresAt, approval.spec.expiresAt, approval.status.boundTo?.expiresAt].flatMap((at) =>
      at === undefined ? [] : [Date.parse(at)],
    );
    const speaksOfIt =
      approval.spec.datasetRef.name === spec.datasetRef.name &&
      approval.spec.requester === spec.requester &&
      approval.spec.principal.name === role &&
      approval.spec.principal.arn === object.spec.principalArn;
    const reads = spec.permissions.includes('Read') && approval.spec.permissions?.includes('Read') === true;
    if (spec.draft || approval.spec.decision !== 'Approved' || !speaksOfIt || !reads) return undefined;
    if (ends.some((end) => end <= now)) return undefined;
    if (!isBound(approval, request, role) && !isToBeBound(approval, role)) return undefined;
    return {
      suspended: [request, approval, object].some((one) => one.spec.suspend === true),
      items: spec.items.flatMap((item) => agreed(item, approval)),
    };
  };

  const isBound = (approval: Stored<ShareApproval>, request: Stored<ShareRequest>, role: RoleName): boolean => {
    const bound = approval.status.boundTo;
    return (
      bound?.approvalGeneration === approval.metadata.generation &&
      bound.requestUid === request.metadata.uid &&
      bound.datasetUid === dataset?.metadata.uid &&
      bound.principalId === roleIds.get(role)
    );
  };

  /** Not bound as it is now; who decides about the dataset consents to it, so at rest it would have to be. */
  const isToBeBound = ({ metadata, spec, status }: Stored<ShareApproval>, role: RoleName): boolean => {
    const bound = status.boundTo;
    if (bound?.approvalGeneration === metadata.generation || roleIds.get(role) === undefined) return false;
    const isOfAnother = bound?.seenGeneration === metadata.generation && bound.datasetUid !== dataset?.metadata.uid;
    const deciders = [dataset?.spec.owner, ...(dataset?.spec.stewards ?? [])];
    return !isOfAnother && deciders.includes(spec.approver) && spec.approver !== spec.requester;
  };

  const agreed = (
    item: ShareRequest['spec']['items'][number],
    approval: Stored<ShareApproval>,
  ): readonly GivenItem[] => {
    const other = approval.spec.items?.find(({ kind, name }) => kind === item.kind && name === item.name);
    if (other === undefined) return [];
    if (item.kind === 'Bucket') return item.name === BUCKET ? [{ bucket: true }] : [];
    if (item.kind === 'Folder') {
      const prefix = dataset?.spec.folders?.find(({ name }) => name === item.name)?.prefix;
      return prefix !== undefined && prefix === approval.status.boundTo?.folders?.[item.name]
        ? [{ folder: prefix }]
        : [];
    }
    if (!TABLES.some((name) => name === item.name)) return [];
    const [asked, given] = [new Set(item.filters), new Set(other.filters)];
    if (asked.size + given.size === 0) return [{ table: item.name, views: ['whole'] }];
    const both =
      asked.size === 0 ? given : given.size === 0 ? asked : new Set([...asked].filter((name) => given.has(name)));
    if (both.size === 0) return [];
    const views = [...both].map((name) => (item.name === 'orders' ? filters.get(name) : undefined));
    if (views.some((view) => view === undefined)) return [];
    // A filter on a column that is not there cannot be made.
    if (views.some((view) => view?.columns?.some((column) => !COLUMNS.some((known) => known === column)))) return [];
    return [
      {
        table: item.name,
        views: views.map((view) => `${view?.rows ?? 'true'} | ${(view?.columns ?? COLUMNS).join()}`),
      },
    ];
  };

  const accessOf = (role: RoleName, counts: (given: Given) => boolean): Access => {
    const given = requests
      .filter(({ spec }) => spec.principal.name === role)
      .flatMap((request) => givenBy(request, role) ?? [])
      .filter(counts)
      .flatMap(({ items }) => items);
    return together(given);
  };
  const byRole = (counts: (given: Given) => boolean): AccessByRole =>
    Object.fromEntries(roleNames.map((role) => [role, accessOf(role, counts)])) as Record<RoleName, Access>;
  return { required: byRole(({ suspended }) => !suspended), allowed: byRole(() => true) };
};

const together = (items: readonly GivenItem[]): Access => {
  const bucket = items.some((item) => 'bucket' in item);
  const folders = new Set(items.flatMap((item) => ('folder' in item ? [item.folder] : [])));
  const tables: Record<string, readonly string[]> = {};
  for (const item of items) {
    if (!('table' in item)) continue;
    const views = new Set([...(tables[item.table] ?? []), ...item.views]);
    tables[item.table] = views.has('whole') ? ['whole'] : [...views].toSorted();
  }
  return { bucket, folders: [...folders].toSorted(), tables };
};

/** What is wrong with what was found; empty when it is right. */
export const judgeAccess = (found: AccessByRole, { required, allowed }: Oracle): readonly string[] =>
  roleNames.flatMap((role) => {
    const [is, must, may] = [found[role], required[role], allowed[role]];
    const wrong: string[] = [];
    if (is.bucket && !may.bucket) wrong.push('reads the bucket');
    if (!is.bucket && must.bucket) wrong.push('cannot read the bucket');
    for (const folder of is.folders) if (!may.folders.includes(folder)) wrong.push(`reads folder "${folder}"`);
    for (const folder of must.folders) if (!is.folders.includes(folder)) wrong.push(`cannot read folder "${folder}"`);
    for (const table of TABLES) {
      const [seen, needs, most] = [is, must, may].map(({ tables }) => tables[table] ?? []);
      if (isBeyond(seen ?? [], most ?? []))
        wrong.push(`sees ${seen?.join(' or ')} of ${table}, may see ${most?.join(' or ')}`);
      if (isBeyond(needs ?? [], seen ?? []))
        wrong.push(`sees ${seen?.join(' or ')} of ${table}, must see ${needs?.join(' or ')}`);
    }
    return wrong.map((what) => `${role} ${what}`);
  });

const isBeyond = (views: readonly string[], limit: readonly string[]): boolean =>
  !limit.includes('whole') && views.some((view) => !limit.includes(view));
