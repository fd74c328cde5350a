// What pages tell people to type: README by hand, the user guide's boto3 as the consumer role, docs/graphql.md's way by curl.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { cleanEnvironment, lockedPython } from '../../hack/aws/conformance/python.ts';
import { startInstallation, type Installation } from '../../hack/start/installation.ts';
import { RunDirectory } from '../../hack/start/run-directory.ts';
import { Reader } from '../../hack/start/story/reader.ts';
import { ShellSession } from '../support/shell-session.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const execute = promisify(execFile);
/** A delete takes a few hundred milliseconds, and all is gone after some seconds; on a busy machine both take longer. */
const MOST_REFUSALS = 400;

/** Stands in for the clone, so that a tour that runs there is not disturbed. */
let clone: string;
let run: RunDirectory;
let installation: Installation;
beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), 'dataall-readme-'));
  for (const name of ['examples', 'hack', 'api', 'node_modules']) symlinkSync(join(ROOT, name), join(clone, name));
  run = await RunDirectory.claim(join(clone, '.run'));
  const { signal } = new AbortController();
  installation = await startInstallation(run, { port: 0, kubeconfig: undefined }, () => undefined, signal);
});
afterAll(async () => {
  await installation[Symbol.asyncDispose]();
  await run[Symbol.asyncDispose]();
  rmSync(clone, { recursive: true, force: true });
});

const options = (): { cwd: string; env: NodeJS.ProcessEnv } => {
  const path = `${dirname(installation.endpoints.kubectl)}:${process.env['PATH'] ?? ''}`;
  return { cwd: clone, env: { ...process.env, PATH: path, KUBECONFIG: installation.endpoints.kubeconfig } };
};
const shell = async (script: string): Promise<string> =>
  (await execute('/bin/sh', ['-euc', script], options())).stdout.trim();

/** Longer than any status is held back, on a machine that is busy besides. */
const REST_MS = 5_000;
const PATIENCE = { timeout: 120_000, interval: 200 };

/** Of one chapter of the file, or of all of it. */
const blocks = (file: string, language: string, chapter = ''): readonly string[] => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const [, part = ''] = new RegExp(`^#+ ${chapter}.*?$(.*?)(^#+ |(?![^]))`, 'ms').exec(text) ?? [];
  return [...(chapter === '' ? text : part).matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, found = '']) => found,
  );
};
const block = (file: string, language: string): string => {
  const [found] = blocks(file, language);
  if (found === undefined) throw new Error(`${file} has no block of ${language}`);
  return found;
};

const status = async (path: string): Promise<string> =>
  shell(
    `kubectl --context admin get sharerequest orders-for-analysts -n marketing-prod -o jsonpath='{.status.${path}}'`,
  );

const python = async (): Promise<string> => {
  const alias = await status('items[*].accessPointAlias');
  const script = block('docs/sharing.md', 'python').replace("alias = '...'", `alias = '${alias}'`);
  const { stdout } = await execute(await lockedPython(), ['-c', script], { cwd: clone, env: cleanEnvironment() });
  return stdout;
};

