// Who looks at the installation, each in a browser window of their own.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Opened extends AsyncDisposable {
  readonly page: Page;
}

/** At the start page, as that user of the demo. @param url of the web UI */
export async function openAs(
  browser: Browser,
  url: string,
  name: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ baseURL: url, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByRole('button', { name }).click();
  await page.getByRole('heading', { level: 1, name: `Welcome, ${name}` }).waitFor();
  return { page, [Symbol.asyncDispose]: () => context.close() };
}

/** Nothing on the page is still being loaded, and its letters are those that it will have. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'hidden' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}
