// Answers as a table for spreadsheets.

import { csvLine } from '../../ui/csv.ts';
import type { AccessRowFragment } from './operations.ts';

const columns: readonly (readonly [name: string, value: (row: AccessRowFragment) => string | null | undefined])[] = [
  ['standing', ({ standing }) => standing],
  ['principal', ({ principal }) => principal.name],
  ['principal kind', ({ principal }) => principal.kind],
  ['arn', ({ principal }) => principal.arn],
  ['account', ({ principal }) => principal.account],
  ['environment', ({ principal }) => principal.environment],
  ['group', ({ principal }) => principal.group],
  ['dataset', ({ dataset }) => dataset],
  ['dataset label', ({ datasetLabel }) => datasetLabel],
  ['item kind', ({ itemKind }) => itemKind],
  ['item', ({ item }) => item],
  ['reach', ({ reach }) => reach],
  ['permissions', ({ permissions }) => permissions.join(' ')],
  ['filters', ({ restrictions }) => restrictions.map(({ name }) => name).join(' ')],
  ['rows', ({ restrictions }) => restrictions.map(({ rows }) => rows ?? 'all').join(' or ')],
  ['columns', ({ restrictions }) => restrictions.map(({ columns: names }) => names?.join(' ') ?? 'all').join(' or ')],
  ['from', ({ from }) => from],
  ['until', ({ until }) => until],
  ['end reason', ({ endReason }) => endReason],
  ['consent of', ({ consent }) => consent?.approver],
  ['consent by', ({ consent }) => consent?.decidedBy],
  ['consent automatic', ({ consent }) => consent && String(consent.automatic)],
  ['consent at', ({ consent }) => consent?.at],
  ['consent note', ({ consent }) => consent?.note],
  ['consent until', ({ consent }) => consent?.until],
  ['seen in AWS', ({ seen }) => seen],
  ['doubts', ({ doubts }) => doubts.join(' ')],
];

export const accessCsv = (rows: readonly AccessRowFragment[]): string =>
  [columns.map(([name]) => name), ...rows.map((row) => columns.map(([, value]) => value(row)))]
    .map(csvLine)
    .join('\r\n');
