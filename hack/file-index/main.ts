// `npm run generate`: writes docs/files.md, every source file in one line, for who looks for the place of a change.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileLineOf } from './file-line.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = 'docs/files.md';
/** A unit test is beside its file. */
const isListed = (file: string): boolean =>
  /\.(?:tsx?|mjs|py)$/.test(file) && (file.startsWith('test/') || !file.endsWith('.test.ts'));

const tracked = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', 'operator', 'hack', 'test', 'web'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
);
const folders = Map.groupBy(tracked.trim().split('\n').filter(isListed).toSorted(), (file) => dirname(file));
const sections = [...folders]
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([folder, files]) => {
    const rows = files.map((file) => {
      const { purpose, names } = fileLineOf(readFileSync(join(ROOT, file), 'utf8')) ?? { purpose: '', names: [] };
      const defined = names.length === 0 ? '' : ` (${names.join(', ')})`;
      return `- \`${file.slice(folder.length + 1)}\`${purpose === '' ? '' : `: ${purpose}`}${defined}`;
    });
    return `## ${folder}\n\n${rows.join('\n')}\n`;
  });
writeFileSync(
  join(ROOT, PAGE),
  `<!-- Made from the headers of the files by \`npm run generate\`. Do not edit. -->\n# Every file in one line\n\nWhat each is for, and what is defined in it. [CONTRIBUTING.md](../CONTRIBUTING.md) is the map; search here for a word of what you want to change. A unit test is\nbeside its file, \`X.test.ts\` for \`X.ts\`.\n\n${sections.join('\n')}`,
);
console.log(`docs/files.md: ${sections.length} folders`);
