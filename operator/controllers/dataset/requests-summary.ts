// Who asks for a dataset, as its owner sees it in the dataset's status. Pure.
import type { ShareDecision } from '../../access/consent.ts';
import { endText } from '../../access/expiration.ts';
import { isConsented } from '../../access/item-decision.ts';
import { sortedBy } from '../../access/sorted-by.ts';
import { textOfProblems, type RequestProblems } from '../../access/item-check.ts';
import { obstacleOf, refusedItems } from '../share/obstacle.ts';
import {
  MAX_SHOWN_ITEMS,
  MAX_SHOWN_PROBLEMS,
  type DatasetRequest,
  type DatasetStatus,
} from '../../resources/dataset-status.ts';
import type { ShareItem } from '../../resources/share-item.ts';
import type { ShareRequest } from '../../resources/share-request.ts';

const SHOWN = 50;
const PURPOSE_LENGTH = 256;
const ITEM_LENGTH = 128;
const PROBLEM_LENGTH = 256;

/** One request, with what is known of it. */
export interface SeenRequest {
  readonly request: ShareRequest;
  readonly decision: ShareDecision;
  /** What of it cannot be given as it is asked for. Asked only of those that are shown and wait for a decision. */
  readonly problems: () => RequestProblems;
}

/** The undecided first and of those the oldest; drafts are nobody's business yet. */
export const requestsOf = (shares: readonly SeenRequest[]): DatasetStatus['requests'] => {
  const visible = shares
    .filter(({ request, decision }) => decision.state !== 'Draft' && request.metadata.deletionTimestamp === undefined)
    .map((share) => ({ summary: summaryOf(share), share }));
  if (visible.length === 0) return undefined;
  const count = (state: DatasetRequest['state']): number =>
    visible.filter(({ summary }) => summary.state === state).length;
  const items = sortedBy(visible, ({ summary }) => [Number(isDecided(summary)), summary.since, summary.uid].join(' '));
  return {
    pending: visible.filter(({ summary }) => !isDecided(summary)).length,
    approved: count('Approved'),
    rejected: count('Rejected'),
    items: items.slice(0, SHOWN).map(({ summary, share }) => withProblems(summary, problemTexts(summary, share))),
  };
};

const isDecided = ({ state, waiting }: DatasetRequest): boolean => state !== 'Pending' && waiting === undefined;

/** Of what is rejected or over, nothing is left to mend. */
const problemTexts = (summary: DatasetRequest, { request, decision, problems }: SeenRequest): readonly string[] => {
  const obstacle = obstacleOf(decision);
  return [
    ...(obstacle === undefined ? [] : [obstacle]),
    ...refusedItems(request, decision).map(({ text }) => text),
    ...(isDecided(summary) ? [] : textOfProblems(problems())),
  ];
};

const withProblems = (summary: DatasetRequest, problems: readonly string[]): DatasetRequest => {
  const told = [...new Set(problems)].slice(0, MAX_SHOWN_PROBLEMS);
  return told.length === 0 ? summary : { ...summary, problems: told.map((text) => shortened(text, PROBLEM_LENGTH)) };
};

const summaryOf = ({ request, decision }: SeenRequest): DatasetRequest => {
  const { metadata, spec, status } = request;
  const { items: pendingItems, waiting } = waitingOf(request, decision);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    requester: spec.requester,
    principal: `${spec.principal.kind}/${spec.principal.name}`,
    ...(status.principalArn !== undefined && { principalArn: status.principalArn }),
    permissions: spec.permissions,
    state: stateOf(decision),
    items: spec.items.length,
    asks: spec.items.slice(0, MAX_SHOWN_ITEMS).map((item) => shortened(textOf(item), ITEM_LENGTH)),
    ...(pendingItems > 0 && { pendingItems }),
    ...(stateOf(decision) !== 'Pending' && waiting.length > 0 && { waiting }),
    ...(spec.purpose !== undefined && { purpose: shortened(spec.purpose, PURPOSE_LENGTH) }),
    ...(spec.expiresAt !== undefined && { expiresAt: spec.expiresAt }),
    ...(decision.extension?.state === 'Pending' &&
      spec.extension?.reason !== undefined && { extension: shortened(spec.extension.reason, PURPOSE_LENGTH) }),
    ...(decision.consentedUntil !== undefined && { consentedUntil: endText(decision.consentedUntil) }),
    since: metadata.creationTimestamp,
  };
};

/** What of a request that was decided waits for another decision: the end first, since items may be many. */
const waitingOf = (
  { spec }: ShareRequest,
  decision: ShareDecision,
): { readonly items: number; readonly waiting: string[] } => {
  const items = spec.items.filter((_item, index) => decision.items[index]?.decision === 'PendingApproval');
  const end = spec.expiresAt === undefined ? 'no end' : `end ${endText(spec.expiresAt)}`;
  const all = [
    ...(decision.extension?.state === 'Pending' ? [end] : []),
    ...items.slice(0, MAX_SHOWN_ITEMS).map(textOf),
  ];
  return { items: items.length, waiting: all.slice(0, MAX_SHOWN_ITEMS).map((text) => shortened(text, ITEM_LENGTH)) };
};

const textOf = ({ kind, name, filters }: ShareItem): string =>
  `${kind} ${name}${filters === undefined ? '' : `: ${filters.join(', ')}`}`;

const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

/** Consent to none of the items, as where all of them were replaced or taken back, is none. */
const stateOf = ({ state, items }: ShareDecision): DatasetRequest['state'] => {
  switch (state) {
    case 'Approved':
      if (items.length === 0 || items.some(isConsented)) return 'Approved';
      if (items.some(({ decision }) => decision === 'PendingApproval')) return 'Pending';
      return items.some(({ decision }) => decision === 'Withdrawn') ? 'Revoked' : 'Rejected';
    case 'Binding':
      return 'Approved';
    case 'Rejected':
    case 'Expired':
      return state;
    default:
      return 'Pending';
  }
};
