import { IAMClient, GetRoleCommand } from '@aws-sdk/client-iam';
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client, CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';

let aws: SimulatedAws;
beforeAll(async () => {
  aws = await startAws({ inProcess: true });
});
afterAll(() => aws.stop());

describe('a region of another partition', () => {
  const region = 'cn-north-1';
  const trust = (partition: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:${partition}:iam::222222222222:root` }, Action: 'sts:AssumeRole' },
      ],
    });
  const createRole = async (RoleName: string, partition: string): Promise<unknown> => {
    const input = { RoleName, AssumeRolePolicyDocument: trust(partition) };
    return await aws.invoke('iam', 'CreateRole', input, aws.administrator('producer'), region);
  };

  it('speaks in its own ARNs, in answers and in the policies in them', async () => {
    await createRole('analyst', 'aws-cn');
    const iam = new IAMClient(aws.clientConfig('producer', region));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'analyst' }));
    expect(Role?.Arn).toBe('arn:aws-cn:iam::222222222222:role/analyst');
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain('"arn:aws-cn:iam::222222222222:root"');
  });

  it('refuses those of another', async () => {
    await expect(createRole('stranger', 'aws')).rejects.toThrow('Partition "aws" is not valid');
    const s3 = new S3Client(aws.clientConfig('producer', region));
    await s3.send(
      new CreateBucketCommand({ Bucket: 'orders', CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    const put = async (partition: string): Promise<unknown> => {
      const statement = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:${partition}:s3:::orders/x` };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      return await s3.send(new PutBucketPolicyCommand({ Bucket: 'orders', Policy }));
    };
    await expect(put('aws')).rejects.toThrow('Partition "aws" is not valid');
    await put('aws-cn');
    const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket: 'orders' }));
    expect(Policy).toContain('arn:aws-cn:s3:::orders/x');
  });
});
