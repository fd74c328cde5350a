// Helm, of the version that tests were written with.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureGoProgram } from '../control-plane/go-program.ts';

const MIB = 1024 * 1024;

/** Path of the program, built once per user. */
export const ensureHelm = async (): Promise<string> =>
  await ensureGoProgram({
    name: 'helm',
    folder: join(import.meta.dirname, 'build'),
    module: 'helm.sh/helm/v3',
    path: 'cmd/helm',
    versionVariable: 'helm.sh/helm/v3/internal/version.version',
  });

/** Runs Helm as whoever the kubeconfig says, with no configuration of this machine's. Rejects with what Helm printed. */
export async function helm(
  program: string,
  kubeconfig: string,
  home: string,
  args: readonly string[],
): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  const { stdout } = await promisify(execFile)(program, [...args], { env, maxBuffer: 64 * MIB });
  return stdout;
}
