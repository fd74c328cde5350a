// Groups that somebody here has spoken of: what the identity provider has beside them, nobody tells us.
import { environmentKind } from '../../resources/environment.ts';
import { membersOf, organizationKind } from '../../resources/organization.ts';
import { teamKind } from '../../resources/team.ts';
import { tenantKind } from '../../resources/tenant.ts';
import type { Platform } from './platform.ts';

/** Owners and teams of the organization, groups of Teams in the environment, administrators and auditors of the installation. */
export const groupsAround = (
  { specs, stores }: Pick<Platform, 'specs' | 'stores'>,
  namespace: string,
): ReadonlySet<string> => {
  const environment = specs.environment(namespace);
  const organization = environment && specs.organization(environment.spec.organization);
  const tenant = stores.get(tenantKind).get(undefined, 'default')?.spec;
  return new Set([
    ...(organization === undefined ? [] : membersOf(organization)),
    ...(environment === undefined ? [] : [environment.spec.owner]),
    ...stores
      .get(teamKind)
      .list(namespace)
      .map(({ spec }) => spec.group),
    ...(tenant?.administrators ?? []),
    ...(tenant?.auditors ?? []),
  ]);
};

/** Those of `groups` that an Organization, an Environment or a Team names, wherever. */
export const groupsAnywhere = (
  { stores }: Pick<Platform, 'stores'>,
  groups: readonly string[],
): ReadonlySet<string> => {
  const unknown = new Set(groups);
  for (const { spec } of stores.get(teamKind).list()) unknown.delete(spec.group);
  for (const { spec } of stores.get(environmentKind).list()) unknown.delete(spec.owner);
  for (const organization of stores.get(organizationKind).list())
    for (const group of membersOf(organization)) unknown.delete(group);
  return new Set(groups.filter((group) => !unknown.has(group)));
};
