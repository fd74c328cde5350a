// Pages ask by the hash that the list of the build has.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HomeDocument } from '../src/modules/home/operations.ts';
import { persistedOperations } from './persisted-operations.ts';

it('An operation bears the hash by which the list has the text that the client would send', async () => {
  const operations = await persistedOperations(join(import.meta.dirname, '..', 'src'));
  const { hash } = (HomeDocument as unknown as { readonly __meta__: { readonly hash: string } }).__meta__;
  expect(operations[hash]).toMatch(/^query Home\(/);
  expect(operations[hash]).toContain('__typename');
});
