// What the docs point to is there: links, headings, files named in passing, npm scripts. (README's and gitops.md's commands run in e2e.)
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGES = globSync('**/*.md', { cwd: ROOT, exclude: ['**/node_modules/**', '.run/**'] }).toSorted();
const FOLDERS = ['charts', 'crds', 'docs', 'examples', 'hack', 'operator', 'test'];
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** What is prose: a block of code may show a link or a heading of its own. */
const prose = (page: string): string => read(page).replaceAll(/^```[\s\S]*?^```$/gm, '');

/** GitHub's anchors: of a heading its words with dashes, and those written by hand. */
const anchorsOf = (page: string): readonly string[] => [
  ...[...prose(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  ),
  ...[...prose(page).matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id),
];

const brokenLinks = (page: string): readonly string[] =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(file).includes(anchor);
    });

/** `operator/config.ts` and the like, as code in prose; with a wildcard or a placeholder in it a path is no path. */
const missingFiles = (page: string): readonly string[] =>
  [...prose(page).matchAll(/`((?:\w+\/)[\w./-]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => FOLDERS.includes(path.split('/')[0] ?? ''))
    .filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, dirname(page), path)));

const missingScripts = (page: string): readonly string[] =>
  [...read(page).matchAll(/npm run ([\w:|-]+)/g)]
    .flatMap(([, names = '']) => names.split('|'))
    .filter((name) => scripts[name] === undefined);

describe('the docs', () => {
  it.each(PAGES)('%s points to what is there', (page) => {
    expect({ links: brokenLinks(page), files: missingFiles(page), scripts: missingScripts(page) }).toEqual({
      links: [],
      files: [],
      scripts: [],
    });
  });

  it('are all reached from README', () => {
    const reached = new Set<string>();
    const follow = (page: string): void => {
      if (reached.has(page)) return;
      reached.add(page);
      for (const [, target = ''] of prose(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)) {
        const file = relative(ROOT, join(ROOT, dirname(page), target));
        if (file.endsWith('.md') && existsSync(join(ROOT, file))) follow(file);
        // A link to a folder shows what is in it.
        for (const inside of PAGES) if (dirname(inside) === file) follow(inside);
      }
    };
    follow('README.md');
    expect(PAGES.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });
});
