// Ends of shares as data.all counts them: in months or quarters from now, to the last day of a month.

import { allowedEnds, endText, type ExpirationRule } from '../../../operator/access/expiration.ts';
import { invalidInput } from '../../server/failure.ts';

/** In the last calendar week of a month the month that is nearly over does not count. */
const LAST_DAYS = 7;

/**
 * Until when a share lasts that is asked for today: within what the operator lets the dataset's shares last, by which data.all's last day of a
 * month may be some days too early or too late.
 * @param periods months or quarters, as the dataset's rule says
 * @returns RFC 3339; undefined: without an end
 * @throws GraphQLError InvalidInput outside of what the rule allows
 */
export function endAfter(
  action: string,
  rule: ExpirationRule | undefined,
  {
    periods,
    nonExpirable,
  }: { readonly periods?: number | null | undefined; readonly nonExpirable?: boolean | null | undefined },
  now: Date,
): string | undefined {
  if (rule === undefined || nonExpirable === true) return undefined;
  const { setting, min, max } = rule;
  if (periods === undefined || periods === null || periods < min || periods > max)
    throw invalidInput(action, 'Share Expiration', String(periods ?? ''), `between ${min} and ${max}`);
  const months = setting === 'Quarterly' ? periods * 3 : periods;
  const daysLeft = lastDay(now, 0).getUTCDate() - now.getUTCDate();
  const end = lastDay(now, daysLeft < LAST_DAYS ? months : months - 1).getTime();
  const { earliest, latest } = allowedEnds(rule, now.getTime(), now.getTime());
  return endText(new Date(Math.min(Math.max(end, earliest), latest)).toISOString());
}

/** The last second of the month that is so many months away. */
const lastDay = (from: Date, months: number): Date =>
  new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0, 23, 59, 59));
