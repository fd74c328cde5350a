// A share's life on pages that nobody reloads: at two gateways, changed by a click, by kubectl and in AWS; and what a tab does while nothing tells it
// of changes.

import { join } from 'node:path';
import { LakeFormationClient, ListPermissionsCommand, RevokePermissionsCommand } from '@aws-sdk/client-lakeformation';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { pickPort } from '../../../hack/control-plane/port.ts';
import { ACCOUNTS } from '../../../hack/start/cast.ts';
import { forkGateway } from '../../../hack/start/fork-gateway.ts';
import { RestartedProcess } from '../../../hack/start/restarted-process.ts';
import { LAKE } from '../../../hack/start/sample-data/lake.ts';
import type { BrowserUser } from '../../support/browser.ts';
import { see, SEEN_MS, type WebScene } from './scene.ts';

const NAME = 'watched';
const IN_MARKETING = ['-n', 'marketing-prod'];
const HEALTHY = 'AWS is exactly as granted';
const UNHEALTHY = 'AWS is not as granted';

const request = (expiresAt?: Date): string => `
apiVersion: dataall.io/v1alpha1
kind: ShareRequest
metadata: {namespace: marketing-prod, name: ${NAME}}
spec:
  datasetRef: {namespace: sales-prod, name: orders}
  requester: marketing
  principal: {kind: ConsumptionRole, name: analysts}
  permissions: [Read]
  items: [{kind: Table, name: products}]
  purpose: To be watched
  ${expiresAt === undefined ? '' : `expiresAt: ${expiresAt.toISOString().replace(/\.\d+/, '')}`}
`;

const badge = (page: Page, state: string): Promise<void> =>
  page.getByRole('button', { name: new RegExp(`^${state}: `) }).waitFor({ timeout: SEEN_MS });

export function liveJourneys(scene: () => WebScene): void {
  describe('pages that nobody reloads', () => {
    it("show a share's life at two gateways: asked for, approved, granted, changed in AWS and put right, changed and left, expired", async () => {
      await using other = await anotherGateway(scene());
      // Its policy takes what comes from another port for another site's.
      await using analyst = await scene().browser.signedIn('analyst', { bypassCSP: true });
      await using owner = await scene().browser.signedIn('owner');
      // As a load balancer would have it: one address, and whom it leads to is another.
      const { origin } = new URL(scene().installation.endpoints.web);
      await analyst.page.route(`${origin}/**`, (route) =>
        route.continue({ url: route.request().url().replace(origin, other.url) }),
      );
      await analyst.page.goto('/shares?tab=sent');
      await analyst.quiet();
      await owner.quiet();

      await scene().apply('analyst', request());
      await analyst.page.getByRole('link', { name: 'Orders', exact: true }).click({ timeout: SEEN_MS });
      await see(analyst.page, 'Waits for a decision');
      await owner.page.getByRole('link', { name: 'Orders for Analysts' }).click({ timeout: SEEN_MS });
      await owner.page.getByRole('button', { name: 'Approve' }).click();
      await owner.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
      await onBoth([analyst, owner], HEALTHY);

      await revokeInAws(scene());
      await onBoth([analyst, owner], 'Somebody had changed this in AWS. It was put right');
      await onBoth([analyst, owner], HEALTHY);

      await remediate(scene(), 'Report');
      // What is changed before the operator has taken that in is put right once more.
      const unhealthy = owner.page.getByText(UNHEALTHY).first();
      await expect
        .poll(() => revokeInAws(scene()).then(() => unhealthy.isVisible()), { timeout: SEEN_MS, interval: 1_000 })
        .toBe(true);
      await onBoth([analyst, owner], UNHEALTHY);
      await remediate(scene(), 'Repair');
      await onBoth([analyst, owner], HEALTHY);

      await scene().apply('analyst', request(new Date(Date.now() + 5_000)));
      await onBoth([analyst, owner], /^Expired$/);
      expect([...analyst.complaints, ...owner.complaints]).toEqual([]);
      await take(scene(), ['delete', 'sharerequest', NAME, ...IN_MARKETING]);
    });

    it('say so while the gateway is away, and show afterwards what has changed meanwhile', async () => {
      await using analyst = await scene().browser.signedIn('analyst');
      await analyst.page.goto('/shares?tab=sent');
      await analyst.quiet();
      const { pid } = scene().installation.endpoints.gateway;
      process.kill(pid, 'SIGKILL');
      await badge(analyst.page, 'Reconnecting');
      await scene().apply('analyst', request());
      await badge(analyst.page, 'Live');
      await analyst.page.getByRole('link', { name: 'Orders', exact: true }).waitFor({ timeout: SEEN_MS });
      await take(scene(), ['delete', 'sharerequest', NAME, ...IN_MARKETING]);
      await analyst.page
        .getByRole('link', { name: 'Orders', exact: true })
        .waitFor({ state: 'detached', timeout: SEEN_MS });
    });

    it('keep no stream while nobody looks at them, and say so where one person has too many', async () => {
      await using analyst = await scene().browser.signedIn('analyst');
      const { page } = analyst;
      await analyst.quiet();
      const closed = page.waitForEvent('requestfailed', (one) => one.url().endsWith('/graphql/stream'));
      await show(page, 'hidden');
      await closed;
      await page.route('**/graphql/stream', (route) => route.fulfill({ status: 429, body: '{}' }));
      await show(page, 'visible');
      await badge(page, 'Not live');
      await page.unroute('**/graphql/stream');
      await page.getByRole('button', { name: /^Not live: / }).click();
      await badge(page, 'Live');
    });
  });
}

