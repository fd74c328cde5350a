// What people are told about who can read what, of the objects of the sharing world: to be compared with who does read.

import {
  whoCanRead,
  type FilterLookup,
  type GrantedAccess,
  type ReadAccess,
} from '../../operator/access/who-can-read.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { datasetTableKind } from '../../operator/resources/dataset-table.ts';
import { shareRequestKind, type ShareRequest } from '../../operator/resources/share-request.ts';
import { NO_ACCESS, type Access } from './access-probe.ts';
import type { Oracle } from './oracle.ts';
import { COLUMNS, roleNames, type RoleName } from './sharing-data.ts';

/** Required is what they are told without a doubt, allowed all that they are told. */
export async function toldAccess(api: KubeApi, now: number): Promise<Oracle> {
  const at = new Date(now);
  const [requests, tables, [dataset]] = await Promise.all([
    api.list(shareRequestKind).then(({ items }) => items),
    api.list(datasetTableKind).then(({ items }) => items),
    api.list(datasetKind).then(({ items }) => items),
  ]);
  const filterOf: FilterLookup = (_, table, name) => {
    const filter = tables
      .filter(({ spec }) => spec.table === table)
      .flatMap(({ spec }) => spec.filters ?? [])
      .find((one) => one.name === name);
    return filter && { filter, written: at };
  };
  const answers = whoCanRead(requests.flatMap(grantedBy), { at }, filterOf);
  const prefixOf = (folder: string): string => dataset?.spec.folders?.find(({ name }) => name === folder)?.prefix ?? '';
  const together = (some: readonly ReadAccess[]): Oracle['required'] =>
    Object.fromEntries(
      roleNames.map((role) => [role, accessOf(some.filter(({ fact }) => fact.principal.name === role), prefixOf)]), // prettier-ignore
    ) as Record<RoleName, Access>;
  return { required: together(answers.filter(({ doubts }) => doubts.length === 0)), allowed: together(answers) };
}

/** What the history has of a request whose status stays as it is. */
const grantedBy = ({ metadata, spec, status }: ShareRequest): GrantedAccess[] =>
  (status.items ?? [])
    .filter(({ state }) => ['Granted', 'Granting', 'Failed', 'Revoking'].includes(state))
    .map(({ kind, name, filters = [], state }) => ({
      evidence: 'Granted',
      principal: { ...spec.principal, namespace: metadata.namespace, group: spec.requester, arn: status.principalArn },
      dataset: spec.datasetRef,
      request: { namespace: metadata.namespace, name: metadata.name },
      item: { kind, name },
      filters,
      permissions: status.permissions ?? [],
      consent: undefined,
      from: new Date(0),
      until: undefined,
      state,
    }));

function accessOf(answers: readonly ReadAccess[], prefixOf: (folder: string) => string): Access {
  let access = NO_ACCESS;
  for (const { fact, restrictions } of answers) {
    if (fact.evidence === 'Owned') continue;
    const { kind, name } = fact.item;
    if (kind === 'Bucket') access = { ...access, bucket: true };
    if (kind === 'Folder')
      access = { ...access, folders: [...new Set([...access.folders, prefixOf(name)])].toSorted() };
    if (kind === 'Table') access = { ...access, tables: { ...access.tables, [name]: viewsOf(access.tables[name], restrictions) } }; // prettier-ignore
  }
  return access;
}

function viewsOf(before: readonly string[] = [], restrictions: ReadAccess['restrictions']): readonly string[] {
  if (restrictions.length === 0 || before.includes('whole')) return ['whole'];
  const views = restrictions.map(({ filter }) => `${filter?.rows ?? 'true'} | ${(filter?.columns ?? COLUMNS).join()}`);
  return [...new Set([...before, ...views])].toSorted();
}
