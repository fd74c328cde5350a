// The examples print the manifests that examples/gitops holds, which test/e2e/gitops-docs.test.ts applies to a real API server.
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const REPOSITORIES = join(import.meta.dirname, '../../examples/gitops');

interface Manifest {
  readonly kind: string;
}

const manifestsIn = (text: string): readonly Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);
const byKind = (one: Manifest, other: Manifest): number => one.kind.localeCompare(other.kind);

it('consumer.ts prints the repository of the consumer', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'consumer.ts')]);
  const files = globSync('consumer/**/*.yaml', { cwd: REPOSITORIES });
  const expected = files.flatMap((file) => manifestsIn(readFileSync(join(REPOSITORIES, file), 'utf8')));
  expect(expected).toHaveLength(2);
  expect(manifestsIn(stdout).toSorted(byKind)).toEqual(expected.toSorted(byKind));
});
