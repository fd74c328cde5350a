/** Executes a command on the project's Node 24 as if it had been typed: same terminal, signals and exit code. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fail, projectEnvironment, ROOT } from './install.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Resolves to the exit code as a shell would tell it (128 + n after signal n).
 * @param {string[]} command program and arguments; programs of node_modules/.bin come first
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function execute([program, ...args], options = {}) {
  const child = spawn(program, args, { stdio: 'inherit', env: projectEnvironment(), ...options });
  const forward = (signal) => {
    // Ctrl-C in a terminal reaches the child by itself; passing it on would make it two.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of SIGNALS) process.on(signal, forward);
  return new Promise((resolve) => {
    child.on('error', (error) =>
      fail(`${program} could not be started: ${error.message}`, `look into ${ROOT}/node_modules/.bin.`),
    );
    child.on('exit', (code, signal) => {
      for (const signal of SIGNALS) process.off(signal, forward);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
