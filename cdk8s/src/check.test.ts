// What constructs say at synthesis is what the API server says: the manifests that test/conformance/schema.test.ts applies to a real one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import * as constructs from './index.ts';

const MANIFESTS = join(import.meta.dirname, '../../test/manifests');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: never;
}

const samples = (folder: string) =>
  readdirSync(join(MANIFESTS, folder))
    .filter((file) => file.endsWith('.yaml'))
    .map((name) => {
      const text = readFileSync(join(MANIFESTS, folder, name), 'utf8');
      const [, expected = ''] = /^# expect: (.+)$/m.exec(text) ?? [];
      return { name, expected, manifests: parseAllDocuments(text).map((document) => document.toJS() as Manifest) };
    });

/** What synthesis complains of, and else the manifests. */
function synthesised(manifests: readonly Manifest[]): unknown {
  const app = new App();
  const chart = new Chart(app, 'chart');
  const kinds: Readonly<Record<string, unknown>> = constructs;
  for (const [index, { kind, metadata, spec }] of manifests.entries()) {
    const construct = kinds[kind] as typeof constructs.Dataset;
    new construct(chart, `object-${index}`, { metadata, spec });
  }
  try {
    return parseAllDocuments(app.synthYaml()).map((document): unknown => document.toJS());
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

describe('a good manifest', () => {
  it.each(samples('good'))('$name comes out as it went in', ({ manifests }) => {
    expect(synthesised(manifests)).toEqual(manifests);
  });
});

describe('a bad manifest', () => {
  it.each(samples('bad'))('$name is refused: $expected', ({ manifests, expected }) => {
    expect(synthesised(manifests)).toContain(expected);
  });
});
