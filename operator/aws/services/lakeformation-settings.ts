// Settings of a data lake, as ours and as the SDK writes them.
import type { DataLakeSettings, Permission } from '@aws-sdk/client-lakeformation';

interface LakeDefaultPermission {
  readonly principal: string;
  readonly permissions: readonly Permission[];
}

/** DataLakeSettings. Change the named fields; `others` carries the rest untouched, for AWS replaces all of it at once. */
export interface LakeSettings {
  readonly administrators: readonly string[];
  /** What a new database gets by default; IAM_ALLOWED_PRINCIPALS here switches Lake Formation off for it. */
  readonly newDatabases: readonly LakeDefaultPermission[];
  readonly newTables: readonly LakeDefaultPermission[];
  /** `CROSS_ACCOUNT_VERSION`: `1`..`4`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly others: Readonly<
    Omit<
      DataLakeSettings,
      'DataLakeAdmins' | 'CreateDatabaseDefaultPermissions' | 'CreateTableDefaultPermissions' | 'Parameters'
    >
  >;
}

export function fromSdkSettings(settings: DataLakeSettings): LakeSettings {
  const { DataLakeAdmins, CreateDatabaseDefaultPermissions, CreateTableDefaultPermissions, Parameters, ...others } =
    settings;
  return {
    administrators: (DataLakeAdmins ?? []).map(({ DataLakePrincipalIdentifier }) => DataLakePrincipalIdentifier ?? ''),
    newDatabases: fromDefaults(CreateDatabaseDefaultPermissions),
    newTables: fromDefaults(CreateTableDefaultPermissions),
    parameters: Parameters ?? {},
    others,
  };
}

export const toSdkSettings = (settings: LakeSettings): DataLakeSettings => ({
  ...settings.others,
  DataLakeAdmins: settings.administrators.map((arn) => ({ DataLakePrincipalIdentifier: arn })),
  CreateDatabaseDefaultPermissions: toDefaults(settings.newDatabases),
  CreateTableDefaultPermissions: toDefaults(settings.newTables),
  Parameters: { ...settings.parameters },
});

const fromDefaults = (defaults: DataLakeSettings['CreateTableDefaultPermissions']): readonly LakeDefaultPermission[] =>
  (defaults ?? []).map(({ Principal, Permissions }) => ({
    principal: Principal?.DataLakePrincipalIdentifier ?? '',
    permissions: Permissions ?? [],
  }));

const toDefaults = (
  defaults: readonly LakeDefaultPermission[],
): NonNullable<DataLakeSettings['CreateTableDefaultPermissions']> =>
  defaults.map(({ principal, permissions }) => ({
    Principal: { DataLakePrincipalIdentifier: principal },
    Permissions: [...permissions],
  }));
