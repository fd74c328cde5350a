// Every reason a condition or a share item may show, with the sentence docs give for it: what it means and what to do.
// Terminal reasons (nothing happens until somebody changes something) set Stalled; the others are waited out or retried.
// oxlint-disable max-lines -- one table: whoever looks for a reason, or adds one, sees them all

interface Reason {
  readonly meaning: string;
  /** Nothing will change by itself: kstatus shows Failed. */
  readonly terminal?: true;
}

const normal = {
  Succeeded: { meaning: 'AWS is as the spec says.' },
  Progressing: { meaning: 'Work is going on; wait.' },
  ProgressingWithRetry: {
    meaning: 'The last try failed and the next one is coming; the reason of Ready and the message say why.',
  },
  Suspended: { meaning: 'spec.suspend is true: nothing is created, granted or repaired. Set it to false to go on.' },
  Maintenance: {
    meaning: 'The installation is in maintenance: nothing is created, granted or repaired. Wait for its end.',
  },
  Deleting: { meaning: 'It is being deleted; what we made in AWS is taken down.' },
} as const satisfies Record<string, Reason>;

const installation = {
  PoliciesMissing: {
    meaning:
      'Admission policies are missing or changed, so anybody could approve anything: nothing is granted. The conditions of Tenant default say which, and what to apply.',
  },
  RightsRefused: {
    meaning:
      'The API server refused a Role or binding that follows from this object, so some people lack rights; the message names it. It is tried again.',
  },
  IdTaken: {
    meaning: 'Another object has the same spec.id. Choose another, or delete one of the two.',
    terminal: true,
  },
  InUse: {
    meaning:
      'It is used by other objects, which the message names. Delete them first; deletion then goes on by itself.',
  },
} as const satisfies Record<string, Reason>;

const aws = {
  AwsError: {
    meaning: 'AWS answered with an error that may pass; it is tried again. The message has the call and the error.',
  },
  Throttled: { meaning: 'AWS limits our calls to this account; work goes on more slowly.' },
  AccessDenied: {
    meaning: 'The pivot role lacks a permission that the message names. Update its stack from our template.',
  },
  QuotaExceeded: {
    meaning:
      'A limit of AWS or of this installation does not leave room for it; the message has the numbers. Ask for less, delete what is not needed, or have the quota raised.',
  },
  StackFailed: {
    meaning:
      'CloudFormation could not deploy and rolled back. Its reason is in the message; mend it and request a reconcile.',
    terminal: true,
  },
} as const satisfies Record<string, Reason>;

const environment = {
  OrganizationNotFound: { meaning: 'spec.organization names no Organization. Create it.' },
  NamespaceNotOurs: {
    meaning:
      'A namespace of this name exists and is not ours. A platform administrator may label it dataall.io/environment=<name>, or choose another name.',
    terminal: true,
  },
  AccountTaken: {
    meaning: 'Another Environment claimed this account and region first; the message names it.',
    terminal: true,
  },
  PivotRoleUnreachable: {
    meaning:
      'The pivot role cannot be assumed: it is missing, or does not trust us with this external id. Run status.linkCommand in the account.',
  },
  ExternalIdNotDemanded: {
    meaning:
      'The pivot role lets the operator in whatever external id it brings, so its trust says nothing about this organization. Have its trust policy demand sts:ExternalId = status.externalId.',
  },
  ConsentMissing: {
    meaning:
      'The account has not said that it wants to be linked by this organization. Run status.linkCommand in the account.',
  },
  ObjectsNotCounted: {
    meaning:
      'The API server has not counted the objects of the namespace for a minute, and refuses new ones until it has. The cluster lacks resourcequota-controller: start it in kube-controller-manager (--controllers), where it runs by default.',
  },
  NotBootstrapped: {
    meaning: 'The account and region are not bootstrapped for CDK. Run status.linkCommand in the account.',
  },
  OneRegionOnly: {
    meaning:
      'The pivot role that a stack makes has a name that an environment of this account in another region has taken. Name another in spec.pivotRole.name, share one by mode Existing, or have config.json put the region into the name (cdk_pivot_role_multiple_environments_same_account).',
    terminal: true,
  },
  OtherPartition: {
    meaning:
      'The region lies in another partition of AWS than this installation (China, GovCloud): no role of one can be assumed from the other. Give another region, or run an installation there.',
    terminal: true,
  },
  AccountShared: { meaning: 'Another Environment is in the same account: roles and quotas are shared between them.' },
} as const satisfies Record<string, Reason>;

const team = {
  EnvironmentNotFound: { meaning: 'The namespace belongs to no Environment. Apply the Environment first.' },
  EnvironmentNotReady: { meaning: 'The environment is not ready; its own conditions say why.' },
  NotInvited: {
    meaning:
      "The group is neither the organization's owner nor one of its teams, so its shares give nothing and its role has no data of its own. Where the group owns an environment, this goes for all shares from and to that environment. Add it to the Organization.",
  },
  GroupTaken: { meaning: 'An older Team in this namespace has the same group. Delete one of the two.', terminal: true },
  RoleNotFound: {
    meaning: 'The role named by roleArn does not exist. Create it, or create the object without roleArn.',
  },
} as const satisfies Record<string, Reason>;

