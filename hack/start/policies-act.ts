/** Waits until authority is in effect: policies act a second or more after they were made, rights once the operator has made them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { kubeConfigCredentials } from '../../operator/kernel/client/credentials.ts';
import { HttpKubeApi } from '../../operator/kernel/client/http-kube-api.ts';
import { isKubeError, type KubeApi } from '../../operator/kernel/client/kube-api.ts';
import type { Kind, KubeObject } from '../../operator/kernel/kind.ts';
import { annotations, FIELD_MANAGER } from '../../operator/resources/annotations.ts';
import { datasetKind } from '../../operator/resources/dataset.ts';
import { environmentKind } from '../../operator/resources/environment.ts';
import { apiVersion } from '../../operator/resources/kind.ts';
import { organizationKind } from '../../operator/resources/organization.ts';
import type { Cluster } from '../control-plane/cluster.ts';

const TIMEOUT_MS = 60_000;
const POLL_MS = 100;

const namespaces: Kind = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', scope: 'Cluster' };

/**
 * Asks by dry run. The API server takes policies up in the order in which they were made, so the last ones are asked for: the operator
 * must not get a namespace it may not make, and an import must come back stamped. After that a policy may still refuse everything because
 * what it has for a parameter is not read yet: Tenants with the import, the policy settings with an environment.
 */
export async function untilPoliciesAct(cluster: Cluster, operator: KubeConfig): Promise<void> {
  const asAdministrator = new HttpKubeApi({ credentials: kubeConfigCredentials(cluster.kubeconfig()) });
  const asOperator = new HttpKubeApi({ credentials: kubeConfigCredentials(operator) });
  try {
    await until(
      'the admission policies act',
      async () =>
        (await confines(asOperator)) &&
        (await stamps(asAdministrator, datasetKind, IMPORT, annotations.importAuthorized)) &&
        (await stamps(asAdministrator, environmentKind, ENVIRONMENT, annotations.changedBy)),
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

/** What the API server refuses meanwhile is tried again: an answer of another kind is a failure. */
async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  let refusal = '';
  for (;;) {
    try {
      if (await holds()) return;
      refusal = '';
    } catch (error) {
      if (!isKubeError(error)) throw error;
      refusal = `; the last answer: ${error.message}`;
    }
    if (Date.now() > deadline) throw new Error(`not so after ${TIMEOUT_MS / 1000} s: ${what}${refusal}`);
    await delay(POLL_MS);
  }
}

const ENVIRONMENT = {
  apiVersion,
  kind: 'Environment',
  metadata: { name: 'probe' },
  spec: {
    organization: 'probe',
    label: 'Probe',
    owner: 'probe',
    account: { id: '000000000000', region: 'eu-west-1' },
  },
};
const IMPORT = {
  apiVersion,
  kind: 'Dataset',
  metadata: { namespace: 'default', name: 'probe' },
  spec: {
    label: 'Probe',
    owner: 'probe',
    s3: { origin: 'Import', bucket: { name: 'probe' }, lakeFormation: 'Enforced' },
    confidentiality: 'Official',
  },
};

async function stamps(api: KubeApi, kind: Kind, probe: KubeObject, stamp: string): Promise<boolean> {
  const { metadata } = await api.apply(kind, probe, { fieldManager: FIELD_MANAGER, dryRun: true });
  return metadata.annotations?.[stamp] !== undefined;
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
