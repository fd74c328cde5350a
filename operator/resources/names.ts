// Names of what we make, as pure functions. People and tools rely on them, so their shapes follow data.all 2.9 (reference, 3.3).
// Every AWS name ends in (or holds) an id of 8 characters, so cutting a long label never makes two names equal.

import { createHash } from 'node:crypto';

/** Longest names, with the page that says so. */
const limits = {
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  bucket: 63,
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
  role: 64,
  policy: 128,
  /** https://docs.aws.amazon.com/athena/latest/ug/creating-workgroups.html */
  workgroup: 128,
  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html */
  stack: 128,
  /** https://docs.aws.amazon.com/glue/latest/webapi/API_Database.html; data.all cuts at 240 to leave room for suffixes. */
  database: 240,
  glueName: 255,
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-restrictions-limitations-naming-rules.html */
  accessPoint: 50,
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
  queue: 80,
} as const;

/** Where AWS names of one environment start and end. */
export interface EnvironmentNaming {
  /** spec.resourcePrefix */
  readonly prefix: string;
  /** spec.label */
  readonly label: string;
  /** status.id */
  readonly id: string;
}

/** Where AWS names of one dataset start (its environment's spec.resourcePrefix) and end. */
export type DatasetNaming = EnvironmentNaming;

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Six lowercase hex digits of SHA-256. */
export function hash6(text: string): string {
  return sha256(text).toString('hex').slice(0, 6);
}

/** Lowercase letters and digits, everything else one `separator`; accents are dropped. Empty if nothing is left. */
export function slug(text: string, separator: '-' | '_' = '-'): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return (words ?? []).join(separator);
}

/**
 * A group in object, label and role names: `slug-hash6`. Groups hold spaces, capitals, `/` and `@`, and differ by case alone.
 * @returns 6 to `max` characters, a DNS label
 */
export function groupSlug(group: string, max = 40): string {
  return joined([cut(slug(group), max - 7), hash6(group)], '-');
}

/** Id of an object whose spec.id is not set: 8 characters [a-z0-9] of its UID's hash (36^8 = 2.8e12 ids). */
export function idFromUid(uid: string): string {
  const number = sha256(uid).readBigUInt64BE() % 36n ** 8n;
  return number.toString(36).padStart(8, '0');
}

function joined(parts: readonly string[], separator: string): string {
  return parts.filter((part) => part !== '').join(separator);
}

/** Cut to `max` characters without a separator at the end. */
function cut(text: string, max: number): string {
  return text.slice(0, Math.max(0, max)).replace(/[-_]+$/, '');
}

/** `<prefix>-<label>-<id>`, the label cut so that the whole has at most `max` characters. */
function labelled({ prefix, label, id }: EnvironmentNaming, max: number, separator: '-' | '_' = '-'): string {
  const start = separator === '-' ? prefix : prefix.replaceAll('-', separator);
  const room = max - start.length - id.length - 2;
  return joined([start, cut(slug(label, separator), room), id], separator);
}

export const environmentBucketName = (environment: EnvironmentNaming): string => labelled(environment, limits.bucket);

export const accessLogsBucketName = ({ prefix, id }: Pick<EnvironmentNaming, 'prefix' | 'id'>): string =>
  `${prefix}-env-access-logs-${id}`;

/** Role of the environment's owner group. */
export const environmentRoleName = (environment: EnvironmentNaming): string => labelled(environment, limits.role);

/** Athena workgroup of the environment's owner group. */
export const environmentWorkgroupName = (environment: EnvironmentNaming): string =>
  labelled(environment, limits.workgroup);

export const environmentStackName = (environment: EnvironmentNaming): string => labelled(environment, limits.stack);

/** Queue of account events. */
export const eventQueueName = ({ prefix, id }: Pick<EnvironmentNaming, 'prefix' | 'id'>): string =>
  `${prefix}-env-${id}-events`.slice(0, limits.queue);

/** The team's role: `<prefix>-<group>-<environment id>`. */
export const teamRoleName = (environment: Pick<EnvironmentNaming, 'prefix' | 'id'>, group: string): string =>
  teamName(environment, group, limits.role);

/** The team's Athena workgroup: `<prefix>-<group>-<environment id>`. */
export const teamWorkgroupName = (environment: Pick<EnvironmentNaming, 'prefix' | 'id'>, group: string): string =>
  teamName(environment, group, limits.workgroup);

