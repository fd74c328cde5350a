// Helm: the machine's own where it has the version that tests were written with, else one built from its Go module, once per user.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withBuildLock } from '../control-plane/build-lock.ts';
import { silent, type ProgressDisplay } from '../control-plane/progress.ts';
import { userCacheFolder } from '../control-plane/user-cache.ts';

const MODULE_FOLDER = join(import.meta.dirname, 'build');
const PACKAGE = 'helm.sh/helm/v3/cmd/helm';
/** The one place where the version is written. */
const VERSION = /helm\.sh\/helm\/v3 (v\S+)/.exec(readFileSync(join(MODULE_FOLDER, 'go.mod'), 'utf8'))?.[1] ?? '';
const MIB = 1024 * 1024;

const run = promisify(execFile);

/** Path of the program. Throws with Go's own words where there is no Go or no module proxy. */
export async function ensureHelm(display: ProgressDisplay = silent): Promise<string> {
  const folder = userCacheFolder(`helm-${VERSION}`, process.env);
  const program = join(folder, 'helm');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  await withBuildLock(join(folder, 'build.lock'), display, async () => {
    if (existsSync(program)) return;
    display.message(`Building Helm ${VERSION} with Go; this happens once.`);
    const draft = mkdtempSync(join(folder, 'draft-'));
    try {
      const flags = ['-trimpath', '-ldflags', `-s -w -X helm.sh/helm/v3/internal/version.version=${VERSION}`];
      const env = { ...process.env, CGO_ENABLED: '0' };
      await run('go', ['build', ...flags, '-o', join(draft, 'helm'), PACKAGE], { cwd: MODULE_FOLDER, env });
      renameSync(join(draft, 'helm'), program);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
  return program;
}

/** Runs Helm as whoever the kubeconfig says, with no configuration of this machine's. Rejects with what Helm printed. */
export async function helm(
  program: string,
  kubeconfig: string,
  home: string,
  args: readonly string[],
): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  const { stdout } = await run(program, [...args], { env, maxBuffer: 64 * MIB });
  return stdout;
}
