// Resource Access Manager: what Lake Formation's cross-account grants travel on, seen and accepted from the receiving side.
import type * as sdk from '@aws-sdk/client-ram';
import { isFault } from '../fault.ts';
import { listAll } from '../service.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface RamInvitation {
  readonly arn: string;
  readonly shareArn: string;
  readonly shareName: string;
  readonly sender: string;
  readonly receiver: string;
  /** ARN of the role or user that the share is for; undefined when it is for the whole account. */
  readonly principal?: string | undefined;
  readonly status: 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED';
  readonly sentAt: Date | undefined;
}

export interface RamAssociation {
  readonly shareArn: string;
  readonly shareName: string;
  /** ARN of the resource, or the principal. */
  readonly entity: string;
  readonly status:
    | 'ASSOCIATED'
    | 'ASSOCIATING'
    | 'FAILED'
    | 'DISASSOCIATING'
    | 'DISASSOCIATED'
    | 'RESTORING'
    | 'SUSPENDED'
    | 'SUSPENDING';
  /** True if the principal is outside the owner's organization, so that an invitation was needed. */
  readonly external: boolean;
}

export interface RamShare {
  readonly arn: string;
  readonly name: string;
  readonly owner: string;
  readonly status: string;
}

export interface RamResource {
  readonly arn: string;
  /** e.g. `glue:Table`. */
  readonly type: string;
  readonly shareArn: string;
  readonly status: string;
}

export const ram = (service: Service<Sdk>) => ({
  /** Invitations this account has received, whatever became of them. */
  async invitations(): Promise<readonly RamInvitation[]> {
    return await listAll(
      (nextToken) => service.read('GetResourceShareInvitations', { maxResults: 500, nextToken }),
      (page) => page.nextToken,
      (page) =>
        page.resourceShareInvitations?.map((invitation) => ({
          arn: invitation.resourceShareInvitationArn ?? '',
          shareArn: invitation.resourceShareArn ?? '',
          shareName: invitation.resourceShareName ?? '',
          sender: invitation.senderAccountId ?? '',
          receiver: invitation.receiverAccountId ?? '',
          principal: invitation.receiverArn,
          status: invitation.status ?? 'PENDING',
          sentAt: invitation.invitationTimestamp,
        })),
    );
  },

  /** What a pending invitation would let in. */
  async invitationResources(invitationArn: string): Promise<readonly RamResource[]> {
    return await listAll(
      (nextToken) =>
        service.read('ListPendingInvitationResources', {
          resourceShareInvitationArn: invitationArn,
          maxResults: 500,
          nextToken,
        }),
      (page) => page.nextToken,
      (page) => page.resources?.map(toResource),
    );
  },

  /** Accepting twice is no error. @throws AwsFault Invalid or NotFound if it expired, was rejected or withdrawn */
  async acceptInvitation(invitationArn: string): Promise<void> {
    try {
      await service.write('AcceptResourceShareInvitation', { resourceShareInvitationArn: invitationArn });
    } catch (error) {
      if (!isFault(error, 'AlreadyExists')) throw error;
    }
  },

  /** Shares this account made (`SELF`) or received (`OTHER-ACCOUNTS`). */
  async shares(owner: 'SELF' | 'OTHER-ACCOUNTS'): Promise<readonly RamShare[]> {
    return await listAll(
      (nextToken) => service.read('GetResourceShares', { resourceOwner: owner, maxResults: 500, nextToken }),
      (page) => page.nextToken,
      (page) =>
        page.resourceShares?.map((share) => ({
          arn: share.resourceShareArn ?? '',
          name: share.name ?? '',
          owner: share.owningAccountId ?? '',
          status: share.status ?? '',
        })),
    );
  },

  /** What is in shares this account made or received; of some shares if named. */
  async resources(owner: 'SELF' | 'OTHER-ACCOUNTS', shareArns?: readonly string[]): Promise<readonly RamResource[]> {
    const resourceShareArns = shareArns === undefined ? undefined : [...shareArns];
    return await listAll(
      (nextToken) =>
        service.read('ListResources', { resourceOwner: owner, resourceShareArns, maxResults: 500, nextToken }),
      (page) => page.nextToken,
      (page) => page.resources?.map(toResource),
    );
  },

  /** Which resources (or principals) the shares of this account hold; of one resource or some shares if named. */
  async associations(
    type: 'RESOURCE' | 'PRINCIPAL',
    query: { readonly resourceArn?: string; readonly principal?: string; readonly shareArns?: readonly string[] } = {},
  ): Promise<readonly RamAssociation[]> {
    return await listAll(
      (nextToken) =>
        service.read('GetResourceShareAssociations', {
          associationType: type,
          resourceArn: query.resourceArn,
          principal: query.principal,
          resourceShareArns: query.shareArns === undefined ? undefined : [...query.shareArns],
          maxResults: 500,
          nextToken,
        }),
      (page) => page.nextToken,
      (page) =>
        page.resourceShareAssociations?.map((association) => ({
          shareArn: association.resourceShareArn ?? '',
          shareName: association.resourceShareName ?? '',
          entity: association.associatedEntity ?? '',
          status: association.status ?? 'FAILED',
          external: association.external === true,
        })),
    );
  },
});

export type Ram = ReturnType<typeof ram>;

const toResource = (resource: sdk.Resource): RamResource => ({
  arn: resource.arn ?? '',
  type: resource.type ?? '',
  shareArn: resource.resourceShareArn ?? '',
  status: resource.status ?? '',
});
