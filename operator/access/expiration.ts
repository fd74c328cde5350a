// When shares end: what request and approval say when a decision is bound, and how long the dataset lets them last. Judged then, so that
// a rule that changes later cuts nobody off.
import type { Dataset, DatasetSpec } from '../resources/dataset.ts';
import type { ShareApproval } from '../resources/share-approval.ts';
import type { ShareRequest } from '../resources/share-request.ts';

export type ExpirationRule = NonNullable<NonNullable<DatasetSpec['sharing']>['expiration']>;

/** Milliseconds since the epoch. A time that nobody can read is long over: what it ends must not go on for ever. */
export const endOf = (time: string): number => {
  const end = Date.parse(time);
  return Number.isNaN(end) ? 0 : end;
};

interface Ending {
  /** RFC 3339. */
  readonly expiresAt?: string | undefined;
}

const monthsOf = { Monthly: 1, Quarterly: 3 } as const;
const wordOf = { Monthly: 'month', Quarterly: 'quarter' } as const;

/**
 * Why a share could not end when request and approval say; undefined when it could, or when there is no rule.
 *
 * The longest period counts from now. The shortest counts from the request, and is not held against an approval that writes its own
 * end: who decides may give less than was asked for, and a cluster rebuilt from Git has shares whose end is near by now.
 * @param approval what the decision says, undefined while there is none
 * @param now milliseconds since the epoch
 */
export const endRefusal = (
  rule: ExpirationRule | undefined,
  request: ShareRequest,
  approval: Ending | undefined,
  now: number,
): string | undefined => {
  if (rule === undefined) return undefined;
  const { earliest, latest } = allowedEnds(rule, Date.parse(request.metadata.creationTimestamp), now);
  const rules = `the dataset lets shares last ${period(rule)}`;
  const allowed = `from ${day(earliest)} to ${day(latest)}`;
  const asked = request.spec.expiresAt;
  const consented = approval?.expiresAt;
  const end = Math.min(...[asked, consented].map((time) => (time === undefined ? Infinity : endOf(time))));
  const setEither = `set spec.expiresAt of the ShareRequest${approval === undefined ? '' : ' or the ShareApproval'} to a day ${allowed}`;
  if (end === Infinity) return `${rules}, and this one has no end: ${setEither}`;
  if (end > latest) return `${rules}, and this one would end on ${day(end)}: ${setEither}`;
  if (consented === undefined && end < earliest)
    return `${rules}, and this one would end on ${day(end)}: set spec.expiresAt of the ShareRequest to a day ${allowed}, or to end it sooner, of the ShareApproval`;
  return undefined;
};

/**
 * Between which times a share may end, by the rule of its dataset.
 * @param created when it was asked for, in milliseconds since the epoch, like all times here
 */
export const allowedEnds = (rule: ExpirationRule, created: number, now: number) => ({
  earliest: startOfDay(addMonths(created, rule.min * monthsOf[rule.setting])),
  latest: endOfDay(addMonths(now, rule.max * monthsOf[rule.setting])),
});

/**
 * What a decision says about the end. An edit that names none consents to none later than before: who asks may have moved theirs since, and
 * who corrects a reason has not looked at it. A rejection consents to nothing, so what comes after one is judged as new.
 */
export const decidedEnding = (
  { spec, status: { boundTo } }: ShareApproval,
  request: ShareRequest,
  dataset: Dataset,
): Ending => {
  const isSame = boundTo?.requestUid === request.metadata.uid && boundTo.datasetUid === dataset.metadata.uid;
  const before = isSame ? boundTo.expiresAt : undefined;
  if (spec.expiresAt !== undefined || before === undefined) return spec;
  const asked = request.spec.expiresAt;
  return { expiresAt: asked !== undefined && endOf(asked) < endOf(before) ? asked : before };
};

/** Whether something is asked for that was last refused at a time. */
export const isAskedAfter = (askedAt: string | undefined, refusedAt: string): boolean =>
  askedAt !== undefined && endOf(askedAt) > endOf(refusedAt);

/** What became of the wish for a later end. */
export interface Extension {
  readonly state: 'Pending' | 'Approved' | 'Rejected';
  /** What was said of it by who decided. */
  readonly reason?: string | undefined;
}

/**
 * Of a later end than is consented to, or of one that was asked for as an extension; undefined = nobody asks. An approval that writes its own end
 * answers what was asked for when it was bound; one that does not consented to all of that, so what is later came later. Who says that it
 * is an extension is answered by `extension` of the approval, and by no other edit of it.
 */
export const extensionOf = ({ metadata, spec }: ShareRequest, approval: ShareApproval): Extension | undefined => {
  const { boundTo } = approval.status;
  if (boundTo?.expiresAt === undefined || boundTo.requestUid !== metadata.uid) return undefined;
  const { extension: answer, expiresAt } = approval.spec;
  const asked = spec.extension;
  const given =
    asked !== undefined && answer?.decision === 'Approved'
      ? { state: 'Approved' as const, reason: answer.reason }
      : undefined;
  if (spec.expiresAt !== undefined && endOf(spec.expiresAt) <= endOf(boundTo.expiresAt)) return given;
  if (asked !== undefined && (answer === undefined || isAskedAfter(asked.askedAt, answer.at)))
    return { state: 'Pending' };
  if (answer?.decision === 'Rejected') return { state: 'Rejected', reason: answer.reason };
  return expiresAt === undefined || boundTo.requestGeneration !== metadata.generation ? { state: 'Pending' } : given;
};

/** As people write it, to the second. What nobody can read stays as it is. */
export const endText = (time: string): string =>
  Number.isNaN(Date.parse(time)) ? time : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

/** Until when a decision that is bound now consents, whatever the request says later; undefined = without an end. RFC 3339. */
export const consentEnd = (
  rule: ExpirationRule | undefined,
  request: ShareRequest,
  approval: Ending,
  now: number,
): string | undefined => {
  const end = approval.expiresAt ?? request.spec.expiresAt;
  if (end === undefined) return undefined;
  const latest = rule === undefined ? Infinity : endOfDay(addMonths(now, rule.max * monthsOf[rule.setting]));
  return new Date(Math.min(endOf(end), latest)).toISOString();
};

/** The same day and time so many months later, or the last day of a month that has no such day. UTC. */
export const addMonths = (time: number, months: number): number => {
  const date = new Date(time);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  const dayOfMonth = Math.min(date.getUTCDate(), lastDay);
  return date.setUTCMonth(date.getUTCMonth() + months, dayOfMonth);
};

const period = ({ setting, min, max }: ExpirationRule): string =>
  `${min === max ? '' : `${min} to `}${max} ${wordOf[setting]}${max === 1 ? '' : 's'}`;

/** People think in days, and no clock agrees with another to the second. */
const startOfDay = (time: number): number => new Date(time).setUTCHours(0, 0, 0, 0);
const endOfDay = (time: number): number => new Date(time).setUTCHours(23, 59, 59, 999);
const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
