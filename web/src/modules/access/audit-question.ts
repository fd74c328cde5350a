// What the page about access is asked, as its address says it: it can be sent to somebody, or kept.

import type { AccessFilter, AccessStanding, ItemKindOfAccess } from './operations.ts';

/** A day, or several, as RFC 3339 writes dates; UTC. Neither: now. */
export interface AskedDays {
  readonly from: string;
  readonly until: string;
}

export type AuditFilter = Omit<AccessFilter, 'page' | 'pageSize' | 'term'>;

const kinds: readonly ItemKindOfAccess[] = ['Table', 'Folder', 'Bucket'];
const standings: readonly AccessStanding[] = ['Granted', 'Consented', 'Owned', 'Ended'];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const isDay = (text: string | null): text is string => text !== null && DAY.test(text) && !Number.isNaN(Date.parse(text)); // prettier-ignore

/** What the address says and is none is left out. */
export function daysOf(search: URLSearchParams): AskedDays | undefined {
  const [day, from, until] = [search.get('day'), search.get('from'), search.get('until')];
  if (isDay(day)) return { from: day, until: day };
  return isDay(from) && isDay(until) && from <= until ? { from, until } : undefined;
}

/** Whoever could read at any moment of the days is told. @param now of today only what has been */
export function auditFilter(search: URLSearchParams, now: Date): AuditFilter {
  const text = (name: string): string | undefined => search.get(name) ?? undefined;
  const days = daysOf(search);
  const itemKind = kinds.find((kind) => kind === search.get('kind'));
  const item = text('item');
  const standing = standings.find((one) => one === search.get('standing'));
  return {
    ...(days !== undefined && timesOf(days, now)),
    datasetUri: text('dataset'),
    ...(itemKind !== undefined && item !== undefined && { itemKind, item }),
    environmentUri: text('environment'),
    principalArn: text('principal'),
    group: text('group'),
    account: text('account'),
    ...(search.has('own') && { own: true }),
    ...(standing !== undefined && { standing: [standing] }),
  };
}

const timesOf = ({ from, until }: AskedDays, now: Date): Pick<AccessFilter, 'at' | 'since'> => {
  const end = new Date(`${until}T23:59:59.999Z`);
  const since = new Date(`${from}T00:00:00.000Z`);
  const at = new Date(Math.max(Math.min(end.getTime(), now.getTime()), since.getTime()));
  return { at: at.toISOString(), since: since.toISOString() };
};
