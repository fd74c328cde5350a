// What Resource Access Manager remembers: shares in the account that owns them, each with its resources, principals and invitations.
import type { World } from '../../core/world.ts';

/**
 * One principal of a share. Of what the simulator shares, catalogs, databases and tables, that is an account:
 * https://docs.aws.amazon.com/ram/latest/userguide/shareable.html#shareable-glue
 */
export interface SharePrincipal {
  readonly account: string;
  /** An invitation that ran out also fails, see `principalStatus`. */
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
  /** By account. */
  readonly principals: Map<string, SharePrincipal>;
}

export interface Invitation {
  readonly arn: string;
  readonly shareArn: string;
  readonly shareName: string;
  readonly sender: string;
  readonly receiver: string;
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

/**
 * What became of an association: rejected or left unanswered it has failed, and stays in the share until the owner takes it out.
 * https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-create.html
 */
export const principalStatus = (
  world: World,
  share: ResourceShare,
  principal: SharePrincipal,
): SharePrincipal['status'] => {
  if (principal.status !== 'ASSOCIATING') return principal.status;
  const { invitations } = ramState(world, share.owner, share.region);
  const open = [...invitations.values()].some(
    (entry) =>
      entry.shareArn === share.arn &&
      entry.receiver === principal.account &&
      invitationStatus(world, entry) === 'PENDING',
  );
  return open ? 'ASSOCIATING' : 'FAILED';
};
