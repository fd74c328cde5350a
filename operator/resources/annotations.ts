// Names of our annotations, labels, finalizer and verbs. Those that are not `requested-at` are protected by admission policies.

import { group } from './kind.ts';

const own = <const Name extends string>(name: Name) => `${group}/${name}` as const;

export const annotations = {
  /** Asks for a reconcile now; any new value (usually the time). Answered in status.lastHandledAt. Anybody who may edit may set it. */
  requestedAt: own('requested-at'),
  /**
   * On a ShareRequest or ShareApproval: asks for a look at its documents, which mends no more than any look. Written by the action `verify`.
   * Answered in status.verifyHandledAt of the ShareRequest.
   */
  verifyRequestedAt: own('verify-requested-at'),
  /** The object's id when spec.id is not set: derived from the UID once, then kept (a restore keeps annotations, not UIDs). */
  id: own('id'),
  /** Who last changed spec: username, stamped by admission. */
  changedBy: own('changed-by'),
  /** Username whose verb `import` on the environment was checked at admission of this spec. */
  importAuthorized: own('import-authorized'),
  /** On a DatasetTable: username of who, holding `update` on the dataset, last wrote its spec. Such a one counts before others. */
  byOwner: own('by-owner'),
  /** On a ShareApproval: the generation that auto-approval wrote last. Another one is somebody's decision. */
  automaticGeneration: own('automatic-generation'),
  /** `<uid>`: a platform administrator gives up on AWS; the finalizer is dropped and the orphans are recorded. */
  abandon: own('abandon'),
  /** On a namespace: the 12-digit account of its environment, so that policies can tell foreign ARNs. */
  account: own('account'),
  /** On a namespace: the group that owns its environment, so that policies can tell it from the teams. */
  owner: own('owner'),
} as const;

/** As long as status.lastHandledAt may be. */
export const MAX_REQUESTED_AT = 128;

type Annotated = { readonly annotations?: Readonly<Record<string, string>> | undefined };

/** Whatever people wrote there: an answer that the schema refuses would keep the whole status from being written, and whoever waits for it. */
const askedAt = ({ annotations: written }: Annotated, annotation: string): string | undefined => {
  const value = Array.from(written?.[annotation] ?? '')
    .slice(0, MAX_REQUESTED_AT)
    .join('');
  return value === '' ? undefined : value;
};

/** When somebody last asked for a reconcile, as it is answered; undefined = nobody did. */
export const requestedAtOf = (metadata: Annotated): string | undefined => askedAt(metadata, annotations.requestedAt);

/** When a look at a share was last asked for, by either side of it; RFC 3339 in UTC, as the action `verify` writes it. */
export const verifyRequestedAtOf = (
  ...sides: readonly ({ readonly metadata: Annotated } | undefined)[]
): string | undefined =>
  sides
    .flatMap((side) => (side && askedAt(side.metadata, annotations.verifyRequestedAt)) ?? [])
    .toSorted()
    .at(-1);

/** Whether that is not answered yet. Who takes the annotation away asks for nothing. */
export const isReconcileRequested = (object: {
  readonly metadata: Annotated;
  readonly status: { readonly lastHandledAt?: string | undefined };
}): boolean => {
  const requestedAt = requestedAtOf(object.metadata);
  return requestedAt !== undefined && requestedAt !== object.status.lastHandledAt;
};

export const labels = {
  /** On a namespace: the Environment whose namespace it is. Set by us, or by a platform administrator to let us adopt it. */
  environment: own('environment'),
  /** On objects the operator writes (RBAC, approvals): what made them. */
  managedBy: 'app.kubernetes.io/managed-by',
  /** On a ShareApproval that auto-approval wrote: `true`. */
  autoApproved: own('auto-approved'),
} as const;

/** Value of {@link labels.managedBy} on what we write. */
export const MANAGED_BY = 'dataall-operator';

/** Keeps an object until a read of AWS proves that what it stood for is gone. Added by admission at CREATE. */
export const FINALIZER = own('finalizer');

/** Field manager of the operator's server-side applies. */
export const FIELD_MANAGER = 'dataall-operator';

/** RBAC verbs of our own; api.md, Authority. */
export const verbs = {
  /** On datasets/<name>: decide about requests, change filters. */
  approve: 'approve',
  /** On organizations/<name>: link an AWS account to it. */
  link: 'link',
  /** On organizations/<name>: add groups to spec.teams, and take them away. */
  invite: 'invite',
  uninvite: 'uninvite',
  /** On environments/<name>: import buckets of its account. */
  import: 'import',
  /** On the virtual resource groups/<group>: act for a group without being in it. */
  actAs: 'act-as',
  /** On environments/<name>, teams/<name>, datasets/<name>: work in AWS as its role, with short-lived keys or in the console. */
  credentials: 'credentials',
  console: 'console',
  /** On datasets/<name>: read tables and columns as they are in Glue. */
  catalog: 'catalog',
  /** On environments/<name>, teams/<name>, datasets/<name>: see resources and events of its CloudFormation stack. */
  stack: 'stack',
  /** On sharerequests/<name>, and on datasets/<name> for what is shared of it: have AWS looked at now; and put right what differs. */
  verify: 'verify',
  reapply: 'reapply',
} as const;
