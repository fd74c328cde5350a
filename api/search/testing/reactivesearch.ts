// What data.all's catalogue page posts, word by word: recorded from @appbaseio/reactivesearch 3.23.1 in jsdom, with the components and settings
// of that page (a DataSearch, five MultiLists, a glossary sensor and a ReactiveList of eight), while a person opens it, types `order items`,
// ticks dataset, sales and crm, and chooses a glossary term.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RecordedBody {
  /** The component that asks. */
  readonly component: string;
  /** As it is posted. */
  readonly body: string;
}

const lines = readFileSync(join(import.meta.dirname, 'reactivesearch.ndjson'), 'utf8')
  .trimEnd()
  .split('\n');

export const recordedBodies: readonly RecordedBody[] = lines.flatMap((search, at) => {
  const header = lines[at - 1];
  if (at % 2 === 0 || header === undefined) return [];
  const { preference } = JSON.parse(header) as { preference: string };
  return [{ component: preference, body: `${header}\n${search}\n` }];
});
