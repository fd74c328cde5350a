// Programs that tests run and nobody ships: built from their own Go modules, once per user.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withBuildLock } from './build-lock.ts';
import { silent, type ProgressDisplay } from './progress.ts';
import { userCacheFolder } from './user-cache.ts';

export interface GoProgram {
  /** Of the file that is built. */
  readonly name: string;
  /** Folder with a go.mod, the one place where the version is written. */
  readonly folder: string;
  /** Module that has the program, e.g. `helm.sh/helm/v3`. */
  readonly module: string;
  /** Its main package below the module. */
  readonly path: string;
  /** A string variable that is to hold the version. */
  readonly versionVariable: string;
}

/** @returns the program's path. Throws with Go's own words where there is no Go or no module proxy */
export async function ensureGoProgram(program: GoProgram, display: ProgressDisplay = silent): Promise<string> {
  const { name, module } = program;
  const requirements = readFileSync(join(program.folder, 'go.mod'), 'utf8');
  const version = requirements
    .split('\n')
    .map((line) => line.trim().split(' '))
    .find(([required, found]) => required === module && found !== undefined)?.[1];
  if (version === undefined) throw new Error(`${program.folder}/go.mod requires no ${module}`);
  const folder = userCacheFolder(`${name}-${version}`, process.env);
  const built = join(folder, name);
  if (existsSync(built)) return built;
  mkdirSync(folder, { recursive: true });
  await withBuildLock(join(folder, 'build.lock'), display, async () => {
    if (existsSync(built)) return;
    display.message(`Building ${name} ${version} with Go; this happens once.`);
    const draft = mkdtempSync(join(folder, 'draft-'));
    try {
      const flags = ['-trimpath', '-ldflags', `-s -w -X ${program.versionVariable}=${version}`];
      const env = { ...process.env, CGO_ENABLED: '0' };
      const args = ['build', ...flags, '-o', join(draft, name), `${module}/${program.path}`];
      await promisify(execFile)('go', args, { cwd: program.folder, env });
      renameSync(join(draft, name), built);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
  return built;
}