const dataset = {
  ImportNotAuthorized: {
    meaning:
      "Its author may not import in this environment. Have the environment's owner apply it, or tag the bucket and its key dataall:owner=<owner group> and, where one is imported, give the Glue database the parameter dataall:owner=<owner group>.",
  },
  BucketNotFound: {
    meaning:
      'The bucket does not exist in the account of the environment. Create it, or correct spec.s3.bucket.name in a new Dataset.',
  },
  BucketTaken: { meaning: 'The bucket belongs to another Dataset, which the message names.', terminal: true },
  BucketReserved: {
    meaning: 'The bucket is one of the environment, its logs or CDK and cannot be a dataset.',
    terminal: true,
  },
  CrossRegionBucket: { meaning: "The bucket is in another region than the environment's.", terminal: true },
  KeyMismatch: {
    meaning:
      'The bucket is encrypted with another key than spec.s3.kmsKey. Name the one that the message shows in a new Dataset, or encrypt the bucket with the key that is named.',
    terminal: true,
  },
  KeyRequired: {
    meaning: 'The bucket is encrypted with a KMS key that spec.s3.kmsKey does not name. Create a new Dataset with it.',
    terminal: true,
  },
  KeyNotAllowed: {
    meaning:
      'The key cannot be used: it is disabled or has no key material, it belongs to AWS or to another account, or the bucket is encrypted with SSE-S3 and has none. The message says which, and what to do.',
    terminal: true,
  },
  KeyNotFound: {
    meaning:
      'The key does not exist in the account and region of the environment, or is about to be deleted: then cancel that by the day in the message, or the data is lost.',
  },
  DatabaseNotFound: {
    meaning:
      'The Glue database does not exist. Create it, or make a new Dataset that names another, or none to have one made.',
  },
  TagAccess: {
    meaning:
      "The account's LF-Tag policies open the database or tables of it to principals that the message names. data.all manages no LF-Tags and takes nothing back: untag it, or revoke in Lake Formation.",
  },
  LakeFormationMismatch: {
    meaning:
      'Another Dataset of the same Glue database has another lakeFormation. Whether IAM alone opens a database is one thing for all of it: say the same in both.',
    terminal: true,
  },
  DatabaseTaken: {
    meaning: 'The Glue database belongs to the Dataset of another owner, who does not list this one in coOwners.',
    terminal: true,
  },
  WordsUnknown: {
    meaning:
      "Groups that no Team, Organization or Tenant names, a confidentiality or topics that are not in the installation's lists: a typo, or somebody who is still to come. Nothing is held up; correct the word, or have it added. It is compared anew with the next look at the object.",
  },
  TableTaken: {
    meaning:
      'Another DatasetTable describes the same table: one by the owner of the dataset counts before those of stewards, an older one before a younger. Delete one of the two.',
    terminal: true,
  },
  DatasetNotFound: {
    meaning:
      'The Dataset does not exist, or not yet: this waits for it. References are immutable: correct one in a new object.',
  },
  DatasetNotReady: { meaning: 'The dataset is not ready; its own conditions say why.' },
  DatasetTerminating: { meaning: 'The dataset is being deleted, which ends its shares.' },
  FilterInvalid: {
    meaning: 'A filter names a column the table does not have, or a condition that is not one. The message says which.',
  },
} as const satisfies Record<string, Reason>;

const principal = {
  PrincipalNotFound: {
    meaning:
      'The role, user or object that would get access does not exist. Create it; references are immutable: correct one in a new object.',
  },
  PrincipalNotReady: { meaning: 'The Team or ConsumptionRole is not ready; its own conditions say why.' },
  PrincipalTaken: {
    meaning:
      'The role or user is that of an environment, a team or a dataset, or has the name of one that we make; or another Team or ConsumptionRole stands for it. Name a role of your own.',
    terminal: true,
  },
  PrincipalForbidden: {
    meaning: 'This role administers the account or belongs to AWS and cannot be given access.',
    terminal: true,
  },
  ForeignAccount: { meaning: "The role or user is not in the environment's account.", terminal: true },
  AttachmentMissing: {
    meaning: 'The share policies are not attached to the role or user. Attach those in status.policies.',
  },
} as const satisfies Record<string, Reason>;

