// What a browser calls itself, in words.

/** Asked in this order: Edge says it is Chrome, too, and Chrome that it is Safari. */
const BROWSERS = [
  ['Edg/', 'Edge'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = [
  ['Windows', 'Windows'],
  ['Android', 'Android'],
  ['iPhone', 'iOS'],
  ['iPad', 'iPadOS'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
] as const;

/** `Firefox on Windows`; of a program its own name, e.g. `curl/8.5.0`. */
export function describeUserAgent(userAgent: string): string {
  const nameOf = (known: readonly (readonly [string, string])[]): string | undefined =>
    known.find(([mark]) => userAgent.includes(mark))?.[1];
  const browser = nameOf(BROWSERS);
  if (browser === undefined) return userAgent.split(' ')[0] ?? userAgent;
  const system = nameOf(SYSTEMS);
  return system === undefined ? browser : `${browser} on ${system}`;
}
