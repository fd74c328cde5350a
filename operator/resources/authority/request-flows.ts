// Which requests the API server serves before which others (API Priority and Fairness).
// https://kubernetes.io/docs/concepts/cluster-administration/flow-control/

import { installationLabels, SERVICE_ACCOUNT, type Installation } from './installation.ts';

export interface RequestFlow {
  readonly apiVersion: 'flowcontrol.apiserver.k8s.io/v1';
  readonly kind: 'FlowSchema';
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: object;
}

export const LEADER_FLOW = 'dataall-leader-election';
export const OPERATOR_FLOW = 'dataall-operator';

export const requestFlows = ({ namespace }: Installation): readonly RequestFlow[] => {
  const operator = [{ kind: 'ServiceAccount', serviceAccount: { namespace, name: SERVICE_ACCOUNT } }];
  const renewals = {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    namespaces: [namespace],
    verbs: ['get', 'create', 'update'],
  };
  const whatever = { apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true, verbs: ['*'] };
  return [
    // Of a ServiceAccount all requests are one flow: renewals of the Lease go before the others, and those of the operator beside those of
    // Kubernetes' controllers, before what people and deployment tools write (the smaller precedence is looked at first; Kubernetes' own
    // for ServiceAccounts is 9000).
    flowSchema(LEADER_FLOW, 'leader-election', 200, [{ subjects: operator, resourceRules: [renewals] }]),
    flowSchema(OPERATOR_FLOW, 'workload-high', 1000, [{ subjects: operator, resourceRules: [whatever] }]),
  ];
};

const flowSchema = (
  name: string,
  level: string,
  matchingPrecedence: number,
  rules: readonly object[],
): RequestFlow => ({
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'FlowSchema',
  metadata: { name, labels: installationLabels },
  spec: {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence,
    distinguisherMethod: { type: 'ByUser' },
    rules,
  },
});
