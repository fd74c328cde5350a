// Durations as kubectl takes them: `90s`, `5m`, `1h30m`.

import { InvalidArgumentError } from '@commander-js/extra-typings';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** In milliseconds. @throws InvalidArgumentError, which the command line tells as wrong usage */
export function parseDuration(text: string): number {
  if (!/^(?:\d+(?:ms|s|m|h))+$/.test(text)) throw new InvalidArgumentError('Write it like 90s, 5m or 1h30m.');
  const parts = text.matchAll(/(\d+)(ms|s|m|h)/g);
  return parts.reduce((sum, [, count = '', unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
}
