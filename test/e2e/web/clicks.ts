// How often somebody presses the button of the mouse on their way.

import type { Page } from 'playwright-core';

/** Counts from now on, whatever pages follow, those of the identity provider too. @returns how often so far */
export async function countClicks(page: Page): Promise<() => number> {
  let clicks = 0;
  await page.exposeFunction('countClick', () => (clicks += 1));
  // In the capture phase: no page keeps it from being counted. What scripts dispatch is no click of anybody.
  const listen = `document.addEventListener('mousedown', (event) => { if (event.isTrusted) globalThis.countClick(); }, true)`;
  await page.addInitScript(listen);
  await page.evaluate(listen);
  return () => clicks;
}
