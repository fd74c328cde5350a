// Who used the processors: this process, with the simulated AWS and the people in it, and each program below it.
import { readdirSync, readFileSync } from 'node:fs';

/** Seconds of processor time, by program. */
export type ProcessorTime = Readonly<Record<string, number>>;

/** USER_HZ, which is 100 on every architecture that Node runs on: time(7). */
const TICKS_A_SECOND = 100;

interface Process {
  readonly parent: number;
  readonly program: string;
  readonly seconds: number;
}

/** Since each started; empty where there is no /proc. Those that have ended are not in it. */
export const processorTime = (): ProcessorTime => {
  const processes = new Map(processIds().flatMap((id) => entryOf(id)));
  const isOurs = (id: number): boolean => {
    if (id === process.pid) return true;
    const parent = processes.get(id)?.parent;
    return parent !== undefined && isOurs(parent);
  };
  const seconds: Record<string, number> = {};
  for (const [id, found] of processes) {
    if (!isOurs(id)) continue;
    const program = id === process.pid ? 'bench' : found.program;
    seconds[program] = (seconds[program] ?? 0) + found.seconds;
  }
  return seconds;
};

/** What was used between two readings, of programs that used any. */
export const usedBetween = (before: ProcessorTime, after: ProcessorTime): ProcessorTime =>
  Object.fromEntries(
    Object.entries(after).flatMap(([program, seconds]) => {
      const used = Math.round(10 * (seconds - (before[program] ?? 0))) / 10;
      return used > 0 ? [[program, used] as const] : [];
    }),
  );

const processIds = (): readonly number[] => {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
};

/** proc_pid_stat(5): the program's name is in parentheses, may hold any character, and is cut at 15. */
const entryOf = (id: number): readonly (readonly [number, Process])[] => {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    const [parent = 0, user = 0, system = 0] = [1, 11, 12].map((index) => Number(fields[index]));
    const isOperator = readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('operator/main.ts');
    const program = isOperator ? 'operator' : stat.slice(stat.indexOf('(') + 1, end);
    return [[id, { parent, program, seconds: (user + system) / TICKS_A_SECOND }]];
  } catch {
    // It ended meanwhile.
    return [];
  }
};
