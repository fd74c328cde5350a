// The web UI in a real browser, against an installation as `npm start` brings it up.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInstallation, type Installation } from '../../hack/start/installation.ts';
import { RunDirectory } from '../../hack/start/run-directory.ts';
import { startBrowser, violationsOf, type RunningBrowser } from '../support/browser.ts';

const PATIENCE_MS = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'dataall-web-'));
const started = new AsyncDisposableStack();
let installation: Installation;
let browser: RunningBrowser;

beforeAll(async () => {
  const run = started.use(await RunDirectory.claim(join(folder, '.run')));
  const { signal } = new AbortController();
  installation = started.use(await startInstallation(run, { port: 0, kubeconfig: undefined }, () => undefined, signal));
  browser = started.use(await startBrowser(installation.endpoints.web));
}, PATIENCE_MS);
afterAll(async () => {
  await started.disposeAsync();
  rmSync(folder, { recursive: true, force: true });
}, PATIENCE_MS);

describe('the web UI', () => {
  it('lets a demo user in by one click, and complains of nothing', async () => {
    await using analyst = await browser.signedIn('analyst');
    await analyst.page.getByRole('button', { name: 'Notifications' }).waitFor();
    expect(analyst.complaints).toEqual([]);
    expect(await violationsOf(analyst.page)).toEqual([]);
  });
});
