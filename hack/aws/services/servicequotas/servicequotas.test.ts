import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  ListServicesCommand,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';
import { grantQuota } from './quotas.ts';

let aws: SimulatedAws;
beforeAll(async () => {
  aws = await startAws({ inProcess: true });
});
afterAll(() => aws.stop());

const POLICIES_PER_ROLE = { ServiceCode: 'iam', QuotaCode: 'L-0DA4ABF3' };

describe('Service Quotas', () => {
  it('tells what is in force for the account, and the default', async () => {
    const client = new ServiceQuotasClient(aws.clientConfig('producer', 'us-east-1'));
    grantQuota(aws.world, '222222222222', 'us-east-1', 'L-0DA4ABF3', 20);
    expect((await client.send(new GetServiceQuotaCommand(POLICIES_PER_ROLE))).Quota).toMatchObject({
      Value: 20,
      Adjustable: true,
      GlobalQuota: true,
    });
    expect((await client.send(new GetAWSDefaultServiceQuotaCommand(POLICIES_PER_ROLE))).Quota?.Value).toBe(10);
    const others = new ServiceQuotasClient(aws.clientConfig('consumer', 'us-east-1'));
    expect((await others.send(new GetServiceQuotaCommand(POLICIES_PER_ROLE))).Quota?.Value).toBe(10);
    const listed = await client.send(new ListServiceQuotasCommand({ ServiceCode: 'iam' }));
    expect(listed.Quotas?.map(({ QuotaCode }) => QuotaCode)).toContain('L-0DA4ABF3');
  });

  it('names the services it has numbers of, in pages', async () => {
    const client = new ServiceQuotasClient(aws.clientConfig('producer', 'eu-west-1'));
    const first = await client.send(new ListServicesCommand({ MaxResults: 2 }));
    const rest = await client.send(new ListServicesCommand({ NextToken: first.NextToken }));
    const all = [...(first.Services ?? []), ...(rest.Services ?? [])];
    expect(all.map(({ ServiceCode }) => ServiceCode)).toEqual(['iam', 'kms', 's3']);
    expect(all[1]?.ServiceName).toBe('AWS Key Management Service (AWS KMS)');
  });

  it('knows IAM in us-east-1 only, and refuses what it does not know', async () => {
    const client = new ServiceQuotasClient(aws.clientConfig('producer', 'eu-west-1'));
    await expect(client.send(new GetServiceQuotaCommand(POLICIES_PER_ROLE))).rejects.toMatchObject({
      name: 'NoSuchResourceException',
    });
    await expect(
      client.send(new GetServiceQuotaCommand({ ServiceCode: 's3', QuotaCode: 'L-00000000' })),
    ).rejects.toMatchObject({ name: 'NoSuchResourceException' });
    expect(
      (await client.send(new GetServiceQuotaCommand({ ServiceCode: 's3', QuotaCode: 'L-FAABEEBA' }))).Quota?.Value,
    ).toBe(10_000);
  });

  it('shows what IAM enforces', async () => {
    const iam = new IAMClient({ ...aws.clientConfig('hub', 'eu-west-1'), maxAttempts: 1 });
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'full',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'glue.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        }),
      }),
    );
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
    });
    const attach = async (n: number) => {
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: `p${n}`, PolicyDocument }));
      await iam.send(new AttachRolePolicyCommand({ RoleName: 'full', PolicyArn: Policy?.Arn }));
    };
    for (let n = 0; n < 10; n++) await attach(n);
    await expect(attach(10)).rejects.toThrow('Cannot exceed quota for PoliciesPerRole: 10');
    grantQuota(aws.world, '111111111111', 'us-east-1', 'L-0DA4ABF3', 11);
    await attach(11);
  });
});
