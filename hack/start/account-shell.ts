/** AccountShell: runs a command as an administrator of a simulated account, with the AWS CLI's commands that such people need. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { AccountName } from './cast.ts';
import type { Endpoints } from './endpoints.ts';

const CLI = join(import.meta.dirname, 'aws-cli.ts');
/** Where templates are that a link command names. */
const PUBLISHED = join(import.meta.dirname, '..', '..', 'operator', 'stacks', 'published');

export class AccountShell {
  readonly #aws: Endpoints['aws'];
  readonly #folder: string;
  readonly #signal: AbortSignal;

  /** `folder` receives the programs `aws` and `npx`, which stand in for those the machine may not have. */
  constructor({ aws }: Pick<Endpoints, 'aws'>, folder: string, signal: AbortSignal) {
    this.#aws = aws;
    this.#folder = join(folder, 'bin');
    this.#signal = signal;
    mkdirSync(this.#folder, { recursive: true });
    for (const program of ['aws', 'npx']) {
      const path = join(this.#folder, program);
      writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${CLI}' ${program} "$@"\n`);
      chmodSync(path, 0o755);
    }
  }

  /** Runs `command` in a shell, where the published templates are; returns its output, and rejects with it when it fails. */
  async run(account: AccountName, command: string): Promise<string> {
    const { accessKeyId, secretAccessKey } = this.#aws.accounts[account];
    const env = {
      PATH: `${this.#folder}${delimiter}${process.env['PATH'] ?? ''}`,
      AWS_ENDPOINT_URL: this.#aws.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: this.#aws.region,
    };
    return await new Promise((resolve, reject) => {
      execFile('/bin/sh', ['-ec', command], { cwd: PUBLISHED, env, signal: this.#signal }, (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.trim();
        if (error === null) resolve(output);
        else reject(new Error(output === '' ? error.message : output));
      });
    });
  }
}
