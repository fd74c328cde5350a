// What the browser draws while somebody scrolls and points: frames that come late, on the largest pages there are.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packaged from '@sparticuz/chromium';
import { chromium, type Page } from 'playwright-core';
import type { Report } from '../stage.ts';
import { distributionOf, type Distribution } from '../statistics.ts';
import type { Known } from '../web/made-up-answers.ts';
import { startWebSite } from '../web/web-site.ts';

export interface WebFrames {
  /** Milliseconds from one frame to the next. */
  readonly frames: Distribution;
  /** Frames that took more than 50 ms: what people see as a stop. */
  readonly late: number;
  /** Tasks of the page's own thread that took more than 50 ms: scripts, styles and layout, without what the graphics processor does. */
  readonly longTasks: readonly number[];
  /** From the address until it is all there, ms. */
  readonly shownAfter: number;
}

export type WebMeasured = Readonly<Record<PageName, WebFrames>>;

const LATE_MS = 50;
const STEPS = 60;
const EDGES = 20_000;
const PRINCIPALS = 2_000;
const DATASETS = 400;

type PageName = 'graph of 20,000 edges' | 'list of 10,000 shares' | 'table of 1,500 columns';

interface Looked {
  readonly address: string;
  readonly shown: (page: Page) => Promise<void>;
}

const PAGES: Readonly<Record<PageName, Looked>> = {
  'graph of 20,000 edges': {
    address: '/access/graph?dataset=x',
    shown: (page) => page.getByRole('img').locator('canvas').first().waitFor(),
  },
  'list of 10,000 shares': {
    address: '/shares?tab=sent',
    shown: (page) => page.getByRole('row').nth(20).waitFor(),
  },
  'table of 1,500 columns': {
    address: '/tables/x?tab=columns',
    shown: (page) => page.getByRole('row').nth(20).waitFor(),
  },
};

const places = (of: number): readonly number[] => Array.from({ length: EDGES }, (_, edge) => (edge * 7_919) % of);

const KNOWN: Known = {
  'ShareSearchResult.count': 10_000,
  'DatasetTableColumnSearchResult.count': 1_500,
  'AccessGraph.principals': Array.from({ length: PRINCIPALS }, () => ({})),
  'AccessGraph.datasets': Array.from({ length: DATASETS }, () => ({})),
  'AccessGraphEdges.principals': places(PRINCIPALS),
  'AccessGraphEdges.datasets': places(DATASETS),
  'AccessGraphEdges.items': places(9),
  'AccessGraphEdges.standings': places(1).map(() => 'Granted'),
};

export async function countFrames(report: Report): Promise<WebMeasured> {
  await using opened = new AsyncDisposableStack();
  const site = opened.use(await startWebSite(KNOWN));
  const profile = mkdtempSync(join(tmpdir(), 'dataall-bench-browser-'));
  opened.defer(() => rmSync(profile, { recursive: true, force: true }));
  const browser = await chromium.launch({
    executablePath: await packaged.executablePath(),
    args: ['--headless', '--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
    env: { HOME: profile, PATH: process.env['PATH'] ?? '' },
  });
  opened.defer(() => browser.close());
  const measured: [string, WebFrames][] = [];
  for (const [name, looked] of Object.entries(PAGES)) {
    const page = await browser.newPage({ baseURL: site.url, viewport: { width: 1_280, height: 900 } });
    const since = performance.now();
    await page.goto(looked.address);
    await looked.shown(page);
    const shownAfter = Math.round(performance.now() - since);
    const { gaps, longTasks } = await countedWhile(page, () => moveAround(page));
    const late = gaps.filter((gap) => gap > LATE_MS).length;
    report(`${name}: ${late} of ${gaps.length} frames took more than ${LATE_MS} ms, tasks: ${longTasks.length}`);
    measured.push([name, { frames: distributionOf(gaps), late, longTasks, shownAfter }]);
    await page.close();
  }
  return Object.fromEntries(measured) as WebMeasured;
}

/** Scrolls down and up, and points here and there: over a graph that zooms it, and shows what a node is tied to. */
async function moveAround(page: Page): Promise<void> {
  for (let step = 0; step < STEPS; step += 1) {
    await page.mouse.move(300 + ((step * 97) % 700), 300 + ((step * 61) % 400));
    await page.mouse.wheel(0, step < STEPS / 2 ? 120 : -120);
  }
}

interface Counted {
  /** Milliseconds from one frame to the next. */
  readonly gaps: readonly number[];
  /** Milliseconds. https://www.w3.org/TR/longtasks-1/ */
  readonly longTasks: readonly number[];
}

/** In the page, whose names are none of Node's. */
const COUNTING = `(() => {
  const counted = { gaps: [], longTasks: [] };
  let last = performance.now();
  const next = (now) => {
    counted.gaps.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) counted.longTasks.push(duration);
  }).observe({ type: 'longtask' });
  return counted;
})()`;

/** What comes meanwhile. */
async function countedWhile(page: Page, work: () => Promise<void>): Promise<Counted> {
  const counting = await page.evaluateHandle<Counted>(COUNTING);
  await work();
  const { gaps, longTasks } = await counting.jsonValue();
  // The first is from before it began.
  return { gaps: gaps.slice(1), longTasks };
}
