// kubectl as people run it, against a control plane of the test.

import { execFile } from 'node:child_process';
import { expect } from 'vitest';
import { ensureKubectl } from '../../hack/control-plane/binaries.ts';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';

interface Outcome {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** A status of 500 items is 400 KB, and a list has several. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export class Kubectl {
  readonly #program: string;
  readonly #controlPlane: ControlPlane;

  private constructor(program: string, controlPlane: ControlPlane) {
    this.#program = program;
    this.#controlPlane = controlPlane;
  }

  static async of(controlPlane: ControlPlane): Promise<Kubectl> {
    return new Kubectl(await ensureKubectl(), controlPlane);
  }

  /** What it prints; the test fails with the server's answer when it is refused. */
  async succeed(args: readonly string[], input?: unknown): Promise<string> {
    const outcome = await this.#run(args, input);
    expect(outcome, outcome.stderr).toMatchObject({ ok: true });
    return outcome.stdout;
  }

  /** What the server says against it; the test fails when it is accepted. */
  async refusal(args: readonly string[], input?: unknown): Promise<string> {
    const outcome = await this.#run(args, input);
    expect(outcome, outcome.stdout).toMatchObject({ ok: false });
    return outcome.stderr;
  }

  /** @param input an object for `-f -` */
  #run(args: readonly string[], input: unknown): Promise<Outcome> {
    const { kubeconfigPath, folder } = this.#controlPlane;
    const options = { env: { ...process.env, KUBECONFIG: kubeconfigPath }, maxBuffer: MAX_OUTPUT_BYTES };
    return new Promise((resolve) => {
      const child = execFile(
        this.#program,
        [...args, `--cache-dir=${folder}/kubectl-cache`],
        options,
        (error, stdout, stderr) => resolve({ ok: error === null, stdout, stderr }),
      );
      child.stdin?.end(input === undefined ? '' : JSON.stringify(input));
    });
  }
}
