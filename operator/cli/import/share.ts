// What of a share of data.all comes into ours: what both sides agreed to, and no more. Pure.

import { sharePermissions, type ShareItem } from '../../resources/share-item.ts';
import { itemOf } from './dataset.ts';
import type { SourceDataset, SourceShare } from './source.ts';

/** Consented to, and in AWS or on the way: what failed there is asked for anew. */
const GIVEN: ReadonlySet<string> = new Set([
  'Share_Succeeded',
  'PendingExtension',
  'Share_Approved',
  'Share_In_Progress',
]);
const ASKED: ReadonlySet<string> = new Set(['PendingApproval', 'Share_Failed']);

export interface SharedItems {
  readonly asked: readonly ShareItem[];
  readonly given: readonly ShareItem[];
  /** Why not all that data.all lists. */
  readonly why: readonly string[];
}

export function sharedItems({ items }: SourceShare, dataset: SourceDataset): SharedItems {
  const found = items.map((item) => ({ status: item.status ?? '', ...itemOf(item, dataset) }));
  const withStatus = (...sets: readonly ReadonlySet<string>[]): readonly ShareItem[] =>
    found.flatMap((one) => ('item' in one && sets.some((set) => set.has(one.status)) ? [one.item] : []));
  const taken = found.filter(({ status }) => status.startsWith('Revoke_') && status !== 'Revoke_Succeeded').length;
  return {
    asked: withStatus(GIVEN, ASKED),
    given: withStatus(GIVEN),
    why: [
      ...found.flatMap((one) => ('why' in one ? [one.why] : [])),
      ...(taken === 0 ? [] : [`${taken} items are being taken back in data.all and are not given here: let it finish first`]), // prettier-ignore
    ],
  };
}

export const permissionsOf = ({ permissions }: SourceShare): readonly string[] =>
  sharePermissions.filter((one) => permissions?.includes(one) === true);

export type ShareEnd = { readonly at: string } | 'Never' | 'Past' | 'Unclear';

/** Of data.all's times, which are in UTC, RFC 3339. `nonExpirable` is not asked: it may be a wish that nobody granted yet. */
export function endOf({ expiryDate }: SourceShare, now: number): ShareEnd {
  if (expiryDate === null || expiryDate === '') return 'Never';
  const [, day, time = '00:00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}))?/.exec(expiryDate) ?? [];
  const at = Date.parse(`${day ?? ''}T${time}Z`);
  if (Number.isNaN(at)) return 'Unclear';
  return at <= now ? 'Past' : { at: new Date(at).toISOString().replace('.000Z', 'Z') };
}
