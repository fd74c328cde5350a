// Helm, which the tests of the chart run, built from its Go module once per user.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silent, type ProgressDisplay } from '../control-plane/progress.ts';
import { ensureGoProgram } from '../go-program/go-program.ts';

const MIB = 1024 * 1024;

const run = promisify(execFile);

/** Path of the program. Throws with Go's own words where there is no Go or no module proxy. */
export const ensureHelm = (display: ProgressDisplay = silent): Promise<string> =>
  ensureGoProgram(
    {
      name: 'helm',
      title: 'Helm',
      moduleFolder: join(import.meta.dirname, 'build'),
      module: 'helm.sh/helm/v3',
      package: 'helm.sh/helm/v3/cmd/helm',
      stamp: (version) => `-X helm.sh/helm/v3/internal/version.version=${version}`,
    },
    display,
  );

/** Runs Helm as whoever the kubeconfig says, with no configuration of this machine's. Rejects with what Helm printed. */
export async function helm(
  program: string,
  kubeconfig: string,
  home: string,
  args: readonly string[],
): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  const { stdout } = await run(program, [...args], { env, maxBuffer: 64 * MIB });
  return stdout;
}
