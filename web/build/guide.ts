// The guide for people: Markdown of docs/guide as pages that the gateway serves under /docs, with no script.

import { copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Marked, type Tokens } from 'marked';

const STYLE = 'guide.css';

export interface GuidePage {
  /** Of the file, without its ending: `analyst`. */
  readonly name: string;
  /** Its first heading. */
  readonly title: string;
  /** What stands below the heading of the site. */
  readonly body: string;
}

/** Writes it into `<folder>/docs`. @param source folder of Markdown, with `pictures/` beside */
export function buildGuide(source: string, folder: string): void {
  const target = join(folder, 'docs');
  mkdirSync(join(target, 'pictures'), { recursive: true });
  const pages = globSync('*.md', { cwd: source })
    .toSorted()
    .map((file) => guidePage(basename(file, '.md'), readFileSync(join(source, file), 'utf8')));
  for (const page of pages) writeFileSync(join(target, `${fileOf(page.name)}.html`), htmlOf(page, pages));
  for (const picture of globSync('pictures/*.png', { cwd: source }))
    copyFileSync(join(source, picture), join(target, picture));
  copyFileSync(join(import.meta.dirname, STYLE), join(target, STYLE));
}

/** @throws Error where it has no heading, or links to what is no page of the guide by a relative address */
export function guidePage(name: string, markdown: string): GuidePage {
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  if (title === undefined)
    throw new Error(`docs/guide/${name}.md has no heading: begin it with # and what it is about`);
  return { name, title, body: converter.parse(markdown, { async: false }) };
}

const converter = new Marked({
  gfm: true,
  renderer: {
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${anchorOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      return `<a href="${escape(addressOf(href))}">${this.parser.parseInline(tokens)}</a>`;
    },
    // It is ours, and yet: what stands in the guide is text and nothing else.
    html: ({ text }: Tokens.HTML | Tokens.Tag) => escape(text),
  },
});

/** As GitHub makes them, so that links into pages hold at both places. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} -]/gu, '')
    .replaceAll(' ', '-');

/** Pages of the guide are pages of the site. What else there is in docs/ is not served. */
function addressOf(href: string): string {
  const [, file, anchor = ''] = /^([\w-]+)\.md(#.*)?$/.exec(href) ?? [];
  if (file !== undefined) return `${fileOf(file)}.html${anchor}`;
  if (href.startsWith('..'))
    throw new Error(`the guide links to ${href}, which people who read it at the gateway cannot follow`);
  return href;
}

const fileOf = (name: string): string => (name === 'README' ? 'index' : name);

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const htmlOf = ({ name, title, body }: GuidePage, pages: readonly GuidePage[]): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="${STYLE}" />
    <title>${escape(title)} · data.all</title>
  </head>
  <body>
    <header><a href="/">data.all</a> <a href="index.html">Guide</a></header>
    <nav aria-label="Guide">
      <ul>
${pages.map((page) => `        <li><a href="${fileOf(page.name)}.html"${page.name === name ? ' aria-current="page"' : ''}>${escape(page.title)}</a></li>`).join('\n')}
      </ul>
    </nav>
    <main>
${body}
    </main>
  </body>
</html>
`;
