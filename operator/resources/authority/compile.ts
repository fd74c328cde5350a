// Who may do what, as a pure function of the specs. The operator makes RBAC of it (rbac.ts), the gateway its row filters.

import type { Dataset } from '../dataset.ts';
import type { Environment } from '../environment.ts';
import { membersOf, type Organization } from '../organization.ts';
import { compareAge } from '../age.ts';
import type { Team } from '../team.ts';
import type { Tenant } from '../tenant.ts';
import {
  clusterSets,
  namespaceSets,
  objectSets,
  type ClusterSetName,
  type NamespaceSetName,
  type ObjectSetName,
  type PermissionSet,
  type SharedSet,
  type TenantPermission,
} from './permission-sets.ts';

/** What rights follow from. Objects in namespaces that are not (yet) an environment's give no rights there. */
export interface RbacInputs {
  readonly tenant?: Pick<Tenant, 'spec'> | undefined;
  readonly organizations: readonly Pick<Organization, 'metadata' | 'spec'>[];
  /** Those whose `status.namespace` is not set have no namespace we may give rights in. */
  readonly environments: readonly EnvironmentInWorld[];
  readonly teams: readonly Pick<Team, 'metadata' | 'spec'>[];
  readonly datasets: readonly Pick<Dataset, 'metadata' | 'spec'>[];
}

type EnvironmentInWorld = Pick<Environment, 'metadata' | 'spec'> & {
  readonly status: Pick<Environment['status'], 'namespace'>;
};

/** A group has a permission set: everywhere, in a namespace, or on one object. */
export type Grant = { readonly group: string } & (
  | { readonly scope: 'Cluster'; readonly set: ClusterSetName }
  | { readonly scope: 'Namespace'; readonly set: NamespaceSetName; readonly namespace: string }
  | { readonly scope: 'Object'; readonly set: ObjectSetName; readonly name: string; readonly namespace?: string }
);

/** Every right that follows from the specs, once each, in no particular order. */
export function compile(inputs: RbacInputs): Grant[] {
  const grants = [...compileByObject(inputs)].flat();
  return [...new Map(grants.map((grant) => [`${placeOf(grant)} ${grant.group}`, grant])).values()];
}

/** The rights that follow from one object after the other; what several give is among those of each. */
export function* compileByObject(inputs: RbacInputs): Iterable<readonly Grant[]> {
  const index = indexOf(inputs);
  const allowed = (grants: readonly Grant[]): readonly Grant[] =>
    grants.filter((grant) => tenantAllows(inputs.tenant, index.limits, grant));
  yield allowed(platformGrants(inputs));
  for (const organization of inputs.organizations) yield allowed(organizationGrants(organization));
  for (const environment of inputs.environments) yield allowed(environmentGrants(environment, index));
  for (const dataset of inputs.datasets) yield allowed(datasetGrants(dataset, index));
}

/** Where and as what: grants that differ in the group alone share their RBAC objects. */
export const placeOf = (grant: Grant): string =>
  [grant.scope, grant.set, 'namespace' in grant ? (grant.namespace ?? '') : '', 'name' in grant ? grant.name : ''].join(
    ' ',
  );

/** What is looked up for each object, so that nothing is walked through for each of many. */
interface RbacIndex {
  readonly organizations: ReadonlyMap<string, RbacInputs['organizations'][number]>;
  readonly environments: ReadonlyMap<string, EnvironmentInWorld>;
  /** By namespace, the oldest first. */
  readonly teams: ReadonlyMap<string, RbacInputs['teams']>;
  readonly limits: Limits;
}

/** What a group is limited to. */
type Limits = ReadonlyMap<string, readonly TenantPermission[]>;

