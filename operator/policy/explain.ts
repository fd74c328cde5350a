// Says in a sentence why a request was allowed or denied, naming the statements that decided.
import type { DecidingStatement, Decision, PolicyType } from './decision.ts';

/** The terms of AWS's own access denied messages. */
const SPOKEN: Readonly<Record<PolicyType, string>> = {
  identity: 'identity-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  'service-control': 'service control policy',
  resource: 'resource-based policy',
};

/**
 * One sentence about a decision, for people, e.g. `arn:aws:iam::111122223333:user/ann is not allowed s3:GetObject on
 * arn:aws:s3:::raw/a: statement "TlsOnly" of resource-based policy "bucket policy of raw" denies it.`
 */
export function explain(decision: Decision): string {
  const { caller, action, resource } = decision.subject;
  const object = `${action} on ${resource}`;
  if (decision.outcome === 'allow') return `${caller} is allowed ${object}: ${allowedBy(decision.by)}.`;
  if (decision.outcome === 'explicit-deny')
    return `${caller} is not allowed ${object}: ${enumerate(decision.by)} denies it.`;
  const soFar = decision.by.length === 0 ? '' : `; ${allowedBy(decision.by)}, which is not enough alone`;
  return `${caller} is not allowed ${object}: ${nobodyAllows(decision.missing, decision.asked)}${soFar}.`;
}

/** The part of it that says what stands in the way, for who knows whose request it is about. */
export function explainRefusal(decision: Exclude<Decision, { readonly outcome: 'allow' }>): string {
  const { action, resource } = decision.subject;
  if (decision.outcome === 'explicit-deny') return `${enumerate(decision.by)} denies ${action} on ${resource}`;
  const names = decision.asked.map((name) => `"${name}"`).join(' and ');
  return `no statement of ${SPOKEN[decision.missing]} ${names} allows ${action} on ${resource}`;
}

function allowedBy(statements: readonly DecidingStatement[]): string {
  if (statements.length === 0) return "it is the account's root user, which no policy limits";
  return `${enumerate(statements)} ${statements.length === 1 ? 'allows' : 'allow'} it`;
}

function nobodyAllows(type: PolicyType, asked: readonly string[]): string {
  const names = asked.length === 0 ? 'there is none' : `asked: ${asked.map((name) => `"${name}"`).join(', ')}`;
  return `no ${SPOKEN[type]} allows it (${names})`;
}

const enumerate = (statements: readonly DecidingStatement[]): string => statements.map(describe).join(' and ');

function describe({ sid, index, type, source }: DecidingStatement): string {
  const statement = sid === undefined || sid === '' ? `statement ${String(index + 1)}` : `statement "${sid}"`;
  return `${statement} of ${SPOKEN[type]} "${source}"`;
}
