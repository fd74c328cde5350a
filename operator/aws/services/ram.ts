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

export interface RamResource {
  readonly arn: string;
  /** e.g. `glue:Table`. */
  readonly type: string;
  readonly shareArn: string;
  readonly status: string;
}

export class Ram {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  /** Invitations this account has received, whatever became of them. */
  async invitations(): Promise<readonly RamInvitation[]> {
    return await listAll(
      (nextToken) => this.#service.read('GetResourceShareInvitations', { maxResults: 500, nextToken }),
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
  }

  /** What a pending invitation would let in. */
  async invitationResources(invitationArn: string): Promise<readonly RamResource[]> {
    return await listAll(
      (nextToken) =>
        this.#service.read('ListPendingInvitationResources', {
          resourceShareInvitationArn: invitationArn,
          maxResults: 500,
          nextToken,
        }),
      (page) => page.nextToken,
      (page) => page.resources?.map(toResource),
    );
  }

  /** Accepting twice is no error. @throws AwsFault Invalid or NotFound if it expired, was rejected or withdrawn */
  async acceptInvitation(invitationArn: string): Promise<void> {
    try {
      await this.#service.write('AcceptResourceShareInvitation', { resourceShareInvitationArn: invitationArn });
    } catch (error) {
      if (!isFault(error, 'AlreadyExists')) throw error;
    }
  }

  /** What is in shares this account made or received; of some shares if named. */
  async resources(owner: 'SELF' | 'OTHER-ACCOUNTS', shareArns?: readonly string[]): Promise<readonly RamResource[]> {
    const resourceShareArns = shareArns === undefined ? undefined : [...shareArns];
    return await listAll(
      (nextToken) =>
        this.#service.read('ListResources', { resourceOwner: owner, resourceShareArns, maxResults: 500, nextToken }),
      (page) => page.nextToken,
      (page) => page.resources?.map(toResource),
    );
  }
}

const toResource = (resource: sdk.Resource): RamResource => ({
  arn: resource.arn ?? '',
  type: resource.type ?? '',
  shareArn: resource.resourceShareArn ?? '',
  status: resource.status ?? '',
});
