// The permissions people can hold, as data: each is a fixed ClusterRole, or (for single objects) the verbs of a Role made for it.
//
// RBAC is the coarse half: it limits neither `create` nor fields, and a server-side apply that creates needs `patch`. Admission policies
// decide per object, but only after a patch was applied to what is stored: whether a `test` of JSON patch holds, what a conflict or a
// schema makes of a copied value, is told to whom RBAC lets in, whatever policies say later. So **who may patch, update or delete may
// read**: in namespaces the sets have both, and of kinds without a namespace only single objects are changed. Nobody is given
// `*/status`, `*/finalizers` or `deletecollection`.

import { verbs } from '../annotations.ts';
import type { tenantPermissions } from '../tenant.ts';
import { namespacedResources, ourResources, type OurResource } from './resources.ts';

export type TenantPermission = (typeof tenantPermissions)[number];

/** https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/role-v1/ */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface PermissionSet {
  readonly description: string;
  /** What the group must be allowed by the Tenant to have this. */
  readonly needs?: TenantPermission;
}

/** Bound in a namespace or in the whole cluster: a shipped ClusterRole. */
export interface SharedSet extends PermissionSet {
  readonly rules: readonly PolicyRule[];
}

/** On one object: a Role or ClusterRole of its own, with its name. */
export interface ObjectSet extends PermissionSet {
  readonly resource: OurResource;
  readonly verbs: readonly string[];
}

const read = ['get', 'list', 'watch'] as const;
const createOrApply = ['create', 'patch'] as const;
const write = ['create', 'update', 'patch', 'delete'] as const;
const change = ['update', 'patch', 'delete'] as const;

const ours = (resources: readonly OurResource[], allowed: readonly string[]): PolicyRule => ({
  apiGroups: ['dataall.io'],
  resources,
  verbs: allowed,
});

/** What `kubectl describe` shows. */
const readEvents: PolicyRule = { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: read };

/** How many objects there are, and may be. */
const readQuota: PolicyRule = { apiGroups: [''], resources: ['resourcequotas'], verbs: read };

/** Held in an environment's namespace. */
export const namespaceSets = {
  'environment-member': {
    description: 'See what is in an environment. Every team of it has this.',
    rules: [ours(namespacedResources, read), readEvents, readQuota],
  },
  'team-manager': {
    description: 'Invite, change and remove teams. The owner of an environment has this.',
    needs: 'MANAGE_ENVIRONMENTS',
    rules: [ours(['teams'], [...read, ...write])],
  },
  'team-inviter': {
    description: 'Invite teams, for teams with INVITE_ENVIRONMENT_GROUP.',
    needs: 'MANAGE_ENVIRONMENTS',
    rules: [ours(['teams'], [...read, ...createOrApply])],
  },
  'dataset-creator': {
    description:
      'Create and import datasets, for teams with CREATE_DATASET. (Changing one is a right on it; policies say whose may be deleted.)',
    needs: 'MANAGE_DATASETS',
    // A right on an object ends with the object: deleting a list of files again, of which some are gone, would be refused for those.
    rules: [
      ours(['datasets'], [...read, ...createOrApply, 'delete']),
      ours(['shareapprovals', 'datasettables'], [...read, 'delete']),
    ],
  },
  'consumption-role-manager': {
    description: 'Register roles that may be given access, for teams with ADD_ENVIRONMENT_CONSUMPTION_ROLES.',
    needs: 'MANAGE_ENVIRONMENTS',
    rules: [ours(['consumptionroles'], [...read, ...write])],
  },
  'share-requester': {
    description: 'Ask for access, for teams with CREATE_SHARE_OBJECT.',
    needs: 'MANAGE_SHARES',
    rules: [ours(['sharerequests'], [...read, ...write, verbs.verify, verbs.reapply])],
  },
  'share-approver': {
    description:
      'Write decisions, for owners and stewards of datasets in the namespace; policies ask for `approve` on each.',
    needs: 'MANAGE_SHARES',
    rules: [ours(['shareapprovals'], [...read, ...write]), readEvents],
  },
  'table-editor': {
    description:
      'Describe and filter tables, for owners and stewards of datasets in the namespace; policies decide on each.',
    needs: 'MANAGE_DATASETS',
    rules: [ours(['datasettables'], [...read, ...write]), readEvents],
  },
} as const satisfies Readonly<Record<string, SharedSet>>;

