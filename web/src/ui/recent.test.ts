// Of what was opened lately each page is told once, the newest first, and not for ever.

import { expect, it } from 'vitest';
import { withPage, type RecentPage } from './recent.ts';

it('what is opened again comes first, by its name of now, and what was opened long ago is forgotten', () => {
  let pages: readonly RecentPage[] = [];
  for (let at = 0; at < 9; at++) pages = withPage(pages, { href: `/datasets/${at}`, title: `${at}` });
  pages = withPage(pages, { href: '/datasets/5', title: 'five' });
  expect(pages[0]).toEqual({ href: '/datasets/5', title: 'five' });
  expect(pages.map(({ title }) => title)).toEqual(['five', '8', '7', '6', '4', '3', '2', '1']);
});
