// What operator and gateway import is in `dependencies`: the image installs no others. test/install tries the image itself.
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const SHIPPED = globSync(['operator/**/*.ts', 'api/**/*.ts'], {
  cwd: ROOT,
  exclude: ['**/*.test.ts', '**/testing/**', '**/generate/**', 'operator/cli/generate.ts'],
});
/** `from '…'` and `import('…')` of what is not a file of ours; types alone are gone when it runs. */
const IMPORT =
  /^(?!import type|export type)(?:import|export|.*\bimport\().*?(?:from |import\(|import )'([^'.][^']*)'|^} from '([^'.][^']*)'/gm;

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

it('operator and gateway import dependencies alone', () => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const imported = SHIPPED.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)]
      .map(([, one, other]) => one ?? other ?? '')
      .filter((specifier) => !isBuiltin(specifier))
      .map((specifier) => ({ file, name: packageOf(specifier) })),
  );
  expect(new Set(imported.map(({ name }) => name)).size).toBeGreaterThan(20);
  expect(imported.filter(({ name }) => dependencies[name] === undefined)).toEqual([]);
});
