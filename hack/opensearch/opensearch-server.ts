/** OpenSearchServer: an OpenSearch of our own on this machine, empty at first, that cannot outlive us. For tests and `npm start`. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pickPort } from '../control-plane/port.ts';
import { makeRunFolder } from '../control-plane/run-folder.ts';
import { SetupError } from '../control-plane/setup-error.ts';
import { superviseProcess } from '../control-plane/supervised-process.ts';
import type { OpenSearchPrograms } from './programs.ts';

export interface OpenSearchServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends it, and removes its data. */
  stop(): Promise<void>;
}

/** 9 s on an idle machine with 2 cores. */
const READY_TIMEOUT_MS = 180_000;
const READY_POLL_MS = 200;

/** @throws SetupError that says what to do, when it does not come up */
export async function startOpenSearch({ java, classPath }: OpenSearchPrograms): Promise<OpenSearchServer> {
  const folder = makeRunFolder('opensearch');
  const [port, transport] = [await pickPort(), await pickPort()];
  const jvm = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-Djava.locale.providers=SPI,CLDR', '-cp', classPath];
  const server = superviseProcess(
    'opensearch',
    java,
    [...jvm, 'Node', folder, String(port), String(transport)],
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
