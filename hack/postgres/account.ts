/** As whom PostgreSQL runs: it refuses to run as root, so root lends it the account `nobody` and a folder of its own. */
import { execFileSync } from 'node:child_process';
import { SetupError } from '../control-plane/setup-error.ts';

/** Numbers of an account that may do nothing. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** @returns undefined where we are not root: then it runs as we do */
export function serverAccount(uid = process.getuid?.()): Account | undefined {
  if (uid !== 0) return undefined;
  try {
    return { uid: numberOf('-u'), gid: numberOf('-g') };
  } catch (error) {
    throw new SetupError(
      'no-database',
      `PostgreSQL does not run as root, and this machine has no account "nobody" for it (${String(error)}).`,
      'run as another user than root, or set DATABASE_URL to a PostgreSQL server of yours.',
    );
  }
}

/** initdb asks for the name of who runs it, so the account is one that the machine knows. */
const numberOf = (what: '-u' | '-g'): number => Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }));
