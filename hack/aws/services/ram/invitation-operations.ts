// RAM operations of the account a share is offered to.
// https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
import type {
  AcceptResourceShareInvitationRequest,
  AcceptResourceShareInvitationResponse,
  GetResourceShareInvitationsRequest,
  GetResourceShareInvitationsResponse,
  ListPendingInvitationResourcesRequest,
  ListPendingInvitationResourcesResponse,
  RejectResourceShareInvitationRequest,
  RejectResourceShareInvitationResponse,
} from '@aws-sdk/client-ram';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { invitationView } from './describe.ts';
import type { Invitation } from './ram-state.ts';
import { invitationStatus, ramState, ramStates } from './ram-state.ts';
import { ramPage, readNeed } from './share-operations.ts';

const received = (call: Call): Invitation[] =>
  [...ramStates(call.world, call.region)]
    .flatMap((state) => [...state.invitations.values()])
    .filter((invitation) => invitation.receiver === call.account);

const receivedByArn = (call: Call, arn: string | undefined): Invitation => {
  const invitation = received(call).find((entry) => entry.arn === arn);
  if (!invitation)
    throw new AwsError(
      'ResourceShareInvitationArnNotFoundException',
      `ResourceShareInvitation ${arn ?? ''} could not be found.`,
    );
  return invitation;
};

const invitationNeed =
  (action: string) =>
  (input: { resourceShareInvitationArn?: string | undefined }, call: Call): readonly Need[] => {
    const invitation = receivedByArn(call, input.resourceShareInvitationArn);
    const context = { 'ram:ShareOwnerAccountId': invitation.sender, 'ram:ResourceShareName': invitation.shareName };
    // The invitation is the sender's object, yet answering it needs the receiver's consent only.
    return [{ action, resource: invitation.arn, context }];
  };

const getResourceShareInvitations = operation<GetResourceShareInvitationsRequest, GetResourceShareInvitationsResponse>({
  needs: readNeed('ram:GetResourceShareInvitations'),
  access: 'read',
  handle: (input, call) => {
    const invitations = received(call)
      .filter((entry) => !input.resourceShareInvitationArns || input.resourceShareInvitationArns.includes(entry.arn))
      .filter((entry) => !input.resourceShareArns || input.resourceShareArns.includes(entry.shareArn));
    const { items, next } = ramPage(invitations, input.nextToken, input.maxResults);
    return {
      resourceShareInvitations: items.map((entry) => invitationView(call.world, entry)),
      nextToken: next,
    };
  },
});

const acceptResourceShareInvitation = operation<
  AcceptResourceShareInvitationRequest,
  AcceptResourceShareInvitationResponse
>({
  needs: invitationNeed('ram:AcceptResourceShareInvitation'),
  access: 'write',
  handle: (input, call) => {
    const invitation = receivedByArn(call, input.resourceShareInvitationArn);
    answer(call, invitation, 'ACCEPTED');
    return { resourceShareInvitation: invitationView(call.world, invitation), clientToken: input.clientToken };
  },
});

const rejectResourceShareInvitation = operation<
  RejectResourceShareInvitationRequest,
  RejectResourceShareInvitationResponse
>({
  needs: invitationNeed('ram:RejectResourceShareInvitation'),
  access: 'write',
  handle: (input, call) => {
    const invitation = receivedByArn(call, input.resourceShareInvitationArn);
    answer(call, invitation, 'REJECTED');
    return { resourceShareInvitation: invitationView(call.world, invitation), clientToken: input.clientToken };
  },
});

const ALREADY = {
  ACCEPTED: 'ResourceShareInvitationAlreadyAcceptedException',
  REJECTED: 'ResourceShareInvitationAlreadyRejectedException',
  EXPIRED: 'ResourceShareInvitationExpiredException',
} as const;

const answer = (call: Call, invitation: Invitation, verdict: 'ACCEPTED' | 'REJECTED'): void => {
  const status = invitationStatus(call.world, invitation);
  if (status !== 'PENDING')
    throw new AwsError(ALREADY[status], `ResourceShareInvitation ${invitation.arn} is already ${status}.`);
  invitation.answer = verdict;
  const share = ramState(call.world, invitation.sender, call.region).shares.get(invitation.shareArn);
  const association = share?.principals.get(invitation.receiver);
  if (!association) return;
  association.status = verdict === 'ACCEPTED' ? 'ASSOCIATED' : 'FAILED';
  association.updated = call.world.clock.now();
};

const listPendingInvitationResources = operation<
  ListPendingInvitationResourcesRequest,
  ListPendingInvitationResourcesResponse
>({
  needs: (input, call) => {
    const invitation = receivedByArn(call, input.resourceShareInvitationArn);
    const context = { 'ram:ResourceShareName': invitation.shareName };
    return [{ action: 'ram:ListPendingInvitationResources', resource: invitation.arn, context }];
  },
  access: 'read',
  handle: (input, call) => {
    const invitation = receivedByArn(call, input.resourceShareInvitationArn);
    const share = ramState(call.world, invitation.sender, call.region).shares.get(invitation.shareArn);
    const { items, next } = ramPage([...(share?.resources.values() ?? [])], input.nextToken, input.maxResults);
    return {
      resources: items.map((resource) => ({
        arn: resource.arn,
        type: resource.type,
        resourceShareArn: invitation.shareArn,
        status: 'PENDING' as const,
      })),
      nextToken: next,
    };
  },
});

export const invitationOperations = {
  GetResourceShareInvitations: getResourceShareInvitations,
  AcceptResourceShareInvitation: acceptResourceShareInvitation,
  RejectResourceShareInvitation: rejectResourceShareInvitation,
  ListPendingInvitationResources: listPendingInvitationResources,
};
