// For tests: a simulated AWS with a hub, and a producer and a consumer account that trust it.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { bootstrap } from '../../../hack/aws/services/cloudformation/bootstrap.ts';
import { startAws } from '../../../hack/aws/aws.ts';
import type { SimulatedAws } from '../../../hack/aws/aws.ts';
import type { Interceptor } from '../../../hack/aws/core/interceptor.ts';
import { EventualConsistency } from '../../../hack/aws/faults/consistency.ts';
import { AwsAccounts } from '../account.ts';
import type { AccountAws, AwsOptions } from '../account.ts';
import { forAllServices, rateLimit } from '../rate-limits.ts';

export const region = 'eu-west-1';
export const externalId = 'an-identifier';
export const pivotRoleName = 'dataallPivotRole';

export interface SimulatedAccounts {
  readonly aws: SimulatedAws;
  readonly accounts: AwsAccounts;
  readonly producer: AccountAws;
  readonly consumer: AccountAws;
  /** A call by an account's administrator, to set the scene. */
  readonly administer: (
    account: 'hub' | 'producer' | 'consumer',
    service: string,
    operation: string,
    input: object,
  ) => Promise<unknown>;
  /** As the account's administrator would by `cdk bootstrap --trust <hub>`. @param executionPolicyArn default AdministratorAccess */
  readonly bootstrap: (account: 'producer' | 'consumer', executionPolicyArn?: string) => Promise<void>;
  stop(): Promise<void>;
}

/** Starts it and links both accounts: a pivot role that may do anything, for whoever brings the external id. */
export async function startAccounts(
  options: Partial<AwsOptions> = {},
  start: Omit<NonNullable<Parameters<typeof startAws>[0]>, 'accounts'> = { inProcess: true },
): Promise<SimulatedAccounts> {
  const aws = await startAws(start);
  const administer: SimulatedAccounts['administer'] = async (account, service, operation, input) =>
    await aws.invoke(service, operation, input, aws.administrator(account), region);
  const { hub, producer, consumer } = aws.accounts;
  if (hub === undefined || producer === undefined || consumer === undefined)
    throw new Error('the simulator lacks its default accounts');
  for (const account of ['producer', 'consumer'] as const) {
    await administer(account, 'iam', 'CreateRole', {
      RoleName: pivotRoleName,
      AssumeRolePolicyDocument: trustOf(hub.id),
    });
    await administer(account, 'iam', 'AttachRolePolicy', {
      RoleName: pivotRoleName,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    });
  }
  const accounts = new AwsAccounts({
    installation: 'test',
    epoch: () => 1,
    hub: { accountId: hub.id, region },
    mayWrite: () => true,
    rateLimits: forAllServices(rateLimit(1000)),
    credentials: { accessKeyId: hub.accessKeyId, secretAccessKey: hub.secretAccessKey },
    ...(aws.endpoint === '' ? { requestHandler: aws.requestHandler } : { endpoint: aws.endpoint }),
    ...options,
  });
  const enter = (accountId: string) =>
    accounts.forEnvironment({
      accountId,
      region,
      pivotRoleArn: `arn:aws:iam::${accountId}:role/${pivotRoleName}`,
      externalId,
    });
  return {
    aws,
    accounts,
    producer: enter(producer.id),
    consumer: enter(consumer.id),
    administer,
    async bootstrap(account, executionPolicyArn) {
      const client = new CloudFormationClient(aws.clientConfig(account, region));
      await bootstrap(client, {
        trustedAccounts: [hub.id],
        ...(executionPolicyArn !== undefined && { executionPolicyArns: [executionPolicyArn] }),
      });
      client.destroy();
    },
    async stop() {
      accounts.close();
      await aws.stop();
    },
  };
}

/** Makes the pivot role an administrator of the account's data lake, which it is not before an environment is linked. @returns its ARN */
export const administerLake = async ({ iam, lakeFormation }: AccountAws): Promise<string> => {
  const settings = await lakeFormation.settings();
  const pivot = (await iam.role(pivotRoleName))?.arn ?? '';
  await lakeFormation.putSettings({ ...settings, administrators: [...settings.administrators, pivot] });
  return pivot;
};

/** In the producer's account: database `sales`, made by the pivot role, with tables of the account's administrator. */
export const makeSales = async (
  { producer, administer }: SimulatedAccounts,
  tables: readonly string[],
): Promise<void> => {
  await producer.glue.createDatabase({ name: 'sales' });
  const Columns = [
    { Name: 'id', Type: 'int' },
    { Name: 'region', Type: 'string' },
  ];
  for (const Name of tables)
    await administer('producer', 'glue', 'CreateTable', {
      DatabaseName: 'sales',
      TableInput: { Name, StorageDescriptor: { Columns } },
    });
};

/** For `start.interceptors`: policies, aliases and tags of keys count so many milliseconds late. */
export const lateKeyLabels = (lag: number): Interceptor => new EventualConsistency({ lag, services: ['kms'] });

const trustOf = (hub: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${hub}:root` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': externalId } },
      },
    ],
  });
