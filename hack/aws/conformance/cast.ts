// The cast of the allow/deny tests: roles in accounts, and SDK clients that speak as them.
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { S3Control } from '@aws-sdk/client-s3-control';
import { STS } from '@aws-sdk/client-sts';
import type { ClientConfig, Credentials, SimulatedAws } from '../aws.ts';

export const REGION = 'eu-west-1';
export const PRODUCER = '222222222222';
export const CONSUMER = '333333333333';

/** SDK clients of one identity. */
export interface Actor {
  readonly config: ClientConfig;
  readonly iam: IAM;
  readonly sts: STS;
  readonly s3: S3;
  readonly s3control: S3Control;
  readonly kms: KMS;
}

export const actor = (aws: SimulatedAws, who: string | Credentials): Actor => {
  const config = { ...aws.clientConfig(who, REGION), maxAttempts: 1 };
  return {
    config,
    iam: new IAM(config),
    sts: new STS(config),
    s3: new S3(config),
    s3control: new S3Control(config),
    kms: new KMS(config),
  };
};

export const policy = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

export const allow = (Action: string | string[], Resource: string | string[], rest: object = {}): object => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});

export const deny = (Action: string | string[], Resource: string | string[], rest: object = {}): object => ({
  ...allow(Action, Resource, rest),
  Effect: 'Deny',
});

/** Makes a role of the consumer account that its account may assume, with an inline policy, and returns its ARN. */
export const makeRole = async (
  owner: Actor,
  account: string,
  name: string,
  ...statements: object[]
): Promise<string> => {
  await owner.iam.createRole({
    RoleName: name,
    AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }),
  });
  if (statements.length > 0) {
    await owner.iam.putRolePolicy({ RoleName: name, PolicyName: 'rights', PolicyDocument: policy(...statements) });
  }
  return `arn:aws:iam::${account}:role/${name}`;
};

/** Credentials of a fresh session of a role, assumed by `owner`. */
export const sessionOf = async (owner: Actor, roleArn: string, more: object = {}): Promise<Credentials> => {
  const { Credentials: made } = await owner.sts.assumeRole({ RoleArn: roleArn, RoleSessionName: 'test', ...more });
  return {
    accessKeyId: made?.AccessKeyId ?? '',
    secretAccessKey: made?.SecretAccessKey ?? '',
    sessionToken: made?.SessionToken ?? '',
  };
};

/** `ok`, or the name of the error: what the tests compare. */
export const answerTo = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
};
