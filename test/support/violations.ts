// What keeps people from using a page, as axe finds it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Axe from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The rules of {@link WCAG} that depend on colours: what else there is on a page is the same in light and in dark. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * What keeps people from using the page, by WCAG 2.2 A and AA, as axe finds it: rule, where, and why.
 * @param of `colours` where all else has been looked at in other colours: half of the work
 */
export async function violationsOf(page: Page, of: 'everything' | 'colours' = 'everything'): Promise<string[]> {
  // By the debugger: the page's own policy lets no script in.
  await page.evaluate(axe);
  return page.evaluate(
    async (runOnly) => {
      const { axe } = globalThis as unknown as { readonly axe: typeof Axe };
      const { violations } = await axe.run({ runOnly });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`),
      );
    },
    of === 'colours' ? { type: 'rule' as const, values: OF_COLOURS } : { type: 'tag' as const, values: WCAG },
  );
}
