// GetDataLakeSettings and PutDataLakeSettings: administrators, defaults of new databases and tables, cross-account version.
// https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakeSettings.html
import { isDeepStrictEqual } from 'node:util';
import type {
  DataLakePrincipal,
  DataLakeSettings,
  GetDataLakeSettingsRequest,
  GetDataLakeSettingsResponse,
  PutDataLakeSettingsRequest,
  PutDataLakeSettingsResponse,
} from '@aws-sdk/client-lakeformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { lakeNeed } from './lake-need.ts';
import { checkPrincipal, ownCatalog } from './grant-rules.ts';
import { initialSettings, lakeState, settingsOf } from './lake-state.ts';

/** "Maximum number of 30": DataLakeAdmins, ReadOnlyAdmins. */
const MOST_ADMINISTRATORS = 30;
const PARAMETER_KEYS = ['CROSS_ACCOUNT_VERSION', 'SET_CONTEXT'];
const VERSIONS = ['1', '2', '3', '4', '5'];

const invalid = (message: string): AwsError => new AwsError('InvalidInputException', message);

const demandOwn = (call: Call, catalogId: string | undefined): void => {
  if (catalogId !== undefined && catalogId !== call.account)
    throw new AwsError(
      'AccessDeniedException',
      `Account ${call.account} cannot use the settings of catalog ${catalogId}.`,
    );
};

const getDataLakeSettings = operation<GetDataLakeSettingsRequest, GetDataLakeSettingsResponse>({
  needs: lakeNeed('lakeformation:GetDataLakeSettings'),
  access: 'read',
  handle: (input, call) => {
    demandOwn(call, input.CatalogId);
    return { DataLakeSettings: structuredClone(settingsOf(lakeState(call.world, ownCatalog(call)))) };
  },
});

/**
 * Replaces the settings: a list that is left out is emptied, as AWS says of the default permissions
 * (https://docs.aws.amazon.com/lake-formation/latest/dg/change-settings.html). So writers must read and merge.
 * IAM alone decides who may do this, or nobody could name the first administrator.
 */
const putDataLakeSettings = operation<PutDataLakeSettingsRequest, PutDataLakeSettingsResponse>({
  needs: lakeNeed('lakeformation:PutDataLakeSettings'),
  access: 'write',
  handle: (input, call) => {
    demandOwn(call, input.CatalogId);
    const given = input.DataLakeSettings ?? {};
    const state = lakeState(call.world, ownCatalog(call));
    checkParameters(given.Parameters ?? {});
    for (const list of [given.DataLakeAdmins, given.ReadOnlyAdmins]) {
      if ((list?.length ?? 0) > MOST_ADMINISTRATORS)
        throw invalid(`At most ${String(MOST_ADMINISTRATORS)} administrators.`);
      // Also those that were there before: one whose role was deleted since stops everybody from changing anything. Seen on AWS:
      // https://github.com/aws-samples/data-mesh-datazone-cdk-cloudformation/issues/8
      for (const name of names(list)) checkPrincipal(call, name);
    }
    const next = replaced(given);
    state.settings = isDeepStrictEqual(next, initialSettings()) ? undefined : next;
    return {};
  },
});

const names = (principals: readonly DataLakePrincipal[] | undefined): string[] =>
  (principals ?? []).map((principal) => principal.DataLakePrincipalIdentifier ?? '');

const checkParameters = (parameters: Record<string, string>): void => {
  const unknown = Object.keys(parameters).filter((key) => !PARAMETER_KEYS.includes(key));
  if (unknown.length > 0)
    throw invalid(`Valid Parameters Keys are: [${PARAMETER_KEYS.join(', ')}], but found: [${unknown.join(', ')}]`);
  const version = parameters.CROSS_ACCOUNT_VERSION;
  if (version !== undefined && !VERSIONS.includes(version))
    throw invalid(`CROSS_ACCOUNT_VERSION must be one of ${VERSIONS.join(', ')}.`);
};

const replaced = (given: DataLakeSettings): DataLakeSettings => ({
  DataLakeAdmins: given.DataLakeAdmins ?? [],
  ReadOnlyAdmins: given.ReadOnlyAdmins ?? [],
  CreateDatabaseDefaultPermissions: given.CreateDatabaseDefaultPermissions ?? [],
  CreateTableDefaultPermissions: given.CreateTableDefaultPermissions ?? [],
  Parameters: { CROSS_ACCOUNT_VERSION: '1', ...given.Parameters },
  TrustedResourceOwners: given.TrustedResourceOwners ?? [],
  AllowExternalDataFiltering: given.AllowExternalDataFiltering ?? false,
  AllowFullTableExternalDataAccess: given.AllowFullTableExternalDataAccess ?? false,
  ExternalDataFilteringAllowList: given.ExternalDataFilteringAllowList ?? [],
  AuthorizedSessionTagValueList: given.AuthorizedSessionTagValueList ?? [],
});

export const settingsOperations = {
  GetDataLakeSettings: getDataLakeSettings,
  PutDataLakeSettings: putDataLakeSettings,
};
