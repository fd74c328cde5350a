// Strings that are left out are of components that no page shows.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { UNUSED } from './used-messages.ts';

/** `tree-view`: TreeView, as pages import it. */
const componentOf = (name: string): string =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

it('a component whose strings are left out is imported by no page', () => {
  const sources = join(import.meta.dirname, '..', 'src');
  const pages = globSync('**/*.tsx', { cwd: sources }).map((file) => readFileSync(join(sources, file), 'utf8'));
  const imported = new Set(
    pages.flatMap((page) =>
      Array.from(page.matchAll(/import \{([^}]*)\} from '@cloudscape-design\/components'/g), ([, names = '']) =>
        names.split(',').map((name) => name.trim()),
      ).flat(),
    ),
  );
  expect(imported).toContain('Table');
  expect(UNUSED.filter((name) => imported.has(componentOf(name)))).toEqual([]);
});
