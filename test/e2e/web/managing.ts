// What people manage in the browser: a dataset that its owner imports, describes and deletes; an environment with its teams and roles; an
// organization; the installation.

import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { REGION } from '../../../hack/start/cast.ts';
import { lookAt } from './looks.ts';
import type { WebScene } from './scene.ts';

const BUCKET = 'acme-returns';

const heading = async (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

/** Opens a menu of actions and takes one. */
async function choose(page: Page, menu: string, action: string): Promise<void> {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Fills in a dialog that is open, sends it, and waits until it is gone. */
async function send(page: Page, action: string, texts: Readonly<Record<string, string>> = {}): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, text] of Object.entries(texts)) await dialog.getByRole('textbox', { name: label }).fill(text);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

export function managing(scene: () => WebScene): void {
  describe('who manages data', () => {
    it('imports a bucket, offers a folder of it, describes both, and deletes them again by their names', async () => {
      const { browser, stage } = scene();
      const s3 = new S3Client(stage.administrator('producer'));
      await s3.send(
        new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
      );
      await using owner = await browser.signedIn('owner');
      const { page } = owner;
      await importBucket(page);
      await page.getByRole('button', { name: 'Offer a folder' }).click();
      await send(page, 'Offer', { Name: 'refunds', Prefix: 'refunds/' });
      await page.getByRole('link', { name: 'refunds', exact: true }).click();
      await heading(page, 'refunds');
      await page.getByRole('button', { name: 'Edit description' }).click();
      await send(page, 'Save', { Description: 'What was paid back' });
      await page.getByText('What was paid back').waitFor();
      await page.getByRole('button', { name: 'Take out of the offer' }).click();
      await send(page, 'Take out of the offer', { Type: 'refunds' });
      await heading(page, 'Returns');
      expect(await page.getByRole('link', { name: 'refunds', exact: true }).count()).toBe(0);

      await choose(page, 'Actions', 'Delete');
      const remove = page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true });
      expect(await remove.isDisabled()).toBe(true);
      await send(page, 'Delete', { Type: 'Returns' });
      await heading(page, 'Datasets');
      await page.getByRole('link', { name: 'Returns', exact: true }).waitFor({ state: 'detached' });
      expect(owner.complaints).toEqual([]);
    });

    it('describes a column, and shows some rows of a table by a filter', async () => {
      await using owner = await scene().browser.signedIn('owner');
      const { page } = owner;
      await page.goto('/datasets');
      for (const name of ['Orders', 'customers']) await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('tab', { name: 'Columns' }).click();
      await page.getByRole('button', { name: 'Describe region' }).click();
      await send(page, 'Save', { Description: 'Where they live' });
      await page.getByText('Where they live').waitFor();
      await page.getByRole('tab', { name: 'Data filters' }).click();
      await page.getByRole('button', { name: 'Add a filter' }).click();
      await send(page, 'Add', { Name: 'asia', Rows: "region = 'asia'" });
      await page.getByRole('button', { name: 'Delete asia' }).click();
      await send(page, 'Delete', { Type: 'asia' });
      await page.getByRole('button', { name: 'Delete asia' }).waitFor({ state: 'detached' });
      expect(owner.complaints).toEqual([]);
    });
  });

  describe('who manages an account', () => {
    it('invites a group and changes what it may do, adds a role that is not there and is told so, and cannot delete what is used', async () => {
      await using owner = await scene().browser.signedIn('owner');
      const { page } = owner;
      await page.goto('/environments');
      await page.getByRole('link', { name: 'Sales, production' }).click();
      await page.getByRole('tab', { name: 'Teams' }).click();
      await page.getByRole('button', { name: 'Invite a group' }).click();
      await page.getByRole('dialog').getByRole('combobox').fill('marketing');
      await page.keyboard.press('Escape');
      await page.getByRole('checkbox', { name: 'Create and import datasets' }).check();
      await send(page, 'Invite a group');
      await choose(page, 'Actions on marketing', 'Change permissions');
      await page.getByRole('checkbox', { name: 'Ask for access to data of others' }).check();
      await send(page, 'Save');
      await page.getByText('Create and import datasets, Ask for access').waitFor();

      await page.getByRole('tab', { name: 'Roles', exact: true }).click();
      await page.getByRole('button', { name: 'Add a role' }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Owned by/ })
        .click();
      await page.getByRole('option', { name: 'sales' }).click();
      await send(page, 'Add a role', { Name: 'Reports', ARN: 'arn:aws:iam::222222222222:role/reports' });
      await page.getByText('Not ready').waitFor();
      await choose(page, 'Actions on Reports', 'Remove');
      await send(page, 'Remove', { Type: 'Reports' });

      await choose(page, 'Actions', 'Delete');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('Sales, production');
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
      await dialog.getByText(/is in use by \d+ objects/).waitFor();
      expect(owner.complaints).toEqual([]);
    });
  });

  describe('who manages the installation', () => {
    it('founds an organization, edits and deletes it, closes the installation and opens it again; others are told', async () => {
      await using admin = await scene().browser.signedIn('platform-admin');
      await using analyst = await scene().browser.signedIn('analyst');
      const { page } = admin;
      expect(await analyst.page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
      await page.goto('/organizations/new');
      await page.getByRole('textbox', { name: 'Name' }).fill('Globex');
      await page.getByRole('button', { name: 'Create organization' }).click();
      await heading(page, 'Globex');
      await page.getByRole('link', { name: 'Edit' }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill('Globex Inc.');
      await page.getByRole('button', { name: 'Save' }).click();
      await heading(page, 'Globex Inc.');
      await page.getByRole('button', { name: 'Delete' }).click();
      await send(page, 'Delete', { Type: 'Globex Inc.' });
      await heading(page, 'Organizations');

      await page.getByRole('link', { name: 'Administration' }).click();
      await page.getByRole('tab', { name: 'Maintenance' }).click();
      await page.getByRole('textbox', { name: 'What people are told' }).fill('Back at noon');
      await page.getByRole('button', { name: 'Begin maintenance' }).click();
      await page.getByText('People are told: Back at noon').waitFor();
      await analyst.page.goto('/');
      await analyst.page.getByText('you can look, and end access').waitFor();
      await page.getByRole('button', { name: 'End maintenance' }).click();
      await page.getByText('everybody works as usual').waitFor();
      await page.getByRole('radio', { name: /^Only administrators/ }).check();
      await page.getByRole('button', { name: 'Begin maintenance' }).click();
      await page.getByText('Only administrators are let in.').waitFor();
      await analyst.page.goto('/');
      await heading(analyst.page, 'data.all is in maintenance');
      await page.getByRole('button', { name: 'End maintenance' }).click();
      await page.getByText('everybody works as usual').waitFor();
      expect(admin.complaints).toEqual([]);
    });
  });
}

async function importBucket(page: Page): Promise<void> {
  await page.goto('/datasets');
  await page.getByRole('link', { name: 'Import dataset' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Returns');
  await page.getByRole('button', { name: /^Confidentiality/ }).click();
  await page.getByRole('option', { name: /^Official/ }).click();
  await page.getByRole('button', { name: /^Environment/ }).click();
  await page.getByRole('option', { name: /^Sales, production/ }).click();
  // What stands against it is told before anything is sent, and what there is can be picked.
  const bucket = page.getByRole('combobox', { name: 'Bucket' });
  await bucket.fill('acme-nowhere');
  await bucket.blur();
  await page.getByText(/has no bucket acme-nowhere/).waitFor();
  await bucket.fill('retur');
  await page.getByRole('option', { name: BUCKET }).click();
  await page.getByText('Nothing stands against importing it').waitFor();
  await lookAt(page, 'dataset-import');
  await page.getByRole('button', { name: 'Import dataset' }).click();
  await heading(page, 'Returns');
}
