/** `node hack/start/run.mjs <program> <arguments>`: installs what is missing, then runs the program on the project's Node 24. */
import { execute } from './execute.mjs';
import { ensureInstalled, fail } from './install.mjs';

const command = process.argv.slice(2);
if (command.length === 0) fail('Nothing to run.', 'give a program, as in `node hack/start/run.mjs vitest run`.');
ensureInstalled();
process.exitCode = await execute(command);
