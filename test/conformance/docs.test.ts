// What the docs point to is there: links, headings, files named in passing, npm scripts; operations.md's commands run. (README's and
// gitops.md's run in e2e.)
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USAGE } from '../../operator/command-line.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGES = globSync('**/*.md', { cwd: ROOT, exclude: ['**/node_modules/**', '.run/**'] }).toSorted();
const FOLDERS = ['charts', 'crds', 'docs', 'examples', 'hack', 'operator', 'test'];
const scriptsOf = (folder: string): Record<string, string> =>
  (JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;

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

/** Of the repository, or of the workspace that `-w` names. */
const missingScripts = (page: string): readonly string[] =>
  [...read(page).matchAll(/npm run ([\w:|-]+)(?: -w (\w+))?/g)].flatMap(([, names = '', workspace = '.']) =>
    names.split('|').filter((name) => scriptsOf(workspace)[name] === undefined),
  );

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

  it('run TypeScript on the Node that comes with the project, as the machine may have an older one', () => {
    const pages = PAGES.filter((page) => page === 'README.md' || page.startsWith('docs/'));
    const others = pages.flatMap((page) =>
      [...read(page).matchAll(/(\S*node) [\w/-]+\.ts\b/g)].map(([command]) => command),
    );
    expect(others.filter((command) => !/^`?node_modules\/\.bin\/node /.test(command))).toEqual([]);
    expect(others).not.toEqual([]);
  });
});

describe('operations.md', () => {
  const PAGE = read('docs/operations.md');

  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dataall-docs-'));
    writeFileSync(join(folder, 'config.yaml'), /^```yaml\n(.*?)^```/ms.exec(PAGE)?.[1] ?? '');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** As somebody types it in the clone, whose shell knows nothing of node_modules. */
  const type = (command: string): Promise<string> => {
    const PATH = (process.env['PATH'] ?? '').split(':').filter((path) => !path.includes('node_modules'));
    const env = { PATH: PATH.join(':'), HOME: folder };
    return new Promise((resolve) => {
      execFile('/bin/sh', ['-c', command], { cwd: ROOT, env, maxBuffer: 16_777_216 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
  };
  const documented = (command: RegExp): string => command.exec(PAGE)?.[1] ?? `echo there is no ${String(command)}`;

  it('prints, for the configuration it shows, what has to be applied', async () => {
    const command = documented(/^(\S+ \S+print-manifests\.ts --config config\.yaml) \| kubectl/m);
    const manifests = await type(command.replace('config.yaml', join(folder, 'config.yaml')));
    expect(manifests).toContain('kind: ValidatingAdmissionPolicy');
  });

  it('starts the operator with that configuration, as far as one comes without a cluster', async () => {
    const command = documented(/`(\S+ operator\/main\.ts --config <file>)`/);
    const output = await type(command.replace('<file>', join(folder, 'config.yaml')));
    expect(output).toBe('this is no pod: name a cluster with --kubeconfig\n');
  });

  it('has every flag', () => {
    const table = PAGE.split('\n').filter((line) => line.startsWith('| `--'));
    const flags = [...USAGE.matchAll(/^ +(--[\w-]+)/gm)].map(([, flag = '']) => flag);
    expect(flags).toContain('--probe-port');
    expect(flags.filter((flag) => !table.some((line) => line.includes(`\`${flag}\``)))).toEqual([]);
  });
});
