/** Go build: compiles the control plane's programs, reporting progress and turning Go's failures into advice. */
import { execFile, spawn } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { ProgressDisplay } from './progress.ts';
import { SetupError } from './setup-error.ts';

export interface BuildRequest {
  /** Names of main packages of the module. */
  readonly programs: readonly string[];
  /** What the programs say they are, such as `v1.36.3`. */
  readonly version: string;
  readonly moduleFolder: string;
  /** Existing folder for the results. */
  readonly output: string;
  readonly display: ProgressDisplay;
  readonly env: NodeJS.ProcessEnv;
}

/** What one compiled package takes of Go's build cache: measured, 2.8 GB for the 2,511 packages of a cold build. */
const BYTES_PER_PACKAGE = 1_100_000;
/** The programs (0.25 GB), twice while they are being linked. The modules' sources (0.9 GB) have been downloaded by then. */
const BYTES_BESIDE = 500_000_000;
const REPORT_INTERVAL_MS = 200;
const ERROR_LINES = 15;

const GO = 'Go 1.26 or newer (https://go.dev/dl/)';

/** What does without these programs' build. (KUBEBUILDER_ASSETS does not: it has no controller manager.) */
const remedyFor = (programs: readonly string[]): string =>
  programs.every((program) => program === 'kubectl')
    ? `install kubectl (https://kubernetes.io/docs/tasks/tools/) or ${GO}, and put it on PATH.`
    : `install ${GO} and put it on PATH, or let this machine reach dl.k8s.io and github.com. (\`npm start -- --kubeconfig FILE\` uses a cluster of yours instead.)`;

/** Throws {@link SetupError} when Go is missing or too old, the disk is too full, or the build fails. */
export async function buildPrograms(request: BuildRequest): Promise<void> {
  const { programs, version, display, output } = request;
  await checkGo(request);
  display.message(`Building ${programs.join(', ')} of Kubernetes ${version} with Go; this happens once.`);
  const expected = await countStale(request);
  checkDisk(output, expected);
  const startedMs = performance.now();
  let compiled = 0;
  const report = (): void => display.update({ compiled, expected, elapsedMs: performance.now() - startedMs });
  const timer = setInterval(report, REPORT_INTERVAL_MS);
  try {
    await runGo(request, ['build', '-v', ...buildFlags(version), '-o', `${output}/`, ...packages(request)], () => {
      compiled += 1;
    });
    report();
  } finally {
    clearInterval(timer);
    display.end();
  }
  display.message(`Built ${programs.join(', ')} in ${Math.round((performance.now() - startedMs) / 1000)} s.`);
}

/** Static and without machine paths, as Kubernetes' own releases are; kubectl warns about servers that tell no version. */
function buildFlags(version: string): string[] {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  const stamps = Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
  return ['-trimpath', '-ldflags', `-s -w ${stamps.join(' ')}`];
}

const packages = ({ programs }: BuildRequest): string[] => programs.map((program) => `./${program}`);

async function checkGo({ programs, moduleFolder, env }: BuildRequest): Promise<void> {
  const remedy = remedyFor(programs);
  try {
    await promisify(execFile)('go', ['env', 'GOVERSION'], { cwd: moduleFolder, env });
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT')
      throw new SetupError(
        'go-missing',
        `There is no ${programs.join(', no ')} here, and no Go on PATH to build with.`,
        remedy,
      );
    // "go: go.mod requires go >= 1.26.0 (running go 1.24.4; GOTOOLCHAIN=local)"
    if (stderr.includes('requires go')) throw new SetupError('go-too-old', stderr.trim(), remedy);
    throw new SetupError(
      'build-failed',
      `\`go env\` failed: ${stderr.trim()}`,
      'mend the Go installation, then start again.',
    );
  }
}

/** How many packages the build will compile; downloads the modules' sources first where they are missing. */
async function countStale(request: BuildRequest): Promise<number> {
  let stale = 0;
  const flags = buildFlags(request.version);
  await runGo(
    request,
    ['list', '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', ...flags, ...packages(request)],
    () => {
      stale += 1;
    },
  );
  return stale;
}

function checkDisk(folder: string, packagesToBuild: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const needed = BYTES_BESIDE + packagesToBuild * BYTES_PER_PACKAGE;
  if (bavail * bsize < needed)
    throw diskFull(`${gigabytes(bavail * bsize)} are free in ${folder}, and the build needs ${gigabytes(needed)}.`);
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function diskFull(message: string): SetupError {
  return new SetupError(
    'disk-full',
    message,
    "free some space (`go clean -cache` empties Go's build cache), or move the caches by setting XDG_CACHE_HOME, GOCACHE and GOMODCACHE.",
  );
}

/** Runs go in the module's folder, calling `onLine` for each line of its report that names a package. */
function runGo(request: BuildRequest, args: readonly string[], onPackage: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = spawn('go', args, {
      cwd: request.moduleFolder,
      env: { ...request.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const complaints: string[] = [];
    const onLine = (line: string): void => {
      // `go build -v` names each compiled package on a line of its own; anything with a space is a message.
      if (/^[\w./~-]+$/.test(line)) onPackage();
      else if (line !== '') complaints.push(line);
    };
    createInterface(go.stdout).on('line', onLine);
    createInterface(go.stderr).on('line', onLine);
    go.on('error', reject);
    go.on('close', (code) => {
      if (code === 0) resolve();
      else reject(buildFailure(request.programs, complaints));
    });
  });
}

function buildFailure(programs: readonly string[], complaints: readonly string[]): SetupError {
  const text = complaints.slice(-ERROR_LINES).join('\n');
  if (text.includes('no space left on device')) return diskFull('The disk ran full during the build.');
  return new SetupError(
    'build-failed',
    `Go could not build ${programs.join(', ')}:\n${text}`,
    'if it speaks of a download, check the network and GOPROXY; else report the lines above.',
  );
}
