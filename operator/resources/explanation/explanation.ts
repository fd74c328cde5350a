// Why an object is as it is: its conditions and items in plain words, the one that all else follows from, the evidence, and what to do. Pure: from the
// object alone, for every door that people have.

import { conditions, type ConditionKind, type ItemStatusReason } from '../conditions.ts';
import { isTerminal, reasons, type ReasonName } from '../reasons.ts';
import type { Condition } from '../status.ts';
import { nextCommand } from './next-command.ts';
import { plainWords } from './plain-words.ts';

/** `Waits`: nothing is to be done but wait. `Stuck`: nothing more happens until somebody does something. */
export type Standing = 'Good' | 'Waits' | 'Stuck';

/** One thing that is judged: a condition, or an item of a share. */
export interface Finding {
  /** Of a condition its type, e.g. `Trusted`; of an item its kind and name, e.g. `Table orders`. */
  readonly subject: string;
  /** What it is about, in a sentence that holds where it is Good; absent for items. */
  readonly question?: string | undefined;
  readonly standing: Standing;
  /** As the object has it. */
  readonly reason: string;
  readonly says: string;
  readonly todo?: string | undefined;
  /** What the operator wrote, with what AWS said. */
  readonly evidence?: string | undefined;
  /** Since when it is so, RFC 3339; absent for items. */
  readonly since?: string | undefined;
}

export interface Explanation {
  readonly standing: Standing;
  /** What all else follows from: a condition, or an item. Absent where the operator has not looked at the object yet. */
  readonly cause?: Finding | undefined;
  /** All that is judged, first what others wait for. */
  readonly findings: readonly Finding[];
  /** Of what nothing is held up by. */
  readonly warnings: readonly Finding[];
  /** What was judged is not what it says now: it has been changed since. */
  readonly isOutdated: boolean;
  /** When AWS was last looked at, RFC 3339, where the object says so. */
  readonly lookedAt?: string | undefined;
  /** For who has a shell. */
  readonly command: string;
}

/** What is read of an object of any kind. */
export interface ExplainedObject {
  readonly kind: ConditionKind;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined; readonly generation: number };
  readonly status: {
    readonly observedGeneration?: number | undefined;
    readonly conditions?: readonly Condition[] | undefined;
    readonly items?: readonly ExplainedItem[] | undefined;
    readonly verifiedAt?: string | undefined;
  };
}

interface ExplainedItem {
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly health?: string | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

/** Told with Ready, whose reason they give again. */
const TOLD_WITH_READY = new Set(['Reconciling', 'Stalled']);

/** What neither lasts until somebody acts nor passes by itself: it waits for a person. */
const WAITS_FOR_PEOPLE: ReadonlySet<string> = new Set<ReasonName>([
  'Draft',
  'Suspended',
  'AccessDenied',
  'OrganizationNotFound',
  'PivotRoleUnreachable',
  'ExternalIdNotDemanded',
  'ConsentMissing',
  'NotBootstrapped',
  'NotInvited',
  'RoleNotFound',
  'ImportNotAuthorized',
  'BucketNotFound',
  'KeyNotFound',
  'DatabaseNotFound',
  'FilterInvalid',
  'FilterNotFound',
  'FiltersDisagree',
  'NotEnforced',
  'ReaderDenied',
  'InvitationRejected',
  'InvitationMixed',
  'AttachmentMissing',
  'PrincipalNotFound',
  'ItemNotFound',
  'PoliciesMissing',
  'QuotaExceeded',
  'InUse',
]);

/** Why something is not ready that is as it has to be: people have not decided yet, or have. */
export const asItHasToBe = [
  'Draft',
  'PendingApproval',
  'Rejected',
  'Withdrawn',
  'Expired',
  'Revoked',
  'Deleting',
] as const satisfies readonly ReasonName[];

export function explain(object: ExplainedObject): Explanation {
  const { kind, metadata, status } = object;
  const known: Readonly<Record<string, { polarity: string; meaning: string }>> = conditions[kind];
  const judged = (status.conditions ?? []).filter(({ type }) => !TOLD_WITH_READY.has(type));
  const order = Object.keys(known);
  const found = judged
    .toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type))
    .map((condition) => ({ condition, isWarning: known[condition.type]?.polarity === 'abnormal' }));
  const findings = found.filter(({ isWarning }) => !isWarning).map(({ condition }) => ofCondition(condition, known));
  const items = (status.items ?? []).map(ofItem);
  const cause = causeOf(findings, items);
  return {
    standing: cause?.standing ?? 'Waits',
    cause,
    findings: [...findings, ...items],
    warnings: found.filter(({ isWarning }) => isWarning).map(({ condition }) => ofCondition(condition, known)),
    isOutdated: (status.observedGeneration ?? -1) < metadata.generation,
    lookedAt: status.verifiedAt,
    command: nextCommand(kind, metadata, cause?.standing === 'Good' ? undefined : cause?.reason),
  };
}

/** Ready says that something is in the way; the first of the others that does not hold says what, and of a share perhaps an item. */
function causeOf(findings: readonly Finding[], items: readonly Finding[]): Finding | undefined {
  const ready = findings.find(({ subject }) => subject === 'Ready');
  const others = findings.filter((finding) => finding !== ready && finding.standing !== 'Good');
  const first = others.find(({ reason }) => reason === ready?.reason) ?? others[0];
  if (ready?.standing === 'Good' && first === undefined) return ready;
  const cause = first ?? ready;
  return items.find(({ standing, reason }) => standing !== 'Good' && reason === cause?.reason) ?? cause;
}

function ofCondition(condition: Condition, known: Readonly<Record<string, { meaning: string }>>): Finding {
  const { type, status, reason, message, lastTransitionTime } = condition;
  return {
    subject: type,
    question: known[type]?.meaning,
    standing: status === 'True' ? 'Good' : standingOf(reason),
    ...wordsOf(reason),
    evidence: message === '' ? undefined : message,
    since: lastTransitionTime,
  };
}

function ofItem({ kind, name, state, health, reason, message }: ExplainedItem): Finding {
  const isGood = state === 'Granted' && (health === undefined || health === 'Healthy') && reason === undefined;
  const why = reason ?? (isGood ? (health === 'Healthy' ? 'Healthy' : 'Granted') : STATE_REASONS[state]);
  return {
    subject: `${kind} ${name}`,
    standing: isGood ? 'Good' : standingOf(why ?? ''),
    ...wordsOf(why ?? state),
    evidence: message === '' ? undefined : message,
  };
}

/** For an item that says no reason. */
const STATE_REASONS: Readonly<Record<string, ReasonName>> = {
  PendingApproval: 'PendingApproval',
  Granting: 'Granting',
  Granted: 'Unverified',
  Revoking: 'Revoking',
  Revoked: 'Revoked',
  Rejected: 'Rejected',
  Expired: 'Expired',
};

const isReason = (reason: string): reason is ReasonName => Object.hasOwn(reasons, reason);

const standingOf = (reason: string): Standing =>
  (isReason(reason) && isTerminal(reason)) || WAITS_FOR_PEOPLE.has(reason) ? 'Stuck' : 'Waits';

/** A reason in plain words. */
export const saysOf = (reason: string): string => wordsOf(reason).says;

const wordsOf = (reason: string): Pick<Finding, 'reason' | 'says' | 'todo'> => ({
  reason,
  ...(Object.hasOwn(plainWords, reason) ? plainWords[reason as ReasonName | ItemStatusReason] : { says: reason }),
});