/** Held in the whole cluster. */
export const clusterSets = {
  'platform-admin': {
    description: 'Administer the installation. Neither decides about requests nor acts for groups.',
    rules: [
      ours(ourResources, [...read, ...write]),
      ours(['organizations'], [verbs.link, verbs.invite, verbs.uninvite]),
      ours(['environments'], [verbs.import]),
      // Of what goes on in AWS they see the state, and have it looked after. They read no catalogue and have nobody's keys.
      ours(['environments', 'teams', 'datasets'], [verbs.stack]),
      ours(['datasets', 'sharerequests'], [verbs.verify, verbs.reapply]),
      readEvents,
    ],
  },
  auditor: {
    description: 'See every object and its stack, and change nothing.',
    rules: [
      ours(ourResources, read),
      ours(['environments', 'teams', 'datasets'], [verbs.stack]),
      readEvents,
      readQuota,
    ],
  },
  'account-linker': {
    description: 'Create environments, for who may link accounts to an organization; policies ask for `link` on it.',
    needs: 'MANAGE_ENVIRONMENTS',
    rules: [ours(['environments'], ['create'])],
  },
} as const satisfies Readonly<Record<string, SharedSet>>;

/** Held by every authenticated user; the policies `owner` and `tenant-permissions` decide for whom an organization may be made. */
export const everyone = {
  description: 'Create organizations for a group of one’s own, as in data.all.',
  rules: [ours(['organizations'], ['create'])],
} as const satisfies SharedSet;

/** Shipped for services of the installation, and bound to nobody by the operator. */
export const serviceSets = {
  'catalog-reader': {
    description: 'Read what the catalogue has of every dataset, for the indexer.',
    rules: [ours(['datasets'], [verbs.catalog])],
  },
} as const satisfies Readonly<Record<string, SharedSet>>;

/** Held on one object. */
export const objectSets = {
  'organization-viewer': { resource: 'organizations', verbs: read, description: 'See the organization.' },
  'organization-owner': {
    resource: 'organizations',
    verbs: [...read, ...change, verbs.invite, verbs.uninvite],
    needs: 'MANAGE_ORGANIZATIONS',
    description: 'Change and delete the organization.',
  },
  'organization-linker': {
    resource: 'organizations',
    verbs: [...read, verbs.link],
    needs: 'MANAGE_ENVIRONMENTS',
    description: 'Link AWS accounts to the organization.',
  },
  'organization-inviter': {
    resource: 'organizations',
    verbs: [...read, 'update', 'patch', verbs.invite],
    needs: 'MANAGE_ORGANIZATIONS',
    description: 'Add groups to the organization.',
  },
  'organization-remover': {
    resource: 'organizations',
    verbs: [...read, 'update', 'patch', verbs.uninvite],
    needs: 'MANAGE_ORGANIZATIONS',
    description: 'Remove groups from the organization.',
  },
  'environment-viewer': {
    resource: 'environments',
    verbs: [...read, verbs.stack],
    description: 'See the environment and its stack.',
  },
  'environment-owner': {
    resource: 'environments',
    verbs: [...read, ...change, verbs.import, verbs.credentials, verbs.console],
    needs: 'MANAGE_ENVIRONMENTS',
    description: 'Change and delete the environment, import its buckets and roles, work in AWS as its role.',
  },
  'team-member': {
    resource: 'teams',
    verbs: [...read, verbs.credentials, verbs.console, verbs.stack],
    needs: 'MANAGE_ENVIRONMENTS',
    description: 'Work in AWS as the role of the team, see its stack. Members of its group have this.',
  },
  'dataset-viewer': {
    resource: 'datasets',
    verbs: [...read, verbs.catalog, verbs.stack],
    description: 'See the dataset, its tables and its stack.',
  },
  'dataset-owner': {
    resource: 'datasets',
    verbs: [...read, ...change, verbs.credentials, verbs.console],
    needs: 'MANAGE_DATASETS',
    description: 'Change and delete the dataset, work in AWS as its role.',
  },
  'dataset-approver': {
    resource: 'datasets',
    verbs: [...read, verbs.approve, verbs.verify, verbs.reapply],
    needs: 'MANAGE_SHARES',
    description: 'Decide about requests for the dataset, change its filters, have its shares looked after.',
  },
} as const satisfies Readonly<Record<string, ObjectSet>>;

export type NamespaceSetName = keyof typeof namespaceSets;
export type ClusterSetName = keyof typeof clusterSets;
export type ObjectSetName = keyof typeof objectSets;
