/** PostgresServer: a PostgreSQL of our own on this machine, empty at first, that cannot outlive us. For npm start and tests. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { pickPort } from '../control-plane/port.ts';
import { makeRunFolder } from '../control-plane/run-folder.ts';
import { SetupError } from '../control-plane/setup-error.ts';
import { type ProcessPlace, superviseProcess, type SupervisedProcess } from '../control-plane/supervised-process.ts';
import { serverAccount } from './account.ts';
import { copyPrograms, installedPrograms, type Programs } from './programs.ts';

export interface PostgresServer {
  /** The folder that holds everything of it, deleted by {@link stop}; `postgres.log` is in there. */
  readonly folder: string;
  /** `postgres://...` of one of its databases; of `postgres`, which is always there, by default. */
  url(database?: string): string;
  /** SIGKILL to all of it, as a crash would. {@link start} recovers what was committed. */
  kill(): Promise<void>;
  /** Brings it back at the same address. */
  start(): Promise<void>;
  /** Ends it in order, and removes its data. */
  stop(): Promise<void>;
}

const SUPERUSER = 'postgres';
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 20;
/** Its SIGINT: connections are cut, what was committed is written. */
const GRACE_MS = 5_000;
/**
 * Another process may take the picked port before PostgreSQL does: then the next one is tried. And after a crash it starts only once all
 * processes that served its clients have seen it.
 */
const ATTEMPTS = 10;
const RETRY_MS = 100;

/**
 * What differs from PostgreSQL's defaults. Without fsync a crash of the machine may spoil the data, which then is made anew; a crash of the
 * server alone spoils nothing. Shared memory lies in its folder, because /dev/shm of a container is small.
 */
const settings = (port: number): readonly string[] => [
  `port=${port}`,
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  'dynamic_shared_memory_type=mmap',
  'max_connections=200',
  'shared_buffers=64MB',
  'timezone=UTC',
  'log_timezone=UTC',
];

/** Takes 1.5 s on an idle machine with 2 cores. @throws SetupError that says what to do, when it does not come up */
export async function startPostgres(): Promise<PostgresServer> {
  const server = new LocalPostgres();
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class LocalPostgres implements PostgresServer {
  readonly folder = makeRunFolder('postgres');
  readonly #data = join(this.folder, 'data');
  readonly #log = join(this.folder, 'postgres.log');
  readonly #password = randomBytes(24).toString('base64url');
  readonly #place: ProcessPlace;
  readonly #programs: Programs;
  #process: SupervisedProcess | undefined;
  /** Picked at the first start, then kept. */
  #port: number | undefined;

  constructor() {
    const account = serverAccount();
    this.#place = { ...account, cwd: this.folder };
    // Others may pass through to what is theirs, and list nothing.
    if (account) chmodSync(this.folder, 0o711);
    this.#programs = account ? copyPrograms(join(this.folder, 'programs')) : installedPrograms();
    mkdirSync(this.#data, { mode: 0o700 });
    this.#give(this.#data);
    this.#initialize();
  }

  url(database = SUPERUSER): string {
    return this.#url(this.#port ?? 0, database);
  }

  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const port = this.#port ?? (await pickPort());
      try {
        await this.#run(port);
        this.#port = port;
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await delay(RETRY_MS);
      }
    }
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }

  async stop(): Promise<void> {
    await this.#process?.stop(GRACE_MS, 'SIGINT');
    this.#process = undefined;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The empty cluster. Text is compared by code points, whatever languages the machine has. */
  #initialize(): void {
    const passwordFile = join(this.folder, 'password');
    writeFileSync(passwordFile, this.#password, { mode: 0o600 });
    this.#give(passwordFile);
    const flags = [
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ];
    const { status, stderr, error } = spawnSync(
      this.#programs.initdb,
      [
        `--pgdata=${this.#data}`,
        `--username=${SUPERUSER}`,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        ...flags,
      ],
      { ...this.#place, encoding: 'utf8' },
    );
    rmSync(passwordFile);
    if (status !== 0) throw startFailed(`initdb: ${error?.message ?? stderr}`);
  }

  async #run(port: number): Promise<void> {
    const args = ['-D', this.#data, ...settings(port).flatMap((setting) => ['-c', setting])];
    const process = superviseProcess('postgres', this.#programs.postgres, args, this.#log, this.#place);
    this.#process = process;
    try {
      await this.#ready(process, this.#url(port));
    } catch (error) {
      await process.kill();
      throw error;
    }
  }

  #url(port: number, database = SUPERUSER): string {
    return `postgres://${SUPERUSER}:${this.#password}@127.0.0.1:${port}/${database}`;
  }

  async #ready(process: SupervisedProcess, url: string): Promise<void> {
    for (const deadline = Date.now() + READY_TIMEOUT_MS; ; await delay(READY_POLL_MS)) {
      if (!process.running) throw startFailed(`${process.ending ?? ''}\n${process.logTail()}`);
      const client = new Client({ connectionString: url });
      try {
        await client.connect();
        return;
      } catch (error) {
        if (Date.now() > deadline) throw startFailed(`${String(error)}\n${process.logTail()}`);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  #give(path: string): void {
    const { uid, gid } = this.#place;
    if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  }
}

const startFailed = (why: string): SetupError =>
  new SetupError(
    'no-database',
    `PostgreSQL did not start: ${why.trim()}`,
    'read what it says above; or set DATABASE_URL to a PostgreSQL server of yours, empty and of version 16 or later.',
  );
