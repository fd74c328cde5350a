// Every page as three people see it, light and dark, wide and narrow: for somebody to look at all of them. What axe finds wrong is told.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { violationsOf } from '../../test/support/violations.ts';
import { openAs, settled } from './people.ts';

type Person = 'analyst' | 'owner' | 'auditor';

/** A page by its address, or by the link to it that a list shows, and a tab of it. */
interface Place {
  readonly name: string;
  readonly at: string;
  /** Names of links that lead on from there, one after the other. */
  readonly through?: readonly string[];
  readonly part?: string;
}

const tabs = (name: string, at: string, through: readonly string[], parts: readonly string[]): readonly Place[] =>
  parts.map((tab) => ({ name: `${name}-${tab}`, at, through, part: `?tab=${tab}` }));

const TABLE = ['Orders', 'orders'];

const general: readonly Place[] = [
  { name: 'home', at: '/' },
  { name: 'catalogue', at: '/catalog?q=orders' },
  { name: 'shares-received', at: '/shares?tab=received' },
  { name: 'shares-sent', at: '/shares?tab=sent' },
  { name: 'access', at: '/access' },
  { name: 'access-graph', at: '/access/graph' },
  { name: 'notifications', at: '/notifications' },
  { name: 'datasets', at: '/datasets?tab=owned' },
  { name: 'environments', at: '/environments' },
  { name: 'organizations', at: '/organizations' },
  { name: 'profile', at: '/profile' },
  ...tabs('organization', '/organizations', ['ACME Corp.'], ['overview', 'environments', 'teams']),
];

const pages: Readonly<Record<Person, readonly Place[]>> = {
  analyst: [
    ...general,
    { name: 'request', at: '/catalog?resourceKind=dataset', through: ['Request access to Orders'] },
    { name: 'cart', at: '/request' },
    { name: 'share', at: '/shares?tab=sent', through: ['Product catalogue'] },
    ...tabs(
      'environment',
      '/environments',
      ['Marketing, production'],
      ['overview', 'teams', 'roles', 'datasets', 'access', 'stack'],
    ),
    { name: 'not-found', at: '/no/such/page' },
  ],
  owner: [
    ...general,
    { name: 'share', at: '/shares?tab=received', through: ['Product catalogue'] },
    ...tabs('dataset', '/datasets', ['Orders'], ['data', 'overview', 'shares', 'access', 'stack']),
    ...tabs('table', '/datasets', TABLE, ['overview', 'columns', 'filters']),
    { name: 'folder', at: '/datasets', through: ['Orders', 'raw'] },
    { name: 'dataset-import', at: '/datasets/new?kind=import' },
    { name: 'dataset-new', at: '/datasets/new' },
    { name: 'environment-link', at: '/environments/new' },
    { name: 'organization-new', at: '/organizations/new' },
    ...tabs(
      'environment',
      '/environments',
      ['Sales, production'],
      ['overview', 'teams', 'roles', 'datasets', 'access', 'stack'],
    ),
  ],
  auditor: [
    ...general,
    { name: 'access-day', at: `/access?day=${new Date().toISOString().slice(0, 10)}` },
    { name: 'share', at: '/shares?tab=received', through: ['Product catalogue'] },
    { name: 'admin', at: '/admin' },
    { name: 'admin-health', at: '/admin?tab=health' },
  ],
};

/** Colours are all that dark changes. */
const LOOKS = [
  { scheme: 'light', width: 1_280, of: 'everything' },
  { scheme: 'dark', width: 1_280, of: 'colours' },
  { scheme: 'light', width: 420, of: 'everything' },
  { scheme: 'dark', width: 420, of: 'colours' },
] as const;
const HEIGHT = 900;

/** @returns how much axe found */
export async function shootEveryPage(browser: Browser, url: string, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  let violations = 0;
  for (const [person, places] of Object.entries(pages)) {
    await using opened = await openAs(browser, url, person);
    const { page } = opened;
    for (const place of places) {
      if (!(await goTo(page, place))) {
        console.log(`${person}: no way to ${place.name}`);
        continue;
      }
      violations += await shoot(page, join(folder, `${person}-${place.name}`));
    }
  }
  return violations;
}

async function goTo(page: Page, { at, through = [], part }: Place): Promise<boolean> {
  await page.goto(at);
  await settled(page);
  for (const name of through) {
    const link = page.getByRole('link', { name, exact: true }).first();
    const href = await link.getAttribute('href', { timeout: 10_000 }).catch(() => null);
    if (href === null) return false;
    await page.goto(href);
    await settled(page);
  }
  if (part !== undefined) {
    await page.goto(new URL(page.url()).pathname + part);
    await settled(page);
  }
  return true;
}

async function shoot(page: Page, path: string): Promise<number> {
  let violations = 0;
  for (const { scheme, width, of } of LOOKS) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: HEIGHT });
    await page.locator(scheme === 'dark' ? 'body.awsui-dark-mode' : 'body:not(.awsui-dark-mode)').waitFor();
    await page.evaluate('scrollTo(0, 0)');
    await page.screenshot({ path: `${path}-${width}-${scheme}.png`, fullPage: true });
    const found = await violationsOf(page, of);
    for (const one of found) console.log(`${path}, ${width} px, ${scheme}: ${one}`);
    violations += found.length;
  }
  console.log(path);
  return violations;
}
