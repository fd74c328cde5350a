// `npm run screenshots`: pictures of the guide, of a real installation in a real browser. Names, sizes and the time of day are the same each time;
// addresses and ids that AWS or Kubernetes draw are not.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { chromium, type Page } from 'playwright-core';
import packaged from '@sparticuz/chromium';
import { startInstallation } from '../start/installation.ts';
import { RunDirectory } from '../start/run-directory.ts';
import { linkSteps } from '../start/story/acts/link.ts';
import { offerSteps } from '../start/story/acts/offer.ts';
import { Stage } from '../start/story/stage.ts';
import { tell } from '../start/story/tell.ts';
import { Terminal } from '../start/terminal.ts';
import { pictures } from './pictures.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'guide', 'pictures');
const SIZE = { width: 1_280, height: 800 };
/** Everything has happened an hour ago, within a quarter of one. */
const LATER_MS = 75 * 60_000;

const folder = mkdtempSync(join(tmpdir(), 'dataall-screenshots-'));
try {
  await using started = new AsyncDisposableStack();
  const run = started.use(await RunDirectory.claim(join(folder, '.run')));
  const { signal } = new AbortController();
  const told = (what: string): void => console.log(what);
  const installation = started.use(await startInstallation(run, { port: 0, kubeconfig: undefined }, told, signal));
  const stage = new Stage(installation, run.file('story'), signal);
  const silent = new Terminal(new Writable({ write: (_chunk, _encoding, done) => done() }) as NodeJS.WriteStream);
  // Linked, offered, and asked for.
  const { ok } = await tell([...linkSteps, ...offerSteps.slice(0, 2)], stage, silent);
  if (!ok) throw new Error('the installation did not come to where the pictures begin: npm start tells what is wrong');
  const browser = await chromium.launch({ executablePath: await packaged.executablePath(), args: ['--no-sandbox'] });
  started.defer(() => browser.close());
  for (const { name, person, show } of pictures) {
    await using context = await browser.newContext({
      baseURL: installation.endpoints.web,
      viewport: SIZE,
      reducedMotion: 'reduce',
    });
    const page = await signedIn(await context.newPage(), person);
    await show(page);
    await settled(page);
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
    console.log(`${name}.png`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Nothing on the page is still being loaded, and its letters are those that it will have. */
async function settled(page: Page): Promise<void> {
  await page.getByText('Loading', { exact: true }).first().waitFor({ state: 'hidden' });
  await page.evaluate('document.fonts.ready.then(() => undefined)');
}

async function signedIn(page: Page, name: string): Promise<Page> {
  await page.goto('/');
  await page.getByRole('button', { name }).click();
  await page.getByRole('heading', { level: 1, name: `Welcome, ${name}` }).waitFor();
  await page.clock.setFixedTime(Date.now() + LATER_MS);
  return page;
}
