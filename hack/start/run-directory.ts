/** `.run`: what a running tour tells others and keeps for itself. One tour at a time; what a dead one left is swept. */
import { once } from 'node:events';
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { basename, join, relative } from 'node:path';
import { SetupError } from '../control-plane/setup-error.ts';
import type { Endpoints } from './endpoints.ts';

/** A socket, not a file with a process id: it answers only while its owner lives, and ids are used again. */
const LOCK = 'lock';
const ENDPOINTS = 'endpoints.json';
/** What is worth reading after the end; the rest would be stale. */
const KEPT = ['operator.log', 'gateway.log', 'audit.log'] as const;
/** What the processes are told, and know; gone at the end. */
const PASSING = [
  'operator.kubeconfig',
  'operator.yaml',
  'gateway.kubeconfig',
  'gateway.operator-token',
  'gateway.yaml',
  'control-plane',
  'story',
] as const;

export class RunDirectory implements AsyncDisposable {
  readonly path: string;
  readonly #lock: Server;

  private constructor(path: string, lock: Server) {
    this.path = path;
    this.#lock = lock;
  }

  /** Throws {@link SetupError} when another tour is running in this clone. */
  static async claim(path: string): Promise<RunDirectory> {
    const owner = await ownerOf(path);
    if (owner !== undefined) {
      throw new SetupError(
        'already-running',
        `npm start is running already in this folder (process ${owner}).`,
        `use what it runs (${join(path, ENDPOINTS)}), or end it: Ctrl-C in its terminal, or kill ${owner}.`,
      );
    }
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const lock = createServer((socket) => socket.end(String(process.pid)).on('error', () => undefined));
    lock.unref().listen(socketPath(path));
    await once(lock, 'listening');
    return new RunDirectory(path, lock);
  }

  file(name: (typeof KEPT)[number] | (typeof PASSING)[number]): string {
    return join(this.path, name);
  }

  /** Copies a file beside those that are worth reading after the end; returns where it is. */
  keep(path: string): string {
    const kept = join(this.path, basename(path));
    copyFileSync(path, kept);
    return kept;
  }

  /** Whole or not at all: a reader never sees half a file. Holds secrets of the simulated accounts, hence the mode. */
  publish(endpoints: Endpoints): void {
    const path = join(this.path, ENDPOINTS);
    writeFileSync(`${path}.draft`, `${JSON.stringify(endpoints, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.draft`, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [ENDPOINTS, ...PASSING]) rmSync(join(this.path, name), { recursive: true, force: true });
    await new Promise((resolve) => this.#lock.close(resolve));
  }
}

/** The process id that whoever holds the lock tells, or undefined. */
async function ownerOf(path: string): Promise<string | undefined> {
  const socket = connect(socketPath(path));
  try {
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

/** Relative to the working folder, because a socket's path may have 103 bytes on macOS, 107 on Linux. */
const socketPath = (path: string): string => relative(process.cwd(), join(path, LOCK));
