// What a list is asked: words and page. Both are in the address, so that they can be sent to somebody.

import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useDebounced } from './debounced.ts';

export const PAGE_SIZE = 20;

export interface ListQuestion {
  /** As typed so far. */
  readonly typed: string;
  readonly page: number;
  /** For the gateway, once typing pauses. */
  readonly filter: { readonly term: string; readonly page: number; readonly pageSize: number };
  readonly type: (words: string) => void;
  readonly turn: (page: number) => void;
}

/** @param prefix of the parameters' names, on a page with several lists */
export function useListQuestion(prefix = ''): ListQuestion {
  const [search, put] = useSearchValues();
  const [typed, setTyped] = useState(search.get(`${prefix}term`) ?? '');
  const page = Math.max(1, Number(search.get(`${prefix}page`) ?? 1) || 1);
  const term = useDebounced(typed);
  return {
    typed,
    page,
    filter: { term, page, pageSize: PAGE_SIZE },
    type: (words) => {
      setTyped(words);
      put({ [`${prefix}term`]: words, [`${prefix}page`]: '' });
    },
    turn: (next) => put({ [`${prefix}page`]: next === 1 ? '' : String(next) }),
  };
}

/** The address's parameters, and a way to set some: an empty value takes one away. */
export function useSearchValues(): readonly [URLSearchParams, (values: Readonly<Record<string, string>>) => void] {
  const [search, setSearch] = useSearchParams();
  const put = (values: Readonly<Record<string, string>>): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(values))
          if (value === '') next.delete(name);
          else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  return [search, put];
}
