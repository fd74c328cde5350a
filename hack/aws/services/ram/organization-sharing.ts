// Accounts of one AWS Organization that enabled resource sharing: between them RAM needs no invitation.
// https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html#getting-started-sharing-orgs
import type { World } from '../../core/world.ts';

interface OrganizationSharing {
  /** Account ids that share without invitations. */
  members: string[];
}

const state = (world: World): OrganizationSharing =>
  world.state<OrganizationSharing>('organization-sharing', 'global', 'global', () => ({ members: [] }));

/** Says which accounts form the organization with sharing enabled. One organization per world; `[]` (default) = none. */
export const shareWithinOrganization = (world: World, members: readonly string[]): void => {
  state(world).members = [...members];
};

export const sharesWithinOrganization = (world: World, one: string, other: string): boolean => {
  const { members } = state(world);
  return members.includes(one) && members.includes(other);
};
