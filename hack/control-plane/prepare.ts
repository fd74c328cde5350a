/** Prepares the control plane's binaries, showing progress; what `npm start` and `npm test` run before they need them. */
import { ensureBinaries, ensureKubectl, KUBERNETES_VERSION } from './binaries.ts';
import { progressOn } from './progress.ts';
import { SetupError } from './setup-error.ts';

try {
  const display = progressOn(process.stderr, KUBERNETES_VERSION);
  await ensureBinaries({ display });
  await ensureKubectl({ display });
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