const indexOf = (inputs: RbacInputs): RbacIndex => ({
  organizations: new Map(inputs.organizations.map((one) => [one.metadata.name, one])),
  environments: new Map(inputs.environments.map((one) => [one.metadata.name, one])),
  teams: Map.groupBy(inputs.teams.toSorted(compareAge), ({ metadata }) => metadata.namespace),
  limits: new Map(inputs.tenant?.spec.permissions?.map(({ group, permissions }) => [group, permissions])),
});

function platformGrants({ tenant }: RbacInputs): Grant[] {
  const everywhere = (groups: readonly string[] | undefined, set: ClusterSetName) =>
    (groups ?? []).map((group): Grant => ({ group, scope: 'Cluster', set }));
  return [
    ...everywhere(tenant?.spec.administrators, 'platform-admin'),
    ...everywhere(tenant?.spec.auditors, 'auditor'),
  ];
}

function organizationGrants({ metadata: { name }, spec }: RbacInputs['organizations'][number]): Grant[] {
  const on = (group: string, ...sets: ObjectSetName[]) => onObject(group, { name }, sets);
  const linker = (group: string): Grant => ({ group, scope: 'Cluster', set: 'account-linker' });
  return [
    ...on(spec.owner, 'organization-viewer', 'organization-owner', 'organization-linker'),
    linker(spec.owner),
    ...(spec.teams ?? []).flatMap(({ group, permissions }) => [
      ...on(group, 'organization-viewer'),
      ...permissions.flatMap((permission): Grant[] => {
        switch (permission) {
          case 'LINK_ENVIRONMENT':
            return [...on(group, 'organization-linker'), linker(group)];
          case 'INVITE_ORGANIZATION_GROUP':
            return on(group, 'organization-inviter');
          case 'REMOVE_ORGANIZATION_GROUP':
            return on(group, 'organization-remover');
        }
      }),
    ]),
  ];
}

function environmentGrants(environment: EnvironmentInWorld, index: RbacIndex): Grant[] {
  const { name } = environment.metadata;
  const { owner } = environment.spec;
  const organization = index.organizations.get(environment.spec.organization);
  const teams = teamsOf(environment, organization, index);
  const here = (group: string, ...sets: NamespaceSetName[]) => inNamespace(group, environment, sets);
  return [
    ...onObject(owner, { name }, ['environment-viewer', 'environment-owner']),
    ...here(
      owner,
      'environment-member',
      'team-manager',
      'dataset-creator',
      'consumption-role-manager',
      'share-requester',
    ),
    ...(organization === undefined ? [] : onObject(organization.spec.owner, { name }, ['environment-viewer'])),
    ...teams.flatMap(({ metadata: team, spec: { group, permissions } }) => [
      ...onObject(group, { name }, ['environment-viewer']),
      ...here(group, 'environment-member'),
      ...(environment.status.namespace === undefined
        ? []
        : onObject(group, { namespace: name, name: team.name }, ['team-member'])),
      ...permissions.flatMap((permission): Grant[] => {
        switch (permission) {
          case 'CREATE_DATASET':
            return here(group, 'dataset-creator');
          case 'CREATE_SHARE_OBJECT':
            return here(group, 'share-requester');
          case 'ADD_ENVIRONMENT_CONSUMPTION_ROLES':
            return here(group, 'consumption-role-manager');
          case 'INVITE_ENVIRONMENT_GROUP':
            return here(group, 'team-inviter');
          case 'RUN_ATHENA_QUERY':
            return []; // a right in AWS: the team's role and workgroup have it
        }
      }),
    ]),
  ];
}

/** A group counts once, by its oldest Team, and only while its organization invites it. */
function teamsOf(
  environment: EnvironmentInWorld,
  organization: RbacInputs['organizations'][number] | undefined,
  { teams }: RbacIndex,
): RbacInputs['teams'] {
  const invited = new Set([environment.spec.owner, ...(organization === undefined ? [] : membersOf(organization))]);
  const here = (teams.get(environment.metadata.name) ?? []).filter(({ spec }) => invited.has(spec.group));
  // Of entries with one key the last one stays, and the youngest come first here.
  return [...new Map(here.toReversed().map((team) => [team.spec.group, team])).values()];
}

