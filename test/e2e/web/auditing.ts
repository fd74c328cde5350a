// What auditors do in the browser: they ask who could read data on a day and who consented, take the answer along as a file, and see all of it as a
// graph; and they change nothing.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../hack/start/sample-data/lake.ts';
import { heading, see, type WebScene } from './scene.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** From the start page to the answer. */
const CLICKS = 5;

/** The last object of a manifest among the examples. */
const lastOf = (...path: readonly string[]): string =>
  readFileSync(join(ROOT, 'examples', ...path), 'utf8')
    .split('\n---\n')
    .at(-1) ?? '';

/** Counts what is clicked from now on; the page is not loaded anew meanwhile. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(`globalThis.clicks = 0; document.addEventListener('click', () => { globalThis.clicks += 1; })`);
  return async () => Number(await page.evaluate('globalThis.clicks'));
}

export function auditing(scene: () => WebScene): void {
  describe('an auditor', () => {
    it('learns in less than five clicks who could read data on a day, and who consented, and has it as a file', async () => {
      const { apply, browser } = scene();
      await apply('analyst', lastOf('marketing', 'requests.yaml'));
      await apply('owner', lastOf('sales', 'approvals.yaml'));
      await using auditor = await browser.signedIn('auditor');
      const { page } = auditor;
      const clicks = await countClicks(page);
      await page.getByRole('link', { name: 'Who can read what', exact: true }).click();
      await page.getByRole('combobox', { name: 'Data' }).click();
      await page.getByRole('combobox', { name: 'Data' }).fill(CATALOGUE.bucket);
      // The dataset is found by its bucket, too.
      await page.getByRole('option', { name: CATALOGUE.bucket }).last().click();
      const row = page.getByRole('row').filter({ hasText: '333333333333' }).filter({ hasText: 'Given in AWS' });
      await row.waitFor();
      await page.getByRole('button', { name: 'On a day' }).click();
      const day = new Date().toISOString().slice(0, 10);
      await page.getByRole('textbox', { name: 'Day, UTC' }).fill(day);
      await see(page, 'at any moment of it');
      await expect.poll(() => row.innerText()).toMatch(/analysts[\s\S]*marketing[\s\S]*sales \(owner\)/);
      expect(await clicks()).toBeLessThan(CLICKS);

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download CSV' }).click(),
      ]);
      const file = readFileSync(await download.path(), 'utf8');
      expect(file).toMatch(/Granted,analysts,ConsumptionRole,arn:aws:iam::333333333333:role\/analysts,.*,sales,owner,/);
      // As somebody would send it.
      const address = page.url();
      await page.goto(address);
      await row.waitFor();
      expect(auditor.complaints).toEqual([]);
    });

    it('sees who reads which datasets as a picture, and as a list that leads on', async () => {
      await using auditor = await scene().browser.signedIn('auditor');
      const { page } = auditor;
      await page.goto('/access/graph');
      await page.getByRole('img', { name: /roles? and users?, \d+ datasets?/ }).waitFor();
      expect(await page.locator('canvas').count()).toBeGreaterThan(0);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download picture' }).click(),
      ]);
      const picture = readFileSync(await download.path());
      expect(picture.subarray(1, 4).toString()).toBe('PNG');
      await page.getByRole('link', { name: 'Product catalogue' }).first().click();
      await heading(page, 'Who can read what');
      await see(page, 'Owner’s own');
      expect(auditor.complaints).toEqual([]);
    });
  });
}
