// Whether the principal of a grant can use what it was given, as far as policies of others tell: each document is asked alone, for a
// Deny in any of them keeps the reader out, whatever the others say. What no policy that we see decides is said to be unknown.
import { arnOf, partitionInArn } from '../policy/arn.ts';
import { effortOf } from '../policy/effort.ts';
import { explainRefusal } from '../policy/explain.ts';
import type { PolicyDocument, Statement } from '../policy/document.ts';
import { toList } from '../policy/one-or-many.ts';
import { judgePossible, type IsKnown } from '../policy/possible.ts';
import type { AccessRequest, Caller, PolicySource } from '../policy/request.ts';
import type { Budget } from './budget.ts';
import type { Flaw, Verdict } from './document.ts';
import { grantId, type Grant } from './grant.ts';

/** A role or user. */
export interface Reader {
  readonly arn: string;
  readonly uniqueId: string;
}

/** One thing the reader does. */
export interface Probe {
  readonly action: string;
  readonly resource: string;
  readonly account: string;
  readonly context: AccessRequest['context'];
}

/** Policies that may speak against it. Absent ones allow everything. */
interface Voices {
  readonly resource?: PolicySource;
  readonly identity?: readonly PolicySource[];
  readonly boundary?: PolicySource | undefined;
}

/** The first probe that is denied, else the first of which it is not known. What goes beyond the budget is not known. */
export const flawOf = (reader: Reader, probes: Iterable<Probe>, voices: Voices, budget: Budget): Flaw | undefined => {
  const others = [voices.resource, ...(voices.identity ?? []), voices.boundary].flatMap((voice) => voice ?? []);
  let doubt: Flaw | undefined;
  for (const { action, resource, account, context } of probes) {
    const length = Math.max(resource.length, reader.arn.length);
    // What is not known makes it two questions.
    const steps = others.reduce((sum, { policy }) => sum + 2 * effortOf(policy, length), 0);
    if (!budget.spend(steps)) return tooLarge(others, length);
    const possibility = judgePossible(
      {
        principal: callerOf(reader),
        action,
        resource,
        resourceAccount: account,
        context: { ...COMMON, ...context },
        identityPolicies: [EVERYTHING, ...(voices.identity ?? [])],
        resourcePolicies: [everythingTo(reader.arn), ...(voices.resource === undefined ? [] : [voices.resource])],
        ...(voices.boundary !== undefined && { permissionsBoundary: voices.boundary }),
        join: 'union',
      },
      isKnown,
    );
    if (possibility.outcome === 'allowed') continue;
    const why = explainRefusal(possibility.decision);
    if (possibility.outcome === 'denied') return { health: 'Unhealthy', reason: 'ReaderDenied', message: why };
    doubt ??= { health: 'Unknown', reason: 'Unverified', message: `${why}, depending on its conditions` };
  }
  return doubt;
};

const tooLarge = (policies: readonly PolicySource[], length: number): Flaw => {
  const [most] = policies.toSorted((a, b) => effortOf(b.policy, length) - effortOf(a.policy, length));
  return {
    health: 'Unknown',
    reason: 'Unverified',
    message: `${most?.name ?? 'what others wrote'} is too large to judge for every reader, so it may deny this one: let its Deny statements name fewer resources, with fewer wildcards`,
  };
};

/** Answers the same question once: what it takes is paid once too. */
export const remembering = (look: (subject: string) => Flaw | undefined): ((subject: string) => Flaw | undefined) => {
  const known = new Map<string, Flaw | undefined>();
  return (subject) => {
    if (!known.has(subject)) known.set(subject, look(subject));
    return known.get(subject);
  };
};

/** Whether a policy keeps somebody out, but by statements of ours; most do not, and nobody need be asked about. */
export const denies = (
  policy: PolicyDocument | undefined,
  isOurs: (statement: Statement) => boolean = () => false,
): policy is PolicyDocument =>
  policy?.Statement.some((statement) => statement.Effect === 'Deny' && !isOurs(statement)) === true;

/** The verdicts, with what others make of those grants that are given as they should be. */
export const withFlaws = (
  verdicts: ReadonlyMap<string, Verdict>,
  grants: readonly Grant[],
  flaw: (grant: Grant) => Flaw | undefined,
): ReadonlyMap<string, Verdict> => {
  const flawed = grants.flatMap((grant): [string, Verdict][] => {
    const found = verdicts.get(grantId(grant))?.state === 'Satisfied' ? flaw(grant) : undefined;
    return found === undefined ? [] : [[grantId(grant), { state: 'Satisfied', flaw: found }]];
  });
  return flawed.length === 0 ? verdicts : new Map([...verdicts, ...flawed]);
};

/**
 * Objects that stand for all of a bucket below `prefix`: any, and one of each place that some statement takes out. A place that holds no
 * object yet counts too, for what is shared is the whole. One after the other, for whoever asks may have to stop.
 */
export function* samplesBelow(
  bucketArn: string,
  prefix: string,
  policies: readonly PolicyDocument[],
): Iterable<string> {
  const keys = new Set([`${prefix}any`]);
  yield `${bucketArn}/${prefix}any`;
  for (const pattern of policies.flatMap(placesOf)) {
    if (!pattern.startsWith(`${bucketArn}/`)) continue;
    const named = pattern.slice(bucketArn.length + 1);
    const [head = ''] = named.split(/[*?]|\$\{/, 1);
    // Covers nothing below.
    if (!head.startsWith(prefix) && !prefix.startsWith(head)) continue;
    const place = named.replaceAll(/\*+/g, 'any').replaceAll('?', 'x');
    const key = place.startsWith(prefix) ? place : `${prefix}${place}`;
    if (keys.has(key)) continue;
    keys.add(key);
    yield `${bucketArn}/${key}`;
  }
}

/** What is denied, or left out of what is allowed: nothing else makes one place differ from the rest for the worse. */
const placesOf = ({ Statement: statements }: PolicyDocument): readonly string[] =>
  statements.flatMap(({ Effect, Resource, NotResource }) => toList(Effect === 'Deny' ? Resource : NotResource));

const COMMON = { 'aws:SecureTransport': 'true', 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' };

/** What is the same in every request of the reader, or is said by the probe. Networks, tags, times and sessions are not. */
const KNOWN = new Set([
  'aws:securetransport',
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:principalisawsservice',
  'aws:viaawsservice',
  'aws:userid',
  'aws:username',
  'aws:resourceaccount',
  's3:resourceaccount',
  's3:dataaccesspointarn',
  's3:dataaccesspointaccount',
  's3:accesspointnetworkorigin',
  'kms:viaservice',
  'kms:calleraccount',
]);
const isKnown: IsKnown = (key) => KNOWN.has(key);

const ALL: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
const EVERYTHING: PolicySource = { name: 'what is granted', policy: { Version: '2012-10-17', Statement: [ALL] } };
/** One object for each principal: compiled policies go by their objects. Few principals ask at a time. */
const everythingTo = (arn: string): PolicySource => ({
  name: 'what is granted',
  policy: { Version: '2012-10-17', Statement: [{ ...ALL, Principal: { AWS: arn } }] },
});

const callerOf = ({ arn, uniqueId }: Reader): Caller => {
  const account = arn.split(':')[4] ?? '';
  if (arn.includes(':user/')) return { kind: 'user', account, arn, userId: uniqueId };
  const session = arnOf({
    partition: partitionInArn(arn),
    service: 'sts',
    account,
    resource: `assumed-role/${arn.slice(arn.lastIndexOf('/') + 1)}/session`,
  });
  return { kind: 'role-session', account, arn: session, roleArn: arn, roleId: uniqueId };
};
