/** Waits until the admission policies act: the API server begins with each a second or more after it was made. */
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { kubeConfigCredentials } from '../../operator/kernel/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/http-kube-api.ts';
import { isKubeError, type KubeApi } from '../../operator/kernel/kube-api.ts';
import type { Kind } from '../../operator/kernel/kind.ts';
import { annotations, FIELD_MANAGER } from '../../operator/resources/annotations.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import type { Cluster } from '../control-plane/cluster.ts';

const TIMEOUT_MS = 60_000;
const POLL_MS = 100;

const namespaces: Kind = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' };

/** Asks by dry run: an organization must come back stamped with its author, and the operator must not get a namespace it may not make. */
export async function untilPoliciesAct(cluster: Cluster, operator: KubeConfig): Promise<void> {
  const asAdministrator = new HttpKubeApi({ credentials: kubeConfigCredentials(cluster.kubeconfig()) });
  const asOperator = new HttpKubeApi({ credentials: kubeConfigCredentials(operator) });
  try {
    const deadline = Date.now() + TIMEOUT_MS;
    while (!((await stamps(asAdministrator)) && (await confines(asOperator)))) {
      if (Date.now() > deadline) throw new Error(`the admission policies do not act after ${TIMEOUT_MS / 1000} s`);
      await delay(POLL_MS);
    }
  } finally {
    await asAdministrator.close();
    await asOperator.close();
  }
}

async function stamps(api: KubeApi): Promise<boolean> {
  const probe = {
    apiVersion: 'dataall.io/v1alpha1',
    kind: 'Organization',
    metadata: { name: 'probe' },
    spec: { label: 'Probe', owner: 'probe' },
  };
  try {
    const { metadata } = await api.apply(organizationKind, probe, { fieldManager: FIELD_MANAGER, dryRun: true });
    return metadata.annotations?.[annotations.changedBy] !== undefined;
  } catch (error) {
    // Policies that cannot read their parameters yet refuse, as they must.
    if (isKubeError(error)) return false;
    throw error;
  }
}

async function confines(api: KubeApi): Promise<boolean> {
  const probe = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'probe' } };
  try {
    await api.create(namespaces, probe, { dryRun: true });
    return false;
  } catch (error) {
    if (isKubeError(error, 'Forbidden') || isKubeError(error, 'Invalid'))
      return error.message.includes('dataall-operator');
    throw error;
  }
}
