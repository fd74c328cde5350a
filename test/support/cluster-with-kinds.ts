// A control plane of the test's own with our kinds installed, as a person would install them: by kubectl.

import { startControlPlane, type ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { Kubectl } from './kubectl.ts';

export const CRDS = new URL('../../crds/', import.meta.url).pathname;

export interface ClusterWithKinds {
  readonly kubectl: Kubectl;
  stop(): Promise<void>;
}

/** Ready in about 4 seconds. */
export async function clusterWithKinds(): Promise<ClusterWithKinds> {
  const controlPlane: ControlPlane = await startControlPlane();
  try {
    const kubectl = await Kubectl.of(controlPlane);
    await kubectl.succeed(['apply', '-f', CRDS]);
    await kubectl.succeed(['wait', '--for=condition=Established', '--timeout=60s', '-f', CRDS]);
    return { kubectl, stop: () => controlPlane.stop() };
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
}
