// The version is one, wherever it is written, and writing it anew changes nothing else.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isVersion, VERSION_PLACES, versionProblems, withVersion } from './versions.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json')) as { readonly version: string };

describe('the version', () => {
  it('is the same in all that is released, and CHANGELOG.md tells of it', () => {
    expect(versionProblems(version, read)).toEqual([]);
  });

  it('is written anew in all places and nowhere else', () => {
    const texts = new Map(VERSION_PLACES.map(({ file }) => [file, withVersion(file, read(file), '9.8.7-rc.1')]));
    expect(versionProblems('9.8.7-rc.1', (file) => texts.get(file) ?? read(file))).toEqual([
      'CHANGELOG.md has no section "## 9.8.7-rc.1"',
    ]);
    for (const [file, text] of texts) expect(withVersion(file, text, version)).toBe(read(file));
  });

  it('that disagrees is named with its file', () => {
    const problems = versionProblems('0.0.1', read);
    expect(problems).toHaveLength(VERSION_PLACES.length + 1);
    expect(problems).toContain(`charts/dataall/Chart.yaml: version of the chart is ${version} and not 0.0.1`);
    expect(['1.2', 'v1.2.3', '1.2.3+4', '01.2.3'].filter(isVersion)).toEqual([]);
  });
});
