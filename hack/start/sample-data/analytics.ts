/** The consumer's side before it hears of us: a role for analysts and one for interns, both with Athena and neither with data. */
import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { SimulatedAws } from '../../aws/aws.ts';
import { ACCOUNTS, REGION } from '../cast.ts';

/** Names that examples/ repeats. */
export const ANALYTICS = {
  workgroup: 'analytics',
  results: 'acme-marketing-athena',
  roles: ['analysts', 'interns'],
} as const;

const { id: account } = ACCOUNTS.consumer;

export async function makeAnalytics(aws: SimulatedAws): Promise<void> {
  const config = aws.clientConfig('consumer', REGION);
  const { results, workgroup, roles } = ANALYTICS;
  await new S3Client(config).send(
    new CreateBucketCommand({ Bucket: results, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  await new AthenaClient(config).send(
    new CreateWorkGroupCommand({
      Name: workgroup,
      Configuration: { ResultConfiguration: { OutputLocation: `s3://${results}/` } },
    }),
  );
  const iam = new IAMClient(config);
  for (const RoleName of roles) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy(trustOfAccount) }));
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'athena', PolicyDocument: policy(...athenaStatements) }),
    );
  }
}

/** Whoever the account's administrators let. */
const trustOfAccount = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: 'sts:AssumeRole',
};

/**
 * What Athena needs of its caller beside the data.
 * https://docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html
 */
const athenaStatements = [
  {
    Effect: 'Allow',
    Action: ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'],
    Resource: `arn:aws:athena:${REGION}:${account}:workgroup/${ANALYTICS.workgroup}`,
  },
  {
    Effect: 'Allow',
    Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:GetObject', 's3:PutObject'],
    Resource: [`arn:aws:s3:::${ANALYTICS.results}`, `arn:aws:s3:::${ANALYTICS.results}/*`],
  },
];

const policy = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
