// Answers as a file: what others have written runs in nobody's spreadsheet.

import { expect, it } from 'vitest';
import { accessCsv } from './csv.ts';
import type { AccessRowFragment } from './operations.ts';

const row: AccessRowFragment = {
  id: 'g1',
  standing: 'Granted',
  reach: 'Item',
  principal: { kind: 'Team', name: 'marketing', environment: 'marketing-prod', group: '=HYPERLINK("x")', arn: null, account: null }, // prettier-ignore
  datasetUri: null,
  datasetLabel: 'Orders, all',
  dataset: 'sales-prod/orders',
  itemKind: 'Table',
  item: 'orders',
  from: '2026-01-01T00:00:00.000Z',
  until: null,
  endReason: null,
  seen: null,
  permissions: ['Read'],
  restrictions: [
    { name: 'eu', rows: "region = 'eu'", columns: null },
    { name: 'slim', rows: null, columns: ['id', 'at'] },
  ],
  consent: { approver: 'sales', decidedBy: '+1', automatic: false, at: null, note: 'He said "yes"\nand went', until: null }, // prettier-ignore
  shareUri: null,
  doubts: [],
};

it('has a line for each, quoted as spreadsheets read it', () => {
  const [head, line] = accessCsv([row]).split('\r\n');
  expect(head).toMatch(/^standing,principal,.*,doubts$/);
  expect(line).toContain('"Orders, all"');
  expect(line).toContain('"He said ""yes""\nand went"');
  expect(line).toContain("region = 'eu' or all,all or id at");
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('makes text of %j, which a spreadsheet would run', (note) => {
  const text = accessCsv([{ ...row, datasetLabel: note }]);
  expect(text).toContain(`'${note}`);
  expect(text).not.toMatch(/(?:^|\n|,"?)[=+\-@\t\r]/);
});
