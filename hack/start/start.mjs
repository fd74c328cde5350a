/** `npm start`: installs what is missing, then runs main.ts with the given arguments. */
import { join } from 'node:path';
import { execute } from './execute.mjs';
import { ensureInstalled, ROOT } from './install.mjs';

ensureInstalled();
// The channel is a lifeline: when this process is gone, however it went, main.ts stops everything.
process.exitCode = await execute(['node', join(ROOT, 'hack', 'start', 'main.ts'), ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
