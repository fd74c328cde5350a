// Turns a policy document into statements that can be asked quickly, and remembers them as long as the document lives.
import { compileCondition } from './conditions.ts';
import type { DecidingStatement } from './decision.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { ARN_SEGMENTS, compileAction, compileResource } from './match.ts';
import { toList } from './one-or-many.ts';
import { grantByExclusion, grantOf, isDenied, isDeniedByExclusion, type Grant } from './principal-match.ts';
import type { Caller } from './request.ts';
import { applies, not, some } from './truth.ts';
import { hasVariables, type Lookup } from './variables.ts';

/** Where a policy is attached: to a caller (identity, boundary, session, SCP) or to a resource (also a role's trust). */
export type Attachment = 'caller' | 'resource';

/** What a statement is asked: the request without its policies. */
export interface Question {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  readonly lookup: Lookup;
}

export interface CompiledStatement {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: DecidingStatement['effect'];
  /** Undefined if the statement does not apply. Statements of the caller's own policies always speak of it directly. */
  readonly apply: (question: Question) => Grant | undefined;
}

// Documents are never changed in place, so the object is its own key; entries go with their documents.
const compiled: Readonly<Record<Attachment, WeakMap<PolicyDocument, readonly CompiledStatement[]>>> = {
  caller: new WeakMap(),
  resource: new WeakMap(),
};

/** The compiled statements of a policy. */
export function compilePolicy(policy: PolicyDocument, attachment: Attachment): readonly CompiledStatement[] {
  const cache = compiled[attachment];
  let statements = cache.get(policy);
  if (statements === undefined) {
    const variables = hasVariables(policy.Version);
    statements = policy.Statement.map((statement, index) => ({
      index,
      sid: statement.Sid,
      effect: statement.Effect,
      apply: compileStatement(statement, attachment, variables),
    }));
    cache.set(policy, statements);
  }
  return statements;
}

function compileStatement(statement: Statement, attachment: Attachment, variables: boolean) {
  const speaksOf = compileSubject(statement, attachment);
  const action = compileActions(statement);
  const resource = compileResources(statement, attachment, variables);
  const condition = compileCondition(statement.Condition, variables);
  return (question: Question): Grant | undefined => {
    if (!action(question.action) || !resource(question.resource, question.lookup)) return undefined;
    const grant = speaksOf(question.caller);
    if (grant === undefined) return undefined;
    return applies(condition(question.lookup), statement.Effect) ? grant : undefined;
  };
}

// AWS refuses to store a statement with an element missing or out of place. Should one turn up all the same, an Allow of
// it never applies and a Deny of it always does.

function compileSubject({ Effect, Principal, NotPrincipal }: Statement, attachment: Attachment) {
  const deny = Effect === 'Deny';
  if (attachment === 'caller') {
    const sound = Principal === undefined && NotPrincipal === undefined;
    return (): Grant | undefined => (sound || deny ? 'direct' : undefined);
  }
  const denied = (applies: boolean): Grant | undefined => (applies ? 'direct' : undefined);
  if (Principal !== undefined && NotPrincipal === undefined) {
    return (caller: Caller) => (deny ? denied(isDenied(Principal, caller)) : grantOf(Principal, caller));
  }
  if (NotPrincipal !== undefined && Principal === undefined) {
    return (caller: Caller) =>
      deny ? denied(isDeniedByExclusion(NotPrincipal, caller)) : grantByExclusion(NotPrincipal, caller);
  }
  return () => denied(deny);
}

function compileActions({ Effect, Action, NotAction }: Statement): (action: string) => boolean {
  if ((Action === undefined) === (NotAction === undefined)) return () => Effect === 'Deny';
  const patterns = toList(Action ?? NotAction).map(compileAction);
  const covered = (action: string) => patterns.some((pattern) => pattern(action));
  return Action === undefined ? (action) => !covered(action) : covered;
}

function compileResources(statement: Statement, attachment: Attachment, variables: boolean) {
  const { Effect, Resource, NotResource } = statement;
  if (Resource !== undefined && NotResource !== undefined) return () => Effect === 'Deny';
  if (Resource === undefined && NotResource === undefined) {
    // Policies on a resource may leave it out (role trust always does): they mean the resource they are attached to.
    return () => attachment === 'resource' || Effect === 'Deny';
  }
  const patterns = toList(Resource ?? NotResource).map((value) =>
    compileResource(attachment === 'caller' ? completeArn(value) : value, variables),
  );
  const covered = (resource: string, lookup: Lookup) => some(patterns, (pattern) => pattern(resource, lookup));
  return NotResource === undefined
    ? (resource: string, lookup: Lookup) => covered(resource, lookup) === true
    : // All but something unknown: nobody can tell what that leaves.
      (resource: string, lookup: Lookup) => applies(not(covered(resource, lookup)), Effect);
}

/**
 * In identity-based policies AWS completes an ARN of fewer than six segments: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
function completeArn(value: string): string {
  const missing = ARN_SEGMENTS - value.split(':').length;
  return value.startsWith('arn:') && missing > 0 ? value + ':*'.repeat(missing) : value;
}
