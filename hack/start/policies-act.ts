/** Waits until authority is in effect: policies act a second or more after they were made, rights once the operator has made them. */
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
    await until(
      'the admission policies act',
      async () => (await stamps(asAdministrator)) && (await confines(asOperator)),
    );
  } finally {
    await asAdministrator.close();
    await asOperator.close();
  }
}

/** Asks the API server whether a platform administrator, as the Tenant names them, may found an organization. */
export async function untilAdministratorsMay(cluster: Cluster): Promise<void> {
  const api = new HttpKubeApi({ credentials: kubeConfigCredentials(cluster.kubeconfig('platform-admin')) });
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { group: organizationKind.group, resource: organizationKind.plural, verb: 'patch' } },
  };
  try {
    await until('platform administrators have their rights', async () => {
      const answer = await api.post<{ status: { allowed: boolean } }>(REVIEWS, review);
      return answer.status.allowed;
    });
  } finally {
    await api.close();
  }
}

const REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not so after ${TIMEOUT_MS / 1000} s: ${what}`);
    await delay(POLL_MS);
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
