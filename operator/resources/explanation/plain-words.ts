// Each reason in the words of who uses data.all and does not write manifests: what it means, and what they can do. What kubectl's users are told stands
// in reasons.ts. Groups and roles are called as the web UI calls them.
// oxlint-disable max-lines -- one table: whoever looks for a reason, or adds one, sees them all

import type { ItemStatusReason } from '../conditions.ts';
import type { ReasonName } from '../reasons.ts';

export interface PlainWords {
  /** A sentence: how things are. */
  readonly says: string;
  /** A sentence or two: what to do, and who does it. Absent where there is nothing to do but wait, if that. */
  readonly todo?: string;
}

const TELL_PLATFORM = 'Tell who runs data.all.';
const LINK_COMMAND =
  'An administrator of the AWS account runs the command that the page of the environment shows under "Let data.all in".';

export const plainWords: Readonly<Record<ReasonName | ItemStatusReason, PlainWords>> = {
  Succeeded: { says: 'Everything is in place.' },
  Progressing: { says: 'Work is going on.' },
  ProgressingWithRetry: { says: 'The last try failed, and the next one comes by itself.' },
  Suspended: {
    says: 'It is paused: nothing is created, granted or repaired. Access still ends when it has to.',
    todo: 'Whoever paused it in Git or by kubectl lets it go on.',
  },
  Maintenance: {
    says: 'data.all is in maintenance: nothing is created, granted or repaired until it ends.',
  },
  Deleting: { says: 'It is being deleted, and what was made for it in AWS is taken down.' },
  PoliciesMissing: {
    says: 'The rules that protect approvals are not all in force in this installation, so nothing is granted.',
    todo: TELL_PLATFORM,
  },
  RightsRefused: {
    says: 'Some people do not have the rights yet that follow from it. It is tried again.',
    todo: `If it stays so: ${lower(TELL_PLATFORM)}`,
  },
  IdTaken: { says: 'Another object has the same id.', todo: `${TELL_PLATFORM} One of the two needs another id.` },
  InUse: {
    says: 'It is to be deleted, and others still use it.',
    todo: 'End what uses it, which is named below. The deletion then goes on by itself.',
  },
  AwsError: {
    says: 'AWS answered with an error. It is tried again.',
    todo: 'If it stays so, what AWS said is below: it is for an administrator of the account.',
  },
  Throttled: { says: 'AWS limits our calls to this account for now, so work goes on more slowly.' },
  AccessDenied: {
    says: 'data.all lacks a permission in the AWS account.',
    todo: 'An administrator of the account updates the pivot role from our template. Which permission, is said below.',
  },
  QuotaExceeded: {
    says: 'A limit leaves no room for it.',
    todo: 'Ask for less, delete what is not needed, or have the limit raised. The numbers are below.',
  },
  StackFailed: {
    says: 'CloudFormation could not set it up in the AWS account, and took back what it had begun.',
    todo: 'Mend what CloudFormation names below, then press "Update stack" on the tab Stack.',
  },

  OrganizationNotFound: { says: 'Its organization does not exist.', todo: 'Create the organization.' },
  NamespaceNotOurs: {
    says: 'Its name is taken by something in the cluster that is not of data.all.',
    todo: `Link the account under another name, or: ${lower(TELL_PLATFORM)}`,
  },
  AccountTaken: {
    says: 'Another environment has this AWS account and region already.',
    todo: 'Use that environment, which is named below, or link another account or region.',
  },
  PivotRoleUnreachable: { says: 'data.all cannot get into the AWS account.', todo: LINK_COMMAND },
  ExternalIdNotDemanded: {
    says: 'The role by which data.all comes into the account would let others in as well, so it proves nothing.',
    todo: "An administrator of the account has the role's trust policy demand the external id that the page of the environment shows.",
  },
  ConsentMissing: {
    says: 'The AWS account has not said that it wants to be linked to this organization.',
    todo: LINK_COMMAND,
  },
  ObjectsNotCounted: {
    says: 'The cluster is slow to set limits for this environment, and lets nothing new in until it has.',
    todo: `If it stays so: ${lower(TELL_PLATFORM)}`,
  },
  NotBootstrapped: { says: 'The AWS account and region are not prepared for CDK.', todo: LINK_COMMAND },
  OneRegionOnly: {
    says: "The role's name is taken by an environment of the same account in another region.",
    todo: 'Link it with another name for the pivot role.',
  },
  OtherPartition: {
    says: 'The region belongs to another part of AWS (China, GovCloud), which cannot be reached from here.',
    todo: 'Link an account in a region of the same part.',
  },
  AccountShared: { says: 'Another environment is in the same AWS account: they share roles and limits.' },

  EnvironmentNotFound: { says: 'Its environment does not exist.', todo: 'Link the environment first.' },
  EnvironmentNotReady: { says: 'Its environment is not ready.', todo: 'The page of the environment says why.' },
  NotInvited: {
    says: 'The group is not part of the organization, so its shares give nothing.',
    todo: 'An owner of the organization invites the group, on the tab Teams.',
  },
  GroupTaken: { says: 'The group is in this environment already.', todo: 'Remove one of the two.' },
  RoleNotFound: {
    says: 'The IAM role that was named does not exist.',
    todo: 'Create the role in the account, or leave its name out.',
  },

  ImportNotAuthorized: {
    says: 'Who imported it may not import in this environment.',
    todo: "Somebody of the environment's owner saves it once more, or the bucket is tagged as said below.",
  },
  BucketNotFound: {
    says: 'The bucket does not exist in the AWS account.',
    todo: 'Create the bucket, or import again with the right name.',
  },
  BucketTaken: { says: 'The bucket belongs to another dataset.', todo: 'Share that dataset, which is named below.' },
  BucketReserved: { says: 'The bucket is one of the environment itself and cannot be a dataset.' },
  CrossRegionBucket: {
    says: "The bucket is in another region than the environment's.",
    todo: 'Import it in an environment of its region.',
  },
  KeyMismatch: {
    says: 'The bucket is encrypted with another key than was named.',
    todo: 'Import it again with the key that is shown below.',
  },
  KeyRequired: {
    says: 'The bucket is encrypted with a key that was not named.',
    todo: 'Import it again with the key that is shown below.',
  },
  KeyNotAllowed: { says: 'The encryption key cannot be used.', todo: 'What to do is said below.' },
  KeyNotFound: {
    says: 'The encryption key does not exist in this account and region, or is about to be deleted.',
    todo: 'If it is about to be deleted, cancel that by the day below, or the data is lost.',
  },
  DatabaseNotFound: {
    says: 'The Glue database does not exist.',
    todo: 'Create it, or import again with the right name, or with none to have one made.',
  },
  TagAccess: {
    says: 'Lake Formation tags open tables of it to others, beside what was shared here.',
    todo: 'An administrator of the account takes the tags away if that is not wanted. Who has access, is said below.',
  },
  LakeFormationMismatch: {
    says: 'Two datasets of the same Glue database say different things about who guards it.',
    todo: 'Say the same in both.',
  },
  DatabaseTaken: {
    says: "The Glue database belongs to another owner's dataset.",
    todo: 'Its owner lists your group as a co-owner, or you import without the database.',
  },
  WordsUnknown: {
    says: 'It names groups or words that nobody here knows: perhaps a typo. Nothing is held up by it.',
    todo: 'Correct the word, or have it added.',
  },
  TableTaken: {
    says: 'Somebody else has described the same table, and theirs counts.',
    todo: 'Delete one of the two.',
  },
  DatasetNotFound: { says: 'The dataset does not exist.', todo: 'Ask for one that does.' },
  DatasetNotReady: { says: 'The dataset is not ready.', todo: 'The page of the dataset says why.' },
  DatasetTerminating: { says: 'The dataset is being deleted, and its shares end with it.' },
  FilterInvalid: {
    says: 'A filter of the table does not work.',
    todo: "Those who decide about the dataset correct it on the table's page, tab Data filters.",
  },

  PrincipalNotFound: {
    says: 'The IAM role or user that would get access does not exist.',
    todo: 'Create it in the account, or ask for another.',
  },
  PrincipalNotReady: {
    says: 'The role that would get access is not ready.',
    todo: 'The page of its environment says why, on the tabs Teams and Roles.',
  },
  PrincipalTaken: {
    says: 'The role belongs to an environment, a team or a dataset, or is registered already.',
    todo: 'Name a role of your own.',
  },
  PrincipalForbidden: { says: 'This role administers the account or belongs to AWS, and cannot be given access.' },
  ForeignAccount: {
    says: "The role is not in the environment's AWS account.",
    todo: 'Register it in the environment of its account.',
  },
  AttachmentMissing: {
    says: 'The policies that open the data are not attached to the role.',
    todo: "Attach them: the role's policies are on the page of its environment, tab Roles.",
  },

  Draft: { says: 'It is a draft: nobody has been asked yet.', todo: 'Submit it.' },
  PendingApproval: { says: "It waits for the dataset's owner or a steward to decide." },
  Approved: { says: 'Those who decide consent to all that is asked for.' },
  PartlyApproved: { says: 'Those who decide consented to a part of it. The rest waits for a new decision.' },
  Rejected: {
    says: 'Those who decide said no.',
    todo: 'Change the request, which submits it anew, or talk to them.',
  },
  Withdrawn: {
    says: 'Those who decide took it back.',
    todo: 'Remove the item from the request, or add it again to ask once more.',
  },
  Expired: {
    says: 'Its end has passed, and access ended with it.',
    todo: 'Ask for a later end.',
  },
  Extended: { says: 'The later end is consented to.' },
  ExtensionPending: { says: 'A later end is asked for and not decided yet. Access goes on until the end that stands.' },
  ExtensionRejected: { says: 'Those who decide left the end as it was.', todo: 'Ask again, or for another end.' },
  ExpirationNotAllowed: {
    says: 'The dataset limits how long shares last, and the end of this one is outside of that.',
    todo: 'Choose an end as said below.',
  },
  RequestMismatch: {
    says: 'The decision is about another dataset, group or role than the request.',
    todo: 'Those who decide do so again, on this page.',
  },
  RequestNotFound: { says: 'The request that was decided about does not exist.' },
  ApprovalStale: {
    says: 'What was consented to is not the same any more: the role, the dataset or a folder was made anew under its name. So access was taken away.',
    todo: 'Those who decide look at it, and approve again.',
  },
  ApproverNotAllowed: {
    says: 'Who decided may not decide about this dataset.',
    todo: 'One of its owner or stewards decides.',
  },
  OwnDataset: { says: 'The team owns this dataset, and has access without asking.' },
  RequesterNotAllowed: {
    says: 'The group may not ask for shares in this environment, or does not own the role.',
    todo: 'An owner of the environment gives the group that permission, on the tab Teams.',
  },
  CrossRegion: {
    says: 'Dataset and requester are in different AWS regions, which tables cannot be shared across.',
    todo: "Ask in an environment of the dataset's region.",
  },
  PermissionNotAllowed: {
    says: 'Writing is only shared within one AWS account, and where the installation allows it.',
    todo: 'Ask to read.',
  },
  ItemNotFound: {
    says: 'It is not in the dataset any more.',
    todo: 'Remove it from the request. If it was just created, have the dataset look for its tables anew.',
  },
  FilterNotFound: {
    says: 'The filter does not exist any more, so nothing of the table is shared.',
    todo: 'Ask with another filter, or have those who decide make it again.',
  },
  FiltersDisagree: {
    says: 'Request and decision name different filters of the table, so nothing of it is shared.',
    todo: 'Ask with the filters that were consented to.',
  },
  NotEnforced: {
    says: 'The limits of this share would not hold for this role, since it can read more already. So it is not given.',
    todo: 'An administrator of the account takes the older rights away, which are named below.',
  },
  ReaderDenied: {
    says: 'Access is given, but a policy in AWS that is not ours keeps the reader out.',
    todo: 'Whoever wrote that policy, which is named below, changes it.',
  },
  InvitationRejected: {
    says: "AWS's invitation to the reader's account was rejected there, or has expired.",
    todo: 'An administrator of the account deletes the resource share that is named below. Then press "Repair".',
  },
  InvitationMixed: {
    says: "AWS's invitation to the reader's account holds more than was consented to, so it is not accepted.",
    todo: 'An administrator accepts it by hand, or revokes the other grant that is named below.',
  },
  Granting: { says: 'Access is being given in AWS.' },
  Granted: { says: 'Access to every item is given in AWS.' },
  PartlyGranted: { says: 'Access to some items is given. What the others wait for, stands beside each.' },
  Revoking: { says: 'Access is being taken away in AWS.' },
  Revoked: { says: 'Access is taken away.' },
  Healthy: { says: 'When last looked at, AWS was exactly as granted.' },
  Drifted: {
    says: 'Somebody changed AWS, so that it is not as granted.',
    todo: 'It is put right by itself, unless the environment is set to report only. Then press "Repair".',
  },
  Unverified: { says: 'AWS has not been looked at since access was given, or cannot be looked at now.' },
  Bound: { says: 'The decision is tied to the request, the dataset and the role that it was given for.' },

  GrantPending: { says: 'The grant in Lake Formation is being written.' },
  InvitationPending: { says: "AWS has not brought the table to the reader's account yet." },
  LinkPending: { says: "The link to the table in the reader's account is being made." },
  NamePending: { says: "What it is called in the reader's account is not known yet." },
  AccessPointPending: { says: 'The access point of the folder is being made in AWS.' },
  PolicyPending: { says: 'A policy of the role or the bucket is being written.' },
};

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
