/** Prepares the Python of the tests; what `npm test` runs before them, outside of any test's time. */
import { lockedPython, PythonMissing } from './python.ts';

try {
  await lockedPython();
} catch (error) {
  if (!(error instanceof PythonMissing)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
