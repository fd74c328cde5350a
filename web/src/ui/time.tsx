// Times as people say them, with the exact one for who points at it.

import { uiStrings } from './strings.ts';

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
/** What is longer ago is said as a date. */
const MOST_DAYS = 30;

/** `3 minutes ago`, `tomorrow`, `Nov 3, 2026`. @param now milliseconds since 1970 */
export function describeTime(at: Date, now: number): string {
  const seconds = (at.getTime() - now) / 1_000;
  if (Math.abs(seconds) > MOST_DAYS * 86_400) return date.format(at);
  for (const [unit, length] of UNITS)
    if (Math.abs(seconds) >= length) return relative.format(Math.round(seconds / length), unit);
  return seconds > 0 ? 'in less than a minute' : 'just now';
}

/** @param at RFC 3339 */
export function Time({ at }: { readonly at: string | null | undefined }) {
  if (at === null || at === undefined) return uiStrings.unknown;
  const time = new Date(at);
  return (
    <time dateTime={at} title={exact.format(time)}>
      {describeTime(time, Date.now())}
    </time>
  );
}
