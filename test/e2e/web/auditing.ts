// What auditors do in the browser: they see who reads what as a graph.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { heading, see, shareCatalogue, type WebScene } from './scene.ts';

export function auditing(scene: () => WebScene): void {
  describe('an auditor', () => {
    it('sees who reads which datasets as a picture, and as a list that leads on', async () => {
      await shareCatalogue(scene());
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
