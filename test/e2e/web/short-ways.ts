// How few clicks it takes: a new analyst to shared data, its owner to a decision.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { countClicks } from './clicks.ts';
import { see, SEEN_MS, type WebScene } from './scene.ts';

const MOST_TO_DATA = 9;
const MOST_TO_A_DECISION = 3;

export function shortWays(scene: () => WebScene): void {
  describe('few clicks', () => {
    it('take a new analyst from the door to rows of shared data, and the owner from the notification to a decision', async () => {
      const { browser, stage } = scene();
      await using analyst = await browser.arrived({ permissions: ['clipboard-read', 'clipboard-write'] });
      const { page } = analyst;
      const clicks = await countClicks(page);
      await page.getByRole('button', { name: 'analyst' }).click();
      await page.getByRole('link', { name: 'Find data', exact: true }).click();
      await page.getByRole('searchbox', { name: 'Search' }).fill('products');
      await page.getByRole('link', { name: 'Request access to products', exact: true }).click();
      await page.getByRole('radio', { name: 'Analysts' }).check();
      await page.getByRole('textbox', { name: 'Purpose' }).fill('What sells where');
      await page.getByRole('button', { name: 'Submit request' }).click();
      await see(page, 'Waits for a decision');

      await using owner = await browser.signedIn('owner');
      await owner.page.getByRole('button', { name: /^Notifications, \d+ not read/ }).click({ timeout: SEEN_MS });
      expect(await decide(owner.page)).toBeLessThanOrEqual(MOST_TO_A_DECISION);

      await page.getByRole('button', { name: 'Copy SQL in Athena' }).click({ timeout: SEEN_MS });
      expect(clicks()).toBeLessThanOrEqual(MOST_TO_DATA);
      const lines = String(await page.evaluate('navigator.clipboard.readText()'));
      const analysts = await stage.reader('consumer', 'analysts');
      expect(await analysts.query('default', lines)).toMatchObject({
        given: { rows: expect.arrayContaining([expect.any(Array)]) },
      });
      expect(owner.complaints).toEqual([]);
    });
  });
}

/** From the newest notification on. @returns clicks */
async function decide(page: Page): Promise<number> {
  const clicks = await countClicks(page);
  await page
    .getByRole('menuitem', { name: /^Share request of marketing for dataset orders/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await see(page, 'AWS is exactly as granted');
  return clicks();
}
