/** Progress display of the build: one line that renews itself on a terminal, one line every 15 seconds elsewhere. */
import { wrap } from './wrap.ts';

const QUIET_INTERVAL_MS = 15_000;
/** Where nobody says how wide it is. */
const WIDTH = 80;

export interface BuildProgress {
  /** Packages compiled so far, of `expected` in all. */
  readonly compiled: number;
  readonly expected: number;
  readonly elapsedMs: number;
}

/** `Kubernetes v1.36.3: 812 of 2,516 packages, 1:05 so far, about 2:16 left` */
export function describeProgress(version: string, progress: BuildProgress): string {
  const { compiled, expected, elapsedMs } = progress;
  const count = (value: number): string => value.toLocaleString('en-US');
  const done = `Kubernetes ${version}: ${count(compiled)} of ${count(expected)} packages, ${clock(elapsedMs)} so far`;
  if (compiled === 0) return done;
  if (compiled >= expected) return `${done}, linking`;
  return `${done}, about ${clock((elapsedMs / compiled) * (expected - compiled))} left`;
}

function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Where a build reports to: {@link progressOn} a stream, or {@link silent}. */
export interface ProgressDisplay {
  message(text: string): void;
  update(progress: BuildProgress): void;
  end(): void;
}

export const silent: ProgressDisplay = { message: () => undefined, update: () => undefined, end: () => undefined };

export function progressOn(stream: NodeJS.WriteStream, version: string): ProgressDisplay {
  let lastLineMs = 0;
  return {
    message: (text) => void stream.write(`${wrap(text, stream.columns ?? WIDTH).join('\n')}\n`),
    update(progress) {
      if (stream.isTTY) {
        stream.write(`\r\u001B[2K${describeProgress(version, progress)}`);
      } else if (progress.elapsedMs - lastLineMs >= QUIET_INTERVAL_MS) {
        lastLineMs = progress.elapsedMs;
        stream.write(`${describeProgress(version, progress)}\n`);
      }
    },
    end: () => void (stream.isTTY && stream.write('\n')),
  };
}
