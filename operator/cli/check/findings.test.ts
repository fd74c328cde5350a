// What `dataall check` finds of an installation.

import { describe, expect, it } from 'vitest';
import { customResourceDefinition } from '../../resources/generate/crd.ts';
import { kinds } from '../../resources/kinds.ts';
import { definitionsFinding, leaderFinding, type StoredDefinition } from './findings.ts';

const stored = (): StoredDefinition[] =>
  kinds.map((kind) => JSON.parse(JSON.stringify(customResourceDefinition(kind))) as StoredDefinition);

describe('dataall check', () => {
  it('finds definitions that are missing or of another version', () => {
    expect(definitionsFinding(stored())).toMatchObject({ verdict: 'ok' });
    const [first, ...others] = stored();
    expect(definitionsFinding(others)).toMatchObject({
      verdict: 'wrong',
      evidence: `${first?.metadata.name} is missing`,
      fix: 'kubectl apply --server-side -f crds/',
    });
    const older = {
      ...first,
      spec: { versions: [{ name: 'v1alpha1', schema: { openAPIV3Schema: { type: 'object' } } }] },
    };
    expect(definitionsFinding([older as StoredDefinition, ...others])).toMatchObject({
      verdict: 'wrong',
      evidence: expect.stringContaining('is of another version') as unknown,
    });
  });

  it('finds an operator that has not renewed its Lease, or none', () => {
    expect(leaderFinding('pod-1', 3_000, 15_000)).toMatchObject({ verdict: 'ok' });
    expect(leaderFinding('pod-1', 60_000, 15_000).evidence).toBe('pod-1 has not renewed its Lease for 60 s');
    expect(leaderFinding('', 1, 15_000).evidence).toBe('nobody leads');
  });
});
