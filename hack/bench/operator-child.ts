// The operator as a child process, started and ended at will, its memory watched from outside.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { pickPort } from '../control-plane/port.ts';
import { forkOperator, type OperatorFiles } from '../start/fork-operator.ts';

export interface OperatorChildOptions extends OperatorFiles {
  /** Calls a second to begin with; undefined = the operator's own rate limits. */
  readonly rate: number | undefined;
}

/** MiB. */
export interface Memory {
  readonly resident?: number;
  readonly peak?: number;
  readonly heapUsed: number;
  readonly heapTotal: number;
  readonly external: number;
}

const READY_TIMEOUT_MS = 120_000;
const READY_POLL_MS = 20;
/** More than the operator allows itself for an orderly end. */
const GRACE_MS = 45_000;
const MIB = 1024 * 1024;

export class OperatorChild {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #log: string;
  /** Milliseconds since the epoch at which the process was asked for. */
  readonly startedAt: number;

  private constructor(child: ChildProcess, port: number, log: string, startedAt: number) {
    this.#child = child;
    this.#port = port;
    this.#log = log;
    this.startedAt = startedAt;
  }

  /** Resolves as soon as the process exists; see {@link ready}. */
  static async start(options: OperatorChildOptions): Promise<OperatorChild> {
    const port = await pickPort();
    const startedAt = Date.now();
    return new OperatorChild(forkOperator(options, port, options.rate), port, options.log, startedAt);
  }

  /** Until its caches are filled. Throws with the end of its log when it ends before. */
  async ready(): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!(await answersOk(`http://127.0.0.1:${this.#port}/readyz`))) {
      if (Date.now() > deadline || this.#child.exitCode !== null)
        throw new Error(`the operator did not come up; the end of its log:\n${this.#tail()}`);
      await delay(READY_POLL_MS);
    }
  }

  /** The kernel's metrics in Prometheus' text format. */
  async metrics(): Promise<string> {
    return await (await fetch(`http://127.0.0.1:${this.#port}/metrics`)).text();
  }

  /** What its memory consists of, now. Resident and peak are the kernel's word (proc_pid_status(5)), absent where there is no /proc. */
  async memory(): Promise<Memory> {
    const metrics = await this.metrics();
    const gauge = (name: string): number => mebibytes(valueOf(metrics, name));
    return {
      ...resident(this.#child.pid),
      heapUsed: gauge('nodejs_heap_size_used_bytes'),
      heapTotal: gauge('nodejs_heap_size_total_bytes'),
      external: gauge('nodejs_external_memory_bytes'),
    };
  }

  /** Milliseconds, of the time since it was last read. */
  async eventLoopDelay(): Promise<{ readonly max: number; readonly p99: number }> {
    const metrics = await this.metrics();
    const milliseconds = (name: string): number => valueOf(metrics, `nodejs_eventloop_lag_${name}_seconds`) * 1000;
    return { max: milliseconds('max'), p99: milliseconds('p99') };
  }

  /** Whether the process is no more, as after its lease was lost. */
  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Seconds of processor time since it started. */
  async cpuSeconds(): Promise<number> {
    return valueOf(await this.metrics(), 'process_cpu_seconds_total');
  }

  /** SIGTERM, as a Deployment would; SIGKILL when it does not end. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const deadline = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
    clearTimeout(deadline);
  }

  #tail(): string {
    return readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
  }
}

const resident = (pid: number | undefined): { readonly resident?: number; readonly peak?: number } => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]);
    return { resident: mebibytes(kilobytes('VmRSS') * 1024), peak: mebibytes(kilobytes('VmHWM') * 1024) };
  } catch {
    return {};
  }
};

const valueOf = (metrics: string, name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(metrics)?.[1]);

const mebibytes = (bytes: number): number => Math.round(bytes / MIB);

const answersOk = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};
