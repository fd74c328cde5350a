// `npm run generate`: writes cdk8s/src/generated/.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constructs } from './constructs.ts';

const GENERATED = join(import.meta.dirname, '..', 'src', 'generated');

await mkdir(GENERATED, { recursive: true });
const files = constructs();
for (const [name, content] of files) await writeFile(join(GENERATED, name), content);
for (const file of await readdir(GENERATED)) if (!files.has(file)) await rm(join(GENERATED, file));
