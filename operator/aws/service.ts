// The typed door to one AWS service in one account: operations by name, inputs and outputs from the SDK's own types.
import type { Command } from '@smithy/core/client';
import type { AwsFault } from './fault.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- only the shape of a constructor is matched, nothing of it is used untyped
type AnyConstructor = abstract new (...args: any[]) => unknown;

/** Names of a client package's operations: its exports `XCommand` without `Command`. */
type OperationOf<Sdk> = {
  [Name in keyof Sdk]: Name extends `${infer Operation}Command` ? (Operation extends '$' ? never : Operation) : never;
}[keyof Sdk];

type CommandOf<Sdk, Operation extends string> = `${Operation}Command` extends keyof Sdk
  ? Sdk[`${Operation}Command`] extends AnyConstructor
    ? InstanceType<Sdk[`${Operation}Command`]>
    : never
  : never;

/** Input of an operation, as the SDK types it. */
type InputOf<Sdk, Operation extends string> =
  CommandOf<Sdk, Operation> extends { readonly input: infer Input } ? Input : never;

/** Output of an operation, as the SDK types it. */
type OutputOf<Sdk, Operation extends string> =
  // oxlint-disable-next-line typescript/no-explicit-any -- positions of the SDK's generic that do not matter here
  CommandOf<Sdk, Operation> extends Command<any, infer Output, any> ? Output : never;

/** What one read may ask for. */
export interface ReadOptions {
  /** Milliseconds until `Timeout`, instead of the usual; for long polls. */
  readonly timeout?: number;
}

/** Calls of one service in one account and region. Every failure is an AwsFault. */
export interface Service<Sdk> {
  readonly account: string;
  readonly region: string;
  /** A call that changes nothing. */
  read<O extends OperationOf<Sdk> & string>(
    operation: O,
    input: InputOf<Sdk, O>,
    options?: ReadOptions,
  ): Promise<OutputOf<Sdk, O>>;
  /** A read whose `NotFound` is an answer: undefined. With `code` only that one: a bucket without policy, not a missing bucket. */
  find<O extends OperationOf<Sdk> & string>(
    operation: O,
    input: InputOf<Sdk, O>,
    code?: string,
  ): Promise<OutputOf<Sdk, O> | undefined>;
  /** A call that changes something: refused with `NotLeader` unless the lease is ours. */
  write<O extends OperationOf<Sdk> & string>(operation: O, input: InputOf<Sdk, O>): Promise<OutputOf<Sdk, O>>;
  /** A write that has nothing to do when the resource is gone: false then. */
  remove<O extends OperationOf<Sdk> & string>(operation: O, input: InputOf<Sdk, O>): Promise<boolean>;
  /** The fault of one entry of a batch; the rate limiter learns from it as from any other. */
  entryFault(operation: OperationOf<Sdk> & string, code: string, message: string): AwsFault;
  /** Waits; ends early with `Cancelled` when the work is aborted. */
  pause(milliseconds: number): Promise<void>;
}

/** Reads page after page. `next` finds the token of the following page; none (or an empty one) ends it. */
export async function* everyPage<Page>(
  read: (token: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    const page = await read(token);
    yield page;
    token = next(page) ?? '';
  } while (token !== '');
}

/** All elements of all pages. */
export async function listAll<Page, T>(
  read: (token: string | undefined) => Promise<Page>,
  next: (page: Page) => string | undefined,
  elements: (page: Page) => readonly T[] | undefined,
): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of everyPage(read, next)) all.push(...(elements(page) ?? []));
  return all;
}