const share = {
  Draft: { meaning: 'spec.draft is true: nobody has been asked. Set it to false to submit.' },
  PendingApproval: { meaning: "Waits for a ShareApproval in the dataset's namespace, by its owner or a steward." },
  Approved: { meaning: 'There is consent to all that is asked for.' },
  PartlyApproved: {
    meaning:
      'There is consent to some of what is asked for; the rest, items or a later end, waits for a new decision. The message says what.',
  },
  Rejected: {
    meaning: 'Those who decide said no; the reason is in the message. An edited request is submitted anew.',
    terminal: true,
  },
  Withdrawn: {
    meaning:
      'Those who decide took the item back; the reason is in the message. Take it out of spec.items of the request, or set its askedAt to the time, to ask again.',
    terminal: true,
  },
  Expired: {
    meaning:
      'The end that was asked for or consented to has passed. The requester sets a later spec.expiresAt in the request, who decides one in the approval.',
    terminal: true,
  },
  Extended: { meaning: 'Those who decide answered the extension and named its end, as the message says.' },
  ExtensionPending: {
    meaning:
      'A later end is asked for than is consented to, and nobody has answered. Access goes on until the end that the message names.',
  },
  ExtensionRejected: {
    meaning:
      'Those who decide left the end as it was; the reason is in the message. Set spec.extension.askedAt of the request to the time to ask again.',
  },
  ExpirationNotAllowed: {
    meaning:
      'The dataset limits how long shares last, and this one would have no end or another. The message says which days are allowed and where to write one.',
    terminal: true,
  },
  RequestMismatch: {
    meaning:
      'Dataset, requester or principal of request and approval differ. The message shows both; correct the approval.',
    terminal: true,
  },
  RequestNotFound: {
    meaning:
      'The ShareRequest that the approval names does not exist: not yet, and the decision waits for it, or not any more, and it has no effect. The message says which.',
  },
  ApprovalStale: {
    meaning:
      'Request, dataset, folder or principal is no longer the one that was consented to (re-created under the same name). Look, then edit the approval to consent again.',
    terminal: true,
  },
  ApproverNotAllowed: {
    meaning:
      'The group in spec.approver of the approval is neither owner nor steward of the dataset, or asks for itself, and nothing was bound before: nothing is given. The message says who has to decide; one of them edits the approval and names itself there.',
    terminal: true,
  },
  OwnDataset: { meaning: 'The team owns this dataset and has access without asking.', terminal: true },
  RequesterNotAllowed: {
    meaning:
      'The requester has no Team with CREATE_SHARE_OBJECT in this environment, does not own the principal, or was taken out of the organization.',
    terminal: true,
  },
  CrossRegion: {
    meaning: 'Dataset and requester are in different regions, which Lake Formation cannot share across.',
    terminal: true,
  },
  PermissionNotAllowed: {
    meaning: 'Write and Modify need one account and an installation that allows them.',
    terminal: true,
  },
  ItemNotFound: { meaning: 'The table or folder does not exist in the dataset, or the bucket is not its own.' },
  FilterNotFound: {
    meaning:
      'The filter does not exist on the table any more, so the item is not shared: nothing falls back to the whole table.',
  },
  FiltersDisagree: {
    meaning: 'Request and approval have no filter of this table in common, so nothing of it is shared.',
  },
  NotEnforced: {
    meaning:
      'What is shared of the table, or a filter of it, would not hold for this principal: it has more by a grant from before the import, or with lakeFormation: Hybrid the table is left to IAM. Nothing of it is given. The message says which, and what to do.',
  },
  ReaderDenied: {
    meaning:
      'Access is given and cannot be used: a policy that is not ours keeps the reader out. The message names the statement and its policy; have it changed by who wrote it.',
  },
  InvitationRejected: {
    meaning:
      "RAM's invitation to the consumer's account was rejected there, or has expired. Delete the resource share that the message names, then request a reconcile of the share: another one is sent.",
  },
  InvitationMixed: {
    meaning:
      "RAM's invitation to the consumer's account holds what nobody consented to as well, so it is not accepted. Accept it by hand, or revoke the other grant that the message names.",
  },
  Granting: { meaning: 'Access is being given.' },
  Granted: { meaning: 'Access to every item is given.' },
  PartlyGranted: { meaning: 'Access to some items is given; the message says what the others wait for.' },
  Revoking: { meaning: 'Access is being taken away.' },
  Revoked: { meaning: 'Access is taken away.' },
  Healthy: { meaning: 'AWS, when last read, was as granted.' },
  Drifted: {
    meaning:
      'AWS is not as it should be; the message has the evidence. It is put right, or reported only, as the environment says: then dataall.io/requested-at has it put right.',
  },
  Unverified: {
    meaning: 'AWS has not been read since access was given, or cannot be read now, or it is not ours to look at.',
  },
  Bound: { meaning: 'The approval is tied to the request, dataset and principal it was given for.' },
} as const satisfies Record<string, Reason>;

export const reasons = {
  ...normal,
  ...installation,
  ...aws,
  ...environment,
  ...team,
  ...dataset,
  ...principal,
  ...share,
} as const;

export type ReasonName = keyof typeof reasons;

/** Of Ready, while work goes on as it should. */
const onTheWay: readonly string[] = ['Progressing', 'Granting', 'Revoking', 'ObjectsNotCounted'] satisfies ReasonName[];

/** The reason of Reconciling, for one of Ready: which of three things goes on. Why a try failed is told by Ready. */
export function reconcilingReason(reason: string): 'Progressing' | 'ProgressingWithRetry' | 'Deleting' {
  if (reason === 'Deleting' || reason === 'InUse') return 'Deleting';
  return onTheWay.includes(reason) ? 'Progressing' : 'ProgressingWithRetry';
}

/** Whether a reason lasts until somebody changes something, and so sets Stalled. */
export function isTerminal(reason: ReasonName): boolean {
  const { terminal }: Reason = reasons[reason];
  return terminal === true;
}
