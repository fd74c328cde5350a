// What the pages of shares say, in English.

import type { ShareableType, ShareItemStatus, ShareObjectStatus, ShareStepName, ShareStepState } from './operations.ts';

export const shareStrings = {
  title: 'Shares',
  description: 'Who asks for what, who has it, and what is wrong with it.',
  received: 'Received',
  sent: 'Sent',
  receivedText: 'What your groups are asked for, as owners or stewards of datasets.',
  sentText: 'What your groups have asked for.',
  dataset: 'Dataset',
  requester: 'Asked for by',
  owner: 'Owned by',
  principal: 'Who reads',
  state: 'State',
  created: 'Asked',
  expires: 'Ends',
  neverExpires: 'No end',
  laterEnd: 'Asked to last until',
  noneReceived: 'Nobody asks your groups for anything.',
  noneSent: 'Your groups have asked for nothing yet.',
  toCatalogue: 'Find data in the catalogue',
  of: (dataset: string, principal: string): string => `${dataset} for ${principal}`,
  progress: 'How far it has come',
  details: 'What is asked for',
  purpose: 'Purpose',
  noPurpose: 'None was given',
  permissions: 'May',
  account: 'Where the data is',
  role: 'IAM name',
  decides: 'Who decides',
  items: 'Items',
  item: 'Item',
  type: 'Kind',
  health: 'Health',
  checked: 'Last check',
  noItems: 'Nothing is asked for yet.',
  submit: 'Submit request',
  approve: 'Approve',
  reject: 'Reject',
  revoke: 'Revoke',
  revokeSelected: (count: number): string =>
    count === 0 ? 'Revoke' : count === 1 ? 'Revoke 1 item' : `Revoke ${count} items`,
  approveTitle: 'Approve this request?',
  approveText: (principal: string, items: number): string =>
    `${principal} gets access to ${items === 1 ? 'the item' : `the ${items} items`} ticked below, and to nothing else of the dataset.`,
  othersRejected: (count: number): string =>
    count === 1 ? 'The other item is rejected.' : `The other ${count} items are rejected.`,
  wholeTable: 'The whole table',
  filtersOf: (table: string): string => `Data filters of ${table}`,
  noFilters: 'No filters are defined for this table. Its owner defines them on its page.',
  extensionApproved: 'Access then lasts until',
  extensionRejected: 'Access ends as before, and not',
  rejectTitle: 'Reject this request?',
  rejectText: 'What is shared already stays as it is. Items that wait are refused.',
  revokeTitle: 'Take access back?',
  revokeText: (principal: string): string =>
    `${principal} cannot read these items any more, as soon as AWS has forgotten it: within seconds, mostly.`,
  note: 'Note to the requesters',
  noteHint: 'They see it on this page.',
  selectAll: 'All items',
  select: (item: string): string => `Choose ${item}`,
  healths: {
    Healthy: 'Healthy',
    Unhealthy: 'Unhealthy',
    PendingVerify: 'Being checked',
    PendingReApply: 'Being repaired',
  },
  approved: 'Approved. Access is being given now.',
  rejected: 'Rejected. The requesters are told.',
  revoked: 'Access is being taken back.',
  submitted: 'Submitted. Those who decide are told.',
  log: 'Log',
  logText: 'What the operator says of the share and its items, newest first.',
  logSince: 'Since',
  logAbout: 'Of',
  logMessage: 'What it says',
  logEmpty: 'It has said nothing yet.',
  by: 'by',
  repaired: 'Somebody had changed this in AWS. It was put right',
} as const;

/** A table may be given in part: by which filters, is what is consented to. */
export const describeItem = (name: string | null | undefined, filters: readonly string[] = []): string =>
  filters.length === 0 ? (name ?? '') : `${name}, filtered by ${filters.join(' or ')}`;

export const stepNames: Readonly<Record<ShareStepName, string>> = {
  Submitted: 'Submitted',
  Approved: 'Approved',
  Granted: 'Granted',
  Healthy: 'Healthy',
};

/** What a step means while it is in that state. */
export const stepTexts: Readonly<Record<ShareStepName, Readonly<Record<ShareStepState, string>>>> = {
  Submitted: {
    Done: 'Those who decide were asked',
    InProgress: 'A draft: nobody was asked yet',
    Failed: 'Not submitted',
    Waiting: 'Not submitted yet',
  },
  Approved: {
    Done: 'They consent',
    InProgress: 'Waits for a decision',
    Failed: 'Nobody consents to it now',
    Waiting: 'Not decided yet',
  },
  Granted: {
    Done: 'Access is given in AWS',
    InProgress: 'AWS is being changed',
    Failed: 'Access is not given',
    Waiting: 'Nothing is given',
  },
  Healthy: {
    Done: 'AWS is exactly as granted',
    InProgress: 'AWS is being looked at',
    Failed: 'AWS is not as granted',
    Waiting: 'Nothing to look at',
  },
};

/** Of who does not consent any more, or never did: by the reasons of docs/conditions.md. */
export const refusals: Readonly<Partial<Record<string, string>>> = {
  Rejected: 'Rejected',
  Withdrawn: 'Revoked',
  Expired: 'Expired',
};

export const shareStatusNames: Readonly<Record<ShareObjectStatus, string>> = {
  Draft: 'Draft',
  Submitted: 'Waits for a decision',
  Submitted_For_Extension: 'Asks for a later end',
  Extension_Rejected: 'Later end refused',
  Approved: 'Approved, not granted yet',
  Share_In_Progress: 'Being granted',
  Processed: 'Decided',
  Rejected: 'Rejected',
  Revoked: 'Being revoked',
  Revoke_In_Progress: 'Being revoked',
  Deleted: 'Deleted',
};

export const itemStatusNames: Readonly<Record<ShareItemStatus, string>> = {
  PendingApproval: 'Waits for a decision',
  PendingExtension: 'Granted, asks for a later end',
  Share_Approved: 'Approved, not granted yet',
  Share_In_Progress: 'Being granted',
  Share_Succeeded: 'Granted',
  Share_Failed: 'Not granted',
  Share_Rejected: 'Rejected',
  Revoke_Approved: 'Being revoked',
  Revoke_In_Progress: 'Being revoked',
  Revoke_Failed: 'Not revoked yet',
  Revoke_Succeeded: 'Revoked',
  Deleted: 'Deleted',
};

export const itemTypeNames: Readonly<Record<ShareableType, string>> = {
  Table: 'Table',
  StorageLocation: 'Folder',
  S3Bucket: 'Bucket',
  RedshiftTable: 'Redshift table',
};
