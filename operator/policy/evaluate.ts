// Decides whether a request is allowed, as AWS does: an explicit Deny anywhere wins; service control policies must
// allow; then identity and resource policies, joined inside one account, both needed across accounts.
// Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
//          https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
import { lookupOf } from './caller-context.ts';
import { compilePolicy, type Attachment, type CompiledStatement, type Question } from './compile.ts';
import type { DecidingStatement, Decision, PolicyType, Subject } from './decision.ts';
import type { Grant } from './principal-match.ts';
import type { AccessRequest, Caller, PolicySource } from './request.ts';

/**
 * Whether AWS would allow the request, and by which statements. Documents come from parsePolicy or are written as such;
 * what cannot be judged is not allowed. Never throws.
 */
export function evaluate(request: AccessRequest): Decision {
  const subject = { caller: nameOf(request.principal), action: request.action, resource: request.resource };
  const policies = applicable(request);
  const question: Question = {
    caller: request.principal,
    action: request.action,
    resource: request.resource,
    lookup: lookupOf(request),
  };

  const levels = policies.serviceControl?.map((level) => ask('service-control', level, question)) ?? [];
  const resource = ask('resource', policies.resource, question);
  const identity = ask('identity', policies.identity, question);
  const boundary = policies.boundary && ask('boundary', policies.boundary, question);
  const session = policies.session && ask('session', policies.session, question);

  for (const voice of [...levels, resource, identity, boundary, session]) {
    if (voice?.deny !== undefined) return { outcome: 'explicit-deny', allowed: false, subject, by: [voice.deny] };
  }
  const verdict = join(request, { levels, resource, identity, boundary, session });
  return verdict.missing === undefined
    ? { outcome: 'allow', allowed: true, subject, by: verdict.by }
    : { outcome: 'implicit-deny', allowed: false, subject, ...verdict.missing, by: verdict.by };
}

/** What the policies of one type say about the request. */
interface Voice {
  readonly type: PolicyType;
  readonly asked: readonly string[];
  readonly deny: DecidingStatement | undefined;
  /** The first Allow of each strength; policies of the caller only know `direct`. */
  readonly allow: Partial<Record<Grant, DecidingStatement>>;
}

interface Voices {
  readonly levels: readonly Voice[];
  readonly resource: Voice;
  readonly identity: Voice;
  readonly boundary: Voice | undefined;
  readonly session: Voice | undefined;
}

interface Verdict {
  readonly by: readonly DecidingStatement[];
  readonly missing?: { readonly missing: PolicyType; readonly asked: readonly string[] };
}

/** The policies that have a say about this kind of caller. */
function applicable(request: AccessRequest) {
  const { kind } = request.principal;
  const isEntity = kind === 'user' || kind === 'role-session';
  return {
    // SCPs bind the principals of member accounts, the root user included, and nobody else.
    serviceControl: isEntity || kind === 'root' ? request.serviceControlPolicies : undefined,
    resource: request.resourcePolicies,
    identity: isEntity ? request.identityPolicies : [],
    boundary: isEntity && request.permissionsBoundary !== undefined ? [request.permissionsBoundary] : undefined,
    session: kind === 'role-session' ? request.sessionPolicies : undefined,
  };
}

function join(request: AccessRequest, voices: Voices): Verdict {
  const { principal, resourceAccount } = request;
  const { levels, resource, identity } = voices;

  const blocked = levels.find((level) => level.allow.direct === undefined);
  if (blocked !== undefined) return lacking(blocked, []);
  const guarded = levels.flatMap((level) => level.allow.direct ?? []);
  const { direct, role, account } = resource.allow;

  // Nobody, services and outside users have no policies of their own.
  if (principal.kind === 'anonymous' || principal.kind === 'service' || principal.kind === 'federated') {
    const granted = direct ?? role;
    return granted === undefined ? lacking(resource, []) : { by: [granted] };
  }

  if (principal.account !== resourceAccount) {
    const named = direct ?? role ?? account;
    const own = ownSide(principal, identity.allow.direct, voices);
    if (named === undefined && own.missing === undefined) return lacking(resource, own.by);
    return { ...own, by: [...guarded, ...own.by, ...(named === undefined ? [] : [named])] };
  }

  if (direct !== undefined) return { by: [...guarded, direct] };
  // A grant to the role counts as if the role's identity policies held it: boundary and session policy limit it.
  if (role !== undefined) {
    const own = ownSide(principal, role, voices);
    return { ...own, by: [...guarded, ...own.by] };
  }
  const own = ownSide(principal, identity.allow.direct, voices);
  if (request.join === 'union') return { ...own, by: [...guarded, ...own.by] };
  // The resource policy must let identity policies count, by naming the account.
  if (account === undefined) return lacking(resource, own.by);
  return { ...own, by: [...guarded, ...own.by, account] };
}

/** What the caller's side allows: a base (identity policies) within permissions boundary and session policies. */
function ownSide(principal: Caller, base: DecidingStatement | undefined, voices: Voices): Verdict {
  // Nothing in its account limits the root user.
  if (principal.kind === 'root') return { by: base === undefined ? [] : [base] };
  if (base === undefined) return lacking(voices.identity, []);
  const by = [base];
  for (const limit of [voices.boundary, voices.session]) {
    if (limit === undefined) continue;
    if (limit.allow.direct === undefined) return lacking(limit, by);
    by.push(limit.allow.direct);
  }
  return { by };
}

const lacking = (voice: Voice, by: readonly DecidingStatement[]): Verdict => ({
  by,
  missing: { missing: voice.type, asked: voice.asked },
});

/** Asks all policies of one type. Stops at the first Deny. */
function ask(type: PolicyType, sources: readonly PolicySource[], question: Question): Voice {
  const attachment: Attachment = type === 'resource' ? 'resource' : 'caller';
  const allow: Partial<Record<Grant, DecidingStatement>> = {};
  const asked = sources.map((source) => source.name);
  for (const { name, policy } of sources) {
    for (const statement of compilePolicy(policy, attachment)) {
      const grant = statement.apply(question);
      if (grant === undefined) continue;
      if (statement.effect === 'Deny') return { type, asked, deny: describe(type, name, statement), allow };
      allow[grant] ??= describe(type, name, statement);
    }
  }
  return { type, asked, deny: undefined, allow };
}

const describe = (type: PolicyType, source: string, statement: CompiledStatement): DecidingStatement => ({
  type,
  source,
  index: statement.index,
  ...(statement.sid === undefined ? {} : { sid: statement.sid }),
  effect: statement.effect,
});

function nameOf(caller: Caller): Subject['caller'] {
  if (caller.kind === 'anonymous') return 'anonymous';
  if (caller.kind === 'service') return caller.service;
  return caller.kind === 'federated' ? caller.provider : caller.arn;
}
