// Who asks and decides in the benchmark: people like others, whom the API server makes wait their turn. An administrator of the cluster
// (system:masters) is exempt from its fairness, and so would measure another thing.
import type { KubeConfig } from '@kubernetes/client-node';
import type { KubeObject } from '../../operator/kernel/kind.ts';
import { group } from '../../operator/resources/kind.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { applyManifests } from '../control-plane/manifests.ts';

/** Newcomers and askers alike: one group asks for all of them. */
export const CONSUMING_GROUP = 'analysts';
export const PRODUCING_GROUP = 'producers';
export const FLOODING_GROUP = 'flooders';

const groupsOf = {
  asker: [CONSUMING_GROUP],
  decider: [PRODUCING_GROUP],
  // Of the same groups, but not the same people.
  floodingAsker: [CONSUMING_GROUP, FLOODING_GROUP],
  floodingDecider: [PRODUCING_GROUP],
} as const;

export type Person = keyof typeof groupsOf;

const ROLE = 'bench-people';

/** Makes them. What RBAC lets them do to all objects, admission narrows to those of their groups. */
export const addPeople = async (controlPlane: ControlPlane): Promise<Readonly<Record<Person, KubeConfig>>> => {
  const rules = [{ apiGroups: [group], resources: ['*'], verbs: ['get', 'create', 'delete', 'approve'] }];
  const people = Object.entries(groupsOf).map(([name, groups]) => ({ name, groups }));
  const subjects = people.map(({ name }) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }));
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ROLE };
  const metadata = { name: ROLE };
  await applyManifests(controlPlane.kubeconfig(), [
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules } as KubeObject,
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef,
      subjects,
    } as KubeObject,
  ]);
  const entries = await Promise.all(people.map(async (person) => [person.name, await controlPlane.addUser(person)]));
  return Object.fromEntries(entries) as Record<Person, KubeConfig>;
};
