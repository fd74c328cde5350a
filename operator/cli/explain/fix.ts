// The one command that is the first step against a cause, with the names that the chain has. Where only the object's name is needed, it is what the web UI's "Why?" shows.

import { arnNamedIn } from '../../policy/arn.ts';
import { nextCommand } from '../../resources/explanation/next-command.ts';
import { kubectlText, type AnyObject, type ObjectReference } from '../object-reference.ts';
import type { Cause } from './cause.ts';
import { isSame, referenceTo, type SeenObject } from './seen-object.ts';

type Fix = (object: AnyObject | undefined, seen: readonly SeenObject[], cause: Cause) => string | undefined;

/** The object of this kind in the chain, the first if there are several. */
function objectOf<Kind extends AnyObject['kind']>(
  kind: Kind,
  seen: readonly SeenObject[],
): Extract<AnyObject, { kind: Kind }> | undefined {
  const found = seen.find((one) => one.presence === 'Seen' && one.object.kind === kind);
  return found?.presence === 'Seen' ? (found.object as Extract<AnyObject, { kind: Kind }>) : undefined;
}

const linkCommand: Fix = (object) => (object?.kind === 'Environment' ? object.status.linkCommand : undefined);

const bucketOf = (object: AnyObject | undefined): string | undefined =>
  object?.kind === 'Dataset' ? (object.status.bucket ?? object.spec.s3.bucket?.name) : undefined;

/** Kubernetes refuses a JSON patch whose `test` fails, so that nobody's list is overwritten who wrote it meanwhile. */
const jsonPatch = (reference: ObjectReference, ...operations: readonly object[]): string =>
  `kubectl patch ${kubectlText(reference)} --type=json -p '${JSON.stringify(operations)}'`;

const mergePatch = (reference: ObjectReference, spec: object): string =>
  `kubectl patch ${kubectlText(reference)} --type=merge -p '${JSON.stringify({ spec })}'`;

/** Who is not in the organization is its environment's owner. */
const invite: Fix = (object, seen) => {
  if (object?.kind !== 'Organization') return undefined;
  const { name } = object.metadata;
  const members = new Set([object.spec.owner, ...(object.spec.teams ?? []).map(({ group }) => group)]);
  const owners = seen.flatMap((one) =>
    one.presence === 'Seen' && one.object.kind === 'Environment' && one.object.spec.organization === name
      ? [one.object.spec.owner]
      : [],
  );
  const team = { group: owners.find((owner) => !members.has(owner)) ?? '<group>', permissions: ['LINK_ENVIRONMENT'] };
  const operation =
    object.spec.teams === undefined
      ? { op: 'add', path: '/spec/teams', value: [team] }
      : { op: 'add', path: '/spec/teams/-', value: team };
  return jsonPatch({ kind: 'Organization', name }, operation);
};

const decide: Fix = (_, seen) => {
  const request = objectOf('ShareRequest', seen);
  // Who decides may not read the request: the dataset, in that namespace, tells them of it.
  return (
    request &&
    `dataall approve ${request.metadata.namespace}/${request.metadata.name} -n ${request.spec.datasetRef.namespace}`
  );
};

/** Who asked asks for something else. */
const edit: Fix = (_, seen) => {
  const request = objectOf('ShareRequest', seen);
  return request && `kubectl edit ${kubectlText(referenceTo(request))}`;
};

/** A later end is written where the earlier one stands. */
const extend: Fix = (_, seen) => {
  const [request, approval] = [objectOf('ShareRequest', seen), objectOf('ShareApproval', seen)];
  const ends = [request, approval].flatMap((one) => (one?.spec.expiresAt === undefined ? [] : [one]));
  const earliest = ends.toSorted((a, b) => ((a.spec.expiresAt ?? '') < (b.spec.expiresAt ?? '') ? -1 : 1))[0];
  if (earliest === undefined) return undefined;
  const { namespace, name } = earliest.metadata;
  return mergePatch(
    { kind: earliest.kind, namespace, name },
    { expiresAt: '<a later time, e.g. 2027-03-31T00:00:00Z>' },
  );
};

const attach: Fix = (object) => {
  if (object?.kind !== 'ConsumptionRole') return undefined;
  const arn = object.status.policies?.find(({ attached }) => !attached)?.arn ?? '<an ARN of status.policies>';
  const [, kind, name] = /:(role|user)\/(?:.*\/)?([^/]+)$/.exec(object.spec.principalArn) ?? [];
  return `aws iam attach-${kind}-policy --${kind}-name ${name} --policy-arn ${arn}`;
};

