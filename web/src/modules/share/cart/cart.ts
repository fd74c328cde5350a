// The cart: datasets, and items of them, that the person means to ask for together. It is kept in their browser: nobody is asked before they
// say so, and a dataset is found by everybody, so there is nothing in it to keep from others.

import { usePerson } from '../../../app/person.ts';
import { useRemembered } from '../../../ui/remembered.ts';

export interface CartEntry {
  readonly datasetUri: string;
  /** Uris of items; none: they are chosen when it is asked for. */
  readonly items: readonly string[];
}

export interface Cart {
  readonly entries: readonly CartEntry[];
  /** @param item undefined: the dataset, whatever of it is chosen later */
  readonly has: (datasetUri: string, item: string | undefined) => boolean;
  readonly add: (datasetUri: string, item: string | undefined) => void;
  /** @param item undefined: all of the dataset */
  readonly remove: (datasetUri: string, item: string | undefined) => void;
}

/** Each becomes a request with questions of its own to the gateway. */
export const MOST_DATASETS = 20;

export function useCart(): Cart {
  const { name } = usePerson();
  const { items: entries, change } = useRemembered(name, 'cart', isEntry);
  return {
    entries,
    has: (datasetUri, item) => isIn(entries, datasetUri, item),
    add: (datasetUri, item) => change((before) => withItem(before, datasetUri, item)),
    remove: (datasetUri, item) => change((before) => withoutItem(before, datasetUri, item)),
  };
}

export const isIn = (entries: readonly CartEntry[], datasetUri: string, item: string | undefined): boolean =>
  entries.some((entry) => entry.datasetUri === datasetUri && (item === undefined || entry.items.includes(item)));

export function withItem(
  entries: readonly CartEntry[],
  datasetUri: string,
  item: string | undefined,
): readonly CartEntry[] {
  const added = item === undefined ? [] : [item];
  const before = entries.find((entry) => entry.datasetUri === datasetUri);
  if (before === undefined) return [...entries, { datasetUri, items: added }].slice(-MOST_DATASETS);
  const items = [...new Set([...before.items, ...added])];
  return entries.map((entry) => (entry === before ? { ...entry, items } : entry));
}

/** A dataset of which nothing is left goes with its last item. */
export const withoutItem = (
  entries: readonly CartEntry[],
  datasetUri: string,
  item: string | undefined,
): readonly CartEntry[] =>
  entries.flatMap((entry) => {
    if (entry.datasetUri !== datasetUri) return [entry];
    const items = entry.items.filter((one) => one !== item);
    return item === undefined || items.length === 0 ? [] : [{ ...entry, items }];
  });

function isEntry(value: unknown): value is CartEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { datasetUri, items } = value as Partial<Record<keyof CartEntry, unknown>>;
  return typeof datasetUri === 'string' && Array.isArray(items) && items.every((item) => typeof item === 'string');
}
