import { expect, it } from 'vitest';
import { formatDocumentKey, parseDocumentKey } from './document-key.ts';

const at = { account: '111111111111', region: 'eu-west-1' };

it('names one document for a database, however that is written, because Glue folds its name', () => {
  for (const database of ['names-lake', 'Names-Lake']) {
    const key = formatDocumentKey({ kind: 'catalog-grants', ...at, database });
    expect(parseDocumentKey(key)).toEqual({ kind: 'catalog-grants', ...at, database: 'names-lake' });
    const link = { kind: 'shared-database', ...at, sourceAccount: at.account, sourceDatabase: database } as const;
    expect(parseDocumentKey(formatDocumentKey(link))).toEqual({ ...link, sourceDatabase: 'names-lake' });
  }
});

it('keeps the case of what AWS tells apart by it', () => {
  const key = { kind: 'share-policies', account: at.account, principal: 'role/Analysts' } as const;
  expect(parseDocumentKey(formatDocumentKey(key))).toEqual(key);
});
