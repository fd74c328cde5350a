/** The built web UI: made once for each state of its sources, and kept in the user's cache. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SetupError } from '../control-plane/setup-error.ts';
import { userCacheFolder } from '../control-plane/user-cache.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SOURCES = ['web/*.{json,html,ts}', 'web/{build,public,src}/**/*.*', 'docs/guide/**/*.*', 'package-lock.json'];

/** The folder that the gateway serves. Throws {@link SetupError} where it cannot be built. */
export async function ensureWebUi(): Promise<string> {
  const folder = userCacheFolder(`web-${digestOfSources()}`, process.env);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  // On the same file system, so that it appears whole, by a rename. Who builds it at the same time comes to the same.
  const draft = mkdtempSync(`${folder}-draft-`);
  try {
    await buildInto(draft);
    if (!existsSync(folder)) renameSync(draft, folder);
    return folder;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function digestOfSources(): string {
  const digest = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: ROOT }).toSorted())
    digest
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  return digest.digest('base64url').replaceAll(/[-_]/g, '').slice(0, 12);
}

async function buildInto(folder: string): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'web', 'build', 'main.ts'), '--out', folder], {
      cwd: ROOT,
    });
  } catch (error) {
    const { stderr = '', message } = error as { readonly stderr?: string; readonly message: string };
    throw new SetupError(
      'build-failed',
      `The web UI could not be built:\n${stderr.trim() || message}`,
      'mend what it says (`npm run build -w web` shows the same), then start again.',
    );
  }
}
