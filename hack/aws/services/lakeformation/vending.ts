// Credential vending: a reader whom Lake Formation allows gets a session of the role its location is registered with.
// https://docs.aws.amazon.com/lake-formation/latest/dg/how-it-works.html#credential-vending
import type { AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import type { Principal, RoleSessionPrincipal } from '../../core/principal.ts';
import type { CatalogRef } from '../glue/catalog-arn.ts';
import { lakeCatalogArn } from './lake-need.ts';
import type { Registration } from './lake-state.ts';

export interface VendedSession {
  readonly principal: RoleSessionPrincipal;
  readonly credentials: NonNullable<AssumeRoleCommandOutput['Credentials']>;
}

/**
 * Assumes the registered role as Lake Formation: the role must trust lakeformation.amazonaws.com, and the session may do no more
 * than read below the table's location, whatever the role may. What the role itself may not do (bucket policy, key) stays denied.
 * @param locationArn `arn:aws:s3:::bucket/prefix` of the table or partition
 * @throws AccessDeniedException when the caller lacks lakeformation:GetDataAccess or the role cannot be assumed
 */
export const vendSession = async (
  call: Call,
  catalog: CatalogRef,
  registration: Registration,
  locationArn: string,
  seconds = 3600,
): Promise<VendedSession> => {
  call.authorize({ action: 'lakeformation:GetDataAccess', resource: lakeCatalogArn(call) });
  const service: Principal = { kind: 'service', account: catalog.catalogId, service: 'lakeformation.amazonaws.com' };
  const name = `AWSLF-00-AT-${catalog.catalogId}-${call.world.id(10)}`;
  const policy = JSON.stringify(readPolicy(locationArn));
  const output = await assumed(call, service, {
    RoleArn: registration.roleArn,
    RoleSessionName: name,
    DurationSeconds: seconds,
    Policy: policy,
  });
  const { Credentials, AssumedRoleUser } = output;
  if (!Credentials || !AssumedRoleUser?.Arn || !AssumedRoleUser.AssumedRoleId)
    throw new AwsError('InternalServiceException', 'AssumeRole returned no session.', { status: 500 });
  const principal: RoleSessionPrincipal = {
    kind: 'role-session',
    account: catalog.catalogId,
    arn: AssumedRoleUser.Arn,
    roleArn: registration.roleArn,
    roleId: AssumedRoleUser.AssumedRoleId.split(':')[0] ?? '',
    roleName: registration.roleArn.split('/').at(-1) ?? '',
    sessionName: name,
    sessionPolicy: policy,
  };
  return { principal, credentials: Credentials };
};

const assumed = async (call: Call, service: Principal, input: object): Promise<AssumeRoleCommandOutput> => {
  try {
    return await call.invoke<AssumeRoleCommandOutput>('sts', 'AssumeRole', input, service);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      'AccessDeniedException',
      `Lake Formation cannot assume the role the data location is registered with: ${error.message}`,
    );
  }
};

const readPolicy = (locationArn: string) => {
  const bucket = locationArn.split('/')[0] ?? '';
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${locationArn}/*`, locationArn] },
      { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: [bucket] },
      { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['*'] },
    ],
  };
};
