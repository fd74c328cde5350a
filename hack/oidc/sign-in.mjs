/** `node hack/oidc/sign-in.mjs <user>`: signs in at the demo provider of npm start and prints an access token, for curl. */
import { join } from 'node:path';
import { execute } from '../start/execute.mjs';
import { ensureInstalled, ROOT } from '../start/install.mjs';

ensureInstalled();
process.exitCode = await execute(['node', join(ROOT, 'hack', 'oidc', 'sign-in.ts'), ...process.argv.slice(2)]);
