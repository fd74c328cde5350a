// Pages of one thing that the person has opened lately, in this browser.

import { useEffect, useEffectEvent } from 'react';
import { useLocation } from 'react-router';
import { usePerson } from '../app/person.ts';
import { useRemembered } from './remembered.ts';

export interface RecentPage {
  /** Its address, without what is searched or chosen on it. */
  readonly href: string;
  readonly title: string;
}

const MOST = 8;

const isPage = (value: unknown): value is RecentPage => {
  const { href, title } = (value ?? {}) as Partial<Record<keyof RecentPage, unknown>>;
  return typeof href === 'string' && href.startsWith('/') && typeof title === 'string';
};

export const useRecent = (): readonly RecentPage[] => useRemembered(usePerson().name, 'recent', isPage).items;

/** Remembers the page that is shown, once it has a name. */
export function useRememberedPage(title: string | undefined): void {
  const { pathname } = useLocation();
  const { change } = useRemembered(usePerson().name, 'recent', isPage);
  const remember = useEffectEvent((name: string) =>
    change((pages) => withPage(pages, { href: pathname, title: name })),
  );
  useEffect(() => {
    if (title !== undefined && title !== '') remember(title);
  }, [title, pathname]);
}

/** The newest first, each once. */
export const withPage = (pages: readonly RecentPage[], page: RecentPage): readonly RecentPage[] =>
  [page, ...pages.filter(({ href }) => href !== page.href)].slice(0, MOST);
