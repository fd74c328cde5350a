// What auditors do in the browser: they see who reads what as a graph.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../hack/start/sample-data/lake.ts';
import { countClicks } from './clicks.ts';
import { heading, see, SEEN_MS, shareCatalogue, type WebScene } from './scene.ts';

/** From the start page to the answer. */
const CLICKS = 5;

export function auditing(scene: () => WebScene): void {
  describe('an auditor', () => {
    it('learns in less than five clicks who could read data on a day, and who consented, and has it as a file', async () => {
      await shareCatalogue(scene());
      await using auditor = await scene().browser.signedIn('auditor');
      const { page } = auditor;
      const clicks = await countClicks(page);
      await page.getByRole('link', { name: 'Who can read what', exact: true }).click();
      await page.getByRole('combobox', { name: 'Data' }).click();
      await page.getByRole('combobox', { name: 'Data' }).fill(CATALOGUE.bucket);
      await page.getByRole('option', { name: CATALOGUE.bucket }).last().click();
      const row = page.getByRole('row').filter({ hasText: '333333333333' }).filter({ hasText: 'Given in AWS' });
      await row.waitFor();
      await page.getByRole('button', { name: 'On a day' }).click();
      const day = new Date().toISOString().slice(0, 10);
      await page.getByRole('textbox', { name: 'Day, UTC' }).fill(day);
      await see(page, 'at any moment of it');
      // Its list is asked for anew, and empty until then.
      await row.waitFor({ timeout: SEEN_MS });
      await expect.poll(() => row.innerText()).toMatch(/analysts[\s\S]*marketing[\s\S]*sales \(owner\)/);
      expect(clicks()).toBeLessThan(CLICKS);

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download CSV' }).click(),
      ]);
      const file = readFileSync(await download.path(), 'utf8');
      expect(file).toMatch(/Granted,analysts,ConsumptionRole,arn:aws:iam::333333333333:role\/analysts,.*,sales,owner,/);
      // As somebody would send it.
      await page.goto(page.url());
      await row.waitFor({ timeout: SEEN_MS });
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