function teamName({ prefix, id }: Pick<EnvironmentNaming, 'prefix' | 'id'>, group: string, max: number): string {
  return joined([prefix, groupSlug(group, max - prefix.length - id.length - 2), id], '-');
}

/** Managed policies of a team's role, numbered from 0. */
export const teamPolicyName = (roleName: string, index: number): string => `${roleName}-${index}`;

/**
 * Name of the pivot role if the environment does not give one.
 * @param region where roles that stacks make have it in their names, so that one account has several
 */
export const pivotRoleName = (mode: 'Managed' | 'Existing', region?: string): string =>
  mode === 'Existing'
    ? 'dataallPivotRole'
    : ['dataallPivotRole-cdk', region].filter((part) => part !== undefined).join('-');

export const datasetBucketName = (dataset: DatasetNaming): string => labelled(dataset, limits.bucket);

export const datasetRoleName = (dataset: DatasetNaming): string => labelled(dataset, limits.role);

export const datasetPolicyName = (dataset: DatasetNaming): string => labelled(dataset, limits.policy);

/** Database names have `_`, because SQL would read `-` as minus. */
export const datasetDatabaseName = (dataset: DatasetNaming): string => labelled(dataset, limits.database, '_');

/**
 * A database or table as Glue has it, which folds names to lower case, https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html.
 * Schemas refuse others now; objects that were there before are read by this.
 */
export const foldedName = (name: string): string => name.toLowerCase();

export const datasetStackName = (dataset: DatasetNaming): string => labelled(dataset, limits.stack);

/**
 * The one access point of a dataset and a principal, in the producer's account.
 * @param principalId status.id of the Team or ConsumptionRole, not the IAM unique id
 */
export const accessPointName = (datasetId: string, principalId: string): string =>
  cut(slug(`${datasetId}-${principalId}`), limits.accessPoint);

/** What all share policies of a principal start with; a number from 0 follows. */
export const sharePolicyPrefix = (environment: Pick<EnvironmentNaming, 'prefix' | 'id'>, principal: string): string => {
  const start = `${environment.prefix}-env-${environment.id}-share-policy-`;
  /** Room for `-` and an index of two digits. */
  const room = limits.policy - start.length - 3;
  const fits = principal.length <= room;
  return `${start}${fits ? principal : `${cut(principal, room - 7)}-${hash6(principal)}`}-`;
};

/**
 * A managed policy in the consumer account that lets a principal use what is shared with it.
 * @param principal name of the IAM role or user
 */
export const sharePolicyName = (
  environment: Pick<EnvironmentNaming, 'prefix' | 'id'>,
  principal: string,
  index: number,
): string => `${sharePolicyPrefix(environment, principal)}${index}`;

/**
 * The database in the consumer account that holds links to tables of `database`.
 * @param account 12 digits, where `<database>_shared` already belongs to another source: the account of this one. Immutable, unlike
 *   the datasets that use the database, so that what was made is found again whichever of them are left.
 */
export function sharedDatabaseName(database: string, account?: string): string {
  const suffix = account === undefined ? '_shared' : `_shared_${account}`;
  return fitted(database, suffix, limits.glueName);
}

/**
 * The resource link to a table: `<table>`, or `<table>_<filters sorted, joined by _>`.
 * @param taken the plain name belongs to another link, so 6 characters of `taken` (what tells this one from it) follow
 */
export function resourceLinkName(table: string, filters: readonly string[] = [], taken?: string): string {
  const plain = [table, ...filters.toSorted()].join('_');
  const suffix = taken === undefined ? '' : `_${hash6(taken)}`;
  return fitted(plain, suffix, limits.glueName);
}

/** `text` + `suffix`; where that is too long, `text` is cut and told apart by a hash. */
function fitted(text: string, suffix: string, max: number): string {
  if (text.length + suffix.length <= max) return text + suffix;
  return `${text.slice(0, max - suffix.length - 7)}_${hash6(text)}${suffix}`;
}

/** A ShareApproval is named after its request. */
export const approvalName = (request: { readonly namespace: string; readonly name: string }): string =>
  `${request.namespace}.${request.name}`;

/** The Lease by which an Environment claims its account and region. */
export const accountLeaseName = (account: { readonly id: string; readonly region: string }): string =>
  `${account.id}-${account.region}`;

/** The SSM parameter in the linked account that holds its consent: the external id. */
export const consentParameterName = (installation: string): string => `/dataall/${installation}/consent`;
