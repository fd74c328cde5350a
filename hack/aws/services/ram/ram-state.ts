// What Resource Access Manager remembers: shares in the account that owns them, each with its resources, principals and invitations.
import type { World } from '../../core/world.ts';

/** One principal of a share: an account id, or the ARN of a role or user. */
export interface SharePrincipal {
  readonly principal: string;
  /** Account that must accept. */
  readonly account: string;
  status: 'ASSOCIATING' | 'ASSOCIATED' | 'FAILED';
  readonly since: number;
  updated: number;
}

export interface ShareResource {
  readonly arn: string;
  /** RAM's type, e.g. `glue:Table`. */
  readonly type: string;
  readonly since: number;
}

export interface ResourceShare {
  readonly arn: string;
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  updatedAt: number;
  /** By ARN. */
  readonly resources: Map<string, ShareResource>;
  /** By principal. */
  readonly principals: Map<string, SharePrincipal>;
}

export interface Invitation {
  readonly arn: string;
  readonly shareArn: string;
  readonly shareName: string;
  readonly sender: string;
  readonly receiver: string;
  /** The principal of the share that this invitation is for. */
  readonly principal: string;
  readonly sentAt: number;
  /** An unanswered invitation also expires, see `invitationStatus`. */
  answer: 'PENDING' | 'ACCEPTED' | 'REJECTED';
}

export interface RamState {
  readonly shares: Map<string, ResourceShare>;
  readonly invitations: Map<string, Invitation>;
}

/** Shares that an account owns in a region, and the invitations it sent. */
export const ramState = (world: World, account: string, region: string): RamState =>
  world.state<RamState>('ram', account, region, () => ({ shares: new Map(), invitations: new Map() }));

/** Every account's shares and invitations in one region. */
export const ramStates = function* (world: World, region: string): Iterable<RamState> {
  for (const entry of world.states<RamState>('ram')) if (entry.region === region) yield entry.state;
};

/** "Invitations expire after seven days": https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html */
const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

export const invitationStatus = (
  world: World,
  invitation: Invitation,
): 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'EXPIRED' =>
  invitation.answer === 'PENDING' && world.clock.now() - invitation.sentAt >= INVITATION_LIFETIME_MS
    ? 'EXPIRED'
    : invitation.answer;
