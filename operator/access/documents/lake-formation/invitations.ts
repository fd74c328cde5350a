// RAM invitations from one producer account to one consumer account: accepted only where every resource in them belongs to an
// approved share, so that nobody can slip a resource of his own into the consumer's catalog.
import type { AccountAws } from '../../../aws/account.ts';
import type { RamInvitation, RamResource } from '../../../aws/services/ram.ts';
import type { InvitationsClaims } from '../../desired.ts';
import type { DocumentType, Verdict } from '../../document.ts';
import type { InvitationsKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';

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

  async observe({ aws }, key, { grants }) {
    const all = await aws.ram.invitations();
    // One for a role that has no grant will not be accepted, whatever is in it.
    const between = all.filter(
      ({ sender, receiver, principal }) =>
        sender === key.sourceAccount && receiver === key.account && grants.some((grant) => isFor(principal, grant)),
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

  plan(key, claims, observed) {
    const acceptable = observed.pending.filter(
      ({ invitation, resources }) =>
        // https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html: names start with LakeFormation.
        isLakeFormations(invitation) &&
        resources.some(({ arn }) => claims.grants.some((grant) => !grant.suspended && covers(key, arn, grant))) &&
        strangersIn(key, claims, resources).length === 0,
    );
    return { actions: acceptable.map(({ invitation }) => ({ accept: invitation })), drift: [], refused: new Map() };
  },

  async execute({ aws }, _key, _claims, action) {
    await aws.ram.acceptInvitation(action.accept.arn);
    return { done: true };
  },

  judge: (key, claims, observed) =>
    new Map(
      claims.grants.map((grant): [string, Verdict] => [
        grantId(grant),
        observed.received.some(({ arn, principal }) => covers(key, arn, grant) && isFor(principal, grant))
          ? { state: 'Satisfied' }
          : verdictOf(key, claims, observed, grant),
      ]),
    ),

  isClean: () => true,
};

const receivedFrom = async (
  aws: AccountAws,
  receivers: ReadonlyMap<string, string | undefined>,
): Promise<readonly Received[]> =>
  (await aws.ram.resources('OTHER-ACCOUNTS'))
    .filter(isAvailable)
    .map(({ arn, shareArn }) => ({ arn, principal: receivers.get(shareArn) }));

/** Why a table has not come, and what to do about it. Only what somebody does about an invitation makes another one come. */
const verdictOf = (
  key: InvitationsKey,
  claims: InvitationsClaims,
  { pending, refused }: ObservedInvitations,
  grant: Grant,
): Verdict => {
  const { account, sourceAccount } = key;
  const mixed = pending.find(
    ({ invitation, resources }) =>
      isLakeFormations(invitation) &&
      isFor(invitation.principal, grant) &&
      resources.some(({ arn }) => covers(key, arn, grant)) &&
      strangersIn(key, claims, resources).length > 0,
  );
  if (mixed !== undefined) {
    const [first = '', ...more] = strangersIn(key, claims, mixed.resources).map((arn) => arn.split(':').at(-1) ?? '');
    return {
      state: 'Waiting',
      reason: 'InvitationMixed',
      message: `invitation ${mixed.invitation.arn} also holds ${first}${more.length > 0 ? ` and ${more.length} more` : ''}, which nobody consented to: accept it in ${account}, or revoke that grant in ${sourceAccount}`,
    };
  }
  const last = refused.find((invitation) => isLakeFormations(invitation) && isFor(invitation.principal, grant));
  if (last !== undefined && !pending.some(({ invitation }) => isFor(invitation.principal, grant)))
    return {
      state: 'Failed',
      reason: 'InvitationRejected',
      message: `invitation ${last.arn} of ${last.shareName} ${last.status === 'REJECTED' ? 'was rejected' : 'has expired'}: delete that share in ${sourceAccount}, then set dataall.io/requested-at on this request`,
    };
  return {
    state: 'Waiting',
    reason: 'InvitationPending',
    message: `account ${account} has not received the table from ${sourceAccount} through RAM yet. If it stays so, delete the share whose association failed in RAM of ${sourceAccount}, then set dataall.io/requested-at on this request`,
  };
};

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

const isLakeFormations = ({ shareName }: RamInvitation): boolean => shareName.startsWith('LakeFormation');

/** ARNs of what belongs to no grant. */
const strangersIn = (
  key: InvitationsKey,
  { grants }: InvitationsClaims,
  resources: readonly RamResource[],
): readonly string[] =>
  resources.map(({ arn }) => arn).filter((arn) => !grants.some((grant) => belongsTo(key, arn, grant)));

/** RAM sends what Lake Formation shares to accounts (hack/aws/README.md); only a role or user named in it narrows whom it is for. */
const isFor = (principal: string | undefined, grant: Grant): boolean =>
  principal === undefined || !/:(?:role|user)\//.test(principal) || principal === grant.principal.arn;

const isAvailable = ({ status }: RamResource): boolean => status === 'AVAILABLE' || status === '';

const glueArn = (key: InvitationsKey, suffix: string): string =>
  `arn:aws:glue:${key.region}:${key.sourceAccount}:${suffix}`;

/** Resources that Lake Formation puts into a share for one table: the table (or all of its database), the database, the catalog. */
const belongsTo = (key: InvitationsKey, arn: string, grant: Grant): boolean =>
  covers(key, arn, grant) ||
  arn === glueArn(key, 'catalog') ||
  arn === glueArn(key, `database/${grant.source.database}`);

const covers = (key: InvitationsKey, arn: string, { item, source }: Grant): boolean =>
  item.kind === 'Table' &&
  (arn === glueArn(key, `table/${source.database}/${item.name}`) || arn === glueArn(key, `table/${source.database}/*`));
