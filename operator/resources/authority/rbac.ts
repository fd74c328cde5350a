// RBAC objects: those that grants become, and the shipped ClusterRoles they are bound to.

import { labels, MANAGED_BY } from '../annotations.ts';
import { placeOf, type Grant } from './compile.ts';
import { defaultInstallation, installationLabels, type Installation } from './installation.ts';
import {
  clusterSets,
  everyone,
  namespaceSets,
  objectSets,
  serviceSets,
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

/** An RBAC object, and one of the grants that it stands for: they differ in the group alone. */
export interface PlacedRbac {
  readonly object: RbacObject;
  readonly grant: Grant;
}

/**
 * The RBAC objects that stand for `grants`, in the order in which they can be applied. Roles are per object, bindings list all groups
 * that hold a set there, so names say what is given and where (`dataall:environment:sales-prod:owner`), and never hold a group.
 */
export function placeRbac(
  grants: readonly Grant[],
  installation: Pick<Installation, 'groupPrefix'> = defaultInstallation,
): PlacedRbac[] {
  const places = new RbacPlaces();
  places.add(grants);
  return [...places.objects(installation)].flat();
}

/** Gathers grants by their place; for who has to pause between them. */
export class RbacPlaces {
  readonly #places = new Map<string, { readonly grant: Grant; readonly groups: Set<string> }>();

  add(grants: readonly Grant[]): void {
    for (const grant of grants) {
      const key = placeOf(grant);
      const place = this.#places.get(key) ?? { grant, groups: new Set() };
      place.groups.add(grant.group);
      this.#places.set(key, place);
    }
  }

  /** Those of one place after the other. */
  *objects({ groupPrefix }: Pick<Installation, 'groupPrefix'>): Iterable<readonly PlacedRbac[]> {
    for (const [, { grant, groups }] of [...this.#places].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const subjects = [...groups].toSorted().map((group) => groupSubject(groupPrefix + group));
      yield objectsFor(grant, subjects).map((object) => ({ object, grant }));
    }
  }
}

export const toRbac = (...given: Parameters<typeof placeRbac>): RbacObject[] =>
  placeRbac(...given).map(({ object }) => object);

const groupSubject = (name: string): Subject => ({ kind: 'Group', apiGroup: API_GROUP, name });

function objectsFor(grant: Grant, subjects: readonly Subject[]): RbacObject[] {
  switch (grant.scope) {
    case 'Cluster':
      return bindings(sharedRoleName(grant.set), 'ClusterRole', subjects);
    case 'Namespace':
      return bindings(sharedRoleName(grant.set), 'ClusterRole', subjects, grant.namespace);
    case 'Object': {
      const { resource, verbs } = objectSets[grant.set];
      const [kind, role] = splitOnce(grant.set);
      const name = `${objectRolePrefix(kind, grant.name)}${role}`;
      const rules = [{ apiGroups: ['dataall.io'], resources: [resource], resourceNames: [grant.name], verbs }];
      const roleKind = grant.namespace === undefined ? 'ClusterRole' : 'Role';
      return [
        { apiVersion: API_VERSION, kind: roleKind, metadata: metadata(name, grant.namespace), rules },
        ...bindings(name, roleKind, subjects, grant.namespace),
      ];
    }
  }
}

/** What the names of all roles and bindings on one object begin with. */
export const objectRolePrefix = (kind: string, name: string): string => `dataall:${kind.toLowerCase()}:${name}:`;

function splitOnce(set: string): [string, string] {
  const at = set.indexOf('-');
  return [set.slice(0, at), set.slice(at + 1)];
}

/**
 * Of subjects in one binding. etcd takes 1.5 MiB a request, and every watcher gets the whole object with each change; 500 groups of 128
 * four-byte characters are 300 KiB.
 */
const LARGEST_BINDING_BYTES = 256 * 1024;

/** One binding of the role's own name, or as many as it takes. */
function bindings(
  role: string,
  roleKind: 'Role' | 'ClusterRole',
  subjects: readonly Subject[],
  namespace?: string,
): RbacBinding[] {
  return [...partsOf(subjects)].map(([part, members]) =>
    binding(part === '' ? role : `${role}:${part}`, roleKind, role, members, namespace),
  );
}

/** By a hash of its name, so that a group stays in its binding while others come and go. */
function partsOf(subjects: readonly Subject[]): ReadonlyMap<string, readonly Subject[]> {
  const total = subjects.reduce((sum, subject) => sum + bytesOf(subject), 0);
  if (total <= LARGEST_BINDING_BYTES) return new Map([['', subjects]]);
  // Half full, to hold what is uneven; doubled, to change seldom.
  const count = 2 ** Math.ceil(Math.log2((2 * total) / LARGEST_BINDING_BYTES));
  const parts = Map.groupBy(subjects, ({ name }) => hashOf(name) % count);
  return new Map(
    [...parts]
      .toSorted(([a], [b]) => a - b)
      .flatMap(([index, members]) =>
        // Names can be chosen to share a hash.
        cut(members).map((piece, at): [string, readonly Subject[]] => [
          `${index}-of-${count}${at === 0 ? '' : `.${at}`}`,
          piece,
        ]),
      ),
  );
}

/** In pieces that are small enough, in order. */
function cut(subjects: readonly Subject[]): readonly (readonly Subject[])[] {
  const pieces: Subject[][] = [];
  let left = 0;
  for (const subject of subjects) {
    const bytes = bytesOf(subject);
    if (bytes > left) {
      pieces.push([]);
      left = LARGEST_BINDING_BYTES;
    }
    left -= bytes;
    pieces.at(-1)?.push(subject);
  }
  return pieces;
}

/** As JSON, or a little more. */
const bytesOf = ({ name }: Subject): number => Buffer.byteLength(name) + 80;

/** FNV-1a. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

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
  const roles = Object.entries({ ...sharedSets, ...serviceSets, everyone }).map(
    ([set, { description, rules }]): RbacRole => ({
      apiVersion: API_VERSION,
      kind: 'ClusterRole',
      metadata: {
        name: sharedRoleName(set),
        labels: installationLabels,
        annotations: { 'kubernetes.io/description': description },
      },
      rules,
    }),
  );
  const name = sharedRoleName('everyone');
  const toEveryone: RbacBinding = {
    ...binding(name, 'ClusterRole', name, [groupSubject('system:authenticated')]),
    metadata: { name, labels: installationLabels },
  };
  return [...roles, toEveryone];
}