const makePrincipal: Fix = (object, _, { link }) => {
  const { kind, name, namespace } = link.reference;
  if (object === undefined)
    return `kubectl get teams,consumptionroles -n ${namespace}   # there is no ${kind} ${name}: create it, or ask for one of these`;
  const arn =
    object.kind === 'ConsumptionRole'
      ? object.spec.principalArn
      : object.kind === 'Team'
        ? object.spec.roleArn
        : undefined;
  const [, what, principal] = /:(role|user)\/(?:.*\/)?([^/]+)$/.exec(arn ?? '') ?? [];
  if (principal === undefined) return undefined;
  return what === 'user'
    ? `aws iam create-user --user-name ${principal}`
    : `aws iam create-role --role-name ${principal} --assume-role-policy-document file://trust.json`;
};

const FIXES: Readonly<Record<string, Fix>> = {
  ConsentMissing: linkCommand,
  PivotRoleUnreachable: linkCommand,
  NotBootstrapped: linkCommand,
  ExternalIdNotDemanded: (object) =>
    object?.kind === 'Environment'
      ? `aws iam update-assume-role-policy --role-name ${object.status.pivotRole?.arn.split('/').at(-1) ?? object.spec.pivotRole?.name ?? 'dataallPivotRole'} --policy-document file://trust.json   # with "Condition": {"StringEquals": {"sts:ExternalId": "${object.status.externalId}"}}`
      : undefined,
  OrganizationNotFound: (_, seen) => {
    const environment = objectOf('Environment', seen);
    return `kubectl create -f organization.yaml   # metadata.name: ${environment?.spec.organization ?? ''}`;
  },
  NotInvited: invite,
  AccountTaken: () => 'kubectl get environments   # the evidence names the one that has the account',
  Maintenance: () => jsonPatch({ kind: 'Tenant', name: 'default' }, { op: 'remove', path: '/spec/maintenance' }),
  PoliciesMissing: () => 'helm upgrade dataall charts/dataall --namespace dataall-system --reset-then-reuse-values',
  BucketNotFound: (object) => {
    const bucket = bucketOf(object);
    return bucket && object?.kind === 'Dataset' ? `aws s3api create-bucket --bucket ${bucket}` : undefined;
  },
  DatabaseNotFound: (object) =>
    object?.kind === 'Dataset'
      ? `aws glue create-database --database-input Name=${object.spec.s3.glueDatabase?.name}`
      : undefined,
  KeyNotFound: (object) =>
    object?.kind === 'Dataset'
      ? `aws kms cancel-key-deletion --key-id ${object.spec.s3.kmsKey?.arn ?? `alias/${object.spec.s3.kmsKey?.alias}`}`
      : undefined,
  DatasetNotFound: (_, __, { link: { reference } }) =>
    `kubectl get datasets -n ${reference.namespace}   # there is no ${reference.name}: ask for one of these, in a new request`,
  EnvironmentNotFound: (_, __, { link: { reference } }) =>
    `kubectl create -f environment.yaml   # metadata.name: ${reference.name}`,
  PendingApproval: decide,
  PartlyApproved: decide,
  RequestMismatch: decide,
  ApprovalStale: decide,
  ApproverNotAllowed: decide,
  Rejected: edit,
  Withdrawn: edit,
  ItemNotFound: edit,
  FilterNotFound: edit,
  FiltersDisagree: edit,
  Expired: extend,
  AttachmentMissing: attach,
  PrincipalNotFound: makePrincipal,
  RoleNotFound: makePrincipal,
  FilterInvalid: (object) => object && `kubectl edit ${kubectlText(referenceTo(object))}`,
  ReaderDenied: (_, seen) => {
    const bucket = bucketOf(objectOf('Dataset', seen));
    return `aws s3api get-bucket-policy --bucket ${bucket ?? '<bucket>'}   # the evidence names the statement`;
  },
  InvitationRejected: (_, __, { finding }) => {
    const arn = arnNamedIn(finding.evidence ?? '', 'ram');
    return `aws ram delete-resource-share --resource-share-arn ${arn ?? '<the one that the evidence names>'}`;
  },
};

/** A placeholder in it stands in angle brackets; what follows `#` is said to people. */
export function fixOf(cause: Cause, seen: readonly SeenObject[]): string {
  const { link, finding } = cause;
  const found = seen.find(({ reference }) => isSame(reference, link.reference));
  const object = found?.presence === 'Seen' ? found.object : undefined;
  const own = FIXES[finding.reason]?.(object, seen, cause);
  if (own !== undefined) return own;
  return nextCommand(link.reference.kind, link.reference, finding.reason);
}
