// A share's life as its people click it: asked for, approved, used, taken back; AWS agrees at each step.

import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../hack/start/sample-data/lake.ts';
import type { BrowserUser } from '../../support/browser.ts';
import { heading, see, SEEN_MS, type WebScene } from './scene.ts';

const SHARE = 'Product catalogue for Analysts';

/** Whether the role of the analysts gets at the data. */
async function isGiven({ stage }: WebScene): Promise<boolean> {
  const analysts = await stage.reader('consumer', 'analysts');
  return 'given' in (await analysts.get(CATALOGUE.bucket, CATALOGUE.key));
}

async function ask({ page }: BrowserUser): Promise<void> {
  await page.getByRole('link', { name: 'Find data', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Search' }).fill('catalog');
  await page.getByRole('link', { name: 'Request access to Product catalogue' }).click();
  await page.getByRole('radio', { name: 'Analysts' }).check();
  await page.getByRole('textbox', { name: 'Purpose' }).fill('Pictures for the campaign');
  await page.getByRole('button', { name: 'Submit request' }).click();
  await heading(page, SHARE);
}

async function approve({ page }: BrowserUser): Promise<void> {
  await page.getByRole('link', { name: SHARE }).click({ timeout: SEEN_MS });
  await page.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve this request?' });
  await dialog.getByRole('textbox', { name: 'Note' }).fill('For the campaign only');
  await dialog.getByRole('button', { name: 'Approve' }).click();
}

async function takeBack({ page }: BrowserUser): Promise<void> {
  await page.getByRole('checkbox', { name: 'All items' }).check();
  await page.getByRole('button', { name: 'Revoke 1 item' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
}

export function sharing(scene: () => WebScene): void {
  describe('a share', () => {
    it('is asked for by an analyst and approved by the owner, who both see access come and go without a reload, and AWS agrees', async () => {
      await using analyst = await scene().browser.signedIn('analyst');
      await using owner = await scene().browser.signedIn('owner');
      await ask(analyst);
      await see(analyst.page, 'Waits for a decision');
      expect(await isGiven(scene())).toBe(false);

      await approve(owner);
      for (const { page } of [owner, analyst]) await see(page, 'AWS is exactly as granted');
      await see(analyst.page, 'For the campaign only');
      expect(await isGiven(scene())).toBe(true);
      await analyst.page.getByRole('button', { name: /Notifications, \d+ not read/ }).waitFor({ timeout: SEEN_MS });

      await takeBack(owner);
      await see(analyst.page, /^Revoked$/);
      await expect.poll(() => isGiven(scene()), { timeout: SEEN_MS }).toBe(false);
      expect([...analyst.complaints, ...owner.complaints]).toEqual([]);
    });

    it('tells a stranger nothing by its address', async () => {
      const address = await addressOfShare(scene());
      await using stranger = await scene().browser.signedIn('stranger');
      await stranger.page.goto(address);
      await see(stranger.page, /was not found, or you may not see it/);
      await expect(stranger.page.content()).resolves.not.toContain('Product catalogue');
    });
  });
}

/** Of the share of the first test, as its analyst sees it. */
async function addressOfShare({ browser }: WebScene): Promise<string> {
  await using analyst = await browser.signedIn('analyst');
  await analyst.page.goto('/shares?tab=sent');
  return (await analyst.page.getByRole('link', { name: 'Product catalogue' }).getAttribute('href')) ?? '';
}
