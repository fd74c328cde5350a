// What a page costs is what comes with it and was not there before.

import { describe, expect, it } from 'vitest';
import { describeSize, pageSizes, tooLarge, type Manifest } from './budgets.ts';

const manifest: Manifest = {
  'index.html': { file: 'index.js', isEntry: true, imports: ['_shared.js'] },
  '_shared.js': { file: 'shared.js' },
  '_table.js': { file: 'table.js', imports: ['_shared.js'] },
  'src/modules/home/home-page.tsx': { file: 'home.js', isDynamicEntry: true, imports: ['index.html'] },
  'src/modules/share/share-page.tsx': { file: 'share.js', isDynamicEntry: true, imports: ['_table.js', 'index.html'] },
};
const sizes = new Map([
  ['index.js', 100_000],
  ['shared.js', 20_000],
  ['home.js', 3_000],
  ['table.js', 50_000],
  ['share.js', 11_000],
]);

describe('the size of a page', () => {
  it('is of all scripts that it needs, without those that the first page has loaded', () => {
    expect(pageSizes(manifest, sizes)).toEqual([
      { page: 'first page', bytes: 123_000, budget: 260_000 },
      { page: 'src/modules/share/share-page.tsx', bytes: 61_000, budget: 60_000 },
    ]);
  });

  it('is too large above its budget, and where a file of it is not known', () => {
    const over = tooLarge(pageSizes(manifest, sizes));
    expect(over.map(describeSize)).toEqual(['src/modules/share/share-page.tsx: 61.0 of 60.0 kB JavaScript, brotli']);
    expect(tooLarge(pageSizes(manifest, new Map()))).toHaveLength(2);
  });
});
