// What auditors do in the browser: they see who reads what as a graph.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heading, see, type WebScene } from './scene.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** The last object of a manifest among the examples. */
const lastOf = (...path: readonly string[]): string =>
  readFileSync(join(ROOT, 'examples', ...path), 'utf8')
    .split('\n---\n')
    .at(-1) ?? '';

export function auditing(scene: () => WebScene): void {
  describe('an auditor', () => {
    it('sees who reads which datasets as a picture, and as a list that leads on', async () => {
      const { apply, browser } = scene();
      await apply('analyst', lastOf('marketing', 'requests.yaml'));
      await apply('owner', lastOf('sales', 'approvals.yaml'));
      await using auditor = await browser.signedIn('auditor');
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
