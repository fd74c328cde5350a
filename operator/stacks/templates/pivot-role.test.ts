// The role that the operator works with, deployed in an account that says no: what it may do, and what it may not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountAws } from '../../aws/account.ts';
import {
  pivotRoleArn,
  producerId,
  startDeployedScene,
  tagsOf,
  tlsOnly,
  type DeployedScene,
} from '../testing/stack-test-env.ts';

const region = 'eu-west-1';
/** A stack is done within a few turns of the event loop, however slow they are. */
const PATIENCE = { timeout: 20_000 };

let scene: DeployedScene;
let pivot: AccountAws;
beforeAll(async () => {
  scene = await startDeployedScene();
  ({ pivot } = scene);
}, 60_000);
afterAll(() => scene.stop());

const denied = { kind: 'AccessDenied' };

const asPivot = async (service: string, operation: string, input: object): Promise<unknown> =>
  await scene.asPivot(service, operation, input);

const policy = (actions: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

/** A key of the producer's administrator. */
const makeKey = async (tags: Readonly<Record<string, string>>, alias?: string): Promise<string> => {
  const { KeyMetadata } = (await scene.administer('producer', 'kms', 'CreateKey', {
    Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  })) as { KeyMetadata: { Arn: string; KeyId: string } };
  if (alias !== undefined)
    await scene.administer('producer', 'kms', 'CreateAlias', { AliasName: alias, TargetKeyId: KeyMetadata.KeyId });
  return KeyMetadata.Arn;
};

describe('the pivot role', () => {
  it('is entered by the operator with the external id of this account only', async () => {
    expect((await pivot.sts.identity()).arn).toContain('assumed-role/dataallPivotRole-cdk/');
    const stranger = scene.accounts.forEnvironment({
      accountId: producerId,
      region,
      pivotRoleArn,
      externalId: 'another',
    });
    await expect(stranger.sts.identity()).rejects.toMatchObject({ kind: 'NoTrust' });
  });

  it('writes share policies and attaches them', async () => {
    const name = 'dataall-env-env00001-share-policy-analysts-0';
    await scene.administer('producer', 'iam', 'CreateRole', {
      RoleName: 'analysts',
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    const arn = await pivot.iam.createPolicy({ name, document: policy('s3:GetObject'), tags: { dataall: 'True' } });
    await pivot.iam.attachPolicy(`arn:aws:iam::${producerId}:role/analysts`, arn);
    expect(await pivot.iam.attachedPolicies(`arn:aws:iam::${producerId}:role/analysts`)).toEqual([arn]);
    await pivot.iam.updatePolicy(arn, policy('s3:PutObject'));
    await pivot.iam.detachPolicy(`arn:aws:iam::${producerId}:role/analysts`, arn);
    await pivot.iam.deletePolicy(arn);
  });

  it.each([
    [
      'a policy of AWS',
      'AttachRolePolicy',
      { RoleName: 'analysts', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    ],
    [
      'its own policy',
      'AttachRolePolicy',
      {
        RoleName: 'analysts',
        PolicyArn: `arn:aws:iam::${producerId}:policy/dataall-pivot-role-cdk-policy-eu-west-1-0`,
      },
    ],
    ['an inline policy', 'PutRolePolicy', { RoleName: 'analysts', PolicyName: 'x', PolicyDocument: policy('*') }],
    [
      'an inline policy on itself',
      'PutRolePolicy',
      { RoleName: 'dataallPivotRole-cdk', PolicyName: 'x', PolicyDocument: policy('*') },
    ],
    ['a policy outside its names', 'CreatePolicy', { PolicyName: 'dataall-admin', PolicyDocument: policy('*') }],
    [
      'a version of its own policy',
      'CreatePolicyVersion',
      {
        PolicyArn: `arn:aws:iam::${producerId}:policy/dataall-pivot-role-cdk-policy-eu-west-1-0`,
        PolicyDocument: policy('*'),
        SetAsDefault: true,
      },
    ],
    ['its own trust', 'UpdateAssumeRolePolicy', { RoleName: 'dataallPivotRole-cdk', PolicyDocument: policy('*') }],
    ['a role', 'CreateRole', { RoleName: 'dataall-new', AssumeRolePolicyDocument: policy('sts:AssumeRole') }],
    ['an access key', 'CreateAccessKey', { UserName: 'administrator' }],
  ])('cannot give %s', async (_, operation, input) => {
    await expect(asPivot('iam', operation, input)).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it('keeps policies of our buckets and imported ones, and of no other', async () => {
    for (const bucket of ['dataall-orders-data0001', 'brought-along']) {
      await pivot.s3.putBucketPolicy(bucket, tlsOnly(bucket));
      expect(await pivot.s3.bucketPolicy(bucket)).toContain('SecureTransport');
    }
    expect(await pivot.s3.bucketRegion('not-ours')).toBe(region);
    await expect(pivot.s3.putBucketPolicy('not-ours', tlsOnly('not-ours'))).rejects.toMatchObject(denied);
    await expect(asPivot('s3', 'GetObject', { Bucket: 'not-ours', Key: 'x' })).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('makes access points, closed to the public', async () => {
    const name = 'data0001-analysts';
    await pivot.s3control.createAccessPoint(name, 'dataall-orders-data0001');
    expect(
      await scene.administer('producer', 's3control', 'GetAccessPoint', { AccountId: producerId, Name: name }),
    ).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
    });
    await pivot.s3control.deleteAccessPoint(name);
  });

  it('keeps the policy of the dataset key, found by its alias', async () => {
    const keyArn = await scene.datasetKey();
    const document = await pivot.kms.keyPolicy(keyArn);
    expect(JSON.parse(document ?? '{}')).toMatchObject({
      Statement: [{ Sid: 'EnableIamUserPermissions' }],
    });
    await pivot.kms.putKeyPolicy(keyArn, document ?? '');
  });
});

describe('keys in reach of the pivot role', () => {
  it('are ended when a dataset stack made them', async () => {
    const ours = await makeKey(tagsOf('Dataset', 'data0009'));
    expect(await pivot.kms.scheduleDeletion(ours)).toBe(true);
    expect(await pivot.kms.key(ours)).toMatchObject({ state: 'PendingDeletion' });
  });

  it.each([
    ['untagged, under an alias like ours', {}, 'alias/dataall-theirs'],
    ['of another kind of stack', tagsOf('Environment', 'env00009'), 'alias/dataall-env00009'],
    ['tagged by somebody else', { dataall: 'True' }, undefined],
  ])('are not ended when they are %s', async (_, tags, alias) => {
    const key = await makeKey(tags, alias);
    await expect(pivot.kms.scheduleDeletion(key)).rejects.toMatchObject(denied);
    const tagging = { KeyId: key, Tags: [{ TagKey: 'dataall:kind', TagValue: 'Dataset' }] };
    await expect(asPivot('kms', 'TagResource', tagging)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  it('have both our alias and our tag', async () => {
    const alias = await makeKey({}, 'alias/dataall-untagged');
    await expect(pivot.kms.keyPolicy(alias)).rejects.toMatchObject(denied);
    const tagged = await makeKey(tagsOf('Dataset', 'data0008'));
    await expect(pivot.kms.keyPolicy(tagged)).rejects.toMatchObject(denied);
  });
});

describe('the template of the pivot role', () => {
  it('makes a role for the account and external id that its parameters name', async () => {
    const { template } = await scene.synthesizer.synthesize('pivot-role', null);
    await scene.administer('consumer', 'cloudformation', 'CreateStack', {
      StackName: 'dataall-pivot-role',
      TemplateBody: template,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      Parameters: Object.entries({
        AwsAccountId: '111111111111',
        OperatorName: 'administrator',
        ExternalId: 'by-hand',
        PivotRoleName: 'theirPivotRole',
        EnvironmentResourcePrefix: 'dataall',
      }).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    });
    const stacks = async (): Promise<unknown> =>
      await scene.administer('consumer', 'cloudformation', 'DescribeStacks', { StackName: 'dataall-pivot-role' });
    await expect.poll(stacks, PATIENCE).toMatchObject({ Stacks: [{ StackStatus: 'CREATE_COMPLETE' }] });
    const access = {
      accountId: '333333333333',
      region,
      pivotRoleArn: 'arn:aws:iam::333333333333:role/theirPivotRole',
      externalId: 'by-hand',
    };
    const theirs = scene.accounts.forEnvironment(access);
    expect((await theirs.iam.role('theirPivotRole'))?.name).toBe('theirPivotRole');
    // The external id can be read in the cluster: others of the hub's account who have it are not let in.
    const colleague = {
      kind: 'user',
      account: '111111111111',
      arn: 'arn:aws:iam::111111111111:user/colleague',
    } as const;
    const enter = { RoleArn: access.pivotRoleArn, RoleSessionName: 'colleague', ExternalId: access.externalId };
    await scene.administer('hub', 'iam', 'CreateUser', { UserName: 'colleague' });
    await scene.administer('hub', 'iam', 'AttachUserPolicy', {
      UserName: 'colleague',
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    });
    await expect(
      scene.aws.invoke('sts', 'AssumeRole', enter, { ...colleague, userName: 'colleague', userId: 'AIDAX' }, region),
    ).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(theirs.iam.createPolicy({ name: 'dataall-admin', document: policy('*') })).rejects.toMatchObject(
      denied,
    );
  });
});
