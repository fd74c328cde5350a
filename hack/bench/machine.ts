// The machine a measurement was made on. Counts do not depend on it; times do.
import { availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { rounded } from './statistics.ts';

export interface Machine {
  readonly platform: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** One, five and fifteen minutes; more than `cores` means that others worked, too, and times are long. */
  readonly load: readonly number[];
}

export const describeMachine = (): Machine => ({
  platform: `${platform()} ${release()}`,
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: rounded(totalmem() / 1024 ** 3, 1),
  load: loadavg().map((value) => rounded(value)),
});
