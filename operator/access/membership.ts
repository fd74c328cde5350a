// Who is in an organization, and so may have something or give it.
import type { Environment } from '../resources/environment.ts';
import { membersOf, type Organization } from '../resources/organization.ts';
import type { Team } from '../resources/team.ts';

/**
 * Whose requests count, whether or not the group has a Team: who was taken out of the organization keeps nothing it was given. An
 * organization that is not there takes nobody out: a cluster that is rebuilt may have it a moment later.
 */
export const isMember = (organization: Organization | undefined, group: string): boolean =>
  organization === undefined || membersOf(organization).includes(group);

/**
 * An environment is in its organization for as long as its owner is: out of it, nothing of it is shared and nothing is given to it. Who asks
 * is told no more of the other side than whom to ask.
 */
export const isOwnerInvited = (environment: Environment | undefined, organization: Organization | undefined): boolean =>
  environment === undefined || isMember(organization, environment.spec.owner);

/** Its group is not in the organization any more, as the Team controller found: it keeps the role that was made, and nothing it was given. */
export const isUninvited = (team: Team | undefined): boolean =>
  team?.status.conditions?.some(({ type, reason }) => type === 'Ready' && reason === 'NotInvited') === true;
