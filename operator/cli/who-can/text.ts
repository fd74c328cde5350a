// Who can read something, for people at a shell.

import { table } from '../table.ts';
import type { ReadAnswer, Reader } from './answer.ts';

/** Ends with a line break. */
export function answerText({ dataset, item, column, at, readers, hidden, unknown }: ReadAnswer): string {
  const what = [`Dataset ${dataset}`, item, column && `column ${column}`].filter(
    (part) => part !== undefined && part !== '',
  );
  const lines = [`Who can read ${what.join(', ')}, at ${at}:`, ''];
  const header = ['PRINCIPAL', 'GROUP', 'STANDING', 'THROUGH', 'SEES', 'CONSENT', 'SINCE', 'UNTIL'];
  if (readers.length === 0) lines.push('nobody that is to be seen');
  else lines.push(...table([header, ...readers.map(rowOf)]));
  const doubtful = readers.filter(({ doubts }) => doubts.length > 0);
  for (const { principal, doubts } of doubtful) lines.push('', `${principal.name}: not certain (${doubts.join(', ')})`);
  if (hidden.length > 0) lines.push('', `Hidden from you, so that somebody may be missing: ${hidden.join(', ')}`);
  if (unknown.length > 0) lines.push('', ...unknown.map((one) => `Not known: ${one}`));
  return `${lines.join('\n')}\n`;
}

function rowOf({
  principal,
  standing,
  item,
  reach,
  by,
  restrictions,
  consent,
  since,
  until,
}: Reader): readonly string[] {
  const through = item === undefined ? 'its own' : `${item}, by ${by}`;
  const sees = { Item: restrictions.length === 0 ? 'all' : restrictions.map(({ name }) => name).join(' or '), Files: 'its files', SomeFiles: 'some of its files' }[reach]; // prettier-ignore
  return [
    principal.arn ?? `${principal.kind} ${principal.namespace}/${principal.name}`,
    principal.group,
    standing,
    through,
    sees,
    consent === undefined ? '' : (consent.decidedBy ?? consent.approver),
    since,
    until ?? '',
  ];
}
