// GetTemporaryGlueTableCredentials and its partition form: vending for engines that are not AWS's own.
// https://docs.aws.amazon.com/lake-formation/latest/dg/register-query-engine.html
import type {
  GetTemporaryGluePartitionCredentialsRequest,
  GetTemporaryGluePartitionCredentialsResponse,
  GetTemporaryGlueTableCredentialsRequest,
  GetTemporaryGlueTableCredentialsResponse,
} from '@aws-sdk/client-lakeformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import type { TableRef } from '../glue/catalog-arn.ts';
import { parseTableArn } from '../glue/catalog-arn.ts';
import { columnNames, findTable } from '../glue/catalog-state.ts';
import { tableAccess } from './access.ts';
import { lakeNeed } from './lake-need.ts';
import { lakeState, registrationOf, settingsOf } from './lake-state.ts';
import { vendSession } from './vending.ts';

const refused = (message: string): AwsError => new AwsError('AccessDeniedException', message);

const readable = (call: Call, arn: string | undefined): TableRef => {
  const ref = parseTableArn(arn ?? '');
  if (!ref) throw new AwsError('InvalidInputException', `Invalid table ARN ${arn ?? ''}.`);
  const record = findTable(call.world, ref);
  const access = tableAccess(call.world, call.principal, ref);
  if (!record || access.kind === 'denied') throw refused(access.kind === 'denied' ? access.reason : 'Table not found.');
  if (access.kind === 'iam') throw refused(`Table ${ref.table} is not managed by Lake Formation.`);
  const settings = settingsOf(lakeState(call.world, ref));
  const whole = access.rowFilters.length === 0 && access.columns.length === columnNames(record.table).length;
  // Credentials open whole files, so an outside engine must be trusted to filter: application-integration settings.
  const trusted =
    settings.AllowExternalDataFiltering === true &&
    (settings.ExternalDataFilteringAllowList ?? []).some((entry) => entry.DataLakePrincipalIdentifier === call.account);
  if (!trusted && !(whole && settings.AllowFullTableExternalDataAccess === true))
    throw refused('External data filtering is not allowed for this account and table.');
  return ref;
};

const vend = async (call: Call, ref: TableRef, path: string | undefined, seconds: number | undefined) => {
  const location = path ?? findTable(call.world, ref)?.table.StorageDescriptor?.Location ?? '';
  const registration = registrationOf(call.world, ref, location);
  if (!registration)
    throw new AwsError('InvalidInputException', `Location ${location} is not registered with Lake Formation.`);
  const arn = location.replace(/^s3a?:\/\//, 'arn:aws:s3:::').replace(/\/+$/, '');
  const { credentials } = await vendSession(call, ref, registration, arn, seconds);
  return {
    AccessKeyId: credentials.AccessKeyId,
    SecretAccessKey: credentials.SecretAccessKey,
    SessionToken: credentials.SessionToken,
    Expiration: credentials.Expiration,
  };
};

const tableCredentials = operation<GetTemporaryGlueTableCredentialsRequest, GetTemporaryGlueTableCredentialsResponse>({
  needs: lakeNeed('lakeformation:GetDataAccess'),
  access: 'read',
  handle: async (input, call) => vend(call, readable(call, input.TableArn), undefined, input.DurationSeconds),
});

const partitionCredentials = operation<
  GetTemporaryGluePartitionCredentialsRequest,
  GetTemporaryGluePartitionCredentialsResponse
>({
  needs: lakeNeed('lakeformation:GetDataAccess'),
  access: 'read',
  handle: async (input, call) => {
    const ref = readable(call, input.TableArn);
    const values = input.Partition?.Values ?? [];
    const partition = findTable(call.world, ref)?.partitions.get(values.join('/'));
    if (!partition) throw new AwsError('EntityNotFoundException', 'Partition not found.');
    return vend(call, ref, partition.StorageDescriptor?.Location, input.DurationSeconds);
  },
});

export const credentialOperations = {
  GetTemporaryGlueTableCredentials: tableCredentials,
  GetTemporaryGluePartitionCredentials: partitionCredentials,
};
