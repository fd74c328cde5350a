// `npm run screenshots`: pictures of the guide, of a real installation in a real browser. Names, sizes and the time of day are the same each time;
// addresses and ids that AWS or Kubernetes draw are not.
// `npm run screenshots -- --every-page FOLDER`: every page instead, for people to look at, and what axe finds wrong on it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import packaged from '@sparticuz/chromium';
import { startInstallation } from '../start/installation.ts';
import { RunDirectory } from '../start/run-directory.ts';
import { linkSteps } from '../start/story/acts/link.ts';
import { offerSteps } from '../start/story/acts/offer.ts';
import { Stage } from '../start/story/stage.ts';
import { tell } from '../start/story/tell.ts';
import { Terminal } from '../start/terminal.ts';
import { shootEveryPage } from './every-page.ts';
import { openAs, settled } from './people.ts';
import { pictures } from './pictures.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'guide', 'pictures');
const SIZE = { width: 1_280, height: 800 };
/** Graphs are drawn by WebGL, here by the processor. */
const FLAGS = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
/** Everything has happened an hour ago, within a quarter of one. */
const LATER_MS = 75 * 60_000;

const { values } = parseArgs({ options: { 'every-page': { type: 'string' } } });
const everyPage = values['every-page'];

const folder = mkdtempSync(join(tmpdir(), 'dataall-screenshots-'));
try {
  await using started = new AsyncDisposableStack();
  const run = started.use(await RunDirectory.claim(join(folder, '.run')));
  const { signal } = new AbortController();
  const told = (what: string): void => console.log(what);
  const installation = started.use(await startInstallation(run, { port: 0, kubeconfig: undefined }, told, signal));
  const stage = new Stage(installation, run.file('story'), signal);
  const silent = new Terminal(new Writable({ write: (_chunk, _encoding, done) => done() }) as NodeJS.WriteStream);
  // Linked, offered, and asked for; what pages show of shares that are given, too, where every one is looked at.
  const offered = everyPage === undefined ? offerSteps.slice(0, 2) : offerSteps;
  const { ok } = await tell([...linkSteps, ...offered], stage, silent);
  if (!ok) throw new Error('the installation did not come to where the pictures begin: npm start tells what is wrong');
  const browser = await chromium.launch({ executablePath: await packaged.executablePath(), args: FLAGS });
  started.defer(() => browser.close());
  const { web } = installation.endpoints;
  if (everyPage === undefined) await shootGuide(browser, web);
  else if ((await shootEveryPage(browser, web, everyPage)) > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function shootGuide(browser: Browser, url: string): Promise<void> {
  for (const { name, person, show } of pictures) {
    await using opened = await openAs(browser, url, person, { viewport: SIZE });
    const { page } = opened;
    await page.clock.setFixedTime(Date.now() + LATER_MS);
    await show(page);
    await settled(page);
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
    console.log(`${name}.png`);
  }
}
