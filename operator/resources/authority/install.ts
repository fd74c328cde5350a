// Everything in the cluster that the operator relies on and does not make itself, CRDs apart.

import type { AdmissionObject } from './admission.ts';
import {
  shippedInstallation,
  installationLabels,
  policySettings,
  SERVICE_ACCOUNT,
  type Installation,
  type PolicySettings,
} from './installation.ts';
import { GATEWAY_SERVICE_ACCOUNT, gatewayRbac, indexerLease } from './gateway-role.ts';
import { operatorRbac } from './operator-role.ts';
import { admissionPolicies } from './policies.ts';
import { shippedRoles, type RbacObject } from './rbac.ts';
import { requestFlows, type RequestFlow } from './request-flows.ts';

interface CoreObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace' | 'ServiceAccount';
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels: Record<string, string> };
}

type IndexerLease = ReturnType<typeof indexerLease>;

export type InstallManifest = CoreObject | IndexerLease | PolicySettings | RbacObject | AdmissionObject | RequestFlow;

/** By what it is about. */
export interface InstallFiles {
  readonly namespace: readonly CoreObject[];
  readonly 'service-account': readonly CoreObject[];
  readonly rbac: readonly RbacObject[];
  readonly 'request-flows': readonly RequestFlow[];
  readonly 'indexer-lease': readonly IndexerLease[];
  readonly 'policy-settings': readonly PolicySettings[];
  readonly policies: readonly AdmissionObject[];
}

export function installFiles(installation: Installation = shippedInstallation()): InstallFiles {
  const { namespace } = installation;
  const labels = installationLabels;
  return {
    namespace: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } }],
    'service-account': [SERVICE_ACCOUNT, GATEWAY_SERVICE_ACCOUNT].map((name) => ({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { namespace, name, labels },
    })),
    rbac: [...shippedRoles(), ...operatorRbac(installation), ...gatewayRbac(installation)],
    'request-flows': requestFlows(installation),
    'indexer-lease': [indexerLease(installation)],
    'policy-settings': [policySettings(installation)],
    policies: admissionPolicies(installation),
  };
}

/**
 * Namespace, ServiceAccount, RBAC, policies and their settings, in an order that works; CRDs go first, because the policies read
 * Tenants. Applied by the chart, by `npm start` and by tests, as an administrator of the cluster.
 */
export const installManifests = (installation: Installation = shippedInstallation()): InstallManifest[] =>
  Object.values(installFiles(installation)).flat();
