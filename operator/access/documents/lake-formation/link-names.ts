// Which link of a shared database has which name (the pattern: resources/names.ts): people read them in status and write them into queries, so they stay as they are.
import type { GlueTable } from '../../../aws/services/glue.ts';
import { resourceLinkName } from '../../../resources/names.ts';
import type { SharedDatabaseKey } from '../../document-key.ts';
import type { Grant } from '../../grant.ts';

/** One link for each table and set of filters, however many principals use it: `<table>` and, after `/`, its filters. */
export const variantOf = ({ item }: Grant): string =>
  item.kind === 'Table' ? [item.name, item.filters.toSorted().join(',')].join('/') : '';

export const tableOfVariant = (variant: string): string => variant.slice(0, variant.indexOf('/'));

/** Yields the size of each piece of work, in grants. */
export function* variantsOf(grants: readonly Grant[]): Generator<number, ReadonlySet<string>> {
  const variants = new Set<string>();
  for (const grant of grants) {
    if (grant.item.kind === 'Table') variants.add(variantOf(grant));
    yield 1;
  }
  return variants;
}

/**
 * Names by variant, in pieces. A link that is there keeps its name; of new ones, unfiltered links choose first. A name that another link of ours,
 * or somebody's table, has gets a hash.
 */
export function* linksOf(
  all: ReadonlySet<string>,
  { targets, foreign }: SharedTables,
): Generator<number, ReadonlyMap<string, string>> {
  const variants = [...all].toSorted(
    (a, b) => Number(!a.endsWith('/')) - Number(!b.endsWith('/')) || a.localeCompare(b),
  );
  const names = new Set(foreign);
  const links = new Map<string, string>();
  const take = (variant: string, link: string | undefined): void => {
    if (link === undefined || names.has(link)) return;
    names.add(link);
    links.set(variant, link);
  };
  for (const variant of variants) {
    take(
      variant,
      candidatesOf(variant).find((link) => targets.get(link) === tableOfVariant(variant)),
    );
    yield 1;
  }
  for (const variant of variants) {
    if (links.has(variant)) continue;
    take(
      variant,
      candidatesOf(variant).find((link) => !names.has(link)),
    );
    yield 1;
  }
  return links;
}

/** The plain name, and the one to take where another has that. */
const candidatesOf = (variant: string): readonly string[] => {
  const [table = '', filters = ''] = variant.split('/');
  const list = filters === '' ? [] : filters.split(',');
  return [resourceLinkName(table, list), resourceLinkName(table, list, variant)];
};

/** What there is in a shared database. */
export interface SharedTables {
  /** Which table each link of ours leads to, by the name of the link. */
  readonly targets: ReadonlyMap<string, string | undefined>;
  /** Names of what is not ours. */
  readonly foreign: readonly string[];
}

/** Yields 1 for each table. */
export function* sharedTables(key: SharedDatabaseKey, tables: readonly GlueTable[]): Generator<number, SharedTables> {
  const targets = new Map<string, string | undefined>();
  const foreign: string[] = [];
  for (const table of tables) {
    if (isOwnLink(key, table)) targets.set(table.name, table.target?.table);
    else foreign.push(table.name);
    yield 1;
  }
  return { targets, foreign };
}

const isOwnLink = (key: SharedDatabaseKey, { target }: GlueTable): boolean =>
  target?.catalogId === key.sourceAccount && target.database === key.sourceDatabase;
