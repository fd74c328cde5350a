// Through which files of the operator one change goes: the way, which is on the stack whenever work is queued, AWS is asked or an object is
// written; and all files of which any function runs, with the rules, policies and values that the way asks and that answer at once.
import { Session } from 'node:inspector/promises';
import { PriorityQueue } from '../../operator/kernel/runtime/priority-queue.ts';
import { InterceptedKubeApi } from '../../operator/kernel/testing/intercepted-kube-api.ts';
import type { SharingWorld } from './sharing-world.ts';

export interface FilesOfChange {
  readonly way: readonly string[];
  /** From one file of the way to the next, each once. */
  readonly hops: readonly string[];
  readonly all: readonly string[];
}

/** More than any stack of ours is deep, across all that is awaited. */
const DEEPEST = 200;

/** @param change settles when it has come back to its status */
export const filesOfChange = async (world: SharingWorld, change: () => Promise<void>): Promise<FilesOfChange> => {
  const way = new Set<string>();
  const hops = new Set<string>();
  const step = (): void => {
    const files = stack().flatMap(fileOf).toReversed();
    for (const [at, file] of files.entries()) {
      way.add(file);
      const from = files[at - 1] ?? file;
      if (from !== file) hops.add(`${from} -> ${file}`);
    }
  };
  const undo = [
    beforeEach(PriorityQueue.prototype, 'add', step),
    beforeEach(world.aws.requestHandler, 'handle', step),
    beforeEach(InterceptedKubeApi.prototype, 'apply', step),
  ];
  try {
    const all = await filesThatRun(change);
    return { way: [...way].toSorted(), hops: [...hops], all };
  } finally {
    for (const one of undo) one();
  }
};

const filesThatRun = async (change: () => Promise<void>): Promise<readonly string[]> => {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    await change();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const ran = result.filter(({ functions }) => functions.some(({ ranges }) => (ranges[0]?.count ?? 0) > 0));
    return [...new Set(ran.flatMap(({ url }) => fileOf(url)))].toSorted();
  } finally {
    session.disconnect();
  }
};

/** Calls `told` before each call of a method. @returns what ends that */
const beforeEach = (object: object, method: string, told: () => void): (() => void) => {
  const original: unknown = Reflect.get(object, method);
  if (typeof original !== 'function') throw new Error(`${method} is no method`);
  Reflect.set(object, method, function (this: unknown, ...args: unknown[]): unknown {
    told();
    return Reflect.apply(original, this, args);
  });
  return () => Reflect.set(object, method, original);
};

const stack = (): readonly string[] => {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEPEST;
  const { stack: text = '' } = new Error('a step');
  Error.stackTraceLimit = before;
  return text.split('\n');
};

const fileOf = (text: string): readonly string[] => {
  const file = /\/operator\/([\w/-]+\.ts)/.exec(text)?.[1];
  return file === undefined || file.includes('testing/') ? [] : [file];
};
