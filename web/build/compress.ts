// Everything that the gateway serves, compressed once when it is built.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Fonts are compressed in themselves. */
const TEXT = /\.(?:js|css|html|svg)$/;

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** Writes `<file>.br` and `<file>.gz` beside each file that gets smaller; answers sizes in bytes, as browsers that know brotli are sent. */
export async function compressFolder(folder: string): Promise<ReadonlyMap<string, number>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(files.map(async (file) => [file, await compress(file)] as const));
  return new Map(sizes.map(([file, bytes]) => [file.slice(folder.length + 1), bytes]));
}

async function compress(file: string): Promise<number> {
  const content = readFileSync(file);
  if (!TEXT.test(file)) return content.length;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const [small, medium] = await Promise.all([brotli(content, { params }), gzipped(content, { level: 9 })]);
  writeFileSync(`${file}.br`, small);
  writeFileSync(`${file}.gz`, medium);
  return small.length;
}
