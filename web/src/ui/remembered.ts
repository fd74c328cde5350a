// What a browser keeps for one person between visits: lists by name, in localStorage. Nothing that matters: it may be gone any time.

import { useSyncExternalStore } from 'react';

const PREFIX = 'dataall';
const told = new EventTarget();

const keyOf = (person: string, name: string): string => `${PREFIX} ${name} ${person}`;

export interface Remembered<Item> {
  readonly items: readonly Item[];
  /** Of what there is at that moment: several changes may come one after another. */
  readonly change: (edit: (items: readonly Item[]) => readonly Item[]) => void;
}

/** @param isItem what an older version, or somebody else, has left there is passed over */
export function useRemembered<Item>(
  person: string,
  name: string,
  isItem: (value: unknown) => value is Item,
): Remembered<Item> {
  const key = keyOf(person, name);
  const read = (): string => globalThis.localStorage.getItem(key) ?? '';
  return {
    items: itemsIn(useSyncExternalStore(subscribe, read), isItem),
    change: (edit) => {
      globalThis.localStorage.setItem(key, JSON.stringify(edit(itemsIn(read(), isItem))));
      told.dispatchEvent(new Event('change'));
    },
  };
}

/** Whoever it is of: for who signs out of a browser that others use. */
export function forget(name: string): void {
  for (const key of Object.keys(globalThis.localStorage))
    if (key.startsWith(`${PREFIX} ${name} `)) globalThis.localStorage.removeItem(key);
}

export function itemsIn<Item>(text: string, isItem: (value: unknown) => value is Item): readonly Item[] {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter(isItem) : [];
  } catch {
    return [];
  }
}

/** Other tabs are told by the browser, this one by us. */
function subscribe(changed: () => void): () => void {
  told.addEventListener('change', changed);
  globalThis.addEventListener('storage', changed);
  return () => {
    told.removeEventListener('change', changed);
    globalThis.removeEventListener('storage', changed);
  };
}
