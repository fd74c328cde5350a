// `npm run generate`: writes what of charts/dataall/ is made from the operator's objects and from values.ts.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installTemplates } from './install-templates.ts';
import { valuesFiles } from './values-files.ts';

const CHART = join(import.meta.dirname, '..', '..', 'charts', 'dataall');
const GENERATED = join(CHART, 'templates', 'generated');

const write = async (folder: string, files: ReadonlyMap<string, string>): Promise<void> => {
  for (const [name, content] of files) await writeFile(join(folder, name), content);
};

await mkdir(GENERATED, { recursive: true });
const templates = installTemplates();
await write(GENERATED, templates);
for (const file of await readdir(GENERATED)) if (!templates.has(file)) await rm(join(GENERATED, file));
await write(CHART, valuesFiles());
