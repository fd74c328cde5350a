// An explanation for people at a shell.

import { table } from '../table.ts';
import type { ChainExplanation } from './chain.ts';

/** Ends with a line break. */
export function explanationText({ object, standing, cause, fix, links, hidden, isOutdated }: ChainExplanation): string {
  const lines = [`${object}: ${standing}`];
  if (isOutdated)
    lines.push('It was changed since the operator looked at it: what follows is about what it said before.');
  if (cause !== undefined) {
    const since = cause.since === undefined ? '' : `, since ${cause.since}`;
    lines.push('', `because of ${cause.object}: ${cause.reason}${since}`, `  ${cause.says}`);
    if (cause.evidence !== undefined) lines.push(`  evidence: ${cause.evidence}`);
    if (cause.todo !== undefined) lines.push(`  what to do: ${cause.todo}`);
  }
  if (fix !== undefined) lines.push('', `  ${fix}`);
  const rows = links.map(({ link, object, presence, standing, reason, since }) => [
    presence === 'Seen' ? (standing ?? '') : presence,
    link,
    object,
    reason ?? '',
    since ?? '',
  ]);
  lines.push('', ...table([['STANDING', 'LINK', 'OBJECT', 'REASON', 'SINCE'], ...rows]));
  if (hidden.length > 0) lines.push('', `Hidden from you, so that nothing is known of it: ${hidden.join(', ')}`);
  return `${lines.join('\n')}\n`;
}
