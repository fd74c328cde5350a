// What `dataall check` finds of an installation.

import { describe, expect, it } from 'vitest';
import { customResourceDefinition } from '../../resources/generate/crd.ts';
import { kinds } from '../../resources/kinds.ts';
import { definitionsFinding, leaderFinding, type StoredDefinition } from './findings.ts';
import { disagreements } from './versions.ts';

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

describe('dataall version', () => {
  it('names each part that is of another version, and takes a digest for none', () => {
    const workload = { name: 'dataall-operator', version: '0.1.0', chart: 'dataall-0.1.0' };
    const images = ['registry.example.com:5000/dataall-operator:0.1.0', 'registry.example.com:5000/dataall-operator@sha256:abc']; // prettier-ignore
    expect(disagreements('0.1.0', [{ ...workload, images }], 'ok')).toEqual([]);
    expect(disagreements('0.2.0', [{ ...workload, images }], 'wrong')).toEqual([
      'dataall-operator is 0.1.0, this dataall 0.2.0',
      'the chart of dataall-operator is 0.1.0, this dataall 0.2.0',
      'the image of dataall-operator is 0.1.0, this dataall 0.2.0',
      'definitions of the kinds are not those of this dataall (0.2.0): dataall check names them',
    ]);
  });
});
