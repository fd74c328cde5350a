// Flux's kustomize-controller, which the tests of GitOps run: the real program and its definitions, from Flux's own Go modules.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { silent, type ProgressDisplay } from '../control-plane/progress.ts';
import { superviseProcess, type SupervisedProcess } from '../control-plane/supervised-process.ts';
import { ensureGoProgram, requiredVersion } from '../go-program/go-program.ts';
import type { KubeObject } from '../../operator/kernel/kind.ts';

const MODULE_FOLDER = join(import.meta.dirname, 'build');
const CONTROLLER = 'github.com/fluxcd/kustomize-controller';
/** Its definitions are in the module of the program; only the one of its types is built. */
const SOURCES = { module: 'github.com/fluxcd/source-controller', types: 'github.com/fluxcd/source-controller/api' };
const GRACE_MS = 10_000;

const run = promisify(execFile);

/** Path of the program, built in two minutes the first time. Throws with Go's own words where there is no Go or no module proxy. */
export const ensureKustomizeController = (display: ProgressDisplay = silent): Promise<string> =>
  ensureGoProgram(
    {
      name: 'kustomize-controller',
      title: "Flux's kustomize-controller",
      moduleFolder: MODULE_FOLDER,
      module: CONTROLLER,
      package: CONTROLLER,
    },
    display,
  );

/** Definitions of Kustomization and of the sources it may name: the controller ends where it cannot watch one of them. */
export async function fluxDefinitions(): Promise<readonly KubeObject[]> {
  const [controller, sources] = await Promise.all([
    moduleSource(CONTROLLER, requiredVersion(MODULE_FOLDER, CONTROLLER)),
    moduleSource(SOURCES.module, requiredVersion(MODULE_FOLDER, SOURCES.types)),
  ]);
  const files = [
    join(controller, 'config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml'),
    ...['gitrepositories', 'ocirepositories', 'buckets'].map((plural) =>
      join(sources, `config/crd/bases/source.toolkit.fluxcd.io_${plural}.yaml`),
    ),
  ];
  return files.map((file) => parse(readFileSync(file, 'utf8')) as KubeObject);
}

/** Folder with the files of a module, whose hash go.sum knows. */
async function moduleSource(module: string, version: string): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: MODULE_FOLDER });
  return (JSON.parse(stdout) as { readonly Dir: string }).Dir;
}

export interface KustomizeControllerOptions {
  readonly program: string;
  /** File with the credentials of a ServiceAccount that may impersonate those of Kustomizations. */
  readonly kubeconfig: string;
  readonly log: string;
  /** Existing folder for what it unpacks: it clears up after itself, unless it is stopped at it. */
  readonly temporary: string;
}

/** Runs it as Flux's own Deployment does, without what several or Prometheus need; who depends on another looks again after a second. */
export function startKustomizeController(options: KustomizeControllerOptions): SupervisedProcess & AsyncDisposable {
  const process = superviseProcess(
    'kustomize-controller',
    '/usr/bin/env',
    [
      `KUBECONFIG=${options.kubeconfig}`,
      `TMPDIR=${options.temporary}`,
      'RUNTIME_NAMESPACE=flux-system',
      options.program,
      '--watch-all-namespaces',
      '--log-encoding=json',
      '--no-remote-bases',
      '--requeue-dependency=1s',
      '--metrics-addr=0',
      '--health-addr=0',
    ],
    options.log,
  );
  return Object.assign(process, { [Symbol.asyncDispose]: () => process.stop(GRACE_MS) });
}
