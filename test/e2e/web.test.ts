// The web UI in a real browser, against an installation as `npm start` brings it up: a share's life as its people click it, and every page by
// its address. With WEB_SCREENSHOTS=<folder> it leaves pictures of every page there.

import { describe, expect, it, vi } from 'vitest';
import { CATALOGUE } from '../../hack/start/sample-data/lake.ts';
import type { BrowserUser } from '../support/browser.ts';
import { auditing } from './web/auditing.ts';
import { explainedJourneys } from './web/explained.ts';
import { liveJourneys } from './web/life.ts';
import { lookAt } from './web/looks.ts';
import { managing } from './web/managing.ts';
import { heading, PATIENCE_MS, see, SEEN_MS, webScene } from './web/scene.ts';

vi.setConfig({ testTimeout: PATIENCE_MS });

const SHARE = 'Product catalogue for Analysts';
/** Questions to the gateway that a page may ask to be shown. */
const QUESTIONS = 6;

const scene = webScene();

/** Whether the role of the analysts gets at the data. */
async function isGiven(): Promise<boolean> {
  const analysts = await scene().stage.reader('consumer', 'analysts');
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

describe('the web UI', () => {
  it('lets an analyst ask and the owner approve, shows both how access comes and goes without a reload, and AWS agrees', async () => {
    await using analyst = await scene().browser.signedIn('analyst');
    await using owner = await scene().browser.signedIn('owner');
    await ask(analyst);
    await see(analyst.page, 'Waits for a decision');
    expect(await isGiven()).toBe(false);

    await approve(owner);
    for (const { page } of [owner, analyst]) await see(page, 'AWS is exactly as granted');
    await see(analyst.page, 'For the campaign only');
    expect(await isGiven()).toBe(true);
    await analyst.page.getByRole('button', { name: /Notifications, \d+ not read/ }).waitFor({ timeout: SEEN_MS });

    await takeBack(owner);
    await see(analyst.page, /^Revoked$/);
    await expect.poll(isGiven, { timeout: SEEN_MS }).toBe(false);
    expect([...analyst.complaints, ...owner.complaints]).toEqual([]);
  });

  it('tells a stranger nothing of a share by its address', async () => {
    const address = await addressOf('Sent');
    await using stranger = await scene().browser.signedIn('stranger');
    await stranger.page.goto(address);
    await see(stranger.page, /was not found, or you may not see it/);
    await expect(stranger.page.content()).resolves.not.toContain('Product catalogue');
  });

  it('shows every page by its address, to people of any eyes and hands, by few questions', async () => {
    await using analyst = await scene().browser.signedIn('analyst');
    const share = await addressOf('Sent');
    const pages = {
      home: '/',
      catalogue: '/catalog?q=orders&resourceKind=table',
      request: await requestAddress(),
      cart: '/request',
      received: '/shares?tab=received&term=orders&status=Submitted',
      sent: '/shares?tab=sent',
      share,
      notifications: '/notifications',
      nowhere: '/no/such/page',
    };
    for (const [name, address] of Object.entries(pages)) await visit(analyst, name, address);
    expect(analyst.complaints).toEqual([]);
  });

  it('shows owners every page of what is theirs by its address', async () => {
    await using owner = await scene().browser.signedIn('owner');
    const dataset = await addressIn(owner, '/datasets', 'Orders');
    const environment = await addressIn(owner, '/environments', 'Sales, production');
    const organization = await addressIn(owner, '/organizations', 'ACME Corp.');
    const pages = {
      datasets: '/datasets?tab=owned&term=orders',
      'dataset-data': dataset,
      'dataset-overview': `${dataset}?tab=overview`,
      'dataset-shares': `${dataset}?tab=shares`,
      'dataset-access': `${dataset}?tab=access`,
      'dataset-stack': `${dataset}?tab=stack`,
      'dataset-new': '/datasets/new?kind=import',
      'table-columns': `${await addressIn(owner, dataset, 'orders')}?tab=columns`,
      environments: '/environments?term=sales',
      'environment-overview': environment,
      'environment-teams': `${environment}?tab=teams`,
      'environment-roles': `${environment}?tab=roles`,
      'environment-access': `${environment}?tab=access`,
      'environment-link': '/environments/new',
      'organization-teams': `${organization}?tab=teams`,
      profile: '/profile',
      access: '/access?day=2026-11-30',
      'access-graph': '/access/graph',
      admin: '/admin',
    };
    for (const [name, address] of Object.entries(pages)) await visit(owner, name, address);
    expect(owner.complaints).toEqual([]);
  });

  it('asks who has lost their session to sign in, and brings them back to where they were', async () => {
    await using analyst = await scene().browser.signedIn('analyst');
    const { page } = analyst;
    await page.goto('/catalog?q=orders');
    await analyst.quiet();
    // In another tab.
    await page.context().request.post('/auth/logout');
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor({ timeout: SEEN_MS });
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Request access to Orders' }).first().waitFor({ timeout: SEEN_MS });
    expect(new URL(page.url()).search).toBe('?q=orders');
  });
});

liveJourneys(scene);
explainedJourneys(scene);
managing(scene);
auditing(scene);

/** Of the share of the first test, as its analyst sees it. */
async function addressOf(tab: 'Sent' | 'Received'): Promise<string> {
  await using analyst = await scene().browser.signedIn('analyst');
  await analyst.page.goto('/shares');
  await analyst.page.getByRole('tab', { name: tab }).click();
  const link = analyst.page.getByRole('link', { name: 'Product catalogue' });
  return (await link.getAttribute('href')) ?? '';
}

async function requestAddress(): Promise<string> {
  await using analyst = await scene().browser.signedIn('analyst');
  await analyst.page.goto('/catalog?resourceKind=dataset');
  return (await analyst.page.getByRole('link', { name: 'Request access to Orders' }).getAttribute('href')) ?? '';
}

/** Of what a list shows under that name. */
async function addressIn({ page }: BrowserUser, list: string, name: string): Promise<string> {
  await page.goto(list);
  return (await page.getByRole('link', { name, exact: true }).first().getAttribute('href')) ?? '';
}

async function visit(user: BrowserUser, name: string, address: string): Promise<void> {
  const { page } = user;
  user.takeQuestions();
  await page.goto(address);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await user.quiet();
  // The bell asks on every page, and is one of them. What is shown before the stream of changes is there is asked once more then.
  const questions = [...new Set(user.takeQuestions())];
  expect(questions.length, `${name} asks ${questions.join(', ')}`).toBeLessThanOrEqual(QUESTIONS);
  await lookAt(page, name);
}