function datasetGrants({ metadata, spec }: RbacInputs['datasets'][number], index: RbacIndex): Grant[] {
  const environment = index.environments.get(metadata.namespace);
  if (environment?.status.namespace === undefined) return [];
  const { namespace, name } = metadata;
  const deciders = [...new Set([spec.owner, ...(spec.stewards ?? [])])];
  return [
    ...onObject(spec.owner, { namespace, name }, ['dataset-owner']),
    ...deciders.flatMap((group) => onObject(group, { namespace, name }, ['dataset-viewer'])),
    // Of one that is going nobody decides any more: whoever makes the next one of the name shall not find decisions about it.
    ...(metadata.deletionTimestamp === undefined ? deciders : []).flatMap((group) => [
      ...onObject(group, { namespace, name }, ['dataset-approver']),
      ...inNamespace(group, environment, ['share-approver', 'table-editor']),
    ]),
  ];
}

const onObject = (
  group: string,
  object: { namespace?: string; name: string },
  sets: readonly ObjectSetName[],
): Grant[] => sets.map((set) => ({ group, scope: 'Object', set, ...object }));

const inNamespace = (group: string, environment: EnvironmentInWorld, sets: readonly NamespaceSetName[]): Grant[] =>
  environment.status.namespace === undefined
    ? []
    : sets.map((set) => ({ group, scope: 'Namespace', set, namespace: environment.metadata.name }));

/** A group that the Tenant does not list may do everything; in NoAccess only administrators have rights. */
function tenantAllows(tenant: RbacInputs['tenant'], limits: Limits, grant: Grant): boolean {
  if (grant.set === 'platform-admin') return true;
  if (tenant?.spec.maintenance?.mode === 'NoAccess') return false;
  const limit = limits.get(grant.group);
  const needed = setOf(grant).needs;
  return needed === undefined || limit === undefined || limit.includes(needed);
}

function setOf(grant: Grant): PermissionSet {
  switch (grant.scope) {
    case 'Cluster':
      return clusterSets[grant.set];
    case 'Namespace':
      return namespaceSets[grant.set];
    case 'Object':
      return objectSets[grant.set];
  }
}

/** One thing a group may do. Without a name: on every object of the resource; without a namespace: everywhere, or cluster-scoped. */
export interface Fact {
  readonly group: string;
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** The grants taken apart, for those who ask about single objects. */
export function factsOf(grants: readonly Grant[]): Fact[] {
  return grants.flatMap((grant): Fact[] => {
    const { group } = grant;
    if (grant.scope === 'Object') {
      const { resource, verbs } = objectSets[grant.set];
      const { name, namespace } = grant;
      const where = { name, ...(namespace !== undefined && { namespace }) };
      return verbs.map((verb) => ({ group, verb, apiGroup: 'dataall.io', resource, ...where }));
    }
    const { rules }: SharedSet = grant.scope === 'Cluster' ? clusterSets[grant.set] : namespaceSets[grant.set];
    const where = grant.scope === 'Namespace' ? { namespace: grant.namespace } : {};
    return rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((apiGroup) =>
        resources.flatMap((resource) => verbs.map((verb) => ({ group, verb, apiGroup, resource, ...where }))),
      ),
    );
  });
}

/** Whether any of `groups` may do `verb` on the object. */
export function allows(
  facts: readonly Fact[],
  groups: readonly string[],
  wanted: { readonly verb: string; readonly resource: string; readonly name: string; readonly namespace?: string },
): boolean {
  return facts.some(
    ({ group, verb, resource, name, namespace }) =>
      groups.includes(group) &&
      verb === wanted.verb &&
      resource === wanted.resource &&
      (name === undefined || name === wanted.name) &&
      (namespace === undefined || namespace === wanted.namespace),
  );
}
