// How many people are in an organization, as far as the directory of groups knows them.

import DataLoader from 'dataloader';
import { usersOfGroups } from '../../identity/group-directory/group-directory.ts';
import type { GatewayContext } from '../../server/context.ts';

type Loader = DataLoader<string, ReadonlySet<string>>;

/** One a request: a group that several organizations invited is asked about once. */
const loaders = new WeakMap<GatewayContext, Loader>();

/** In any of the groups, each once. */
export async function peopleIn(context: GatewayContext, groups: readonly string[]): Promise<number> {
  let loader = loaders.get(context);
  if (loader === undefined) {
    loader = new DataLoader(async (names) => {
      const found = await usersOfGroups(context.groupDirectory, names);
      return found.map((users) => new Set(users.map(({ user }) => user)));
    });
    loaders.set(context, loader);
  }
  const found = await loader.loadMany(groups);
  const failed = found.find((one) => one instanceof Error);
  if (failed !== undefined) throw failed;
  return new Set(found.flatMap((users) => (users instanceof Error ? [] : [...users]))).size;
}
