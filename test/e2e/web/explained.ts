// What every page can tell of what it shows: why it is as it is, and how it would stand in Git. And every form, of what it would write.

import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lookAt } from './looks.ts';
import { see, type WebScene } from './scene.ts';

interface Stored {
  readonly metadata: { readonly generation: number; readonly name: string };
  readonly spec: unknown;
}

export function explainedJourneys(scene: () => WebScene): void {
  /** As kubectl has it. */
  const read = async (user: string, ...what: readonly string[]): Promise<Stored> => {
    const { ok, output } = await scene().stage.kubectl.run(['--context', user, ...what, '-o', 'json']);
    expect(ok, output).toBe(true);
    return JSON.parse(output) as Stored;
  };
  /** What the API server would make of a file, for that user. */
  const applied = (user: string, manifest: string): Promise<Stored> => {
    const file = join(scene().folder, 'shown.yaml');
    writeFileSync(file, manifest);
    return read(user, 'apply', '--server-side', '--dry-run=server', '-f', file);
  };

  describe('what a page shows', () => {
    it.each([
      ['platform-admin', 'organization', '/organizations', 'ACME Corp.', ['acme']],
      ['owner', 'environment', '/environments', 'Sales, production', ['sales-prod']],
      ['owner', 'dataset', '/datasets', 'Orders', ['orders', '-n', 'sales-prod']],
    ])('stands in Git as its YAML says: applied by %s, it is the same %s', async (name, kind, list, link, which) => {
      await using user = await scene().browser.signedIn(name);
      await user.page.goto(list);
      await user.page.getByRole('link', { name: link, exact: true }).first().click();
      await user.page.getByRole('button', { name: 'Show YAML' }).click();
      const manifest = await shownYaml(user.page);
      const before = await read(name, 'get', kind, ...which);
      const { metadata, spec } = await applied(name, manifest);
      expect({ generation: metadata.generation, spec }).toEqual({
        generation: before.metadata.generation,
        spec: before.spec,
      });
      expect(parse(manifest)).not.toHaveProperty('status');
      expect(user.complaints).toEqual([]);
    });

    it('is explained: why a role cannot be given access, what was found, what to do, in few words for anybody', async () => {
      await scene().apply('analyst', ABSENT_ROLE);
      await using analyst = await scene().browser.signedIn('analyst');
      const { page } = analyst;
      await page.goto('/environments');
      await page.getByRole('link', { name: 'Marketing, production', exact: true }).first().click();
      await page.getByRole('tab', { name: 'Roles', exact: true }).click();
      await see(page, 'Nobody yet');
      await page
        .getByRole('row', { name: /Nobody yet/ })
        .getByRole('button', { name: 'Why?' })
        .click();
      const dialog = page.getByRole('dialog', { name: 'Why is it as it is?' });
      await dialog.getByText('The IAM role or user that would get access does not exist.').first().waitFor();
      await dialog.getByText('Create it in the account, or ask for another.').first().waitFor();
      await lookAt(page, 'why');
      await dialog.getByRole('button', { name: 'On the command line' }).click();
      await dialog.getByText('kubectl describe consumptionrole nobody -n marketing-prod').waitFor();
      expect(analyst.complaints).toEqual([]);
    });
  });

  describe('what a form would write', () => {
    it('is shown before it is sent: applied, it would be what the form makes, and nothing is made by looking', async () => {
      await using admin = await scene().browser.signedIn('platform-admin');
      const { page } = admin;
      await page.goto('/organizations/new');
      await page.getByRole('textbox', { name: 'Name' }).fill('Northwind');
      await page.getByRole('textbox', { name: 'Description' }).fill('Trades in the north');
      await page.getByRole('button', { name: 'Show YAML' }).click();
      const manifest = await shownYaml(page);
      await lookAt(page, 'form-yaml');
      const { spec } = await applied('platform-admin', manifest);
      const { output } = await scene().stage.kubectl.run(['--context', 'admin', 'get', 'organizations', '-o', 'name']);
      expect(output).not.toMatch(/northwind/i);
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
      await page.getByRole('button', { name: 'Create organization' }).click();
      await page.getByRole('heading', { level: 1, name: 'Northwind' }).waitFor();
      const { items } = (await read('admin', 'get', 'organizations')) as unknown as {
        readonly items: readonly Stored[];
      };
      const made = items.filter(({ metadata }) => /northwind/i.test(metadata.name));
      expect(made.map((organization) => organization.spec)).toEqual([spec]);
    });
  });
}

const ABSENT_ROLE = `
apiVersion: dataall.io/v1alpha1
kind: ConsumptionRole
metadata: {namespace: marketing-prod, name: nobody}
spec: {label: Nobody yet, owner: marketing, principalArn: 'arn:aws:iam::333333333333:role/not-there'}
`;

async function shownYaml(page: Page): Promise<string> {
  const code = page.getByRole('dialog', { name: 'As a file for Git' }).locator('.code-block');
  await code.waitFor();
  return code.innerText();
}
