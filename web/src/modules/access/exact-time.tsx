// Times as an audit needs them: to the minute, and the same for everybody.

const exact = new Intl.DateTimeFormat('en-CA', {
  dateStyle: 'short',
  timeStyle: 'short',
  hourCycle: 'h23',
  timeZone: 'UTC',
});

/** `2026-11-30 19:27 UTC` */
export const describeExactly = (at: string): string => `${exact.format(new Date(at)).replace(',', '')} UTC`;

/** @param at RFC 3339 */
export const ExactTime = ({ at }: { readonly at: string }) => <time dateTime={at}>{describeExactly(at)}</time>;