async function onBoth(people: readonly BrowserUser[], text: string | RegExp): Promise<void> {
  for (const { page } of people) await see(page, text);
}

/** As the browser says it of a tab behind others. */
const show = (page: Page, state: 'visible' | 'hidden'): Promise<void> =>
  page.evaluate((value) => {
    const { document } = globalThis as unknown as { readonly document: EventTarget };
    Object.defineProperty(document, 'visibilityState', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

/** As the first one is, on the same database. */
async function anotherGateway({ run, folder }: WebScene): Promise<RestartedProcess> {
  const files = {
    config: run.file('gateway.yaml'),
    kubeconfig: run.file('gateway.kubeconfig'),
    log: join(folder, 'gateway-2.log'),
  };
  return RestartedProcess.start({
    name: 'gateway',
    fork: (port) => forkGateway(files, port),
    port: await pickPort(),
    log: files.log,
    onRestart: () => undefined,
  });
}

async function take({ stage }: WebScene, command: readonly string[], user = 'analyst'): Promise<void> {
  const { ok, output } = await stage.kubectl.run(['--context', user, ...command]);
  expect(ok, output).toBe(true);
}

/** Whether what somebody changes in AWS is put right, or told of alone. */
const remediate = (scene: WebScene, remediation: 'Repair' | 'Report'): Promise<void> =>
  take(
    scene,
    ['patch', 'environment', 'sales-prod', '--type=merge', '-p', JSON.stringify({ spec: { remediation } })],
    'owner',
  );

/** As an administrator of the producer's account does, behind our backs. */
async function revokeInAws({ stage }: WebScene): Promise<void> {
  const lake = new LakeFormationClient(stage.administrator('producer'));
  const { PrincipalResourcePermissions = [] } = await lake.send(
    new ListPermissionsCommand({ Resource: { Table: { DatabaseName: LAKE.database, Name: 'products' } } }),
  );
  const grants = PrincipalResourcePermissions.filter(({ Principal }) =>
    Principal?.DataLakePrincipalIdentifier?.includes(ACCOUNTS.consumer.id),
  );
  for (const { Principal, Resource, Permissions, PermissionsWithGrantOption } of grants)
    await lake.send(new RevokePermissionsCommand({ Principal, Resource, Permissions, PermissionsWithGrantOption }));
}
