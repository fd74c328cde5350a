/**
 * Installs the npm packages where they are missing or not those of package-lock.json.
 * Plain JavaScript for Node 20 without dependencies, like everything that runs before the packages are there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const BIN = join(ROOT, 'node_modules', '.bin');
/** Node that npm 11 and these scripts run on; the project itself runs on the Node 24 that npm installs. */
const LEAST_NODE = 20;

/**
 * PATH with the project's programs first, so that `node` is the project's Node 24; and where that one keeps what it has compiled: operator
 * and gateway come up with half the work when it is there.
 */
export function projectEnvironment() {
  const { PATH = '', XDG_CACHE_HOME, NODE_COMPILE_CACHE } = process.env;
  const compiled = join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'dataall-operator', 'compiled');
  return { ...process.env, PATH: `${BIN}${delimiter}${PATH}`, NODE_COMPILE_CACHE: NODE_COMPILE_CACHE || compiled };
}

/** Ends the process with a message where the machine cannot run the project. */
export function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < LEAST_NODE) {
    fail(
      `Node ${LEAST_NODE} or newer is needed to begin; this is ${process.version}.`,
      'install a newer Node (https://nodejs.org).',
    );
  }
  if (isInstalled()) return;
  process.stderr.write('Installing npm packages as in package-lock.json...\n');
  // Its output goes to standard error: standard output belongs to the command that follows (`--json`).
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
  });
  if (error)
    fail(
      `npm could not be started: ${error.message}`,
      'install npm, which comes with Node (https://nodejs.org), and put it on PATH.',
    );
  if (status !== 0)
    fail('npm ci failed.', 'read its message above (disk full? registry not reachable?), then run this command again.');
  if (!existsSync(join(BIN, 'node'))) {
    fail(
      'npm installed no Node 24.',
      'allow install scripts (`npm config get ignore-scripts` must say false), then delete node_modules.',
    );
  }
}

/**
 * Compares package-lock.json with npm's own record of what is in node_modules. Optional packages count only where they are
 * installed: each machine has those of its platform.
 */
function isInstalled() {
  if (!existsSync(join(BIN, 'node'))) return false;
  const wanted = packagesOf(join(ROOT, 'package-lock.json'));
  const present = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = present[path]?.version;
    return path === '' || found === version || (optional === true && found === undefined);
  });
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** @returns {never} */
export function fail(problem, remedy) {
  process.stderr.write(`${problem}\n  What to do: ${remedy}\n`);
  process.exit(1);
}
