// RAM invitations from one producer account to one consumer account: accepted only where every resource in them belongs to an
// approved share, so that nobody can slip a resource of his own into the consumer's catalog.
import type { AccountAws } from '../../../aws/account.ts';
import type { RamInvitation, RamResource } from '../../../aws/services/ram.ts';
import type { ShareRequest } from '../../../resources/share-request.ts';
import { grantsOf } from '../../consent.ts';
import { isSameAccount } from '../../grant.ts';
import { decide } from '../../share-decision.ts';
import type { Specs } from '../../specs.ts';
import type { InvitationsClaims } from '../../desired.ts';
import type { DocumentType } from '../../document.ts';
import type { InvitationsKey } from '../../document-key.ts';
import { isNamed, prepare, viewOf } from './invitations-view.ts';

export interface ObservedInvitations {
  readonly pending: readonly { readonly invitation: RamInvitation; readonly resources: readonly RamResource[] }[];
  /** Glue resources that this account has received from others, accepted or shared inside one organization. */
  readonly received: readonly Received[];
  /** Of each principal the last one, where it was rejected or expired. */
  readonly refused: readonly RamInvitation[];
  /** Whom the shares are for that came by invitation, by ARN of the share. */
  readonly receivers?: ReadonlyMap<string, string | undefined>;
}

interface Received {
  readonly arn: string;
  /** The role or user it is for, where an invitation told; a share for one opens nothing to the others of the account. */
  readonly principal: string | undefined;
}

export interface AcceptInvitation {
  readonly accept: RamInvitation;
}

export const invitations: DocumentType<InvitationsKey, InvitationsClaims, ObservedInvitations, AcceptInvitation> = {
  kind: 'invitations',

  collect: (specs, key, now) => ({
    grants: sharesOfEnvironments(specs, key)
      .flatMap((share) => grantsOf(decide(specs, share, now)))
      .filter(
        (grant) => grant.item.kind === 'Table' && grant.source.account === key.sourceAccount && !isSameAccount(grant),
      ),
  }),

  shares: sharesOfEnvironments,

  owners: (specs, key) => specs.environmentsOf(key.account, key.region),

  async observe({ aws }, key, { grants }) {
    const all = await aws.ram.invitations();
    const principals = new Set(grants.map(({ principal }) => principal.arn));
    const isForThem = (principal: string | undefined): boolean =>
      isNamed(principal) ? principals.has(principal) : grants.length > 0;
    // One for a role that has no grant will not be accepted, whatever is in it.
    const between = all.filter(
      ({ sender, receiver, principal }) =>
        sender === key.sourceAccount && receiver === key.account && isForThem(principal),
    );
    const pending = between.filter(({ status }) => status === 'PENDING');
    const receivers = new Map(all.map(({ shareArn, principal }) => [shareArn, principal]));
    const [received, ...resources] = await Promise.all([
      receivedFrom(aws, receivers),
      ...pending.map(({ arn }) => aws.ram.invitationResources(arn)),
    ]);
    return {
      pending: pending.map((invitation, index) => ({ invitation, resources: resources[index] ?? [] })),
      refused: lastOfEach(between).filter(({ status }) => status === 'REJECTED' || status === 'EXPIRED'),
      received,
      receivers,
    };
  },

  // What was accepted is accepted; whether it has come is another question.
  async readBack({ aws }, _key, _claims, observed, written) {
    const { pending, receivers = new Map() } = observed;
    const accepted = new Set(written.map(({ accept }) => accept.arn));
    return {
      ...observed,
      pending: pending.filter(({ invitation }) => !accepted.has(invitation.arn)),
      received: await receivedFrom(aws, receivers),
    };
  },

  prepare,

  plan: (key, claims, observed) => ({
    actions: viewOf(key, claims, observed).acceptable.map((invitation) => ({ accept: invitation })),
    drift: [],
    refused: new Map(),
  }),

  async execute({ aws }, _key, _claims, action) {
    await aws.ram.acceptInvitation(action.accept.arn);
    return { done: true };
  },

  judge: (key, claims, observed) => viewOf(key, claims, observed).verdicts,

  isClean: () => true,
};

function sharesOfEnvironments(specs: Specs, key: InvitationsKey): readonly ShareRequest[] {
  return specs
    .environmentsOf(key.account, key.region)
    .flatMap(({ metadata }) => specs.sharesOfEnvironment(metadata.name));
}

const receivedFrom = async (
  aws: AccountAws,
  receivers: ReadonlyMap<string, string | undefined>,
): Promise<readonly Received[]> =>
  (await aws.ram.resources('OTHER-ACCOUNTS'))
    .filter(isAvailable)
    .map(({ arn, shareArn }) => ({ arn, principal: receivers.get(shareArn) }));

/** Of each principal, for an owner may invite again. */
const lastOfEach = (invitations: readonly RamInvitation[]): readonly RamInvitation[] => {
  const last = new Map<string, RamInvitation>();
  for (const invitation of invitations) {
    const before = last.get(invitation.principal ?? '');
    if (before === undefined || sentAt(before) <= sentAt(invitation)) last.set(invitation.principal ?? '', invitation);
  }
  return [...last.values()];
};

const sentAt = (invitation: RamInvitation): number => invitation.sentAt?.getTime() ?? 0;

const isAvailable = ({ status }: RamResource): boolean => status === 'AVAILABLE' || status === '';
