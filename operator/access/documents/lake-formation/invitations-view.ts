// Which invitations may be accepted, and which tables have come, by ARN: one environment may have a hundred thousand grants of one account,
// and as many resources.
import { regionalArn } from '../../../policy/arn.ts';
import type { RamInvitation } from '../../../aws/services/ram.ts';
import type { InvitationsClaims } from '../../desired.ts';
import type { Verdict } from '../../document.ts';
import type { InvitationsKey } from '../../document-key.ts';
import { grantId, type Grant } from '../../grant.ts';
import { remembered } from '../view.ts';
import type { ObservedInvitations } from './invitations.ts';

interface InvitationsView {
  /** Every resource in them belongs to an approved share, and one is wanted now. */
  readonly acceptable: readonly RamInvitation[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

type Key = InvitationsKey;
type Claims = InvitationsClaims;
type Observed = ObservedInvitations;

export const { prepare, viewOf } = remembered(makeView);

/** RAM sends what Lake Formation shares to accounts (hack/aws/README.md); only a role or user named in it narrows whom it is for. */
export const isNamed = (principal: string | undefined): principal is string =>
  principal !== undefined && /:(?:role|user)\//.test(principal);

function* makeView(key: Key, claims: Claims, observed: Observed): Generator<number, InvitationsView> {
  const glue = glueArn(key);
  const consented = new Set<string>();
  const wanted = new Set<string>();
  for (const grant of claims.grants) {
    for (const arn of [...tableArns(glue, grant), ...companions(glue, grant)]) consented.add(arn);
    if (!grant.suspended) for (const arn of tableArns(glue, grant)) wanted.add(arn);
    yield 1;
  }
  const received = new Map<string, Receivers<string>>();
  for (const [place, { arn, principal }] of observed.received.entries()) {
    receiversAt(received, arn).add(principal, { value: arn, place });
    yield 1;
  }
  const invited = new Receivers<RamInvitation>();
  const mixed = new Map<string, Receivers<Mixed>>();
  const acceptable: RamInvitation[] = [];
  for (const [place, { invitation, resources }] of observed.pending.entries()) {
    invited.add(invitation.principal, { value: invitation, place });
    yield 1 + resources.length;
    // https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html: names start with LakeFormation.
    if (!isLakeFormations(invitation)) continue;
    const strangers = resources.map(({ arn }) => arn).filter((arn) => !consented.has(arn));
    if (strangers.length === 0 && resources.some(({ arn }) => wanted.has(arn))) acceptable.push(invitation);
    if (strangers.length > 0)
      for (const { arn } of resources)
        receiversAt(mixed, arn).add(invitation.principal, { value: { invitation, strangers }, place });
  }
  const refused = new Receivers<RamInvitation>();
  for (const [place, invitation] of observed.refused.entries()) {
    if (isLakeFormations(invitation)) refused.add(invitation.principal, { value: invitation, place });
    yield 1;
  }
  const verdicts = new Map<string, Verdict>();
  const pending = pendingVerdict(key);
  for (const grant of claims.grants) {
    const arns = tableArns(glue, grant);
    const firstOf = <Value>(arrivals: ReadonlyMap<string, Receivers<Value>>): Value | undefined =>
      earliest(arns.map((arn) => arrivals.get(arn)?.firstFor(grant)))?.value;
    const verdictOf = (): Verdict => {
      if (firstOf(received) !== undefined) return { state: 'Satisfied' };
      const obstacle = firstOf(mixed);
      if (obstacle !== undefined) return mixedVerdict(key, obstacle);
      // Only what somebody does about an invitation makes another one come.
      const last = invited.firstFor(grant) === undefined ? refused.firstFor(grant) : undefined;
      return last === undefined ? pending : rejectedVerdict(key, last.value);
    };
    verdicts.set(grantId(grant), verdictOf());
    yield 1;
  }
  return { acceptable, verdicts };
}

/** A pending invitation that holds what nobody consented to. */
interface Mixed {
  readonly invitation: RamInvitation;
  /** ARNs of what belongs to no grant. */
  readonly strangers: readonly string[];
}

interface Placed<Value> {
  readonly value: Value;
  /** Position in the list that it is from. */
  readonly place: number;
}

/** What came, by whom it is for: the first for each role or user that is named, and the first for all of the account. */
class Receivers<Value> {
  readonly #named = new Map<string, Placed<Value>>();
  #everybody: Placed<Value> | undefined;

  add(principal: string | undefined, placed: Placed<Value>): void {
    if (!isNamed(principal)) this.#everybody ??= placed;
    else if (!this.#named.has(principal)) this.#named.set(principal, placed);
  }

  firstFor({ principal }: Grant): Placed<Value> | undefined {
    return earliest([this.#named.get(principal.arn), this.#everybody]);
  }
}

const earliest = <Value>(some: readonly (Placed<Value> | undefined)[]): Placed<Value> | undefined =>
  some.reduce(
    (first, one) => (first === undefined || (one !== undefined && one.place < first.place) ? one : first),
    undefined,
  );

const receiversAt = <Value>(all: Map<string, Receivers<Value>>, arn: string): Receivers<Value> => {
  const receivers = all.get(arn) ?? new Receivers<Value>();
  all.set(arn, receivers);
  return receivers;
};

const isLakeFormations = ({ shareName }: RamInvitation): boolean => shareName.startsWith('LakeFormation');

const mixedVerdict = ({ account, sourceAccount }: Key, { invitation, strangers }: Mixed): Verdict => {
  const [first = '', ...more] = strangers.map((arn) => arn.split(':').at(-1) ?? '');
  return {
    state: 'Waiting',
    reason: 'InvitationMixed',
    message: `invitation ${invitation.arn} also holds ${first}${more.length > 0 ? ` and ${more.length} more` : ''}, which nobody consented to: accept it in ${account}, or revoke that grant in ${sourceAccount}`,
  };
};

const rejectedVerdict = ({ sourceAccount }: Key, { arn, shareName, status }: RamInvitation): Verdict => ({
  state: 'Failed',
  reason: 'InvitationRejected',
  message: `invitation ${arn} of ${shareName} ${status === 'REJECTED' ? 'was rejected' : 'has expired'}: delete that share in ${sourceAccount}, then set dataall.io/requested-at on this request`,
});

const pendingVerdict = ({ account, sourceAccount }: Key): Verdict => ({
  state: 'Waiting',
  reason: 'InvitationPending',
  message: `account ${account} has not received the table from ${sourceAccount} through RAM yet. If it stays so, delete the share whose association failed in RAM of ${sourceAccount}, then set dataall.io/requested-at on this request`,
});

/** What ARNs of the producer's Glue catalog start with: it is written for each grant, so it is made once. */
const glueArn = ({ region, sourceAccount }: Key): string => regionalArn({ account: sourceAccount, region }, 'glue', '');

/** What brings the table of a grant: the table itself, or all of its database. */
const tableArns = (glue: string, { item, source }: Grant): readonly string[] =>
  item.kind === 'Table' ? [`${glue}table/${source.database}/${item.name}`, `${glue}table/${source.database}/*`] : [];

/** What else Lake Formation puts into a share for one table: the catalog and the database. */
const companions = (glue: string, { source }: Grant): readonly string[] => [
  `${glue}catalog`,
  `${glue}database/${source.database}`,
];
