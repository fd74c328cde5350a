/** Download of official binaries: dl.k8s.io and etcd's releases, each with the checksum that its publisher puts beside it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { EnvHttpProxyAgent, fetch, type Dispatcher, type Response } from 'undici';
import type { ProgressDisplay } from './progress.ts';
import { SetupError } from './setup-error.ts';

export interface DownloadRequest {
  readonly programs: readonly string[];
  /** Of Kubernetes and of etcd, such as `v1.36.3`. */
  readonly versions: { readonly kubernetes: string; readonly etcd: string };
  /** Existing folder for the results. */
  readonly output: string;
  readonly display: ProgressDisplay;
  /** Read: DATAALL_BINARIES_URL, a mirror of both publishers' paths; empty for no download at all. */
  readonly env: NodeJS.ProcessEnv;
}

/** A checksum is some hundred bytes: a publisher that takes longer to answer with it is one that this machine does not reach. */
const ANSWER_MS = 3_000;
/** Without a byte, after a publisher has answered. */
const STALL_MS = 30_000;

interface Source {
  readonly url: string;
  /** Has the checksum of the file at `url`, in a line with its name or alone. */
  readonly sums: string;
  /** Path of the program in the archive that the file is. */
  readonly member?: string;
}

/**
 * Fetches what it can of `programs` into `output` and returns their names; what cannot be had, or is not what its checksum says, is told
 * in one line and left to the caller. Rejects only when the disk fails.
 */
export async function downloadPrograms(request: DownloadRequest): Promise<readonly string[]> {
  const { programs, display } = request;
  const sources = programs.flatMap((program) => {
    const source = sourceOf(program, request);
    return source === undefined ? [] : [{ program, source }];
  });
  if (sources.length === 0) return [];
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: ANSWER_MS }, bodyTimeout: STALL_MS });
  const troubles = new Set<string>();
  const attempts = sources.map(async ({ program, source }) => {
    try {
      const checksum = await publishedChecksum(source, dispatcher);
      display.message(`Downloading ${program} from ${new URL(source.url).host}.`);
      await fetchProgram(program, source, checksum, request.output, dispatcher);
      return [program];
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      troubles.add(error.message);
      return [];
    }
  });
  try {
    const had = (await Promise.all(attempts)).flat();
    if (troubles.size > 0) display.message(`Not downloaded: ${[...troubles].join('; ')}.`);
    return had;
  } finally {
    await dispatcher.destroy();
  }
}

/** Linux has all of them; elsewhere Kubernetes publishes kubectl only. */
function sourceOf(program: string, { versions, env }: DownloadRequest): Source | undefined {
  const mirror = mirrorOf(env);
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  if (mirror === '' || arch === undefined || !['linux', 'darwin'].includes(process.platform)) return undefined;
  if (process.platform !== 'linux' && program !== 'kubectl') return undefined;
  if (program === 'etcd') {
    const folder = `${mirror ?? 'https://github.com'}/etcd-io/etcd/releases/download/${versions.etcd}`;
    const name = `etcd-${versions.etcd}-linux-${arch}`;
    return { url: `${folder}/${name}.tar.gz`, sums: `${folder}/SHA256SUMS`, member: `${name}/etcd` };
  }
  const base = mirror ?? 'https://dl.k8s.io';
  const url = `${base}/release/${versions.kubernetes}/bin/${process.platform}/${arch}/${program}`;
  return { url, sums: `${url}.sha256` };
}

/** Throws {@link SetupError} for what is no address. */
function mirrorOf({ DATAALL_BINARIES_URL: mirror }: NodeJS.ProcessEnv): string | undefined {
  if (mirror === undefined || mirror === '') return mirror;
  const url = URL.parse(mirror);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return mirror.replace(/\/+$/, '');
  throw new SetupError(
    'bad-option',
    `DATAALL_BINARIES_URL is "${mirror}", which is no http(s) address.`,
    'name a mirror of dl.k8s.io and of github.com/etcd-io, leave it empty to download nothing, or unset it.',
  );
}

/** `<sum>` alone, or the line `<sum>  <file>` of a list. */
async function publishedChecksum({ url, sums }: Source, dispatcher: Dispatcher): Promise<string> {
  const text = await timely(`${new URL(sums).host} did not answer within ${ANSWER_MS / 1000} s`, async (signal) =>
    (await get(sums, dispatcher, signal)).text(),
  );
  const file = url.split('/').at(-1) ?? '';
  for (const line of text.split('\n')) {
    const [sum = '', name = file] = line.trim().split(/\s+\*?/);
    if (name === file && /^[0-9a-f]{64}$/.test(sum)) return sum;
  }
  throw new Unavailable(`${sums} has no checksum of ${file}`);
}

async function fetchProgram(
  program: string,
  { url, member }: Source,
  checksum: string,
  output: string,
  dispatcher: Dispatcher,
): Promise<void> {
  const file = join(output, member === undefined ? program : `${program}.tar.gz`);
  const body = (await get(url, dispatcher)).body;
  if (body === null) throw new Unavailable(`${url} is empty`);
  const received = Readable.fromWeb(body);
  // A connection that breaks is told apart from a disk that is full.
  const source = async function* () {
    try {
      yield* received;
    } catch (error) {
      throw new Unavailable(`${url} broke off: ${reasonOf(error)}`);
    }
  };
  await pipeline(source, createWriteStream(file));
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('hex') !== checksum) throw new Unavailable(`${url} is not what its published checksum says`);
  if (member !== undefined) {
    const extract = ['-xzf', file, '-C', output, '--strip-components=1', member];
    await promisify(execFile)('tar', extract).catch((error: unknown) => {
      throw new Unavailable(`${member} cannot be taken out of ${url}: ${reasonOf(error)}`);
    });
  }
  await chmod(join(output, program), 0o755);
}

async function get(url: string, dispatcher: Dispatcher, signal?: AbortSignal): Promise<Response> {
  let response;
  try {
    response = await fetch(url, { dispatcher, ...(signal !== undefined && { signal }) });
  } catch (error) {
    throw new Unavailable(`${new URL(url).host} is not reached: ${reasonOf(error)}`);
  }
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Unavailable(`${url} answers ${response.status}`);
}

/** The signal ends what goes on; a look-up of a name cannot be ended, and is not waited for. */
async function timely<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Unavailable(what)), { once: true });
  });
  return await Promise.race([work(signal), late]);
}

/** fetch says "fetch failed" and has the reason in its cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const reason = cause instanceof Error && cause.message !== '' ? cause : error;
  return reason instanceof Error ? reason.message.split('\n', 1).join('') : String(reason);
}

/** A program cannot be had from its publisher, which is no failure: it is built. */
class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
