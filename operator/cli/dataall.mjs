#!/usr/bin/env node
/** `dataall` and `kubectl dataall`: runs operator/cli/main.ts on a Node that takes TypeScript, which is this one or the one that npm installed. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
if (process.features.typescript) await import(main);
else {
  const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal sends it to both; this one waits for the other to end.
  process.on('SIGINT', () => {});
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal === null ? 1 : 130);
  });
}
