// What the journeys of the browser test share: an installation as `npm start` brings it up, linked and with datasets, and a browser.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { ACCOUNTS } from '../../../hack/start/cast.ts';
import { startInstallation, type Installation } from '../../../hack/start/installation.ts';
import { RunDirectory } from '../../../hack/start/run-directory.ts';
import { linkSteps } from '../../../hack/start/story/acts/link.ts';
import { offerSteps } from '../../../hack/start/story/acts/offer.ts';
import { Stage } from '../../../hack/start/story/stage.ts';
import { tell } from '../../../hack/start/story/tell.ts';
import { Terminal } from '../../../hack/start/terminal.ts';
import { startBrowser, type RunningBrowser } from '../../support/browser.ts';

const PATIENCE_MS = 300_000;
/** Of what others do; the page says it within seconds. */
export const SEEN_MS = 60_000;

const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface WebScene {
  readonly installation: Installation;
  readonly run: RunDirectory;
  readonly stage: Stage;
  readonly browser: RunningBrowser;
  /** For files of the test. */
  readonly folder: string;
  /** Applies a manifest as somebody, whose fields kubectl then keeps: no page changes them. */
  readonly apply: (user: string, manifest: string) => Promise<void>;
  /** Creates what a manifest says as somebody, for pages to go on with. */
  readonly create: (user: string, manifest: string) => Promise<void>;
}

/** Call at the top of the test file: it is there within tests only, and fails to come up where the web UI cannot be built within its budgets. */
export function webScene(): () => WebScene {
  const started = new AsyncDisposableStack();
  let scene: WebScene | undefined;
  vi.setConfig({ testTimeout: PATIENCE_MS });
  beforeAll(async () => {
    scene = await start(started);
  }, PATIENCE_MS);
  afterAll(() => started.disposeAsync(), PATIENCE_MS);
  return () => {
    if (scene === undefined) throw new Error('the scene is there within tests only');
    return scene;
  };
}

async function start(started: AsyncDisposableStack): Promise<WebScene> {
  const folder = mkdtempSync(join(tmpdir(), 'dataall-web-'));
  started.defer(() => rmSync(folder, { recursive: true, force: true }));
  const run = started.use(await RunDirectory.claim(join(folder, '.run')));
  const { signal } = new AbortController();
  const options = { port: 0, kubeconfig: undefined };
  const installation = started.use(await startInstallation(run, options, () => undefined, signal));
  const stage = new Stage(installation, run.file('story'), signal);
  const silent = new Terminal(new Writable({ write: (_chunk, _encoding, done) => done() }) as NodeJS.WriteStream);
  const { steps } = await tell([...linkSteps, ...offerSteps.slice(0, 1)], stage, silent);
  expect(steps.filter(({ ok }) => !ok)).toEqual([]);
  let files = 0;
  const by =
    (...command: readonly string[]) =>
    async (user: string, manifest: string): Promise<void> => {
      const file = join(folder, `${(files += 1)}.yaml`);
      writeFileSync(file, manifest);
      const { ok, output } = await stage.kubectl.run(['--context', user, ...command, '-f', file]);
      expect(ok, output).toBe(true);
    };
  const [apply, create] = [by('apply', '--server-side'), by('create')];
  // The role that reads, without the requests for it that stand in the same file.
  await apply('analyst', example('marketing', 'requests.yaml').at(0) ?? '');
  const browser = started.use(await startBrowser(installation.endpoints.web));
  return { installation, run, stage, browser, folder, apply, create };
}

/** Objects of a manifest that users read. */
export const example = (...path: readonly string[]): readonly string[] =>
  readFileSync(join(ROOT, 'examples', ...path), 'utf8').split('\n---\n');

/** The examples' share of the product catalogue: asked for by the analyst, approved by the owner, given. */
export async function shareCatalogue({ apply, stage }: WebScene): Promise<void> {
  await apply('analyst', example('marketing', 'requests.yaml').at(-1) ?? '');
  await apply('owner', example('sales', 'approvals.yaml').at(-1) ?? '');
  const given = [
    'sharerequest/catalogue-for-analysts',
    '-n',
    'marketing-prod',
    '--for=condition=Ready',
    '--timeout=60s',
  ];
  const { ok, output } = await stage.kubectl.run(['--context', 'analyst', 'wait', ...given]);
  expect(ok, output).toBe(true);
}

/** A role of the marketing account, which its team has registered. */
export async function bringRole(
  { stage, create }: WebScene,
  name: string,
  label: string,
  policyManagement: 'Fully' | 'Partially' = 'Fully',
): Promise<void> {
  const trust = { Effect: 'Allow', Principal: { AWS: ACCOUNTS.consumer.id }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  const iam = new IAMClient(stage.administrator('consumer'));
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  await create(
    'analyst',
    `
apiVersion: dataall.io/v1alpha1
kind: ConsumptionRole
metadata: {namespace: marketing-prod, name: ${name}}
spec: {label: ${label}, owner: marketing, principalArn: 'arn:aws:iam::${ACCOUNTS.consumer.id}:role/${name}', policyManagement: ${policyManagement}}
`,
  );
}

/** Waits for it, as long as others may take who do something about it. */
export const see = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByText(text).first().waitFor({ timeout: SEEN_MS });

export const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name }).waitFor();

/** With WEB_SCREENSHOTS=<folder>: a picture in both widths. */
export async function photograph(page: Page, name: string): Promise<void> {
  const pictures = process.env['WEB_SCREENSHOTS'];
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  for (const [width, height] of [
    [420, 900],
    [1_280, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: join(pictures, `${name}-${width}.png`), fullPage: true });
  }
}
