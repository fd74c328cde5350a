// `npm run generate`: writes crds/, one file per kind, docs/api.md, docs/conditions.md and docs/configuration.md. `--check` writes nothing and fails if a file is stale.

import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { kinds } from '../kinds.ts';
import { apiPage } from './api-page.ts';
import { conditionsPage } from './conditions-page.ts';
import { configurationPage } from './configuration-page.ts';
import { customResourceDefinition } from './crd.ts';

const root = new URL('../../../', import.meta.url);
const banner = '# Made from operator/resources by `npm run generate`. Do not edit.\n';

/** Equal input gives equal bytes. */
const yaml = (objects: readonly unknown[]): string =>
  banner + objects.map((object) => stringify(object, { lineWidth: 120, aliasDuplicateObjects: false })).join('---\n');

/** Folder -> file name -> content; a folder holds no other YAML files. */
const folders: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  'crds/': new Map(kinds.map((kind) => [`${kind.group}_${kind.plural}.yaml`, yaml([customResourceDefinition(kind)])])),
  'docs/': new Map([
    ['api.md', apiPage()],
    ['conditions.md', conditionsPage()],
    ['configuration.md', configurationPage()],
  ]),
};

async function existing(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

const check = process.argv.includes('--check');
for (const [name, files] of Object.entries(folders)) {
  const folder = new URL(name, root);
  await mkdir(folder, { recursive: true });
  const foreign = (await readdir(folder)).filter((file) => file.endsWith('.yaml') && !files.has(file));

  const stale: string[] = [...foreign];
  for (const [file, content] of files) {
    if ((await existing(new URL(file, folder))) === content) continue;
    stale.push(file);
    if (!check) await writeFile(new URL(file, folder), content);
  }
  if (!check) await Promise.all(foreign.map((file) => rm(new URL(file, folder))));

  if (stale.length === 0) {
    console.log(`${name}: ${files.size} files, nothing to change`);
  } else if (check) {
    console.error(`${name} is stale: ${stale.join(', ')}. Run npm run generate and commit the result.`);
    process.exitCode = 1;
  } else {
    console.log(`${name}: wrote ${stale.join(', ')}`);
  }
}