describe("README's manifests by hand", () => {
  it('end Ready, with Events that tell the story', async () => {
    expect(await shell(block('README.md', 'sh'))).toContain('Kind:         ShareRequest');
    // Events are written in the background.
    await vi.waitFor(async () => {
      const described = await shell(
        'kubectl --context analyst describe sharerequest orders-for-analysts -n marketing-prod',
      );
      expect(described).toMatch(/PendingApproval.*waits for the decision of sales/);
      expect(described).toMatch(/Granted.*3 of 3 items granted/);
    }, PATIENCE);
  });

  it('are decided about by a steward, who types what the user guide says', async () => {
    const stewards = (list: string): Promise<string> =>
      shell(
        `kubectl --context owner patch dataset orders -n sales-prod --type merge -p '{"spec":{"stewards":${list}}}'`,
      );
    await stewards('["data-stewards"]');
    const guide = readFileSync(join(ROOT, 'docs/sharing.md'), 'utf8');
    const approve = /^## Approve$(.*?)^## /ms.exec(guide)?.[1] ?? '';
    const commands = [...approve.matchAll(/^ {4}kubectl (.*?)(?: +#.*)?$/gm)].map(([, command = '']) => command);
    expect(commands.length).toBeGreaterThan(1);
    for (const command of commands)
      await vi.waitFor(
        () =>
          shell(`kubectl --context admin --as sam --as-group data-stewards --as-group system:authenticated ${command}`),
        PATIENCE,
      );
    await stewards('null');
  });

  it('are applied by people to whom the policies apply, also where no context is named', async () => {
    expect(await shell('kubectl config current-context')).toBe('platform-admin');
    await expect(shell('kubectl apply --server-side -f examples/sales/approvals.yaml')).rejects.toThrow(/forbidden/);
  });

  it('are linked by name: link.mjs says which environments there are', async () => {
    await expect(shell('node hack/start/link.mjs sales-porod')).rejects.toThrow(
      /There is no environment sales-porod\.\n {2}What to do: name one of marketing-prod, sales-prod\./,
    );
  });

  it('change nothing when applied again', async () => {
    const versions = () =>
      shell(
        `kubectl --context admin get dataall -A -o jsonpath='{range .items[*]}{.metadata.name}={.metadata.resourceVersion} {end}'`,
      );
    // Who uses what is counted a moment after it is Ready: what is compared is what has come to rest.
    const atRest = async (last: string): Promise<string> => {
      await delay(REST_MS);
      const now = await versions();
      return now === last ? now : atRest(now);
    };
    const before = await atRest(await versions());
    await shell(block('README.md', 'sh'));
    expect(await atRest(await versions())).toBe(before);
  });

  it('give boto3 what was consented to', async () => {
    const output = await python();
    expect(output).toContain('chair-7: oak');
    expect(output).toContain("'raw/shipments-2026-03.csv'");
    expect(output).toContain("'VarCharValue': '6008'");
  });

  it('give it nothing once consent is taken back', async () => {
    await shell('kubectl --context admin delete -f examples/sales/approvals.yaml');
    await expect(python()).rejects.toThrow(/AccessDenied|NoSuchBucket/);
  });

  it('are deleted in any order: what is in use is refused by name, the same command again ends clean', async () => {
    const command =
      'kubectl --context admin delete -f examples/acme -f examples/sales -f examples/marketing --ignore-not-found';
    const refusals: string[] = [];
    for (;;) {
      try {
        await shell(command);
        break;
      } catch (error) {
        refusals.push(String(error));
        if (refusals.length > MOST_REFUSALS) throw error;
      }
    }
    expect(refusals[0]).toMatch(/Organization acme is in use by 2 objects/);
    expect(await shell('kubectl --context admin get dataall -A -o name')).toBe('tenant.dataall.io/default');
  });
});

describe('docs/graphql.md by curl', () => {
  it('goes from a sign-in to a table that a role reads, and no more once it is taken back; a lost database is made anew', async () => {
    await using session = new ShellSession(options());
    const analysts = await Reader.assume(installation.aws, 'consumer', 'analysts', new AbortController().signal);
    const count = () => analysts.query('sales_shared', 'SELECT count(*) FROM orders');
    const typed: string[] = [];
    for (const commands of blocks('docs/graphql.md', 'sh', 'With curl')) {
      const isTheEnd = commands.includes('revokeItemsShareObject');
      if (isTheEnd) expect(await count()).toMatchObject({ given: { rows: [['12000']] } });
      typed.push(await session.type(commands));
      if (isTheEnd) expect(await count()).toMatchObject({ denied: expect.any(String) });
    }
    const [, organization, environments, dataset, found, request, decision, end] = typed;
    // Ready, and for a moment not: the invitation is looked at anew.
    expect(organization).toMatch(/^acme-\w+ +Acme +sales +0 +(True +Succeeded|False +Progressing)/m);
    expect(JSON.parse(environments?.split('\n').at(-1) ?? '')).toMatchObject({
      data: { listEnvironments: { nodes: [{ validated: true }, { validated: true }] } },
    });
    expect(dataset).toMatch(/^orders-\w+ +Orders +sales +Official .*True +Succeeded/m);
    expect(found).toContain('"label":"orders"');
    expect(request).toMatch(/^sharerequest\S+ .* Submitted +1 +0 +False +PendingApproval/m);
    expect(decision).toMatch(/UnauthorizedOperation.*\n(.*\n)*marketing-lab-\S+ +Approved/m);
    expect(decision).toMatch(/ Granted +1 +1 +True +Granted/);
    expect(end).toMatch(/ Revoked +1 +0 +False +Withdrawn[^]*"deleteShareObject":true/);

    const [follow = ''] = blocks('docs/graphql.md', 'sh', 'Subscriptions');
    const followed = await session.type(`${follow.trim().replace('curl -sS -N', 'curl -s -N --max-time 2')} || true`);
    expect(followed).toMatch(
      /^event: next\ndata: {"data":{"inboxChanged":{"unreadNotifications":\d+,"requestsToDecide":0}}}/m,
    );

    const [search = ''] = blocks('docs/graphql.md', 'sh', 'The catalogue');
    expect(await session.type(search)).toMatch(/"label":"Orders"/);
    const [actions = ''] = blocks('docs/operations.md', 'sh', 'The internal API');
    expect(await session.type(actions)).toMatch(/"status":"(CREATE|UPDATE)_COMPLETE"/);

    const [lost = ''] = blocks('docs/operations.md', 'sh', 'When the database is lost');
    const rebuilt = await session.type(lost);
    expect(rebuilt).toMatch(/"label":"Orders"/);
    expect(rebuilt).toMatch(/nothing is lost$/);
  });
});
