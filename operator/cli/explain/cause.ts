// Which link of a chain all else follows from: what the object says is followed to the object it speaks of, and from there on.

import type { Finding } from '../../resources/explanation/explanation.ts';
import { membersOf } from '../../resources/organization.ts';
import type { ReasonName } from '../../resources/reasons.ts';
import type { ChainLink, LinkName } from './links.ts';
import { referencesOf } from './references.ts';
import { isSame, type SeenObject } from './seen-object.ts';

/** `link` is where something is to be done; the finding may be what another object says of it. */
export interface Cause {
  readonly link: ChainLink;
  readonly finding: Finding;
}

/** Of which link a reason speaks. What is not here is about the object that says it. */
const SPEAKS_OF: Partial<Record<string, LinkName>> = {
  PendingApproval: 'Approval',
  PartlyApproved: 'Approval',
  Rejected: 'Approval',
  Withdrawn: 'Approval',
  RequestMismatch: 'Approval',
  ApprovalStale: 'Approval',
  ApproverNotAllowed: 'Approval',
  RequestNotFound: 'Request',
  DatasetNotFound: 'Dataset',
  DatasetNotReady: 'Dataset',
  DatasetTerminating: 'Dataset',
  EnvironmentNotFound: 'Environment',
  EnvironmentNotReady: 'Environment',
  PrincipalNotFound: 'Principal',
  PrincipalNotReady: 'Principal',
  PrincipalTaken: 'Principal',
  AttachmentMissing: 'Principal',
  FilterInvalid: 'Table',
  FilterNotFound: 'Table',
  ConsentMissing: 'AccountConsent',
  PivotRoleUnreachable: 'AccountConsent',
  ExternalIdNotDemanded: 'AccountConsent',
  NotBootstrapped: 'AccountConsent',
  OneRegionOnly: 'AccountConsent',
  OrganizationNotFound: 'Organization',
  NotInvited: 'Organization',
  Maintenance: 'Installation',
  PoliciesMissing: 'Installation',
} satisfies Partial<Record<ReasonName, LinkName>>;

/** Undefined where the operator has not looked at the object yet. @param links of `seen`, the object that is asked about first */
export function causeOf(links: readonly ChainLink[], seen: readonly SeenObject[]): Cause | undefined {
  const [start] = links;
  if (start?.finding === undefined) return undefined;
  let cause: Cause = { link: start, finding: start.finding };
  const passed = new Set<ChainLink>([start]);
  for (;;) {
    const next = spokenOf(cause, links, seen);
    if (next === undefined || passed.has(next)) return cause;
    passed.add(next);
    // An object that is well itself is where something is to be done all the same: the approval that says no, the organization that lacks a team.
    const { finding } = next;
    cause = { link: next, finding: finding === undefined || next.standing === 'Good' ? cause.finding : finding };
    if (next.standing === 'Good' || next.presence !== 'Seen') return cause;
  }
}

function spokenOf(
  { link, finding }: Cause,
  links: readonly ChainLink[],
  seen: readonly SeenObject[],
): ChainLink | undefined {
  const name =
    SPEAKS_OF[finding.reason] ??
    (finding.reason === 'Expired' && link.link !== 'Approval' ? endedBy(seen) : undefined) ??
    (link.link === 'Request' && isOfItem(link, links, finding) ? 'Documents' : undefined);
  if (name === undefined) return undefined;
  const candidates = reachable(link, links, seen).filter((one) => one.link === name && one !== link);
  if (finding.reason === 'NotInvited') return candidates.find((one) => lacksOwner(one, seen)) ?? candidates[0];
  return candidates.find(({ standing }) => standing !== 'Good') ?? candidates[0];
}

/** Of which side the end is that has passed: the earlier one. */
function endedBy(seen: readonly SeenObject[]): LinkName | undefined {
  const ends = seen.flatMap((one) => {
    if (one.presence !== 'Seen' || (one.object.kind !== 'ShareRequest' && one.object.kind !== 'ShareApproval'))
      return [];
    const { kind, spec } = one.object;
    return spec.expiresAt === undefined ? [] : [{ kind, at: Date.parse(spec.expiresAt) }];
  });
  const [earliest] = ends.toSorted((a, b) => a.at - b.at);
  return earliest?.kind === 'ShareApproval' ? 'Approval' : earliest && 'Request';
}

/** Whether one of the items of a request says so. */
const isOfItem = (link: ChainLink, links: readonly ChainLink[], finding: Finding): boolean =>
  links.some(
    (one) => one.link === 'Documents' && one.finding?.reason === finding.reason && one.reference === link.reference,
  );

/** Links of an object and of those that it depends on, the nearest first. */
function reachable(from: ChainLink, links: readonly ChainLink[], seen: readonly SeenObject[]): readonly ChainLink[] {
  const found: ChainLink[] = [];
  const passed: SeenObject[] = [];
  const waiting = seen.filter(({ reference }) => isSame(reference, from.reference));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const current = next;
    if (passed.includes(current)) continue;
    passed.push(current);
    found.push(...links.filter(({ reference }) => isSame(reference, current.reference)));
    if (current.presence !== 'Seen') continue;
    const references = referencesOf(current.object);
    const isShare = current.object.kind === 'ShareRequest';
    waiting.push(
      ...seen.filter(
        ({ reference }) =>
          references.some((one) => isSame(one, reference)) || (isShare && reference.kind === 'DatasetTable'),
      ),
    );
  }
  return found;
}

/** Whether an environment of the chain has an owner who is not in this organization. */
function lacksOwner({ reference }: ChainLink, seen: readonly SeenObject[]): boolean {
  const organization = seen.find((one) => isSame(one.reference, reference));
  if (organization?.presence !== 'Seen' || organization.object.kind !== 'Organization') return false;
  const members = membersOf(organization.object);
  return seen.some(
    (one) =>
      one.presence === 'Seen' &&
      one.object.kind === 'Environment' &&
      one.object.spec.organization === reference.name &&
      !members.includes(one.object.spec.owner),
  );
}
