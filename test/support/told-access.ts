// What `dataall who-can` tells about who can read what, of the objects of the sharing world: to be compared with who does read.

import type { ReadAccess } from '../../operator/access/who-can-read.ts';
import { readAccess } from '../../operator/cli/who-can/answer.ts';
import { readDataset } from '../../operator/cli/who-can/read-dataset.ts';
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';
import { NO_ACCESS, type Access } from './access-probe.ts';
import type { Oracle } from './oracle.ts';
import { COLUMNS, roleNames, type RoleName } from './sharing-data.ts';
import { DATASET } from './sharing-world.ts';

/** Required is what they are told without a doubt, allowed all that they are told. */
export async function toldAccess(api: KubeApi, now: number): Promise<Oracle> {
  const at = new Date(now);
  const seen = await readDataset(api, DATASET);
  // Of what was consented to and is not found in AWS, people are told just that.
  const answers = readAccess(seen, { item: undefined }, at).filter(({ standing }) => standing !== 'Consented');
  const prefixOf = (folder: string): string =>
    seen.dataset.spec.folders?.find(({ name }) => name === folder)?.prefix ?? '';
  const together = (some: readonly ReadAccess[]): Oracle['required'] =>
    Object.fromEntries(
      roleNames.map((role) => [role, accessOf(some.filter(({ fact }) => fact.principal.name === role), prefixOf)]), // prettier-ignore
    ) as Record<RoleName, Access>;
  return { required: together(answers.filter(({ doubts }) => doubts.length === 0)), allowed: together(answers) };
}

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
