// A program in Go that tests run, built from its own module at the version and with the hashes that go.mod and go.sum lock, once per user.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withBuildLock } from '../control-plane/build-lock.ts';
import type { ProgressDisplay } from '../control-plane/progress.ts';
import { userCacheFolder } from '../control-plane/user-cache.ts';

export interface GoProgram {
  /** Its file name, and that of its folder in the cache together with the version. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  /** Folder with a go.mod that requires `module`. */
  readonly moduleFolder: string;
  readonly module: string;
  /** The main package in it. */
  readonly package: string;
  /** For the linker, as Go's own `-X importpath.name=value`. @param version such as `v3.20.0` */
  readonly stamp?: (version: string) => string;
}

const run = promisify(execFile);

/** The one place where a version is written: `v3.20.0`. Throws where go.mod requires no such module. */
export function requiredVersion(moduleFolder: string, module: string): string {
  const lines = readFileSync(join(moduleFolder, 'go.mod'), 'utf8').split('\n');
  const words = lines.map((line) => line.trim().split(' '));
  const [, version] = words.find(([path]) => path === module) ?? [];
  if (version === undefined) throw new Error(`${moduleFolder}/go.mod requires no ${module}`);
  return version;
}

/** Path of the program. Throws with Go's own words where there is no Go or no module proxy. */
export async function ensureGoProgram(program: GoProgram, display: ProgressDisplay): Promise<string> {
  const version = requiredVersion(program.moduleFolder, program.module);
  const folder = userCacheFolder(`${program.name}-${version}`, process.env);
  const path = join(folder, program.name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  await withBuildLock(join(folder, 'build.lock'), display, async () => {
    if (existsSync(path)) return;
    display.message(`Building ${program.title} ${version} with Go; this happens once.`);
    const draft = mkdtempSync(join(folder, 'draft-'));
    try {
      const flags = ['-trimpath', '-ldflags', ['-s', '-w', program.stamp?.(version) ?? ''].join(' ').trim()];
      const env = { ...process.env, CGO_ENABLED: '0' };
      const options = { cwd: program.moduleFolder, env };
      await run('go', ['build', ...flags, '-o', join(draft, program.name), program.package], options);
      renameSync(join(draft, program.name), path);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  });
  return path;
}
