// RBAC objects: those that grants become, and the shipped ClusterRoles they are bound to.

import { labels, MANAGED_BY } from '../annotations.ts';
import type { Grant } from './compile.ts';
import { defaultInstallation, installationLabels, type Installation } from './installation.ts';
import {
  clusterSets,
  everyone,
  namespaceSets,
  objectSets,
  type PolicyRule,
  type SharedSet,
} from './permission-sets.ts';

const API_VERSION = 'rbac.authorization.k8s.io/v1';
const API_GROUP = 'rbac.authorization.k8s.io';

interface RbacMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RbacRole {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Role' | 'ClusterRole';
  readonly metadata: RbacMetadata;
  readonly rules: readonly PolicyRule[];
}

export type Subject =
  | { readonly kind: 'Group'; readonly apiGroup: typeof API_GROUP; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string };

export interface RbacBinding {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'RoleBinding' | 'ClusterRoleBinding';
  readonly metadata: RbacMetadata;
  readonly roleRef: {
    readonly apiGroup: typeof API_GROUP;
    readonly kind: 'Role' | 'ClusterRole';
    readonly name: string;
  };
  readonly subjects: readonly Subject[];
}

export type RbacObject = RbacRole | RbacBinding;

/** On what the operator makes; policy `operator` lets it touch no other RBAC object. */
const managed = { [labels.managedBy]: MANAGED_BY } as const;

/**
 * The RBAC objects that stand for `grants`, in the order in which they can be applied. Roles are per object, bindings list all groups
 * that hold a set there, so names say what is given and where (`dataall:environment:sales-prod:owner`), and never hold a group.
 */
export function toRbac(
  grants: readonly Grant[],
  installation: Pick<Installation, 'groupPrefix'> = defaultInstallation,
): RbacObject[] {
  const byPlace = Map.groupBy(grants, placeOf);
  const places = [...byPlace.keys()].toSorted();
  return places.flatMap((place) => {
    const held = byPlace.get(place) ?? [];
    const groups = [...new Set(held.map(({ group }) => installation.groupPrefix + group))].toSorted();
    const [grant] = held;
    return grant === undefined ? [] : objectsFor(grant, groups.map(groupSubject));
  });
}

/** An RBAC object as the API server lists it. */
export interface ObservedRbac {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** Everything of `observed` that `desired` no longer has, and that is ours to delete; bindings first. */
export function staleRbac<Observed extends ObservedRbac>(
  observed: readonly Observed[],
  desired: readonly RbacObject[],
): Observed[] {
  const wanted = new Set(desired.map(rbacKey));
  return observed
    .filter((object) => object.metadata.labels?.[labels.managedBy] === MANAGED_BY && !wanted.has(rbacKey(object)))
    .toSorted((a, b) => Number(isRole(a)) - Number(isRole(b)));
}

/** Tells RBAC objects apart: kind, namespace and name. */
export const rbacKey = ({ kind, metadata }: ObservedRbac): string =>
  `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;

const isRole = ({ kind }: ObservedRbac): boolean => kind === 'Role' || kind === 'ClusterRole';

/** Where and as what: grants that differ in the group alone share their objects. */
function placeOf(grant: Grant): string {
  const parts = Object.entries(grant).filter(([key]) => key !== 'group');
  return JSON.stringify(parts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const groupSubject = (name: string): Subject => ({ kind: 'Group', apiGroup: API_GROUP, name });

function objectsFor(grant: Grant, subjects: readonly Subject[]): RbacObject[] {
  switch (grant.scope) {
    case 'Cluster':
      return [binding(sharedRoleName(grant.set), 'ClusterRole', sharedRoleName(grant.set), subjects)];
    case 'Namespace': {
      const name = sharedRoleName(grant.set);
      return [binding(name, 'ClusterRole', name, subjects, grant.namespace)];
    }
    case 'Object': {
      const { resource, verbs } = objectSets[grant.set];
      const [kind, role] = splitOnce(grant.set);
      const name = `dataall:${kind}:${grant.name}:${role}`;
      const rules = [{ apiGroups: ['dataall.io'], resources: [resource], resourceNames: [grant.name], verbs }];
      const roleKind = grant.namespace === undefined ? 'ClusterRole' : 'Role';
      return [
        { apiVersion: API_VERSION, kind: roleKind, metadata: metadata(name, grant.namespace), rules },
        binding(name, roleKind, name, subjects, grant.namespace),
      ];
    }
  }
}

function splitOnce(set: string): [string, string] {
  const at = set.indexOf('-');
  return [set.slice(0, at), set.slice(at + 1)];
}

function binding(
  name: string,
  roleKind: 'Role' | 'ClusterRole',
  role: string,
  subjects: readonly Subject[],
  namespace?: string,
): RbacBinding {
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: metadata(name, namespace),
    roleRef: { apiGroup: API_GROUP, kind: roleKind, name: role },
    subjects,
  };
}

const metadata = (name: string, namespace?: string): RbacMetadata => ({
  name,
  ...(namespace !== undefined && { namespace }),
  labels: managed,
});

const sharedRoleName = (set: string): string => `dataall:${set}`;

const sharedSets: Readonly<Record<string, SharedSet>> = { ...clusterSets, ...namespaceSets };

/** Names of the ClusterRoles that the operator may bind. */
export const bindableRoles: readonly string[] = Object.keys(sharedSets).map(sharedRoleName);

/** The ClusterRoles of the permission sets, and the binding of what every authenticated user may do. */
export function shippedRoles(): RbacObject[] {
  const roles = Object.entries({ ...sharedSets, everyone }).map(([set, { description, rules }]): RbacRole => ({
    apiVersion: API_VERSION,
    kind: 'ClusterRole',
    metadata: {
      name: sharedRoleName(set),
      labels: installationLabels,
      annotations: { 'kubernetes.io/description': description },
    },
    rules,
  }));
  const name = sharedRoleName('everyone');
  const toEveryone: RbacBinding = {
    ...binding(name, 'ClusterRole', name, [groupSubject('system:authenticated')]),
    metadata: { name, labels: installationLabels },
  };
  return [...roles, toEveryone];
}
