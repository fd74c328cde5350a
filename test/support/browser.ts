// A real Chromium, from an npm package, and people who use it: each in a context of their own, with what went wrong on their pages.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packaged from '@sparticuz/chromium';
import {
  chromium,
  type BrowserContext,
  type BrowserContextOptions,
  type Cookie,
  type Page,
  type Request,
} from 'playwright-core';
import { expect } from 'vitest';

/** For a machine without display, sandbox or outside connections, as tests run on. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  // Graphs are drawn by WebGL, here by the processor.
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // Pages are put together without it: it takes a third of a browser's time where the processor stands in for it.
  '--disable-gpu-compositing',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a driver says of graphs that are put into pages without a graphics processor. */
const ABOUT_FLAGS = /^\[\.WebGL-\w+\]GL Driver Message .*GPU stall due to ReadPixels/;

/** Colours that fade into others have contrasts of neither. */
const CONTEXT: BrowserContextOptions = { viewport: { width: 1_280, height: 900 }, reducedMotion: 'reduce' };

/** What one answer makes a page ask is asked by then. */
const QUIET_MS = 400;
const LIVE_MS = 60_000;

export interface BrowserUser extends AsyncDisposable {
  readonly page: Page;
  /** Errors of the console, of scripts, and requests that failed. */
  readonly complaints: readonly string[];
  /** Questions to the gateway since it was last asked: GraphQL and search. */
  readonly takeQuestions: () => readonly string[];
  /** Resolves once the page is told of changes, and has asked nothing for a moment. */
  readonly quiet: () => Promise<void>;
}

export interface RunningBrowser extends AsyncDisposable {
  /** A new context at the web UI as that demo user, in the session that they have begun before, as in another window. */
  readonly signedIn: (name: string, options?: BrowserContextOptions) => Promise<BrowserUser>;
  /** Somebody who is not signed in yet, at the door. Of what goes wrong before they are, nothing is told. */
  readonly arrived: (options?: BrowserContextOptions) => Promise<BrowserUser>;
  /** The same in a session that ends without ending others' windows. */
  readonly signedInAnew: (name: string) => Promise<BrowserUser>;
}

/** @param url of the web UI */
export async function startBrowser(url: string): Promise<RunningBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'dataall-browser-'));
  const browser = await chromium.launch({
    executablePath: await packaged.executablePath(),
    args: FLAGS,
    env: { HOME: profile, PATH: process.env['PATH'] ?? '' },
  });
  const sessions = new Map<string, readonly Cookie[]>();
  const newContext = (options?: BrowserContextOptions): Promise<BrowserContext> =>
    browser.newContext({ baseURL: url, ...CONTEXT, ...options });
  const signedInAnew = async (name: string): Promise<BrowserUser> => {
    const context = await newContext();
    await signIn(context, name);
    return openStartPage(context, name);
  };
  return {
    signedInAnew,
    arrived: async (options) => {
      const context = await newContext(options);
      const page = await context.newPage();
      await page.goto('/');
      return { page, ...watch(page), [Symbol.asyncDispose]: () => context.close() };
    },
    signedIn: async (name, options) => {
      const context = await newContext(options);
      const session = sessions.get(name);
      if (session === undefined) sessions.set(name, await signIn(context, name));
      else await context.addCookies([...session]);
      return openStartPage(context, name);
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** @returns what makes the session */
async function signIn(context: BrowserContext, name: string): Promise<readonly Cookie[]> {
  const page = await context.newPage();
  await page.goto('/');
  await page.getByRole('button', { name }).click();
  await welcome(page, name);
  await page.close();
  return context.cookies();
}

/** Of who is signed in: before that the gateway answers with an error, which the browser tells, and no complaint is to be made of. */
async function openStartPage(context: BrowserContext, name: string): Promise<BrowserUser> {
  const page = await context.newPage();
  const watched = watch(page);
  await page.goto('/');
  await welcome(page, name);
  return { page, ...watched, [Symbol.asyncDispose]: () => context.close() };
}

const welcome = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { level: 1, name: `Welcome, ${name}` }).waitFor();

function watch(page: Page): Pick<BrowserUser, 'complaints' | 'takeQuestions' | 'quiet'> {
  const complaints: string[] = [];
  let questions: string[] = [];
  const open = new Set<Request>();
  let answeredAt = performance.now();
  page.on('console', (message) => {
    const text = message.text();
    if (ABOUT_FLAGS.test(text)) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${text}`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('requestfailed', (request) => {
    // What a page asks while one leaves it is not waited for.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      complaints.push(`request: ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`response: ${response.url()} ${response.status()}`);
  });
  page.on('request', (request) => {
    const question = questionOf(request);
    if (question === undefined) return;
    if (sendsText(request)) complaints.push(`request: ${question} by its text, which the gateway has from the build`);
    questions.push(question);
    open.add(request);
  });
  const answered = (request: Request): void => {
    if (open.delete(request)) answeredAt = performance.now();
  };
  page.on('requestfinished', answered);
  page.on('requestfailed', answered);
  return {
    complaints,
    takeQuestions: () => {
      const taken = questions;
      questions = [];
      return taken;
    },
    quiet: async () => {
      await page.getByRole('button', { name: /^Live: / }).waitFor({ timeout: LIVE_MS });
      await expect
        .poll(() => open.size === 0 && performance.now() - answeredAt > QUIET_MS, { timeout: LIVE_MS, interval: 50 })
        .toBe(true);
    },
  };
}

/** Operations of pages are asked for by their hash; what is only tried is no operation of the build. */
function sendsText(request: Request): boolean {
  if (new URL(request.url()).pathname !== '/graphql/api') return false;
  const { query } = JSON.parse(request.postData() ?? '{}') as { readonly query?: string };
  return query !== undefined && !query.includes('@dryRun');
}

function questionOf(request: Request): string | undefined {
  const { pathname } = new URL(request.url());
  if (pathname === '/search/api') return 'search';
  if (pathname !== '/graphql/api') return undefined;
  return (JSON.parse(request.postData() ?? '{}') as { readonly operationName?: string }).operationName;
}
