// `npm run build -w web [-- --out FOLDER]`: builds the web UI and the guide, compresses them, and fails where a page is larger than its
// budget, but for who says --any-size.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { describeSize, pageSizes, tooLarge, type Manifest } from './budgets.ts';
import { compressFolder } from './compress.ts';
import { buildGuide } from './guide.ts';
import { persistedOperations } from './persisted-operations.ts';

const { out, 'any-size': anySize } = parseArgs({
  options: {
    out: { type: 'string', default: join(import.meta.dirname, '..', 'dist') },
    'any-size': { type: 'boolean', default: false },
  },
}).values;
const folder = resolve(out);
// Whoever builds it, tests among them: React's other build is twice as large.
process.env['NODE_ENV'] = 'production';
await build({
  configFile: join(import.meta.dirname, '..', 'vite.config.ts'),
  logLevel: 'warn',
  build: { outDir: folder, emptyOutDir: true },
});
const manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Manifest;
// It is ours, and not to be served.
rmSync(join(folder, '.vite'), { recursive: true });
buildGuide(join(import.meta.dirname, '..', '..', 'docs', 'guide'), folder);
const sizes = pageSizes(manifest, await compressFolder(folder));
// For the gateway, beside what it serves.
const operations = await persistedOperations(join(import.meta.dirname, '..', 'src'));
writeFileSync(join(folder, 'persisted-operations.json'), JSON.stringify(operations));
for (const size of sizes) console.log(describeSize(size));
const over = tooLarge(sizes);
if (over.length > 0 && !anySize) {
  console.error(`Larger than its budget: ${over.map(({ page }) => page).join(', ')}`);
  process.exitCode = 1;
}
