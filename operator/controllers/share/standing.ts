// How the grants of a share stand, by what was read of their documents.
import type { Verdict } from '../../access/document.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { documentsForAnyItem, documentsForGrant } from '../../access/documents-of-share.ts';
import { grantId, type Grant } from '../../access/grant.ts';
import { timestamp } from '../../kernel/conditions.ts';
import type { ObservedDocuments } from '../reconcile/observed-documents.ts';
import type { ShareRequestStatus } from '../../resources/share-request.ts';
import { unique, type Dispatch } from './dispatches.ts';
import { itemKey, type GrantStanding } from './item-status.ts';
import { cut } from './message.ts';
import type { ShareSummary } from './status.ts';

/** Differences named in a condition. */
const SHOWN_DRIFT = 5;

/** Of each grant, by its id. */
export const standingsOf = (
  observed: ObservedDocuments,
  { grants, withdrawal, remembered }: Dispatch,
): ReadonlyMap<string, GrantStanding> => {
  const open = new Set(withdrawal?.documents.map(formatDocumentKey));
  return new Map(
    [...grants].map(([id, { grant, revision }]) => [
      id,
      { ...standingOf(observed, grant, revision, open), isRemembered: remembered === revision },
    ]),
  );
};

const standingOf = (
  observed: ObservedDocuments,
  grant: Grant,
  since: number,
  open: ReadonlySet<string>,
): Omit<GrantStanding, 'isRemembered'> => {
  const id = grantId(grant);
  const documents = documentsForGrant(grant);
  const verdicts = documents.map((document) => observed.get(document)?.verdict(id, since));
  const isUnread = (document: DocumentKey): boolean => observed.get(document)?.isUnread === true;
  // What AWS refuses of others in a document is the trouble of those who wait for it.
  const concerned = [
    ...documents.filter((document) => isUnread(document) || open.has(formatDocumentKey(document))),
    ...documentsOfOwnReading(grant).filter(isUnread),
  ];
  return {
    verdict: worstVerdict([...verdicts, ...ownReadings(observed, grant, verdicts)]),
    outputs: observed.outputs.get(id),
    failure: observed.failureAmong(concerned),
  };
};

/**
 * Lake Formation reads tables as the dataset's own role, which others may keep out of bucket or key, unless they have registered the place
 * with another. All three are read for the dataset's sake.
 */
const documentsOfOwnReading = (grant: Grant): readonly DocumentKey[] => {
  if (grant.item.kind !== 'Table') return [];
  const { account, region, bucket } = grant.source;
  const policies = documentsForAnyItem(grant).filter(({ kind }) => kind === 'bucket-policy' || kind === 'key-policy');
  return [...policies, { kind: 'registration', account, region, bucket }];
};

const ownReadings = (
  observed: ObservedDocuments,
  grant: Grant,
  verdicts: readonly (Verdict | undefined)[],
): readonly Verdict[] => {
  const found = verdicts.find((verdict) => verdict?.state === 'Satisfied' && verdict.readsBelow !== undefined);
  const prefix = found?.state === 'Satisfied' ? (found.readsBelow ?? '') : '';
  return documentsOfOwnReading(grant)
    .flatMap((document) => observed.get(document)?.flawOfOwn(grant.source.dataset.id, prefix) ?? [])
    .map((flaw) => ({ state: 'Satisfied', flaw }));
};

/**
 * Failed before waiting before satisfied, and of that what is flawed first. A document that was never read leaves the whole open, unless
 * another says that its part is not there: then the whole is not, whatever the status remembers.
 */
const worstVerdict = (verdicts: readonly (Verdict | undefined)[]): Verdict | undefined => {
  const failed = verdicts.find((verdict) => verdict?.state === 'Failed');
  if (failed !== undefined) return failed;
  const waiting = verdicts.find((verdict) => verdict?.state === 'Waiting');
  if (waiting !== undefined) return waiting;
  if (verdicts.includes(undefined)) return undefined;
  const flawed = verdicts.filter((verdict) => verdict?.state === 'Satisfied' && verdict.flaw !== undefined);
  const isUnhealthy = (verdict: Verdict | undefined): boolean =>
    verdict?.state === 'Satisfied' && verdict.flaw?.health === 'Unhealthy';
  return flawed.find(isUnhealthy) ?? flawed[0] ?? verdicts[0];
};

/** What of it was found and left as it is, because the environment says so: no other's. */
export const driftOf = (observed: ObservedDocuments, { grants }: Dispatch): readonly string[] => {
  const documents = unique([...grants.values()].flatMap(({ grant }) => documentsForGrant(grant)));
  return documents
    .flatMap((document) => observed.get(document)?.reportedDrift ?? [])
    .filter((drift) => drift.grants.some((grant) => grants.has(grant)))
    .map(({ message }) => message)
    .slice(0, SHOWN_DRIFT);
};

/** The last time that this process put right what others had changed of it. */
export const lastRepairOf = (
  observed: ObservedDocuments,
  { grants }: Dispatch,
): NonNullable<ShareRequestStatus['lastRepair']> | undefined => {
  const documents = unique([...grants.values()].flatMap(({ grant }) => documentsForGrant(grant)));
  const repairs = documents.flatMap((document) => {
    const { at = 0, drift = [] } = observed.get(document)?.repair ?? {};
    const own = drift.filter((difference) => difference.grants.some((grant) => grants.has(grant)));
    return own.length === 0 ? [] : [{ at, messages: own.map(({ message }) => message) }];
  });
  const last = repairs.toSorted((one, other) => other.at - one.at)[0];
  return last && { at: timestamp(last.at), message: cut(last.messages.join('; ')) };
};

/**
 * The oldest read among the documents of what is granted: everything is at least that fresh. What was read for others before is no
 * proof; where something could not be read since, the time of the last proof stays.
 */
export const verificationTime = (
  observed: ObservedDocuments,
  { grants }: Dispatch,
  { items }: ShareSummary,
  before: string | undefined,
): string | undefined => {
  const given = items.filter(({ state }) => state === 'Granted');
  if (given.length === 0) return undefined;
  if (given.some(({ health }) => health !== 'Healthy')) return before;
  const keys = new Set(given.map(itemKey));
  const times = [...grants]
    .filter(([, { grant }]) => keys.has(itemKey(grant.item)))
    .flatMap(([id, { grant, revision }]) =>
      documentsForGrant(grant).map((key) => {
        const document = observed.get(key);
        return document?.verdict(id, revision) === undefined ? undefined : document.verifiedAt;
      }),
    );
  return times.includes(undefined) ? before : timestamp(Math.min(...times.flatMap((time) => time ?? [])));
};
