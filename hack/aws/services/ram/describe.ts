// The wire form of shares, associations and invitations.
import type {
  ResourceShare as ShareView,
  ResourceShareAssociation as AssociationView,
  ResourceShareInvitation as InvitationView,
} from '@aws-sdk/client-ram';
import type { World } from '../../core/world.ts';
import { sharesWithinOrganization } from './organization-sharing.ts';
import type { Invitation, ResourceShare, SharePrincipal, ShareResource } from './ram-state.ts';
import { invitationStatus, principalStatus } from './ram-state.ts';

export const shareView = (share: ResourceShare): ShareView => ({
  resourceShareArn: share.arn,
  name: share.name,
  owningAccountId: share.owner,
  allowExternalPrincipals: true,
  status: 'ACTIVE',
  creationTime: new Date(share.createdAt),
  lastUpdatedTime: new Date(share.updatedAt),
  featureSet: 'STANDARD',
});

export const resourceAssociationView = (share: ResourceShare, resource: ShareResource): AssociationView => ({
  resourceShareArn: share.arn,
  resourceShareName: share.name,
  associatedEntity: resource.arn,
  associationType: 'RESOURCE',
  status: 'ASSOCIATED',
  creationTime: new Date(resource.since),
  lastUpdatedTime: new Date(resource.since),
  external: false,
});

export const principalAssociationView = (
  world: World,
  share: ResourceShare,
  principal: SharePrincipal,
): AssociationView => ({
  resourceShareArn: share.arn,
  resourceShareName: share.name,
  associatedEntity: principal.account,
  associationType: 'PRINCIPAL',
  status: principalStatus(world, share, principal),
  creationTime: new Date(principal.since),
  lastUpdatedTime: new Date(principal.updated),
  external: !sharesWithinOrganization(world, share.owner, principal.account),
});

export const invitationView = (world: World, invitation: Invitation): InvitationView => ({
  resourceShareInvitationArn: invitation.arn,
  resourceShareArn: invitation.shareArn,
  resourceShareName: invitation.shareName,
  senderAccountId: invitation.sender,
  receiverAccountId: invitation.receiver,
  invitationTimestamp: new Date(invitation.sentAt),
  status: invitationStatus(world, invitation),
});
