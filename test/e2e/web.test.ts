// Every page of the web UI by its address, in a real browser, against an installation as `npm start` brings it up. With
// WEB_SCREENSHOTS=<folder> it leaves pictures of every page there.

import { beforeAll, describe, expect, it } from 'vitest';
import type { BrowserUser } from '../support/browser.ts';
import { lookAt } from './web/looks.ts';
import { SEEN_MS, shareCatalogue, webScene } from './web/scene.ts';

/** Questions to the gateway that a page may ask to be shown. */
const QUESTIONS = 6;

const scene = webScene();
beforeAll(() => shareCatalogue(scene()));

describe('the web UI', () => {
  it('shows every page by its address, to people of any eyes and hands, by few questions', async () => {
    await using analyst = await scene().browser.signedIn('analyst');
    const share = await addressIn(analyst, '/shares?tab=sent', 'Product catalogue');
    const pages = {
      home: '/',
      catalogue: '/catalog?q=orders&resourceKind=table',
      request: await addressIn(analyst, '/catalog?resourceKind=dataset', 'Request access to Orders'),
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
    await using analyst = await scene().browser.signedInAnew('analyst');
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
