/** `node hack/start/link.mjs <environment>...`: runs status.linkCommand in the simulated accounts, as their administrators would. */
import { join } from 'node:path';
import { execute } from './execute.mjs';
import { ensureInstalled, ROOT } from './install.mjs';

ensureInstalled();
process.exitCode = await execute(['node', join(ROOT, 'hack', 'start', 'link.ts'), ...process.argv.slice(2)]);
