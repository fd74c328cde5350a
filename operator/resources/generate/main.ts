// `npm run generate`: writes crds/, one file per kind. `--check` writes nothing and fails if a file is stale.

import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { kinds } from '../kinds.ts';
import { customResourceDefinition } from './crd.ts';

const folder = new URL('../../../crds/', import.meta.url);
const banner = '# Made from operator/resources by `npm run generate`. Do not edit.\n';

/** File name -> content of every generated file; equal input gives equal bytes. */
function generatedFiles(): Map<string, string> {
  return new Map(
    kinds.map((kind) => [
      `${kind.group}_${kind.plural}.yaml`,
      banner + stringify(customResourceDefinition(kind), { lineWidth: 120, aliasDuplicateObjects: false }),
    ]),
  );
}

async function existing(name: string): Promise<string | undefined> {
  try {
    return await readFile(new URL(name, folder), 'utf8');
  } catch {
    return undefined;
  }
}

const check = process.argv.includes('--check');
const files = generatedFiles();
await mkdir(folder, { recursive: true });
const foreign = (await readdir(folder)).filter((name) => name.endsWith('.yaml') && !files.has(name));

const stale: string[] = [...foreign];
for (const [name, content] of files) {
  if ((await existing(name)) === content) continue;
  stale.push(name);
  if (!check) await writeFile(new URL(name, folder), content);
}
if (!check) await Promise.all(foreign.map((name) => rm(new URL(name, folder))));

if (stale.length === 0) {
  console.log(`crds/: ${files.size} files, nothing to change`);
} else if (check) {
  console.error(`crds/ is stale: ${stale.join(', ')}. Run npm run generate and commit the result.`);
  process.exitCode = 1;
} else {
  console.log(`crds/: wrote ${stale.join(', ')}`);
}
