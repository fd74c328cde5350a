// Which conditions each kind shows and with which reasons: data, from which docs/ and the types of controllers are made.
// oxlint-disable max-lines -- one table: kinds that share a reason are seen side by side

import { itemWaits } from './item-waits.ts';
import type { ReasonName } from './reasons.ts';

interface ConditionMeaning {
  /** `abnormal`: present only while something is out of the ordinary (Reconciling, Stalled), and then True. */
  readonly polarity: 'normal' | 'abnormal';
  readonly meaning: string;
  readonly reasons: readonly ReasonName[];
}

/** Any kind may be in these states, so any Ready may give them as its reason. */
const anytime = [
  'Succeeded',
  'Progressing',
  'Suspended',
  'Maintenance',
  'Deleting',
  'PoliciesMissing',
  'IdTaken',
  'RightsRefused',
  'InUse',
  'AwsError',
  'Throttled',
  'AccessDenied',
] as const;

function together<const Own extends readonly ReasonName[]>(
  own: Own,
): readonly ((typeof anytime)[number] | Own[number])[] {
  return [...new Set([...anytime, ...own])];
}

/** Ready with what may keep this kind from it, and the two that kstatus and Flux read beside it. */
function standard<const Own extends readonly ReasonName[]>(meaning: string, own: Own) {
  return {
    Ready: { polarity: 'normal', meaning, reasons: together(own) },
    Reconciling: {
      polarity: 'abnormal',
      meaning: 'Work is going on. Absent when there is none.',
      reasons: ['Progressing', 'ProgressingWithRetry', 'Deleting'],
    },
    Stalled: {
      polarity: 'abnormal',
      meaning: 'Nothing more happens until somebody changes something. Absent otherwise.',
      reasons: together(own),
    },
  } as const satisfies Record<string, ConditionMeaning>;
}

/** What may be wrong with one item of a share (`status.items[].reason`); also shown by the conditions when it is what matters most. */
const itemReasons = [
  'PendingApproval',
  'Rejected',
  'Withdrawn',
  'ApprovalStale',
  'PermissionNotAllowed',
  'ItemNotFound',
  'FilterNotFound',
  'FiltersDisagree',
  'FilterInvalid',
  'NotEnforced',
  'PrincipalNotFound',
  'AttachmentMissing',
  'ReaderDenied',
  'KeyNotAllowed',
  'InvitationRejected',
  'InvitationMixed',
  'BucketNotFound',
  'KeyNotFound',
  'DatabaseTaken',
  'QuotaExceeded',
  'Drifted',
  'AccessDenied',
  'PivotRoleUnreachable',
  'Throttled',
  'AwsError',
] as const satisfies readonly ReasonName[];

/** Why a request as a whole gives nothing. */
const undecided = [
  'Draft',
  'PartlyApproved',
  'Expired',
  'ExpirationNotAllowed',
  'RequestMismatch',
  'ApproverNotAllowed',
  'RequesterNotAllowed',
  'NotInvited',
  'OwnDataset',
  'CrossRegion',
  'DatasetNotFound',
  'DatasetNotReady',
  'DatasetTerminating',
  'EnvironmentNotReady',
  'PrincipalNotReady',
  'PrincipalTaken',
  'Maintenance',
  'PoliciesMissing',
] as const satisfies readonly ReasonName[];

/** All that `status.items[].reason` of a request may say. */
export const itemStatusReasons: readonly ItemStatusReason[] = [
  ...itemReasons,
  'Unverified',
  ...(Object.keys(itemWaits) as (keyof typeof itemWaits)[]),
];

export type ItemStatusReason = (typeof itemReasons)[number] | 'Unverified' | keyof typeof itemWaits;

const stackDeployed = {
  polarity: 'normal',
  meaning: 'The CloudFormation stack is deployed with the current template.',
  reasons: ['Succeeded', 'Progressing', 'StackFailed', 'AwsError', 'Throttled', 'AccessDenied', 'NotBootstrapped'],
} as const satisfies ConditionMeaning;

