/** OpenSearchServer: an OpenSearch of our own on this machine, empty at first, that cannot outlive us. For tests. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { userCacheFolder } from '../control-plane/user-cache.ts';
import { pickPort } from '../control-plane/port.ts';
import { makeRunFolder } from '../control-plane/run-folder.ts';
import { SetupError } from '../control-plane/setup-error.ts';
import { superviseProcess } from '../control-plane/supervised-process.ts';

export interface OpenSearchServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends it, and removes its data. */
  stop(): Promise<void>;
}

const VERSION = '2.19.1.0';
const LEAST_JAVA = 17;
/** 9 s on an idle machine with 2 cores. */
const READY_TIMEOUT_MS = 180_000;
const READY_POLL_MS = 200;

/** Why this machine runs none: told where a test is left out. Undefined: it does. */
export function openSearchObstacle(): string | undefined {
  const java = spawnSync('javac', ['-version'], { encoding: 'utf8' });
  const major = Number(/javac (\d+)/.exec(java.stdout + java.stderr)?.[1]);
  if (java.error || !(major >= LEAST_JAVA)) return `there is no JDK of version ${LEAST_JAVA} or later on PATH`;
  if (existsSync(jarFolder())) return undefined;
  return spawnSync('mvn', ['-v']).error && 'there is no Maven on PATH, which would fetch OpenSearch';
}

/** Fetches OpenSearch once. @throws SetupError that says what to do, when it does not come up */
export async function startOpenSearch(): Promise<OpenSearchServer> {
  const jars = ensureJars();
  const folder = makeRunFolder('opensearch');
  const [port, transport] = [await pickPort(), await pickPort()];
  const args = [
    '-Xmx512m',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    `${jars}/*`,
    join(import.meta.dirname, 'Node.java'),
    folder,
  ];
  const server = superviseProcess(
    'opensearch',
    'java',
    [...args, String(port), String(transport)],
    join(folder, 'opensearch.log'),
  );
  const url = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + READY_TIMEOUT_MS; ; await delay(READY_POLL_MS)) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return { url, stop };
    if (server.running && Date.now() < deadline) continue;
    const why = `${server.ending ?? 'it does not answer'}\n${server.logTail()}`;
    await stop();
    throw new SetupError('start-failed', `OpenSearch did not start: ${why}`, 'read what it says above.');
  }
}

const jarFolder = (): string => userCacheFolder(`opensearch-${VERSION}`, process.env);

/** From Maven Central, or the mirror that this machine's Maven is told of; nothing is taken whose checksum is not known. */
function ensureJars(): string {
  const folder = jarFolder();
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const fetched = mkdtempSync(`${folder}-`);
  try {
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
    const pom = join(import.meta.dirname, 'pom.xml');
    execFileSync('mvn', ['-q', '-B', '-f', pom, goal, `-DoutputDirectory=${fetched}`, '-DincludeScope=runtime'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    for (const line of readFileSync(join(import.meta.dirname, 'jars.sha256'), 'utf8')
      .trim()
      .split('\n')) {
      const [sum, name = ''] = line.split(/\s+/);
      if (
        createHash('sha256')
          .update(readFileSync(join(fetched, name)))
          .digest('hex') !== sum
      )
        throw new SetupError(
          'start-failed',
          `${name} is not what it was`,
          'see who changed it; hack/opensearch/jars.sha256 has what it was.',
        );
    }
    renameSync(fetched, folder);
  } catch (error) {
    rmSync(fetched, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
