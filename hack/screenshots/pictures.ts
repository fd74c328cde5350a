// What the guide shows: which page, as whom, and how they come there.

import type { Page } from 'playwright-core';

interface Picture {
  /** Of the file. */
  readonly name: string;
  /** As whom: a user of the demo. */
  readonly person: 'analyst' | 'owner' | 'platform-admin';
  /** From the start page to what is pictured. */
  readonly show: (page: Page) => Promise<void>;
}

/** What others do about it takes a moment. */
const SEEN_MS = 60_000;

const SHARE = 'Product catalogue for Analysts';

/** In this order: what one changes the next shows. */
export const pictures: readonly Picture[] = [
  {
    name: 'catalogue',
    person: 'analyst',
    show: async (page) => {
      await page.goto('/catalog?q=orders');
      await page.getByRole('link', { name: 'Request access to Orders' }).first().waitFor();
    },
  },
  {
    name: 'request',
    person: 'analyst',
    show: async (page) => {
      await page.goto('/catalog?resourceKind=dataset');
      await page.getByRole('link', { name: 'Request access to Orders' }).click();
      await page.getByRole('heading', { level: 1, name: 'Request access to Orders' }).waitFor();
    },
  },
  {
    name: 'inbox',
    person: 'owner',
    show: async (page) => {
      await page.getByRole('link', { name: SHARE }).waitFor();
    },
  },
  {
    name: 'share',
    person: 'owner',
    show: async (page) => {
      await page.getByRole('link', { name: SHARE }).click();
      await page.getByRole('button', { name: 'Approve' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Note' }).fill('For the campaign only');
      await dialog.getByRole('button', { name: 'Approve' }).click();
      await page.getByText('AWS is exactly as granted').first().waitFor({ timeout: SEEN_MS });
      await page.getByRole('button', { name: 'Dismiss' }).first().click();
    },
  },
  {
    name: 'dataset',
    person: 'owner',
    show: async (page) => {
      await page.goto('/datasets');
      await page.getByRole('link', { name: 'Orders', exact: true }).click();
      await page.getByRole('link', { name: 'products', exact: true }).waitFor();
    },
  },
  {
    name: 'environment',
    person: 'owner',
    show: async (page) => {
      await page.goto('/environments');
      await page.getByRole('link', { name: 'Sales, production' }).click();
      await page.getByRole('tab', { name: 'Teams' }).waitFor();
    },
  },
  {
    name: 'organization',
    person: 'platform-admin',
    show: async (page) => {
      await page.goto('/organizations');
      await page.getByRole('link', { name: 'ACME Corp.' }).click();
      await page.getByRole('tab', { name: 'Teams' }).click();
      await page.getByRole('button', { name: 'Actions on sales' }).waitFor();
    },
  },
  {
    name: 'admin',
    person: 'platform-admin',
    show: async (page) => {
      await page.goto('/admin');
      await page.getByRole('button', { name: 'Actions on sales' }).waitFor();
    },
  },
  {
    name: 'access',
    person: 'owner',
    show: async (page) => {
      await page.goto('/access');
      await page.getByRole('grid').first().waitFor();
    },
  },
];
