// What the two sides of a share do about it while it lasts: they say better what it is for, attach what its role lacks, let it go on, and end it.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ACCOUNTS } from '../../../hack/start/cast.ts';
import { CATALOGUE } from '../../../hack/start/sample-data/lake.ts';
import { lookAt } from './looks.ts';
import { bringRole, see, SEEN_MS, type WebScene } from './scene.ts';

const ROLE = 'by-hand';
const REACHES = `
  datasetRef: {DATASET}
  requester: marketing
  permissions: [Read]
  items: [{kind: Bucket, name: ${CATALOGUE.bucket}}]
`;

/** Asked for and approved until tomorrow. */
function shared(): readonly [request: string, approval: string] {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+/, '');
  const principal = `kind: ConsumptionRole, name: ${ROLE}`;
  const terms = (dataset: string): string => `${REACHES.replace('DATASET', dataset)}  expiresAt: ${tomorrow}`;
  return [
    `
apiVersion: dataall.io/v1alpha1
kind: ShareRequest
metadata: {namespace: marketing-prod, name: ${ROLE}}
spec:${terms('namespace: sales-prod, name: catalogue')}
  principal: {${principal}}
`,
    `
apiVersion: dataall.io/v1alpha1
kind: ShareApproval
metadata: {namespace: sales-prod, name: marketing-prod.${ROLE}}
spec:${terms('name: catalogue')}
  requestRef: {namespace: marketing-prod, name: ${ROLE}}
  principal: {${principal}, arn: 'arn:aws:iam::${ACCOUNTS.consumer.id}:role/${ROLE}'}
  approver: sales
  decision: Approved
`,
  ];
}

export function caring(scene: () => WebScene): void {
  describe('while a share lasts', () => {
    it('its people change its purpose, attach its policies, agree on a later end, and end it knowing who loses what', async () => {
      const { browser, create } = scene();
      await bringRole(scene(), ROLE, 'By hand', 'Partially');
      const [request, approval] = shared();
      await create('analyst', request);
      await create('owner', approval);
      await using analyst = await browser.signedIn('analyst');
      await using owner = await browser.signedIn('owner');
      const { page } = analyst;
      for (const [user, tab] of [
        [page, 'sent'],
        [owner.page, 'received'],
      ] as const) {
        await user.goto(`/shares?tab=${tab}`);
        await user
          .getByRole('row')
          .filter({ hasText: 'By hand' })
          .getByRole('link')
          .first()
          .click({ timeout: SEEN_MS });
      }

      await choose(page, 'Change the purpose');
      await page.getByRole('dialog').getByRole('textbox', { name: 'Purpose' }).fill('The winter catalogue');
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
      await see(owner.page, 'The winter catalogue');

      await see(page, 'By hand does not have all the policies that this share takes');
      await lookAt(page, 'missing-policies');
      await page.getByRole('button', { name: 'Let data.all attach them' }).click();
      await see(owner.page, 'AWS is exactly as granted');

      await choose(page, 'Ask for a later end');
      await page.getByRole('dialog').getByRole('textbox', { name: 'Why is it needed longer?' }).fill('Spring comes');
      await lookAt(page, 'later-end');
      await page.getByRole('dialog').getByRole('button', { name: 'Ask for a later end' }).click();
      await see(page, 'Asks for a later end');
      await owner.page.getByRole('button', { name: 'Approve' }).click({ timeout: SEEN_MS });
      await see(owner.page, /Access then lasts until No end.*Spring comes/);
      await owner.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
      await page.getByText('Asks for a later end').first().waitFor({ state: 'detached', timeout: SEEN_MS });
      await see(page, 'No end');

      await page.getByRole('button', { name: /^Log/ }).click();
      await see(page, /Approved=True/);
      await lookAt(page, 'share-log');

      await choose(owner.page, 'End all access');
      const dialog = owner.page.getByRole('dialog', { name: 'Take access back?' });
      for (const told of ['Who loses access', `By hand, ${ROLE}, ${ACCOUNTS.consumer.id}`, CATALOGUE.bucket])
        await dialog.getByText(told).first().waitFor();
      await lookAt(owner.page, 'end-access');
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      for (const user of [page, owner.page]) await see(user, /^Revoked$/);
      expect([...analyst.complaints, ...owner.complaints]).toEqual([]);
    });
  });
}

async function choose(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: action }).click();
}
