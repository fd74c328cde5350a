// The strongest role that the groups of who asks have in a dataset.

import type { DatasetRole } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import type { DatasetRow } from './dataset.ts';
import { loadersOf } from './loaders.ts';

export async function roleOn(
  { owner, stewards, namespace, name }: DatasetRow,
  context: GatewayContext,
): Promise<DatasetRole> {
  const { groups } = context.identity;
  if (groups.includes(owner)) return 'Admin';
  if (stewards.some((group) => groups.includes(group))) return 'DataSteward';
  const given = await loadersOf(context).given.load(`${namespace}/${name}`);
  return given.size > 0 ? 'Shared' : 'NoPermission';
}
