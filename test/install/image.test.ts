// The image, as the Dockerfile makes it: what its `npm ci --omit=dev` installs is all that operator and gateway import, and nothing that only
// tests need is in it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { lockedPython } from '../../hack/aws/conformance/python.ts';
import { pickPort } from '../../hack/control-plane/port.ts';
import { buildImage } from '../../hack/image/build.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const run = promisify(execFile);
/** They act as soon as they are imported. */
const PROGRAMS = [
  'operator/main.ts',
  'operator/cli/main.ts',
  'operator/cli/generate.ts',
  'api/main.ts',
  'operator/stacks/synthesis-process.ts',
  'operator/kernel/runtime/election-worker.ts',
  'operator/resources/generate/*.ts',
];

let folder: string;
/** What it has at its working directory. */
let image: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dataall-image-'));
  // The web UI is built in test/install, and here left out.
  mkdirSync(join(folder, 'no-web', 'app', 'web', 'dist'), { recursive: true });
  const { root, workingDir } = await buildImage({ folder, contexts: { web: join(folder, 'no-web') } });
  image = join(root, workingDir);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the Dockerfile is in order, to hadolint', async () => {
  const hadolint = join(dirname(await lockedPython()), 'hadolint');
  await run(hadolint, ['--no-color', 'Dockerfile'], { cwd: ROOT });
});

describe('the image', () => {
  it('has all that operator and gateway import, at once or later', async () => {
    const modules = globSync('{operator,api}/**/*.ts', {
      cwd: image,
      exclude: PROGRAMS,
    });
    const later = modules.flatMap((module) =>
      Array.from(readFileSync(join(image, module), 'utf8').matchAll(/import\('([^']+)'\)/g), ([, name]) => name),
    );
    const imports = [...modules.map((module) => `./${module}`), ...later];
    const script = join(image, 'import-all.mjs');
    writeFileSync(script, `for (const name of ${JSON.stringify(imports)}) await import(name);`);
    await run(process.execPath, [script], { cwd: image });
    expect(later.length).toBeGreaterThan(5);
  });

  it('starts the operator, which waits for its cluster and ends when it is told', async () => {
    const [port, nobody] = [await pickPort(), await pickPort()];
    writeFileSync(join(image, 'kubeconfig'), kubeconfig(nobody));
    writeFileSync(join(image, 'config.yaml'), 'aws: {hub: {accountId: "111111111111", region: eu-west-1}}\n');
    const flags = ['--config', 'config.yaml', '--kubeconfig', 'kubeconfig', '--probe-port', String(port)];
    const operator = spawn(process.execPath, ['operator/main.ts', ...flags], { cwd: image, stdio: 'ignore' });
    const ended = once(operator, 'exit');
    await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200), 60_000);
    operator.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('says in one line which file is not there, where it lacks its own config.json', async () => {
    rmSync(join(image, 'config.json'));
    for (const program of ['operator/main.ts', 'api/main.ts', 'operator/resources/generate/print-manifests.ts']) {
      const failed = run(process.execPath, [program, '--config', 'config.yaml'], { cwd: image });
      const { stderr } = (await failed.then(() => expect.fail('it started'), Object)) as { stderr: string };
      expect(stderr).toMatch(/^cannot read the configuration \(ENOENT.*config\.json'\): name it with --config-json\n$/);
    }
    const own = ['--config', 'config.yaml', '--config-json', 'own.json'];
    writeFileSync(join(image, 'own.json'), '{"modules": {}}');
    const { stdout } = await run(process.execPath, ['operator/resources/generate/print-manifests.ts', ...own], {
      cwd: image,
    });
    expect(stdout).toContain('kind: ValidatingAdmissionPolicy');
  });
});

const kubeconfig = (port: number): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'nobody', cluster: { server: `https://127.0.0.1:${port}` } }],
    users: [{ name: 'nobody', user: { token: 'none' } }],
    contexts: [{ name: 'nobody', context: { cluster: 'nobody', user: 'nobody' } }],
    'current-context': 'nobody',
  });
