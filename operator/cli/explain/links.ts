// The links of a chain: each object that was read as explanation judges it, the consent of an account beside its environment, and the documents in AWS
// beside the request. Pure.

import { explain, saysOf, type Finding, type Standing } from '../../resources/explanation/explanation.ts';
import { plainWords } from '../../resources/explanation/plain-words.ts';
import type { ReasonName } from '../../resources/reasons.ts';
import { referenceText, type KindName, type ObjectReference } from '../object-reference.ts';
import type { SeenObject } from './seen-object.ts';

export type LinkName =
  | 'Request'
  | 'Approval'
  | 'Principal'
  | 'Dataset'
  | 'Table'
  | 'Environment'
  | 'AccountConsent'
  | 'Organization'
  | 'Installation'
  | 'Documents';

/** One of the things that have to be so. Two links may be of one object: an environment, and the consent of its account. */
export interface ChainLink {
  readonly link: LinkName;
  readonly reference: ObjectReference;
  readonly presence: SeenObject['presence'];
  /** Absent where the caller may not see it. */
  readonly standing?: Standing | undefined;
  /** What of it others wait for; absent where nothing is known. */
  readonly finding?: Finding | undefined;
}

const LINK_OF: Readonly<Record<KindName, LinkName>> = {
  ShareRequest: 'Request',
  ShareApproval: 'Approval',
  Team: 'Principal',
  ConsumptionRole: 'Principal',
  Dataset: 'Dataset',
  DatasetTable: 'Table',
  Environment: 'Environment',
  Organization: 'Organization',
  Tenant: 'Installation',
};

export function linksOf(seen: SeenObject): readonly ChainLink[] {
  const { reference } = seen;
  const link = LINK_OF[reference.kind];
  if (seen.presence === 'Hidden') return [{ link, reference, presence: seen.presence }];
  if (seen.presence === 'Missing') return [missingLink(link, reference)];
  const { object } = seen;
  const { cause, standing, findings } = explain(object);
  // An item is told with the documents in AWS, and what the account says of itself with its consent.
  const conditions = findings.filter(({ question }) => question !== undefined);
  const items = findings.filter(({ question }) => question === undefined);
  const own: ChainLink = { link, reference, presence: seen.presence, standing, finding: cause };
  if (object.kind === 'Environment') return [own, part('AccountConsent', own, conditions.filter(isTrusted))];
  if (object.kind === 'ShareRequest' && items.length > 0) return [own, part('Documents', own, items)];
  return [own];
}

const isTrusted = ({ subject }: Finding): boolean => subject === 'Trusted';

function part(link: LinkName, { reference, presence }: ChainLink, findings: readonly Finding[]): ChainLink {
  const finding = findings.find(({ standing }) => standing === 'Stuck') ?? findings.find(({ standing }) => standing !== 'Good') ?? findings[0]; // prettier-ignore
  return { link, reference, presence, standing: finding?.standing ?? 'Waits', finding };
}

const MISSING: Readonly<Record<KindName, ReasonName>> = {
  ShareRequest: 'RequestNotFound',
  ShareApproval: 'PendingApproval',
  Team: 'PrincipalNotFound',
  ConsumptionRole: 'PrincipalNotFound',
  Dataset: 'DatasetNotFound',
  DatasetTable: 'ItemNotFound',
  Environment: 'EnvironmentNotFound',
  Organization: 'OrganizationNotFound',
  Tenant: 'PoliciesMissing',
};

function missingLink(link: LinkName, reference: ObjectReference): ChainLink {
  const reason = MISSING[reference.kind];
  const standing = link === 'Approval' ? 'Waits' : 'Stuck';
  const evidence = `there is no ${referenceText(reference)}`;
  const finding: Finding = {
    subject: link,
    standing,
    reason,
    says: saysOf(reason),
    todo: plainWords[reason].todo,
    evidence,
  };
  return { link, reference, presence: 'Missing', standing, finding };
}
