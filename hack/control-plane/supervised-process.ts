/** SupervisedProcess: a child that cannot outlive us, not even when we are killed with SIGKILL. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { constants } from 'node:os';

/**
 * The shell between us and the program. Our end of its standard input is the lifeline: when it closes, because we closed it or
 * because the kernel did so for us, the watcher kills the program. (PR_SET_PDEATHSIG would do the same on Linux only, and
 * fires too early when a worker thread spawned the child.) SIGTERM and SIGINT are passed on for a graceful stop.
 * `wait` returns early when a trapped signal arrives, hence the loop; the watcher leaves with the program.
 */
const SUPERVISOR = `
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
( trap '' TERM INT; read -r _ <&3; kill -KILL "$program" ) 2>/dev/null &
watcher=$!
trap 'kill -TERM "$program" 2>/dev/null' TERM
trap 'kill -INT "$program" 2>/dev/null' INT
wait "$program"; code=$?
while kill -0 "$program" 2>/dev/null; do wait "$program"; code=$?; done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
`;

export interface SupervisedProcess {
  /** The program's name, for messages. */
  readonly name: string;
  /** Settles when the program is gone; never rejects. */
  readonly exited: Promise<void>;
  readonly running: boolean;
  /** How it ended: `exit code 1`, `SIGKILL`; undefined while it runs. */
  readonly ending: string | undefined;
  /** The end of the program's log, for error messages. */
  logTail(lines?: number): string;
  /** Asks with `signal` (default SIGTERM), and insists with SIGKILL once `graceMs` have passed. */
  stop(graceMs: number, signal?: 'SIGTERM' | 'SIGINT'): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
}

/** As whom a program runs, and where. Default: as we do. */
export interface ProcessPlace {
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
}

/** Runs `command` in its own process group (Ctrl-C in our terminal does not reach it), appending its output to `logFile`. */
export function superviseProcess(
  name: string,
  command: string,
  args: readonly string[],
  logFile: string,
  place: ProcessPlace = {},
): SupervisedProcess {
  const log = openSync(logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', ['-c', SUPERVISOR, name, command, ...args], {
      ...place,
      detached: true,
      stdio: ['pipe', log, log],
    });
  } finally {
    closeSync(log);
  }
  // Writing never happens, but closing a pipe whose reader died may report EPIPE; the exit already tells it.
  child.stdin?.on('error', () => undefined);
  let running = true;
  let ending: string | undefined;
  const exited = once(child, 'exit').then(
    ([code, signal]: (number | string | null)[]) => {
      running = false;
      ending = describeEnding(Number(code), signal);
    },
    () => void (running = false),
  );

  const kill = async (): Promise<void> => {
    child.stdin?.destroy();
    await exited;
  };

  return {
    name,
    exited,
    get running() {
      return running;
    },
    get ending() {
      return ending;
    },
    logTail(lines = 20) {
      return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
    },
    async stop(graceMs, signal = 'SIGTERM') {
      if (running) child.kill(signal);
      const deadline = setTimeout(() => void kill(), graceMs);
      await exited;
      clearTimeout(deadline);
    },
    kill,
  };
}

/** A shell tells a program that signal n ended as exit code 128 + n. */
function describeEnding(code: number, signal: unknown): string {
  if (typeof signal === 'string') return signal;
  const name = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return name ?? `exit code ${code}`;
}
