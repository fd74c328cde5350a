// Asks the policy evaluator whether a caller may do what an operation needs, and turns a no into AWS's words.
import type { PolicyType } from '../../../operator/policy/decision.ts';
import type { Decision } from '../../../operator/policy/decision.ts';
import type { PolicyDocument } from '../../../operator/policy/document.ts';
import { evaluate } from '../../../operator/policy/evaluate.ts';
import { explain } from '../../../operator/policy/explain.ts';
import type { Caller, PolicySource } from '../../../operator/policy/request.ts';
import { AwsError } from './aws-error.ts';
import type { IdentityDirectory } from './identity.ts';
import type { Need, RequestContext } from './operation.ts';
import type { Principal } from './principal.ts';
import { seen } from './visibility.ts';
import type { World } from './world.ts';

/** The request around a need, as far as context keys tell of it. */
export interface RequestFacts {
  readonly world: World;
  readonly principal: Principal;
  readonly region: string;
  readonly userAgent: string;
  /** Services that made this call on the caller's behalf, first to last, e.g. `athena.amazonaws.com`. */
  readonly calledVia: readonly string[];
}

/** An authorization that was refused; `reason` names the statements that decided. */
export class Denied extends AwsError {
  readonly reason: string;

  constructor(code: string, message: string, reason: string) {
    super(code, message);
    this.reason = reason;
  }
}

const callerOf = (principal: Principal): Caller => principal;

/** Session policies are read once per text, because the evaluator remembers compiled policies by object. */
const parsedSessionPolicies = new Map<string, PolicySource>();
const sessionPolicyOf = (text: string): PolicySource => {
  let source = parsedSessionPolicies.get(text);
  if (source === undefined) {
    source = { name: 'session policy', policy: JSON.parse(text) as PolicyDocument };
    if (parsedSessionPolicies.size > 1000) parsedSessionPolicies.clear();
    parsedSessionPolicies.set(text, source);
  }
  return source;
};

/** `s3.eu-west-1.amazonaws.com`. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
const viaService = ({ calledVia, region }: RequestFacts): string =>
  `${(calledVia.at(-1) ?? '').replace(/\.amazonaws\.com$/, '')}.${region}.amazonaws.com`;

/**
 * Global condition keys of a request. Those about the caller itself (aws:PrincipalArn, aws:userid...) the evaluator adds.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const globalContext = (
  facts: RequestFacts,
  need: Need,
  tags: Readonly<Record<string, string>>,
  resourceAccount: string,
): RequestContext => {
  const now = new Date(facts.world.clock.now());
  const context: Record<string, string | readonly string[]> = {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:RequestedRegion': facts.region,
    // The simulator speaks HTTP on one machine; to policies every call looks like AWS's own endpoints would see it.
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '127.0.0.1',
    'aws:UserAgent': facts.userAgent,
    'aws:ViaAWSService': String(facts.calledVia.length > 0),
    'aws:PrincipalIsAWSService': String(facts.principal.kind === 'service'),
  };
  if (facts.calledVia.length > 0) {
    context['aws:CalledVia'] = facts.calledVia;
    context['aws:CalledViaFirst'] = facts.calledVia[0] ?? '';
    context['aws:CalledViaLast'] = facts.calledVia.at(-1) ?? '';
    context['kms:ViaService'] = viaService(facts);
  }
  if (resourceAccount !== '') context['aws:ResourceAccount'] = resourceAccount;
  if (facts.principal.kind === 'service') {
    context['aws:PrincipalServiceName'] = facts.principal.service;
    context['aws:SourceAccount'] = facts.principal.account;
  }
  for (const [key, value] of Object.entries(tags)) context[`aws:PrincipalTag/${key}`] = value;
  return { ...context, ...need.context };
};

/** Whether the need is allowed. Pure but for reading state. */
export const decide = (directory: IdentityDirectory, facts: RequestFacts, need: Need): Decision => {
  const decision = evaluateNeed(directory, facts, need);
  const byResource = decision.by.find(({ type }) => type === 'resource');
  if (need.identitySettled !== true || decision.outcome !== 'implicit-deny' || byResource === undefined)
    return decision;
  return { outcome: 'allow', allowed: true, subject: decision.subject, by: [byResource] };
};

const evaluateNeed = (directory: IdentityDirectory, facts: RequestFacts, need: Need): Decision => {
  const { principal, world } = facts;
  const entitlements = seen(world, 'iam', nameOf(principal), directory.entitlementsOf(world, principal));
  const service = need.action.split(':')[0] ?? '';
  const resourcePolicies = seen(
    world,
    service,
    `${nameOf(principal)} on ${need.resource}`,
    need.resourcePolicies ?? [],
  );
  const resourceAccount = need.resourceAccount ?? (principal.kind === 'anonymous' ? '' : principal.account);
  const boundary = entitlements.permissionsBoundary;
  const sessionPolicy = principal.kind === 'role-session' ? principal.sessionPolicy : undefined;
  return evaluate({
    principal: callerOf(principal),
    action: need.action,
    resource: need.resource,
    resourceAccount,
    context: globalContext(facts, need, entitlements.tags, resourceAccount),
    identityPolicies: entitlements.identityPolicies,
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
    ...(sessionPolicy === undefined ? {} : { sessionPolicies: [sessionPolicyOf(sessionPolicy)] }),
    ...(entitlements.serviceControlPolicies.length === 0
      ? {}
      : { serviceControlPolicies: entitlements.serviceControlPolicies }),
    resourcePolicies: resourcePolicies.map((policy) => ({ name: 'resource policy', policy })),
    join: need.join ?? 'union',
  });
};

/** AWS's names for policy types in access denied messages. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const spoken: Readonly<Record<PolicyType, string>> = {
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  'service-control': 'service control policy',
  resource: 'resource-based policy',
};

const because = (decision: Decision, action: string): string => {
  switch (decision.outcome) {
    case 'explicit-deny':
      return ` with an explicit deny in a ${spoken[decision.by[0]?.type ?? 'identity']}`;
    case 'implicit-deny':
      return ` because no ${spoken[decision.missing]} allows the ${action} action`;
    case 'allow':
    default:
      return '';
  }
};

export const nameOf = (principal: Principal): string => {
  if (principal.kind === 'anonymous') return 'anonymous';
  return principal.kind === 'service' ? principal.service : principal.arn;
};

/** The answer to a refused need. @param code how the service spells it: `AccessDenied` or `AccessDeniedException`. */
export const denial = (code: string, facts: RequestFacts, need: Need, decision: Decision): Denied =>
  new Denied(
    code,
    `User: ${nameOf(facts.principal)} is not authorized to perform: ${need.action} on resource: ${need.resource}${because(decision, need.action)}`,
    explain(decision),
  );
