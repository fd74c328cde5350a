// What manifests change of what shares give, as far as objects say, and in which documents of AWS. Pure.

import { DOCUMENT_CALLS } from '../../access/document-calls.ts';
import type { DocumentKey } from '../../access/document-key.ts';
import { documentsForGrant, type ShareParties } from '../../access/documents-of-share.ts';
import type { ShareApprovalSpec } from '../../resources/share-approval.ts';
import type { ShareItem } from '../../resources/share-item.ts';
import type { ShareRequestSpec } from '../../resources/share-request.ts';

/** Undefined: there is none, or it is not to be seen. */
export interface ShareSpecs {
  readonly request: ShareRequestSpec | undefined;
  readonly approval: ShareApprovalSpec | undefined;
}

export interface DocumentChange {
  /** `bucket-policy of bucket acme-orders in 111111111111 eu-west-1` */
  readonly document: string;
  /** `service:Operation`: those that may be needed. */
  readonly calls: readonly string[];
}

export interface ShareChange {
  /** `namespace/name` of the request. */
  readonly share: string;
  /** As people write them: `Table orders: eu`. */
  readonly gives: readonly string[];
  readonly takes: readonly string[];
  readonly documents: readonly DocumentChange[];
  /** Why not all can be said. */
  readonly unknown?: string | undefined;
}

/**
 * What the two agree to: that the approval is bound to this request, and that all whom it names are as they were, the operator finds out.
 * @param now milliseconds since the epoch
 */
export function agreed({ request, approval }: ShareSpecs, now: number): readonly string[] {
  if (request === undefined || approval === undefined || request.draft || approval.decision !== 'Approved') return [];
  const ends = [request.expiresAt, approval.expiresAt].flatMap((end) => (end === undefined ? [] : [Date.parse(end)]));
  if (ends.some((end) => end <= now)) return [];
  const denied = new Set([...(approval.withdrawn ?? []), ...(approval.rejected ?? [])].map(keyOf));
  const asked = new Set(request.items.map(keyOf));
  const permissions = (approval.permissions ?? []).filter((one) => request.permissions.includes(one));
  return (approval.items ?? [])
    .filter((item) => asked.has(keyOf(item)) && !denied.has(keyOf(item)))
    .map((item) => `${itemText(item)}${permissions.join() === 'Read' ? '' : ` (${permissions.join(', ')})`}`);
}

/** @param parties undefined: an object behind the share is not there, or not ready */
export function shareChange(
  share: string,
  before: ShareSpecs,
  after: ShareSpecs,
  parties: ShareParties | undefined,
  now: number,
): ShareChange {
  const [had, has] = [agreed(before, now), agreed(after, now)];
  const gives = has.filter((item) => !had.includes(item));
  const takes = had.filter((item) => !has.includes(item));
  if (gives.length + takes.length === 0) return { share, gives, takes, documents: [] };
  if (parties === undefined)
    return { share, gives, takes, documents: [], unknown: 'its dataset, role or environment is not ready or not to be seen, so its documents have no names yet' }; // prettier-ignore
  const documents = new Map<string, Set<string>>();
  for (const [items, does] of [
    [gives, 'gives'],
    [takes, 'takes'],
  ] as const)
    // prettier-ignore
    for (const item of items)
      for (const key of documentsForGrant({ ...parties, item: { kind: kindIn(item) } })) {
        const calls = documents.get(documentText(key)) ?? new Set();
        for (const call of DOCUMENT_CALLS[key.kind]?.[does] ?? []) calls.add(call);
        if (calls.size > 0) documents.set(documentText(key), calls);
      }
  return { share, gives, takes, documents: [...documents].map(([document, calls]) => ({ document, calls: [...calls] })) }; // prettier-ignore
}

const keyOf = ({ kind, name }: Pick<ShareItem, 'kind' | 'name'>): string => `${kind} ${name}`;

const itemText = (item: ShareItem): string =>
  `${keyOf(item)}${item.filters === undefined ? '' : `: ${item.filters.join(', ')}`}`;

const kindIn = (text: string): ShareItem['kind'] =>
  text.startsWith('Table ') ? 'Table' : text.startsWith('Folder ') ? 'Folder' : 'Bucket';

function documentText({ kind, account, ...rest }: DocumentKey): string {
  const { region, ...names } = { region: undefined, ...rest };
  const parts = Object.values(names).filter((part): part is string => typeof part === 'string');
  return [kind, parts.join(' of '), 'in', account, region]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}
