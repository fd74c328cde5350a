// What Lake Formation remembers in one account and region: settings, grants, registered locations, filters, opt-ins.
import type { DataCellsFilter, DataLakeSettings, Permission } from '@aws-sdk/client-lakeformation';
import type { World } from '../../core/world.ts';
import type { CatalogRef } from '../glue/catalog-arn.ts';
import { IAM_ALLOWED_PRINCIPALS } from './lake-principal.ts';
import type { LakeResource } from './lake-resource.ts';
import { resourceKey } from './lake-resource.ts';

/**
 * Permissions of one principal on one resource. Kept by the account that granted: a consumer's administrator who passes on a
 * shared table writes to the consumer's state, with the producer's catalog id in the resource.
 */
export interface Grant {
  readonly principal: string;
  readonly resource: LakeResource;
  readonly permissions: readonly Permission[];
  /** Of them, what the principal may pass on. */
  readonly grantable: readonly Permission[];
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** An S3 location whose data Lake Formation hands out credentials for. */
export interface Registration {
  /** `arn:aws:s3:::bucket/prefix`, without a trailing slash. */
  readonly arn: string;
  roleArn: string;
  /** True: only principals that opted in are under Lake Formation; everybody else stays with IAM. */
  hybrid: boolean;
  modifiedAt: number;
}

export interface OptIn {
  readonly principal: string;
  readonly resource: LakeResource;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

/** Everything an account changed; what it never touched (`initialSettings`, `initialGrant`) is not stored. */
export interface LakeState {
  settings: DataLakeSettings | undefined;
  /** By `grantKey`. */
  readonly grants: Map<string, Grant>;
  /** True once the account took `initialGrant` back. */
  initialGrantRevoked: boolean | undefined;
  /** By ARN. */
  readonly registrations: Map<string, Registration>;
  /** By `filterKey`. */
  readonly filters: Map<string, DataCellsFilter>;
  /** By `grantKey`. */
  readonly optIns: Map<string, OptIn>;
  /** LF-Tags: values by key. */
  readonly tags: Map<string, readonly string[]>;
  /** What databases and tables were given themselves: value by key, by `resourceKey`. */
  readonly tagged: Map<string, Map<string, string>>;
}

export const grantKey = (principal: string, resource: LakeResource): string =>
  `${principal} on ${resourceKey(resource)}`;

export const filterKey = (database: string, table: string, name: string): string => `${database}/${table}/${name}`;

/**
 * A new account leaves everything to IAM: databases and tables are made with Super for IAMAllowedPrincipals, who may also
 * create databases. https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html
 * The cross-account version starts at 1, the value of accounts that never chose one:
 * https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
 */
export const initialSettings = (): DataLakeSettings => ({
  DataLakeAdmins: [],
  ReadOnlyAdmins: [],
  CreateDatabaseDefaultPermissions: [everyone()],
  CreateTableDefaultPermissions: [everyone()],
  Parameters: { CROSS_ACCOUNT_VERSION: '1' },
  TrustedResourceOwners: [],
  AllowExternalDataFiltering: false,
  AllowFullTableExternalDataAccess: false,
  ExternalDataFilteringAllowList: [],
  AuthorizedSessionTagValueList: [],
});

const everyone = () => ({
  Principal: { DataLakePrincipalIdentifier: IAM_ALLOWED_PRINCIPALS },
  Permissions: ['ALL' as const],
});

export const lakeState = (world: World, ref: CatalogRef): LakeState =>
  world.state<LakeState>('lakeformation', ref.catalogId, ref.region, () => ({
    settings: undefined,
    grants: new Map(),
    initialGrantRevoked: undefined,
    registrations: new Map(),
    filters: new Map(),
    optIns: new Map(),
    tags: new Map(),
    tagged: new Map(),
  }));

export const settingsOf = (state: LakeState): DataLakeSettings => state.settings ?? initialSettings();

/** 1..5, see optimize-ram.html above. */
export const crossAccountVersion = (state: LakeState): number =>
  Number(settingsOf(state).Parameters?.CROSS_ACCOUNT_VERSION ?? '1');

export const isAdministrator = (state: LakeState, principal: string): boolean =>
  (state.settings?.DataLakeAdmins ?? []).some((admin) => admin.DataLakePrincipalIdentifier === principal);

export const isReadOnlyAdministrator = (state: LakeState, principal: string): boolean =>
  (state.settings?.ReadOnlyAdmins ?? []).some((admin) => admin.DataLakePrincipalIdentifier === principal);

/** Everybody may create databases in a new account. */
export const initialGrant = (catalogId: string): Grant => ({
  principal: IAM_ALLOWED_PRINCIPALS,
  resource: { kind: 'catalog', catalogId },
  permissions: ['CREATE_DATABASE'],
  grantable: [],
  updatedAt: 0,
  updatedBy: 'lakeformation.amazonaws.com',
});

/** All grants an account gave, the initial one included. */
export const grantsGiven = (world: World, ref: CatalogRef): Grant[] => {
  const state = lakeState(world, ref);
  const given = [...state.grants.values()];
  return state.initialGrantRevoked ? given : [initialGrant(ref.catalogId), ...given];
};

/** The registered location that holds an S3 path (`s3://...` or an ARN); the longest one decides. */
export const registrationOf = (world: World, ref: CatalogRef, path: string): Registration | undefined => {
  const arn = `${path.replace(/^s3a?:\/\//, 'arn:aws:s3:::').replace(/\/+$/, '')}/`;
  return [...lakeState(world, ref).registrations.values()]
    .filter((entry) => arn.startsWith(`${entry.arn}/`))
    .sort((one, other) => other.arn.length - one.arn.length)[0];
};
