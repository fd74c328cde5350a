// What can be said of a request when not all is known that policies ask about it: it is allowed, it is denied, or it depends.
import type { Decision } from './decision.ts';
import type { ConditionElement, OneOrMany, PolicyDocument, Statement } from './document.ts';
import { evaluate } from './evaluate.ts';
import type { AccessRequest, PolicySource } from './request.ts';
import { pieces } from './variables.ts';

/** `decision`: why not, and for what depends, why not where the unknown speaks against it. */
export type Possibility =
  | { readonly outcome: 'allowed' }
  | { readonly outcome: 'denied'; readonly decision: Refusal }
  | { readonly outcome: 'depends'; readonly decision: Refusal };

type Refusal = Exclude<Decision, { readonly outcome: 'allow' }>;

/** Whether a condition key, in lower case, is in the request as it is said there, or surely absent. */
export type IsKnown = (key: string) => boolean;

/** @param isKnown one function for one set of keys: what it says of a policy is remembered by it */
export function judgePossible(request: AccessRequest, isKnown: IsKnown): Possibility {
  const best = evaluate(assuming(request, 'Allow', isKnown));
  if (!best.allowed) return { outcome: 'denied', decision: best };
  if (isAllKnown(request, isKnown)) return { outcome: 'allowed' };
  const worst = evaluate(assuming(request, 'Deny', isKnown));
  return worst.allowed ? { outcome: 'allowed' } : { outcome: 'depends', decision: worst };
}

/** Then the best that can be said is the worst too. */
function isAllKnown(request: AccessRequest, isKnown: IsKnown): boolean {
  const { identityPolicies, resourcePolicies, permissionsBoundary } = request;
  return [
    ...identityPolicies,
    ...resourcePolicies,
    ...(permissionsBoundary === undefined ? [] : [permissionsBoundary]),
  ].every(({ policy }) => assumed(policy, 'Deny', isKnown) === policy);
}

type Effect = Statement['Effect'];

/** The request where what is not known lets statements with this effect apply, and none with the other. */
function assuming(request: AccessRequest, effect: Effect, isKnown: IsKnown): AccessRequest {
  const all = (sources: readonly PolicySource[]): readonly PolicySource[] =>
    sources.map(({ name, policy }) => ({ name, policy: assumed(policy, effect, isKnown) }));
  const { permissionsBoundary } = request;
  return {
    ...request,
    identityPolicies: all(request.identityPolicies),
    resourcePolicies: all(request.resourcePolicies),
    ...(permissionsBoundary !== undefined && {
      permissionsBoundary: { ...permissionsBoundary, policy: assumed(permissionsBoundary.policy, effect, isKnown) },
    }),
  };
}

/** Remembered as long as document and question live: compiled policies go by their objects. */
const remembered = new WeakMap<IsKnown, WeakMap<PolicyDocument, Partial<Record<Effect, PolicyDocument>>>>();

function assumed(policy: PolicyDocument, effect: Effect, isKnown: IsKnown): PolicyDocument {
  const byPolicy = remembered.get(isKnown) ?? new WeakMap<PolicyDocument, Partial<Record<Effect, PolicyDocument>>>();
  remembered.set(isKnown, byPolicy);
  const known = byPolicy.get(policy) ?? {};
  byPolicy.set(policy, known);
  return (known[effect] ??= rewritten(policy, effect, isKnown));
}

function rewritten(policy: PolicyDocument, effect: Effect, isKnown: IsKnown): PolicyDocument {
  if (policy.Statement.every((statement) => unknownIn(statement, isKnown).length === 0)) return policy;
  return {
    ...policy,
    Statement: policy.Statement.map((statement) => {
      if (unknownIn(statement, isKnown).length === 0) return statement;
      return statement.Effect === effect ? applying(statement, isKnown) : NEVER;
    }),
  };
}

/** In the place of a statement, so that the others keep their numbers. */
const NEVER: Statement = { Effect: 'Allow', Action: 'none:None', Resource: 'none' };

/** Applies whenever what is known of the request fits. */
function applying(statement: Statement, isKnown: IsKnown): Statement {
  const { Condition: condition = {}, ...rest } = statement;
  const known = Object.entries(condition).flatMap(([operator, keys]): [string, ConditionElement[string]][] => {
    const kept = Object.entries(keys).filter(
      ([key, value]) => isKnown(key.toLowerCase()) && variablesIn(value).every(isKnown),
    );
    return kept.length === 0 ? [] : [[operator, Object.fromEntries(kept)]];
  });
  const { Resource, NotResource } = statement;
  const isOpen = [Resource, NotResource].some((value) => !variablesIn(value).every(isKnown));
  return {
    ...rest,
    ...(isOpen && { Resource: '*', NotResource: undefined }),
    ...(known.length > 0 && { Condition: Object.fromEntries(known) }),
  } as Statement;
}

function unknownIn(statement: Statement, isKnown: IsKnown): readonly string[] {
  const { Condition: condition = {}, Resource, NotResource } = statement;
  const tested = Object.values(condition).flatMap((keys) => [
    ...Object.keys(keys).map((key) => key.toLowerCase()),
    ...Object.values(keys).flatMap((value) => variablesIn(value)),
  ]);
  return [...tested, ...variablesIn(Resource), ...variablesIn(NotResource)].filter((key) => !isKnown(key));
}

/** Keys of policy variables (`${aws:username}`); `${*}` and its like are characters. */
const variablesIn = (value: OneOrMany | boolean | number | undefined): readonly string[] =>
  (typeof value === 'object' ? value : [value ?? '']).flatMap((text) =>
    pieces(String(text), true).flatMap((piece) => (piece.kind === 'variable' ? [piece.key] : [])),
  );
