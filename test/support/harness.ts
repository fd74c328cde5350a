/** Harness: what an end-to-end test stands on, a fresh API server that knows our kinds, in about 3 seconds. */
import { join } from 'node:path';
import {
  startControlPlane,
  type ControlPlane,
  type ControlPlaneOptions,
} from '../../hack/control-plane/control-plane.ts';
import type { KubeObject, Stored } from '../../operator/kernel/kind.ts';
import { installManifests } from '../../operator/resources/authority/install.ts';
import { applyManifests, readManifests } from '../../hack/control-plane/manifests.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface HarnessOptions extends Pick<ControlPlaneOptions, 'users' | 'policyStatus'> {
  /** Installs admission policies, RBAC and the operator's ServiceAccount too. */
  readonly authority?: boolean;
}

export interface Harness extends AsyncDisposable {
  readonly controlPlane: ControlPlane;
  /** Server-side apply as a user (default `admin`); rejects with KubeError. */
  apply(objects: readonly KubeObject[], userName?: string): Promise<Stored[]>;
  stop(): Promise<void>;
}

/** Starts a control plane of its own and installs the CRDs of `crds/`; returns when they are served. */
export async function startHarness({ authority, ...options }: HarnessOptions = {}): Promise<Harness> {
  const definitions = readManifests(join(ROOT, 'crds'));
  const controlPlane = await startControlPlane({ ...options, definitions });
  const stop = (): Promise<void> => controlPlane.stop();
  try {
    if (authority === true) await applyManifests(controlPlane.kubeconfig(), installManifests());
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    controlPlane,
    apply: (objects, userName) => applyManifests(controlPlane.kubeconfig(userName), objects),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
