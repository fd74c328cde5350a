// Which requests the API server serves before which others (API Priority and Fairness).
// https://kubernetes.io/docs/concepts/cluster-administration/flow-control/

import { group } from '../kind.ts';
import { installationLabels, SERVICE_ACCOUNT, type Installation } from './installation.ts';

interface FlowControl<K extends string> {
  readonly apiVersion: 'flowcontrol.apiserver.k8s.io/v1';
  readonly kind: K;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: object;
}

export type RequestFlow = FlowControl<'FlowSchema'> | FlowControl<'PriorityLevelConfiguration'>;

export const LEADER_FLOW = 'dataall-leader-election';
export const OPERATOR_FLOW = 'dataall-operator';
export const WRITES_FLOW = 'dataall-writes';

/**
 * What everybody but the operator writes of our kinds shares a handful of the API server's seats, in queues by user: one person's flood waits
 * for its own turns, and neither others' writes nor the operator's wait behind it. A write of 500 items costs the API server as much as
 * hundreds of small ones, and by its own levels it takes hundreds at once.
 *
 * The shares are one of some 250, of which Kubernetes ships 245: three seats of the 600 that an API server has by default. At 10 ms a write
 * that is 300 a second.
 */
const WRITES_SHARES = 1;
/**
 * Queues take turns, so a flood has as many turns as it has queues: two. Who shares both of them with it, of 8,128 pairs one, waits behind it.
 * https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#prioritylevelconfiguration
 */
const QUEUING = { queues: 128, handSize: 2, queueLengthLimit: 50 };

export const requestFlows = ({ namespace }: Installation): readonly RequestFlow[] => {
  const operator = [{ kind: 'ServiceAccount', serviceAccount: { namespace, name: SERVICE_ACCOUNT } }];
  const everybody = [{ kind: 'Group', group: { name: 'system:authenticated' } }];
  const renewals = {
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    namespaces: [namespace],
    verbs: ['get', 'create', 'update'],
  };
  const whatever = { apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true, verbs: ['*'] };
  const writes = {
    ...whatever,
    apiGroups: [group],
    verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
  };
  return [
    // Of a ServiceAccount all requests are one flow: renewals of the Lease go before the others, and those of the operator before
    // what people write (the smaller precedence is looked at first; Kubernetes' own for ServiceAccounts is 9000).
    flowSchema(LEADER_FLOW, 'leader-election', 200, [{ subjects: operator, resourceRules: [renewals] }]),
    flowSchema(OPERATOR_FLOW, 'workload-high', 1000, [{ subjects: operator, resourceRules: [whatever] }]),
    flowSchema(WRITES_FLOW, WRITES_FLOW, 2000, [{ subjects: everybody, resourceRules: [writes] }]),
    {
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'PriorityLevelConfiguration',
      metadata: { name: WRITES_FLOW, labels: installationLabels },
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: WRITES_SHARES,
          // Idle seats of others are no invitation: what a flood writes, all controllers have to read.
          borrowingLimitPercent: 0,
          limitResponse: { type: 'Queue', queuing: QUEUING },
        },
      },
    },
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