/** @param what is unknown, as the start of a sentence */
const wordsUnknown = (what: string) =>
  ({
    polarity: 'abnormal',
    meaning: `A warning: ${what} that nobody here knows. Absent otherwise.`,
    reasons: ['WordsUnknown'],
  }) as const satisfies ConditionMeaning;

const datasetsLeftOut = {
  polarity: 'abnormal',
  meaning:
    'A warning: the policies of a role have no room for rights to some datasets, which the message names. Absent otherwise.',
  reasons: ['QuotaExceeded'],
} as const satisfies ConditionMeaning;

export const conditions = {
  Tenant: {
    ...standard('Policies are in force and the settings are in effect.', []),
    WordsUnknown: wordsUnknown('spec.permissions limits groups'),
  },
  Organization: standard('Environments can be linked to it.', ['QuotaExceeded']),
  Environment: {
    ...standard('Datasets, teams and shares can be made in it.', [
      'OrganizationNotFound',
      'NotInvited',
      'NamespaceNotOurs',
      'AccountTaken',
      'OtherPartition',
      'PivotRoleUnreachable',
      'ExternalIdNotDemanded',
      'ConsentMissing',
      'ObjectsNotCounted',
      'NotBootstrapped',
      'OneRegionOnly',
      'RoleNotFound',
      'StackFailed',
      'QuotaExceeded',
    ]),
    NamespaceReady: {
      polarity: 'normal',
      meaning: 'Its namespace exists and people have their rights in it.',
      reasons: ['Succeeded', 'NamespaceNotOurs', 'Progressing'],
    },
    AccountClaimed: {
      polarity: 'normal',
      meaning: 'The account and region are ours and no other environment has them.',
      reasons: ['Succeeded', 'AccountTaken', 'Progressing'],
    },
    Trusted: {
      polarity: 'normal',
      meaning: 'The account lets us in and has consented to this organization.',
      reasons: [
        'Succeeded',
        'PivotRoleUnreachable',
        'ExternalIdNotDemanded',
        'ConsentMissing',
        'NotBootstrapped',
        'OneRegionOnly',
        'AwsError',
        'AccessDenied',
      ],
    },
    StackDeployed: stackDeployed,
    DatasetsLeftOut: datasetsLeftOut,
    AccountShared: {
      polarity: 'abnormal',
      meaning: 'A warning: another Environment is in the same account. Absent otherwise.',
      reasons: ['AccountShared'],
    },
  },
  Team: {
    ...standard('The group has its rights and its role.', [
      'EnvironmentNotFound',
      'EnvironmentNotReady',
      'NotInvited',
      'GroupTaken',
      'RoleNotFound',
      'PrincipalTaken',
      'PrincipalForbidden',
      'QuotaExceeded',
      'StackFailed',
    ]),
    DatasetsLeftOut: datasetsLeftOut,
  },
  Dataset: {
    ...standard('Its bucket, key and database are in place and can be shared.', [
      'EnvironmentNotFound',
      'EnvironmentNotReady',
      'ImportNotAuthorized',
      'BucketNotFound',
      'BucketTaken',
      'BucketReserved',
      'CrossRegionBucket',
      'KeyMismatch',
      'KeyRequired',
      'KeyNotAllowed',
      'KeyNotFound',
      'DatabaseNotFound',
      'DatabaseTaken',
      'LakeFormationMismatch',
      'RoleNotFound',
      'StackFailed',
      'QuotaExceeded',
      'Drifted',
    ]),
    StackDeployed: stackDeployed,
    StorageReady: {
      polarity: 'normal',
      meaning: 'Bucket and key are there, may be used, and belong to this dataset alone.',
      reasons: [
        'Succeeded',
        'Progressing',
        'IdTaken',
        'ImportNotAuthorized',
        'BucketNotFound',
        'BucketTaken',
        'BucketReserved',
        'CrossRegionBucket',
        'KeyMismatch',
        'KeyRequired',
        'KeyNotAllowed',
        'KeyNotFound',
        'Drifted',
        'AwsError',
        'AccessDenied',
      ],
    },
    WordsUnknown: wordsUnknown('the spec has groups, a confidentiality or topics'),
    CatalogReady: {
      polarity: 'normal',
      meaning: 'The Glue database is there, registered with Lake Formation, and its tables are known.',
      reasons: [
        'Succeeded',
        'TagAccess',
        'Progressing',
        'DatabaseNotFound',
        'DatabaseTaken',
        'LakeFormationMismatch',
        'Drifted',
        'AwsError',
        'AccessDenied',
      ],
    },
  },
  DatasetTable: standard('The table exists and its filters are valid.', [
    'DatasetNotFound',
    'DatasetNotReady',
    'ItemNotFound',
    'TableTaken',
    'FilterInvalid',
  ]),
  ConsumptionRole: {
    ...standard('The role or user can be given access.', [
      'EnvironmentNotFound',
      'EnvironmentNotReady',
      'PrincipalNotFound',
      'PrincipalTaken',
      'PrincipalForbidden',
      'ForeignAccount',
      'QuotaExceeded',
    ]),
    WordsUnknown: wordsUnknown('the owner is a group'),
    PoliciesAttached: {
      polarity: 'normal',
      meaning:
        'The share policies, which status.policies lists, are attached to the role or user. Absent while nothing is shared with it.',
      reasons: ['Succeeded', 'AttachmentMissing', 'QuotaExceeded', 'Unverified'],
    },
  },
  ShareRequest: {
    ...standard('Every requested item is granted.', [
      ...undecided,
      'EnvironmentNotFound',
      'Granting',
      'Granted',
      'PartlyGranted',
      'Revoking',
      'Revoked',
      ...itemReasons,
    ]),
    Approved: {
      polarity: 'normal',
      meaning: "The dataset's owner or a steward consents.",
      reasons: [
        'Approved',
        'PartlyApproved',
        'Draft',
        'PendingApproval',
        'Rejected',
        'Withdrawn',
        'Expired',
        'ExpirationNotAllowed',
        'RequestMismatch',
        'ApprovalStale',
        'ApproverNotAllowed',
        'DatasetNotFound',
      ],
    },
    Granted: {
      polarity: 'normal',
      meaning: 'Access to all that is consented to is given in AWS.',
      reasons: [
        'Granted',
        'PartlyGranted',
        'Granting',
        'Revoking',
        'Revoked',
        'Suspended',
        ...undecided,
        ...itemReasons,
      ],
    },
    Healthy: {
      polarity: 'normal',
      meaning:
        'AWS, when last read, was exactly as granted, nothing lacking and nothing too much, and no policy that is to be seen keeps the reader out.',
      reasons: ['Healthy', 'Unverified', ...itemReasons],
    },
    Extended: {
      polarity: 'normal',
      meaning: 'The later end that is asked for is consented to. Absent where none is asked for.',
      reasons: ['Extended', 'ExtensionPending', 'ExtensionRejected'],
    },
  },
  ShareApproval: {
    ...standard('The decision is in effect.', [
      'RequestNotFound',
      'RequestMismatch',
      'ApprovalStale',
      'ApproverNotAllowed',
      'Expired',
      'ExpirationNotAllowed',
      'DatasetNotFound',
      'PrincipalNotFound',
      'PendingApproval',
      'ItemNotFound',
      'FilterNotFound',
      'FiltersDisagree',
      'FilterInvalid',
      'PermissionNotAllowed',
    ]),
    Bound: {
      polarity: 'normal',
      meaning: 'It is tied to the request, dataset and principal it was given for.',
      reasons: [
        'Bound',
        'RequestNotFound',
        'RequestMismatch',
        'ApprovalStale',
        'ApproverNotAllowed',
        'ExpirationNotAllowed',
        'DatasetNotFound',
        'PrincipalNotFound',
        'PendingApproval',
      ],
    },
  },
} as const satisfies Record<string, Record<string, ConditionMeaning>>;

export type ConditionKind = keyof typeof conditions;
export type ConditionType<Kind extends ConditionKind> = keyof (typeof conditions)[Kind] & string;

/** The reasons a kind may give for a type of condition. */
export type ReasonFor<
  Kind extends ConditionKind,
  Type extends ConditionType<Kind>,
> = (typeof conditions)[Kind][Type] extends {
  readonly reasons: readonly (infer Reason extends ReasonName)[];
}
  ? Reason
  : never;
