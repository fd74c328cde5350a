/**
 * `npm test`: installs what is missing, prepares the control plane's binaries, runs the tests and closes with `N passed, N failed`.
 * Arguments go to vitest, as in `npm test -- operator/kernel`. With TEST_SUMMARY=<file> the closing line goes there instead,
 * for callers that add their own checks.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from './execute.mjs';
import { ensureInstalled, ROOT } from './install.mjs';

const LAYERS = ['unit', 'components', 'integration', 'e2e', 'conformance'];

ensureInstalled();
const { passed, failed } = (await prepared()) ? await runTests() : { passed: 0, failed: 1 };
const summary = `${passed} passed, ${failed} failed\n`;
if (process.env.TEST_SUMMARY) writeFileSync(process.env.TEST_SUMMARY, summary);
else process.stdout.write(summary);
process.exitCode = failed === 0 ? 0 : 1;

/** What takes minutes the first time, and what may be missing, comes before the tests and outside of their time. */
async function prepared() {
  for (const what of ['control-plane', 'aws/conformance'])
    if ((await execute(['node', join(ROOT, 'hack', what, 'prepare.ts')], { cwd: ROOT })) !== 0) return false;
  return true;
}

/** @returns {Promise<{passed: number, failed: number}>} */
async function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'dataall-test-'));
  const report = join(folder, 'report.json');
  try {
    const projects = LAYERS.flatMap((layer) => ['--project', layer]);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await execute(['vitest', 'run', ...projects, ...reporters, ...process.argv.slice(2)], { cwd: ROOT });
    return count(report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Counts as one failure each: a test file that could not be loaded, and an error that no test owns (vitest's exit code tells it).
 * A run without a single passed test has failed, too.
 */
function count(report, exitCode) {
  try {
    const { numPassedTests: passed, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const broken = testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailed),
    );
    const failed = numFailedTests + broken.length;
    return { passed, failed: failed === 0 && (exitCode !== 0 || passed === 0) ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function isFailed({ status }) {
  return status === 'failed';
}
