// What the specs want of each kind of AWS document: the pure input of every planner. Made by `collect` of its kind, from grants and baselines.
import type { Grant } from './grant.ts';

/** The parts of a dataset that exist in AWS whether or not anything is shared. */
export interface DatasetBaseline {
  readonly namespace: string;
  readonly name: string;
  readonly id: string;
  readonly origin: 'Create' | 'Import';
  readonly bucket: string;
  /** Sids of ours that are somebody else's in the policies of its bucket and its key. */
  readonly foreignSids: { readonly bucket: readonly string[]; readonly key: readonly string[] };
  /** False once the dataset is terminating or its deletion finished: whatever we added is taken back. */
  readonly present: boolean;
  readonly pivotRoleArn: string;
  /** The dataset's own role, which Lake Formation and the crawler use. */
  readonly datasetRoleArn: string;
  /** Roles of the owner in the dataset's environment; stewards decide and read nothing. */
  readonly ownerRoleArns: readonly string[];
  readonly lakeFormation: 'Enforced' | 'Hybrid';
  /** Whether Lake Formation gives out its data in hybrid access mode: where it did not before an import, it does not after. */
  readonly hybridAccess: boolean;
}

/** `remediation: Report` keeps drift and reports it; grants and revocations that the specs ask for are made all the same. */
export interface RemediationChoice {
  readonly remediation: 'Repair' | 'Report';
}

export interface BucketPolicyClaims extends RemediationChoice {
  readonly dataset: DatasetBaseline;
  /** Bucket items (principals of our statements) and folder items (delegation to access points). */
  readonly grants: readonly Grant[];
}

export interface KeyPolicyClaims extends RemediationChoice {
  /** Datasets whose buckets this key encrypts, the oldest first. */
  readonly datasets: readonly DatasetBaseline[];
  /** Bucket and folder items of those buckets. */
  readonly grants: readonly Grant[];
}

export interface AccessPointClaims extends RemediationChoice {
  readonly bucket: string;
  /** Folder items of one dataset and one principal; empty means: the access point must go. */
  readonly grants: readonly Grant[];
}

export interface SharePoliciesClaims extends RemediationChoice {
  /** ARN of the role or user. */
  readonly principalArn: string;
  /** What the names of all our policies on it start with; a number from 0 follows. */
  readonly policyPrefix: string;
  readonly policyManagement: 'Fully' | 'Partially' | 'Externally';
  /** Items of all kinds, from all datasets, for this principal. */
  readonly grants: readonly Grant[];
  /** ARNs of access points by grant id, for folder items. */
  readonly accessPoints: ReadonlyMap<string, string>;
  /** Shared database and link names by grant id, for table items. */
  readonly links: ReadonlyMap<string, { readonly database: string; readonly link: string }>;
  /** The ConsumptionRole or Team still exists; otherwise every policy goes. */
  readonly present: boolean;
}

/** A data cells filter as a DatasetTable defines it. */
export interface FilterDefinition {
  /** Who defines it. */
  readonly dataset: { readonly namespace: string; readonly name: string };
  /** The dataset's. */
  readonly bucket: string;
  readonly table: string;
  /** Name of the filter as people know it, `^[a-z0-9_]{1,31}$`. */
  readonly name: string;
  /** SQL predicate of Lake Formation's filter language; undefined = all rows. */
  readonly rows: string | undefined;
  /** Included columns; undefined = all columns. */
  readonly columns: readonly string[] | undefined;
}

export interface CatalogGrantsClaims extends RemediationChoice {
  /** Datasets that use this database; the first is the oldest. */
  readonly datasets: readonly DatasetBaseline[];
  /** Table items on this database. */
  readonly grants: readonly Grant[];
  /** Every filter that DatasetTables of these datasets define, those of the oldest dataset first; a name may come twice. */
  readonly filters: readonly FilterDefinition[];
  /** Data lake administrators of the account: what they hold is not drift. */
  readonly administrators: readonly string[];
  /** Grants that stood there before an import, in canonical text form: they are somebody else's and stay. */
  readonly foreign: readonly string[];
}

export interface SharedDatabaseClaims extends RemediationChoice {
  /** `<db>_shared`, or `<db>_shared_<source account>` where another source took that name. */
  readonly preferredName: string;
  readonly alternativeName: string;
  readonly sourceRegion: string;
  readonly pivotRoleArn: string;
  /** Data lake administrators of the consumer account: what they hold is not drift. */
  readonly administrators: readonly string[];
  /** Table items of this source database for principals of this account. */
  readonly grants: readonly Grant[];
}

/** What every planner's claims have: the grants whose verdicts it gives. */
export interface GrantClaims {
  readonly grants: readonly Grant[];
  /** What is done about differences that no spec asked for. Absent: they are put right. */
  readonly remediation?: 'Repair' | 'Report';
}

/** No grant waits for settings: they are right before an environment is Ready. */
export interface LakeSettingsClaims extends GrantClaims {
  /** Role ARNs that must be data lake administrators; others there are left alone. */
  readonly administrators: readonly string[];
  /** Role ARNs that we made administrators and that must not be any more. */
  readonly formerAdministrators: readonly string[];
  /** At least this; a higher one is left alone. */
  readonly crossAccountVersion: number;
  /** Once nobody of ours is left: the version we raised it to, if it still is, becomes again what it was. */
  readonly restoreVersion: { readonly from: number; readonly to: number } | undefined;
}

/** No grant waits for the registration: it is right before a dataset is Ready. */
export interface RegistrationClaims extends GrantClaims {
  /** Undefined: the dataset is going away. `roleArn` is what Lake Formation assumes to vend credentials. */
  readonly wanted: { readonly roleArn: string; readonly hybrid: boolean } | undefined;
  /** We registered it, so we deregister it. */
  readonly owned: boolean;
}

/** Only invitations whose every resource belongs to one of the grants are accepted. */
export interface InvitationsClaims {
  readonly grants: readonly Grant[];
}
