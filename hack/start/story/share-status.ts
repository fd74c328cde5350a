/** Where the consumer finds what was shared: read from the status of the request, as people must. */
import type { Kubectl } from './kubectl.ts';
import { ORDERS_SHARE } from './names.ts';
import { StoryBroken } from './story-broken.ts';

export interface Shared {
  /** In the consumer's account. */
  readonly database: string;
  /** Name in `database`, by table. */
  readonly links: Readonly<Record<string, string>>;
  /** To be used as a bucket name. */
  readonly alias: string;
}

interface Item {
  readonly kind: string;
  readonly name: string;
  readonly database?: string;
  readonly link?: string;
  readonly accessPointAlias?: string;
}

export async function shared(kubectl: Kubectl): Promise<Shared> {
  const items = JSON.parse((await kubectl.read(ORDERS_SHARE, '{.status.items}')) ?? '[]') as Item[];
  const database = items.find((item) => item.database !== undefined)?.database;
  const alias = items.find(({ accessPointAlias }) => accessPointAlias !== undefined)?.accessPointAlias;
  if (database === undefined || alias === undefined) throw new StoryBroken('status.items names no database or alias');
  const tables = items.filter(({ kind }) => kind === 'Table');
  return { database, alias, links: Object.fromEntries(tables.map(({ name, link = name }) => [name, link])) };
}
