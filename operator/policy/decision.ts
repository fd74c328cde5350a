// The answer of the evaluator, with the statements that decided it.

export type PolicyType = 'identity' | 'boundary' | 'session' | 'service-control' | 'resource';

/** One statement that took part in a decision. */
export interface DecidingStatement {
  readonly type: PolicyType;
  /** Name of the policy, as in its PolicySource. */
  readonly source: string;
  /** Position in the policy, from 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
}

/** What the request was about, kept so that a decision can be explained alone. */
export interface Subject {
  /** The caller's ARN, service or provider name; `anonymous` for nobody. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
}

/** Allowed: `by` holds the statements without which it would not be (one per policy type that had to agree). */
interface Allowed {
  readonly outcome: 'allow';
  readonly allowed: true;
  readonly subject: Subject;
  readonly by: readonly DecidingStatement[];
}

/** A Deny statement applies; nothing can overrule it. */
interface ExplicitlyDenied {
  readonly outcome: 'explicit-deny';
  readonly allowed: false;
  readonly subject: Subject;
  readonly by: readonly DecidingStatement[];
}

/** Which policy would have had to allow and did not. `by` holds what did allow, but was not enough. */
interface ImplicitlyDenied {
  readonly outcome: 'implicit-deny';
  readonly allowed: false;
  readonly subject: Subject;
  readonly missing: PolicyType;
  /** Names of the policies of that type that were asked; empty when there are none. */
  readonly asked: readonly string[];
  readonly by: readonly DecidingStatement[];
}

export type Decision = Allowed | ExplicitlyDenied | ImplicitlyDenied;
