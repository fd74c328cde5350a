// When access ends, if ever.

import { Time } from '../../ui/time.tsx';
import { shareStrings } from './strings.ts';

/** As objects say of what goes on for ever that does not end: the gateway writes the last second that there is. */
const NEVER = '9999-12-31';

/** @param at RFC 3339 */
export const hasEnd = (at: string | null | undefined): at is string =>
  at !== null && at !== undefined && !at.startsWith(NEVER);

export const End = ({ at }: { readonly at: string | null | undefined }) =>
  hasEnd(at) ? <Time at={at} /> : shareStrings.neverExpires;
