// Which of the operator's requests the API server serves before its others.

import { installationLabels, SERVICE_ACCOUNT, type Installation } from './installation.ts';

export interface FlowSchema {
  readonly apiVersion: 'flowcontrol.apiserver.k8s.io/v1';
  readonly kind: 'FlowSchema';
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: object;
}

export const LEADER_FLOW = 'dataall-leader-election';

/**
 * Renewals of the Lease do not queue behind what the operator itself asks for, which of a ServiceAccount is one flow. Kubernetes ships this
 * level, and a schema for its own controllers before 9000, that of ServiceAccounts.
 * https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#suggested-configuration-objects
 */
export const leaderFlow = ({ namespace }: Installation): FlowSchema => ({
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'FlowSchema',
  metadata: { name: LEADER_FLOW, labels: installationLabels },
  spec: {
    priorityLevelConfiguration: { name: 'leader-election' },
    matchingPrecedence: 200,
    distinguisherMethod: { type: 'ByUser' },
    rules: [
      {
        subjects: [{ kind: 'ServiceAccount', serviceAccount: { namespace, name: SERVICE_ACCOUNT } }],
        resourceRules: [
          {
            apiGroups: ['coordination.k8s.io'],
            resources: ['leases'],
            namespaces: [namespace],
            verbs: ['get', 'create', 'update'],
          },
        ],
      },
    ],
  },
});
