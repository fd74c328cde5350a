/** SetupError: what keeps a machine from running the control plane or the database, and what its owner can do about it. */

export type SetupProblem =
  | 'go-missing'
  | 'go-too-old'
  | 'disk-full'
  | 'build-failed'
  | 'assets-incomplete'
  | 'assets-too-old'
  | 'cluster-too-old'
  | 'cluster-in-use'
  | 'kubeconfig-unusable'
  | 'signer-missing'
  | 'start-failed'
  | 'control-plane-lost'
  | 'no-database'
  | 'opensearch-missing'
  | 'no-free-port'
  | 'port-taken'
  | 'already-running'
  | 'not-running'
  | 'cannot-link'
  | 'bad-option'
  | 'bad-configuration';

/** `message` says what is wrong; `remedy` says what to do, in words a person can follow without reading our code. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
  readonly problem: SetupProblem;
  readonly remedy: string;

  constructor(problem: SetupProblem, message: string, remedy: string) {
    super(`${message}\n  What to do: ${remedy}`);
    this.problem = problem;
    this.remedy = remedy;
  }
}
