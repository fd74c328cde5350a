// What can be wrong with a policy document.

/**
 * Where the policy will be attached. `identity`: to a user or role (also permissions boundary, session policy, SCP).
 * `resource`: to a bucket, access point, key, catalog... `trust`: to a role, saying who may assume it.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust';

export type PolicyErrorReason =
  | 'NotJson'
  | 'NotAnObject'
  | 'BadCharacter'
  | 'UnknownElement'
  | 'MissingElement'
  | 'ForbiddenElement'
  | 'ConflictingElements'
  | 'BadVersion'
  | 'BadId'
  | 'BadSid'
  | 'DuplicateSid'
  | 'BadEffect'
  | 'BadAction'
  | 'BadResource'
  | 'BadPrincipal'
  | 'BadCondition'
  | 'UnknownOperator';

/** One thing that is wrong. `at` is a path into the document (`Statement[2].Action`), empty for the whole. */
export interface PolicyError {
  readonly reason: PolicyErrorReason;
  readonly at: string;
  /** What is wrong and what to do, for people. */
  readonly message: string;
}

/** Notes an error of the document. */
export type Report = (reason: PolicyErrorReason, at: string, message: string) => void;
