// What ends soon is to be thought of.

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;

/** RFC 3339. To the day, so that the same question is the same. @param now milliseconds since 1970 */
export const soon = (now: number): string =>
  new Date(Math.floor(now / DAY_MS) * DAY_MS + (SOON_DAYS + 1) * DAY_MS).toISOString();
