/** OperatorProcess: the operator as a child, begun anew when it ends by itself, as a Deployment would. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pickPort } from '../control-plane/port.ts';
import { SetupError } from '../control-plane/setup-error.ts';
import { forkOperator, type OperatorFiles } from './fork-operator.ts';

export interface OperatorProcessOptions extends OperatorFiles {
  /** Told when a new process has taken the place of one that ended by itself: how that one did, and how many milliseconds ago. */
  readonly onRestart: (how: string, ms: number) => void;
}

/** Calls of AWS a second: the simulator has no limits. */
const RATE = 1_000;
/** Ready after 1.5 s on an idle machine with 2 cores. */
const READY_TIMEOUT_MS = 60_000;
const READY_POLL_MS = 50;
/** More than the operator allows itself (operator/kernel/runtime/manager.ts). */
const GRACE_MS = 40_000;
/** Kubernetes begins with 10 s and doubles; one second is enough to not spin, and people are watching. */
const RESTART_MS = 1_000;

export class OperatorProcess implements AsyncDisposable {
  readonly #options: OperatorProcessOptions;
  #child: ChildProcess;
  #port: number;
  #dismissed = false;

  private constructor(options: OperatorProcessOptions, child: ChildProcess, port: number) {
    this.#options = options;
    this.#child = child;
    this.#port = port;
    this.#restartWhenItEnds();
  }

  /** Resolves when its caches are filled. Throws {@link SetupError} with the end of its log when it does not come up. */
  static async start(options: OperatorProcessOptions): Promise<OperatorProcess> {
    const port = await pickPort();
    const operator = new OperatorProcess(options, forkOperator(options, port, RATE), port);
    await operator.#ready();
    return operator;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get metrics(): string {
    return `http://127.0.0.1:${this.#port}/metrics`;
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
    this.#port = await pickPort();
    this.#child = forkOperator(this.#options, this.#port, RATE);
    this.#restartWhenItEnds();
    this.#options.onRestart(how, performance.now() - since);
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await answersOk(`http://127.0.0.1:${this.#port}/readyz`))) {
      if (Date.now() > deadline || !isRunning(this.#child)) {
        await this[Symbol.asyncDispose]();
        throw new SetupError(
          'start-failed',
          `The operator did not come up. The end of its log:\n${tail(this.#options.log)}`,
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
