/** Kubectl: what the people of the story type, with the real kubectl, as themselves. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { UserName } from '../cast.ts';
import type { Narrator } from './narrator.ts';
import { StoryBroken } from './story-broken.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface KubectlOptions {
  readonly program: string;
  readonly kubeconfig: string;
  /** Discovery of this API server only: ports are used again, and kubectl keeps what it learnt by host and port. */
  readonly cache: string;
  readonly signal: AbortSignal;
}

export interface KubectlResult {
  readonly ok: boolean;
  readonly output: string;
}

export class Kubectl {
  readonly #options: KubectlOptions;

  constructor(options: KubectlOptions) {
    this.#options = options;
  }

  /** Types a command and tells it with its answer; throws {@link StoryBroken} when it fails. */
  async say(narrator: Narrator, user: UserName, command: string): Promise<string> {
    const { ok, output } = await this.#told(narrator, user, command);
    if (!ok) throw new StoryBroken(output);
    if (output !== '') narrator.answer(output);
    return output;
  }

  /** The same for a command that must be refused; returns the refusal. */
  async refused(narrator: Narrator, user: UserName, command: string): Promise<string> {
    const { ok, output } = await this.#told(narrator, user, command);
    if (ok) throw new StoryBroken(`this should have been refused: kubectl ${command}\n${output}`);
    narrator.answer(output, true);
    return output;
  }

  /** Reads on the quiet: `jsonpath` of an object as the administrator sees it; undefined when there is no object. */
  async read(object: string, jsonpath: string): Promise<string | undefined> {
    const args = ['--context', 'admin', 'get', ...object.split(' '), '-o', `jsonpath=${jsonpath}`];
    const { ok, output } = await this.run(args);
    if (ok) return output;
    if (output.includes('NotFound')) return undefined;
    throw new StoryBroken(output);
  }

  async run(args: readonly string[]): Promise<KubectlResult> {
    const { program, kubeconfig, cache, signal } = this.#options;
    const all = ['--kubeconfig', kubeconfig, '--cache-dir', cache, ...args];
    return await new Promise((resolve, reject) => {
      execFile(program, all, { cwd: ROOT, signal, maxBuffer: 16_777_216 }, (error, stdout, stderr) => {
        if (signal.aborted) reject(signal.reason as Error);
        else resolve({ ok: error === null, output: `${stdout}${stderr}`.trim() });
      });
    });
  }

  async #told(narrator: Narrator, user: UserName, command: string): Promise<KubectlResult> {
    narrator.command(`kubectl --context ${user} ${command}`);
    return await this.run(['--context', user, ...words(command)]);
  }
}

/** As a shell would part it; single quotes hold together. */
const words = (command: string): string[] =>
  [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
