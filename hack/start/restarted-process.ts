/** RestartedProcess: operator or gateway as a child, begun anew when it ends by itself, as a Deployment would. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pickPort } from '../control-plane/port.ts';
import { SetupError } from '../control-plane/setup-error.ts';

export interface ProcessOptions {
  /** For messages, e.g. `operator`. */
  readonly name: string;
  /** Serves /readyz on that port of 127.0.0.1. */
  readonly fork: (port: number) => ChildProcess;
  /** A port that people know, kept over restarts; unset: a free one each time. */
  readonly port?: number;
  /** The file that its output goes to. */
  readonly log: string;
  /** Told when a new process has taken the place of one that ended by itself: how that one did, and how many milliseconds ago. */
  readonly onRestart: (how: string, ms: number) => void;
}

/** The operator is ready after 1.5 s on an idle machine with 2 cores, the gateway after 2 s. */
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
/** More than the operator allows itself (operator/kernel/runtime/manager.ts). */
const GRACE_MS = 40_000;
/** Kubernetes begins with 10 s and doubles; one second is enough to not spin, and people are watching. */
const RESTART_MS = 1_000;

export class RestartedProcess implements AsyncDisposable {
  readonly #options: ProcessOptions;
  #child: ChildProcess;
  #port: number;
  #dismissed = false;

  private constructor(options: ProcessOptions, child: ChildProcess, port: number) {
    this.#options = options;
    this.#child = child;
    this.#port = port;
    this.#restartWhenItEnds();
  }

  /** Resolves when its caches are filled. Throws {@link SetupError} with the end of its log when it does not come up. */
  static async start(options: ProcessOptions): Promise<RestartedProcess> {
    const port = options.port ?? (await pickPort());
    const process = new RestartedProcess(options, options.fork(port), port);
    await process.#ready();
    return process;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Of what it serves, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** For when there is no API server left to take its leave from, and none for a new process. */
  kill(): void {
    this.#dismissed = true;
    this.#child.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#dismissed = true;
    if (!isRunning(this.#child)) return;
    const child = this.#child;
    const deadline = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.kill('SIGTERM');
    await once(child, 'exit');
    clearTimeout(deadline);
  }

  #restartWhenItEnds(): void {
    this.#child.once('exit', (code, signal) => void this.#restart(signal ?? `exit code ${code}`));
  }

  async #restart(how: string): Promise<void> {
    const since = performance.now();
    await delay(this.#dismissed ? 0 : RESTART_MS);
    if (this.#dismissed) return;
    this.#port = this.#options.port ?? (await pickPort());
    this.#child = this.#options.fork(this.#port);
    this.#restartWhenItEnds();
    this.#options.onRestart(how, performance.now() - since);
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await answersOk(`${this.url}/readyz`))) {
      if (Date.now() > deadline || !isRunning(this.#child)) {
        await this[Symbol.asyncDispose]();
        throw new SetupError(
          'start-failed',
          `The ${this.#options.name} did not come up. The end of its log:\n${tail(this.#options.log)}`,
          `read ${this.#options.log}.`,
        );
      }
      await delay(READY_POLL_MS);
    }
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode === null && signalCode === null;

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

const tail = (path: string): string => readFileSync(path, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
