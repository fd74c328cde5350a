// Templates on request, made in a child process: the CDK takes 100 MB and blocks its process for up to two seconds.
import { fork, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { SynthesisAnswer, SynthesisRequest } from './synthesis-process.ts';
import { stackOutputs, type StackKind, type StackPropsByKind } from './stack-props.ts';

export interface Synthesized {
  /** Compact JSON, with the hash as output TemplateHash. */
  readonly template: string;
  /** SHA-256 (hex) of the template without that output. */
  readonly hash: string;
}

export interface SynthesizerOptions {
  /** Modules that export a StackExtension: packages, absolute paths or file URLs. */
  readonly extensions?: readonly string[];
  /** Milliseconds without a request after which the child ends. Default 30 s. */
  readonly idleMs?: number;
  /** Milliseconds without an answer after which the child is killed. Default 2 min. */
  readonly longestMs?: number;
}

const usualIdleMs = 30_000;
/** A template takes two seconds at most; a slow machine and an extension may take their time, and callers have 5 min (a run's own limit). */
const usualLongestMs = 120_000;
/** Templates kept: about 20 KB each. Kinds of work come in turns, so the last ones asked for are asked for again. */
const largestCache = 200;
/** A change set takes a template of at most this many bytes in the call itself. */
const largestTemplate = 51_200;

const processFile = join(import.meta.dirname, 'synthesis-process.ts');

interface Waiting {
  readonly child: ChildProcess;
  readonly resolve: (template: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: Error) => void;
}

export class Synthesizer {
  readonly #options: SynthesizerOptions;
  readonly #cache = new Map<string, Promise<Synthesized>>();
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #requests = 0;

  constructor(options: SynthesizerOptions = {}) {
    this.#options = options;
  }

  /** The template for these props. @throws Error with what the CDK or an extension finds wrong with them */
  async synthesize<Kind extends StackKind>(kind: Kind, props: StackPropsByKind[Kind]): Promise<Synthesized> {
    const input = sha256(JSON.stringify([kind, props]));
    const cached = this.#cache.get(input);
    const result = cached ?? this.#ask(kind, props).then(finished);
    // Last asked for, last to go.
    this.#cache.delete(input);
    this.#cache.set(input, result);
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= largestCache) break;
      this.#cache.delete(oldest);
    }
    if (cached === undefined) result.catch(() => this.#cache.delete(input));
    return await result;
  }

  /** Ends the child; a later request starts another. */
  close(): void {
    clearTimeout(this.#idle);
    if (this.#child?.connected === true) this.#child.disconnect();
    this.#child = undefined;
  }

  async #ask(kind: StackKind, props: StackPropsByKind[StackKind]): Promise<Readonly<Record<string, unknown>>> {
    const child = (this.#child ??= this.#start());
    const id = (this.#requests += 1);
    clearTimeout(this.#idle);
    this.#keepAlive(child, true);
    try {
      return await new Promise((resolve, reject) => {
        if ([...this.#waiting.values()].every((other) => other.child !== child)) this.#expectAnswer(child);
        this.#waiting.set(id, { child, resolve, reject });
        child.send({ id, kind, props } satisfies SynthesisRequest);
      });
    } finally {
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#rest(child);
    }
  }

  /** It answers one request after the other: what counts is that it answers at all. An extension may never come back. */
  #expectAnswer(child: ChildProcess): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => child.kill('SIGKILL'), this.#options.longestMs ?? usualLongestMs).unref();
  }

  #rest(child: ChildProcess): void {
    clearTimeout(this.#patience);
    this.#keepAlive(child, false);
    this.#idle = setTimeout(() => this.close(), this.#options.idleMs ?? usualIdleMs).unref();
  }

  /** Only a child that works keeps this process running; a parent that dies takes it along (its channel closes). */
  #keepAlive(child: ChildProcess, works: boolean): void {
    if (works) child.channel?.ref();
    else {
      child.unref();
      child.channel?.unref();
    }
  }

  #start(): ChildProcess {
    const child = fork(processFile, [...(this.#options.extensions ?? [])], { execArgv: [] });
    child.on('message', (answer: SynthesisAnswer) => {
      this.#expectAnswer(child);
      const waiting = this.#waiting.get(answer.id);
      if ('error' in answer) waiting?.reject(new Error(`template cannot be made: ${answer.error}`));
      else waiting?.resolve(answer.template);
    });
    child.on('exit', (code, signal) => this.#lost(child, String(signal ?? code)));
    // Could not be started, or spoken to.
    child.on('error', ({ message }) => this.#lost(child, message));
    return child;
  }

  #lost(child: ChildProcess, why: string): void {
    if (this.#child === child) this.#child = undefined;
    for (const waiting of this.#waiting.values())
      if (waiting.child === child)
        waiting.reject(new Error(`the synthesis process ended (${why}) before it answered: see its extensions`));
  }
}

const finished = (template: Readonly<Record<string, unknown>>): Synthesized => {
  const hash = sha256(JSON.stringify(template));
  const outputs = { ...(template['Outputs'] as object | undefined), [stackOutputs.templateHash]: { Value: hash } };
  const text = JSON.stringify({ ...template, Outputs: outputs });
  const size = Buffer.byteLength(text);
  if (size > largestTemplate)
    throw new Error(
      `the template has ${size} bytes, more than the ${largestTemplate} that CloudFormation takes: extend less, or own fewer datasets`,
    );
  return { template: text, hash };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
