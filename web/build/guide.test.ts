// The guide is the same for who reads it in the repository and at the gateway.

import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildGuide, guidePage } from './guide.ts';

const SOURCE = join(import.meta.dirname, '..', '..', 'docs', 'guide');
const MOST_BYTES = 150_000;

const folder = mkdtempSync(join(tmpdir(), 'dataall-guide-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the guide', () => {
  it('leads at the gateway to every page, heading and picture that it links to', () => {
    buildGuide(SOURCE, folder);
    const pages = new Map(
      globSync('docs/*.html', { cwd: folder }).map((file) => [
        join(folder, file),
        readFileSync(join(folder, file), 'utf8'),
      ]),
    );
    expect(pages.size).toBeGreaterThan(5);
    const broken = [...pages].flatMap(([file, html]) =>
      [...html.matchAll(/(?:href|src)="([^"]+)"/g)].flatMap(([, address = '']) => {
        if (/^(?:https?:|\/)/.test(address)) return [];
        const [path = '', anchor] = address.split('#');
        const target = path === '' ? file : join(dirname(file), path);
        const isThere = existsSync(target) && (anchor === undefined || pages.get(target)?.includes(`id="${anchor}"`));
        return isThere ? [] : [`${file}: ${address}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it('has pictures that come quickly', () => {
    const pictures = globSync('pictures/*.png', { cwd: SOURCE });
    expect(pictures.filter((picture) => statSync(join(SOURCE, picture)).size > MOST_BYTES)).toEqual([]);
  });

  it('is text: what looks like HTML in it is shown as it is written', () => {
    expect(guidePage('analyst', '# A & B\n\n<script>alert(1)</script>\n\n[Next](owner.md#a-page)').body).toBe(
      '<h1 id="a--b">A &amp; B</h1>\n&lt;script&gt;alert(1)&lt;/script&gt;<p><a href="owner.html#a-page">Next</a></p>\n',
    );
  });

  it('is not built with a page without a heading, or a link that nobody could follow', () => {
    expect(() => guidePage('analyst', 'Words')).toThrow('docs/guide/analyst.md has no heading');
    expect(() => guidePage('analyst', '# A\n\n[More](../limits.md)')).toThrow('../limits.md');
  });
});
