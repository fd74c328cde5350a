import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { applyManifests, readManifests } from './manifests.ts';

const GADGET = `
apiVersion: example.com/v1
kind: Gadget
metadata: { name: first }
spec: { size: 3 }
`;

const GADGETS = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.example.com }
spec:
  group: example.com
  scope: Cluster
  names: { plural: gadgets, kind: Gadget }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { size: { type: integer, maximum: 9 } } } }
---
# A document of comments only is no object.
`;

describe('manifests', () => {
  let controlPlane: ControlPlane;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'manifests-'));
    writeFileSync(join(folder, '1-gadget.yaml'), GADGET);
    writeFileSync(join(folder, '2-gadgets.yaml'), GADGETS);
    writeFileSync(join(folder, 'README.md'), 'not a manifest');
    controlPlane = await startControlPlane();
  });

  afterAll(async () => {
    await controlPlane.stop();
    rmSync(folder, { recursive: true });
  });

  it('applies definitions first, waits until they are served, and changes nothing the second time', async () => {
    const objects = readManifests(folder);
    expect(objects.map(({ kind }) => kind)).toEqual(['Gadget', 'CustomResourceDefinition']);
    const first = await applyManifests(controlPlane.kubeconfig(), objects);
    const second = await applyManifests(controlPlane.kubeconfig(), objects);
    expect(first.map(({ kind }) => kind)).toEqual(['CustomResourceDefinition', 'Gadget']);
    expect(versions(second)).toEqual(versions(first));
  });

  it("rejects with the API server's refusal", async () => {
    const tooBig = { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'big' }, spec: { size: 10 } };
    await expect(applyManifests(controlPlane.kubeconfig(), [tooBig])).rejects.toMatchObject({
      name: 'KubeError',
      reason: 'Invalid',
      message: expect.stringMatching(/less than or equal to 9$/),
    });
  });
});

function versions(objects: Awaited<ReturnType<typeof applyManifests>>): (string | undefined)[] {
  return objects.map(({ metadata }) => metadata?.resourceVersion);
}
