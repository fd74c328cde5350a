// Several at once: datasets that are asked for together out of a cart, requests that are decided together, one of them in part; and shares as a file.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { lookAt } from './looks.ts';
import { bringRole, example, heading, see, SEEN_MS, type WebScene } from './scene.ts';

const NOTE = 'For the yearly report';

export function several(scene: () => WebScene): void {
  describe('several datasets', () => {
    it('are asked for together from a cart; the owner gives less of one, and decides the others at once with a note', async () => {
      const { browser, apply } = scene();
      await bringRole(scene(), 'reports', 'Reports');
      await apply('owner', example('sales', 'tables.yaml').at(-1) ?? '');
      await using analyst = await browser.signedIn('analyst');
      const { page } = analyst;
      await page.goto('/catalog?resourceKind=dataset');
      for (const dataset of ['Orders', 'Product catalogue'])
        await page.getByRole('button', { name: `Add to cart: ${dataset}` }).click();
      await page.getByRole('link', { name: 'Request 2 datasets in the cart' }).click();
      await page.getByRole('radio', { name: 'Reports' }).check();
      await page.getByRole('button', { name: 'Items' }).first().click();
      for (const item of ['orders', 'raw']) await page.getByRole('option', { name: new RegExp(`^${item}`) }).click();
      await page.keyboard.press('Escape');
      await page.getByRole('textbox', { name: 'Purpose' }).fill(NOTE);
      await see(page, 'sales will be told at once, and decide.');
      await lookAt(page, 'cart-filled');
      await page.getByRole('button', { name: 'Submit 2 requests' }).click();
      await heading(page, 'Shares');

      await using owner = await browser.signedIn('owner');
      await narrow(owner.page);
      await apply('analyst', CUSTOMERS);
      await decideAll(owner.page);

      await page
        .getByRole('row')
        .filter({ hasText: 'Reports' })
        .filter({ hasText: 'Orders' })
        .getByRole('link')
        .first()
        .click();
      await see(page, 'AWS is exactly as granted');
      await see(page, 'orders, filtered by eu_no_cards');
      await see(page, 'Rejected');
      expect([...analyst.complaints, ...owner.complaints]).toEqual([]);
    });

    it('are taken along as a file, as the list shows them', async () => {
      await using owner = await scene().browser.signedIn('owner');
      const { page } = owner;
      await page.goto('/shares?tab=received&term=catalogue');
      await page.getByRole('row').filter({ hasText: 'Reports' }).waitFor({ timeout: SEEN_MS });
      await page.getByRole('button', { name: 'More', exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: 'Download as CSV' }).click(),
      ]);
      const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
      expect(lines[0]).toMatch(/^Dataset,Owned by,Asked for by,/);
      expect(lines.slice(1).join('\n')).toMatch(new RegExp(`Product catalogue,sales,marketing,Reports,.*${NOTE}`));
      expect(lines.join('\n')).not.toContain('Orders');
      expect(owner.complaints).toEqual([]);
    });
  });
}

/** Beside those of the cart. */
const CUSTOMERS = `
apiVersion: dataall.io/v1alpha1
kind: ShareRequest
metadata: {namespace: marketing-prod, name: customers}
spec:
  datasetRef: {namespace: sales-prod, name: orders}
  requester: marketing
  principal: {kind: ConsumptionRole, name: analysts}
  permissions: [Read]
  items: [{kind: Table, name: customers}]
`;

async function narrow(page: Page): Promise<void> {
  await page.goto('/shares?tab=received&status=Submitted');
  await page.getByRole('row').filter({ hasText: 'Reports' }).getByRole('link', { name: 'Orders' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve this request?' });
  await dialog.getByRole('checkbox', { name: 'raw' }).uncheck();
  const filters = dialog.getByRole('button', { name: 'Data filters of orders' });
  await filters.click();
  await page.getByRole('option', { name: /^eu_no_cards/ }).click();
  await filters.click();
  await see(page, 'The other item is rejected.');
  await lookAt(page, 'approve-in-part');
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function decideAll(page: Page): Promise<void> {
  await page.goto('/shares?tab=received&status=Submitted');
  await expect
    .poll(() => page.getByRole('row').filter({ hasText: 'Waits for a decision' }).count(), { timeout: SEEN_MS })
    .toBe(2);
  await page.getByRole('checkbox', { name: 'All shares of this page' }).check();
  await page.getByRole('button', { name: 'Approve 2 requests' }).click();
  const dialog = page.getByRole('dialog', { name: 'Approve these 2 requests?' });
  await dialog.getByRole('textbox', { name: 'Note' }).fill('Until the report is out');
  await lookAt(page, 'approve-several');
  await dialog.getByRole('button', { name: 'Approve 2 requests' }).click();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
}
