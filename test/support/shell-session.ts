// A shell that stays open, so that blocks of a page are typed one after the other and share their variables, with looks in between.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends what a block printed; nothing else prints it. */
const END = '--- end of block ---';

export class ShellSession implements AsyncDisposable {
  readonly #shell: ChildProcess;
  #output = '';
  #errors = '';
  #ended = false;
  /** Whether the block has ended is asked whenever something was printed. */
  #look = (): void => undefined;

  constructor(options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }) {
    this.#shell = spawn('/bin/sh', ['-eu'], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#shell.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString();
      this.#look();
    });
    this.#shell.stderr?.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.#shell.on('close', () => {
      this.#ended = true;
      this.#look();
    });
    // Of a shell that has ended, which `close` tells.
    this.#shell.stdin?.on('error', () => undefined);
  }

  /** What the block printed. @throws Error with all of it when a command fails, which ends the shell */
  async type(block: string): Promise<string> {
    this.#output = this.#errors = '';
    this.#shell.stdin?.write(`${block}\necho '${END}'\n`);
    await new Promise<void>((resolve, reject) => {
      this.#look = () => {
        if (this.#output.includes(END)) resolve();
        else if (this.#ended)
          reject(new Error(`a command failed:\n${block}\nand said:\n${this.#output}${this.#errors}`));
      };
      this.#look();
    });
    return this.#output.slice(0, this.#output.indexOf(END)).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#shell.stdin?.end();
    await once(this.#shell, 'close');
  }
}
