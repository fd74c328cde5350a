/** Binaries of the control plane: from KUBEBUILDER_ASSETS, the user's cache, their publishers, or built from Kubernetes' Go modules. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { withBuildLock } from './build-lock.ts';
import { downloadPrograms } from './download.ts';
import { buildPrograms } from './go-build.ts';
import { silent, type ProgressDisplay } from './progress.ts';
import { SetupError } from './setup-error.ts';
import { userCacheFolder } from './user-cache.ts';

/** Absolute paths of the three programs. */
export interface Binaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
}

export interface BinariesOptions {
  /** Default: silent. */
  readonly display?: ProgressDisplay;
  /** Read: KUBEBUILDER_ASSETS, XDG_CACHE_HOME, DATAALL_BINARIES_URL, PATH. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
}

const MODULE_FOLDER = join(import.meta.dirname, 'build');

/** As in the module's requirements, such as `v1.36.3`: the one place where the version is written. */
export const KUBERNETES_VERSION = requiredVersion('k8s.io/kubernetes');
const ETCD_VERSION = requiredVersion('go.etcd.io/etcd/server/v3');

/** MutatingAdmissionPolicy is v1 since Kubernetes 1.36, and our policies need it. */
export const LEAST_MINOR = 36;

/**
 * Finds the programs, downloads them, or builds them (3 to 6 minutes); once per version and user. Safe to call from several processes
 * at once.
 * Throws {@link SetupError}: no Go, Go too old, disk full, build failed, KUBEBUILDER_ASSETS incomplete or too old.
 */
export async function ensureBinaries(options: BinariesOptions = {}): Promise<Binaries> {
  const env = options.env ?? process.env;
  const assets = env['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && assets !== '') {
    // Its folders (setup-envtest) hold etcd, kube-apiserver and kubectl; the controller manager comes from us.
    const given = { etcd: join(assets, 'etcd'), kubeApiserver: join(assets, 'kube-apiserver') };
    await checkAssets(assets, given);
    const [kubeControllerManager = ''] = await ensurePrograms(['kube-controller-manager'], options);
    return { ...given, kubeControllerManager };
  }
  const programs = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
  const [etcd = '', kubeApiserver = '', kubeControllerManager = ''] = await ensurePrograms(programs, options);
  return { etcd, kubeApiserver, kubeControllerManager };
}

/** The machine's kubectl, that of KUBEBUILDER_ASSETS, or one that is had like the rest. */
export async function ensureKubectl(options: BinariesOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const folders = [...(env['PATH'] ?? '').split(delimiter), env['KUBEBUILDER_ASSETS'] ?? ''];
  const found = folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'kubectl'))
    .find(isExecutable);
  if (found !== undefined) return found;
  const [kubectl = ''] = await ensurePrograms(['kubectl'], options);
  return kubectl;
}

/** `dataall-operator/control-plane-<version>` in the user's cache folder. */
export const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  userCacheFolder(`control-plane-${KUBERNETES_VERSION}`, env);

/** Paths of `programs` in the cache, in their order, after downloading or building those that are missing. */
async function ensurePrograms(programs: readonly string[], options: BinariesOptions): Promise<string[]> {
  const env = options.env ?? process.env;
  const display = options.display ?? silent;
  const folder = cacheFolder(env);
  const missing = (): string[] => programs.filter((program) => !existsSync(join(folder, program)));

  if (missing().length > 0) {
    mkdirSync(folder, { recursive: true });
    await withBuildLock(join(folder, 'build.lock'), display, async () => {
      const wanted = missing(); // another process may have built them while we waited for the lock
      if (wanted.length === 0) return;
      // On the same file system as the cache, so that each program appears in it whole, by a rename.
      const draft = mkdtempSync(join(folder, 'draft-'));
      try {
        const versions = { kubernetes: KUBERNETES_VERSION, etcd: ETCD_VERSION };
        const install = (had: readonly string[]): void => {
          for (const program of had) renameSync(join(draft, program), join(folder, program));
        };
        install(await downloadPrograms({ programs: wanted, versions, output: draft, display, env }));
        const rest = missing();
        if (rest.length === 0) return;
        await buildPrograms({
          programs: rest,
          version: KUBERNETES_VERSION,
          moduleFolder: MODULE_FOLDER,
          output: draft,
          display,
          env,
        });
        install(rest);
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    });
  }
  return programs.map((program) => join(folder, program));
}

async function checkAssets(folder: string, given: { etcd: string; kubeApiserver: string }): Promise<void> {
  const remedy = `point KUBEBUILDER_ASSETS at a folder with etcd and kube-apiserver of Kubernetes 1.${LEAST_MINOR} or newer, or unset it and let them be built with Go.`;
  for (const path of Object.values(given)) {
    if (!isExecutable(path))
      throw new SetupError(
        'assets-incomplete',
        `KUBEBUILDER_ASSETS is ${folder}, but ${path} is not an executable file.`,
        remedy,
      );
  }
  const { stdout } = await promisify(execFile)(given.kubeApiserver, ['--version']);
  const minor = Number(/v1\.(\d+)\./.exec(stdout)?.[1]);
  if (!(minor >= LEAST_MINOR)) {
    throw new SetupError(
      'assets-too-old',
      `KUBEBUILDER_ASSETS holds "${stdout.trim()}"; our admission policies need 1.${LEAST_MINOR}.`,
      remedy,
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function requiredVersion(module: string): string {
  const goMod = readFileSync(join(MODULE_FOLDER, 'go.mod'), 'utf8');
  const version = new RegExp(`^\\s*${module} (v\\S+)`, 'm').exec(goMod)?.[1];
  if (version === undefined) throw new Error(`build/go.mod requires no ${module}`);
  return version;
}
