// What of an object belongs into Git.

import { expect, it } from 'vitest';
import { manifestOf } from './manifest.ts';

it('An object in Git has what people decide: no status, no uids, and nothing that programs wrote', () => {
  const stored = {
    apiVersion: 'dataall.io/v1alpha1',
    kind: 'ShareApproval',
    metadata: {
      namespace: 'sales-prod',
      name: 'one',
      uid: 'u',
      resourceVersion: '7',
      generation: 2,
      creationTimestamp: '2026-11-30T12:00:00Z',
      finalizers: ['dataall.io/finalizer'],
      labels: { team: 'sales', 'dataall.io/auto-approved': 'true', 'app.kubernetes.io/managed-by': 'dataall-operator' },
      annotations: { 'dataall.io/changed-by': 'owner', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
    spec: { requestRef: { namespace: 'marketing-prod', name: 'asked', uid: 'u2' }, decision: 'Approved' },
    status: { observedGeneration: 2 },
  };
  expect(manifestOf(stored)).toEqual({
    apiVersion: 'dataall.io/v1alpha1',
    kind: 'ShareApproval',
    metadata: { namespace: 'sales-prod', name: 'one', labels: { team: 'sales' } },
    spec: { decision: 'Approved', requestRef: { namespace: 'marketing-prod', name: 'asked' } },
  });
});
