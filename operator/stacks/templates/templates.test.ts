// The stacks where they count: deployed in an account that says no. What the roles in them may do, and what they may not.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountAws } from '../../aws/account.ts';
import { lateKeyLabels } from '../../aws/testing/simulated-accounts.ts';
import {
  datasetProps,
  environmentProps,
  externalId,
  pivotRoleArn,
  producerId,
  startDeployScene,
  tagsOf,
  type DeployScene,
} from '../testing/stack-test-env.ts';

const region = 'eu-west-1';
/** A stack is done within a few turns of the event loop, however slow they are. */
const PATIENCE = { timeout: 20_000 };
let scene: DeployScene;
let pivot: AccountAws;

beforeAll(async () => {
  scene = await startDeployScene();
  const environment = await scene.desired('environment', environmentProps, tagsOf('Environment', 'env00001'));
  expect((await scene.untilSettled(environment)).message).toBe('');
  const dataset = await scene.desired('dataset', datasetProps, tagsOf('Dataset', 'data0001'));
  expect((await scene.untilSettled(dataset)).message).toBe('');
  pivot = scene.accounts.forEnvironment({ accountId: producerId, region, pivotRoleArn, externalId });
  for (const name of ['brought-along', 'not-ours'])
    await scene.administer('producer', 's3', 'CreateBucket', {
      Bucket: name,
      CreateBucketConfiguration: { LocationConstraint: region },
    });
}, 60_000);
afterAll(() => scene.stop());

const denied = { kind: 'AccessDenied' };

/** A call with the session of the pivot role, past the adapters: what it could do if it wanted to. */
const asPivot = async (service: string, operation: string, input: object): Promise<unknown> => {
  const { roleId } = { roleId: (await scene.producer.iam.role('dataallPivotRole-cdk'))?.id ?? '' };
  return await scene.aws.invoke(
    service,
    operation,
    input,
    {
      kind: 'role-session',
      account: producerId,
      arn: `arn:aws:sts::${producerId}:assumed-role/dataallPivotRole-cdk/x`,
      roleArn: pivotRoleArn,
      roleId,
      roleName: 'dataallPivotRole-cdk',
      sessionName: 'x',
    },
    region,
  );
};

const policy = (actions: string): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

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
    const tlsOnly = (bucket: string): string =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: `arn:aws:s3:::${bucket}/*`,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      });
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
    const { keyArn } = await keyOf();
    const document = await pivot.kms.keyPolicy(keyArn);
    expect(JSON.parse(document ?? '{}')).toMatchObject({
      Statement: [{ Sid: 'EnableIamUserPermissions' }],
    });
    await pivot.kms.putKeyPolicy(keyArn, document ?? '');
  });
});

/** A key of the producer's administrator. */
const makeKey = async (tags: Readonly<Record<string, string>>, alias?: string): Promise<string> => {
  const { KeyMetadata } = (await scene.administer('producer', 'kms', 'CreateKey', {
    Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  })) as { KeyMetadata: { Arn: string; KeyId: string } };
  if (alias !== undefined)
    await scene.administer('producer', 'kms', 'CreateAlias', { AliasName: alias, TargetKeyId: KeyMetadata.KeyId });
  return KeyMetadata.Arn;
};

const keyOf = async (): Promise<{ keyArn: string }> => {
  const { outputs = {} } = (await scene.deploy.cloudFormation.stack(datasetProps.stackName)) ?? {};
  return { keyArn: outputs['KeyArn'] ?? '' };
};

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

describe('the database of a dataset', () => {
  it('opens no new table to whoever IAM lets in', async () => {
    const table = { DatabaseName: datasetProps.database, Name: 'fresh' };
    await scene.administer('producer', 'glue', 'CreateTable', {
      DatabaseName: table.DatabaseName,
      TableInput: { Name: table.Name },
    });
    // It may do anything by IAM, and Lake Formation has granted it nothing.
    await expect(scene.producer.glue.table(table.DatabaseName, table.Name)).rejects.toMatchObject(denied);
    await scene.administer('producer', 'glue', 'DeleteTable', table);
  });
});

describe('an updated dataset stack', () => {
  it('writes neither the key policy nor a bucket policy', async () => {
    const { keyArn } = await keyOf();
    const kept = JSON.parse((await pivot.kms.keyPolicy(keyArn)) ?? '{}') as { Statement: object[] };
    kept.Statement.push({
      Sid: 'DataAll-Bucket-KMS-Decrypt',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${producerId}:root` },
      Action: 'kms:Decrypt',
      Resource: '*',
    });
    await pivot.kms.putKeyPolicy(keyArn, JSON.stringify(kept));
    const changed = await scene.desired(
      'dataset',
      { ...datasetProps, permissionsBoundaryArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      tagsOf('Dataset', 'data0001'),
    );
    expect(await scene.untilSettled(changed)).toMatchObject({ status: { status: 'UPDATE_COMPLETE' } });
    expect((await scene.producer.iam.role('dataall-orders-data0001'))?.permissionsBoundaryArn).toContain(
      'ReadOnlyAccess',
    );
    expect(await pivot.kms.keyPolicy(keyArn)).toContain('DataAll-Bucket-KMS-Decrypt');
    expect(await pivot.s3.bucketPolicy('dataall-orders-data0001')).toContain('SecureTransport');
  });
});

describe('the stack of a dataset that makes nothing', () => {
  it('is taken by CloudFormation', async () => {
    const props = {
      ...datasetProps,
      stackName: 'dataall-theirs-data0003',
      roleName: undefined,
      storage: { origin: 'Import' as const, bucket: 'brought-along' },
      newDatabase: undefined,
      database: 'theirs',
    };
    const desired = await scene.desired('dataset', props, tagsOf('Dataset', 'data0003'));
    expect(await scene.untilSettled(desired)).toMatchObject({ state: 'Deployed', message: '' });
    expect(await scene.untilRemoved(desired)).toMatchObject({ state: 'Deleted' });
  });
});

describe('the queue of account events', () => {
  it('hears of a bucket policy that somebody else takes away', async () => {
    const { outputs = {} } = (await scene.deploy.cloudFormation.stack(environmentProps.stackName)) ?? {};
    const url = outputs['QueueUrl'] ?? '';
    const drain = async (): Promise<readonly string[]> => {
      const messages = await pivot.sqs.receive(url, 0);
      await pivot.sqs.deleteMessages(url, messages);
      return messages.length === 0 ? [] : [...messages.map(({ body }) => body), ...(await drain())];
    };
    await drain();
    await scene.administer('producer', 's3', 'DeleteBucketPolicy', { Bucket: 'brought-along' });
    await scene.administer('producer', 's3', 'GetBucketLocation', { Bucket: 'brought-along' });
    const events = (await drain()).map(
      (body) => (JSON.parse(body) as { detail: { eventName: string } }).detail.eventName,
    );
    expect(events).toEqual(['DeleteBucketPolicy']);
    await expect(
      scene.administer('consumer', 'sqs', 'SendMessage', { QueueUrl: url, MessageBody: '{}' }),
    ).rejects.toThrow(/denied|not exist|not authorized/i);
  });

  it('gives a message up that was received five times and never deleted, and keeps it to be looked at', async () => {
    const { outputs = {} } = (await scene.deploy.cloudFormation.stack(environmentProps.stackName)) ?? {};
    const url = outputs['QueueUrl'] ?? '';
    await scene.administer('producer', 'sqs', 'SendMessage', { QueueUrl: url, MessageBody: 'poison' });
    const bodies = async (): Promise<readonly string[]> => {
      scene.aws.world.clock.advance(61_000);
      return (await pivot.sqs.receive(url, 0)).map(({ body }) => body);
    };
    for (let time = 1; time <= 5; time++) expect(await bodies()).toEqual(['poison']);
    expect(await bodies()).toEqual([]);
    const dead = await scene.administer('producer', 'sqs', 'ReceiveMessage', { QueueUrl: `${url}-dead` });
    expect(dead).toMatchObject({ Messages: [{ Body: 'poison' }] });
  });

  it('is the only queue whose dead messages are kept there', async () => {
    const { outputs = {} } = (await scene.deploy.cloudFormation.stack(environmentProps.stackName)) ?? {};
    const deadLetterTargetArn = `${outputs['QueueArn'] ?? ''}-dead`;
    const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }) };
    await expect(
      scene.administer('producer', 'sqs', 'CreateQueue', { QueueName: 'somebody-elses', Attributes }),
    ).rejects.toThrow(/RedriveAllowPolicy/);
  });

  it('takes no message larger than EventBridge sends', async () => {
    const { outputs = {} } = (await scene.deploy.cloudFormation.stack(environmentProps.stackName)) ?? {};
    const QueueUrl = outputs['QueueUrl'] ?? '';
    await expect(
      scene.administer('producer', 'sqs', 'SendMessage', { QueueUrl, MessageBody: 'x'.repeat(256 * 1024 + 1) }),
    ).rejects.toThrow(/shorter than 262144/);
  });
});

describe('a team role', () => {
  const asTeam = async (service: string, operation: string, input: object): Promise<unknown> => {
    const role = await scene.producer.iam.role('dataall-sales-env00001');
    return await scene.aws.invoke(
      service,
      operation,
      input,
      {
        kind: 'role-session',
        account: producerId,
        arn: `arn:aws:sts::${producerId}:assumed-role/dataall-sales-env00001/ann`,
        roleArn: role?.arn ?? '',
        roleId: role?.id ?? '',
        roleName: 'dataall-sales-env00001',
        sessionName: 'ann',
      },
      region,
    );
  };

  it('works with the data of its group and no other', async () => {
    const { keyArn } = await keyOf();
    const { owner } = environmentProps;
    const props = { ...environmentProps, owner: { ...owner, owned: { ...owner.owned, keyArns: [keyArn] } } };
    await scene.untilSettled(await scene.desired('environment', props, tagsOf('Environment', 'env00001')));
    await asTeam('s3', 'PutObject', { Bucket: 'dataall-orders-data0001', Key: 'a.csv', Body: '1' });
    await asTeam('s3', 'GetObject', { Bucket: 'dataall-orders-data0001', Key: 'a.csv' });
    await expect(asTeam('s3', 'ListObjectsV2', { Bucket: 'brought-along' })).rejects.toMatchObject({
      code: 'AccessDenied',
    });
  });

  it('makes what carries its Team tag, and nothing untagged', async () => {
    const input = { Name: 'dataall-secret', SecretString: 'x' };
    await expect(asTeam('secretsmanager', 'CreateSecret', input)).rejects.toMatchObject({
      code: 'AccessDeniedException',
    });
    await asTeam('secretsmanager', 'CreateSecret', { ...input, Tags: [{ Key: 'Team', Value: 'Sales Engineers' }] });
    await asTeam('secretsmanager', 'GetSecretValue', { SecretId: 'dataall-secret' });
  });

  it('is entered by the pivot role', async () => {
    await asPivot('sts', 'AssumeRole', {
      RoleArn: `arn:aws:iam::${producerId}:role/dataall-sales-env00001`,
      RoleSessionName: 'ann',
    });
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

/** CloudFormation works with our policy from now on. */
const narrowExecution = async (on: DeployScene): Promise<void> => {
  const { template } = await on.synthesizer.synthesize('execution-policy', null);
  await on.administer('producer', 'cloudformation', 'CreateStack', {
    StackName: 'DataAllCustomCDKExecPolicyStack',
    TemplateBody: template,
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  await expect
    .poll(
      () =>
        on.administer('producer', 'cloudformation', 'DescribeStacks', {
          StackName: 'DataAllCustomCDKExecPolicyStack',
        }),
      PATIENCE,
    )
    .toMatchObject({ Stacks: [{ StackStatus: 'CREATE_COMPLETE' }] });
  await on.bootstrap('producer', `arn:aws:iam::${producerId}:policy/DataAllCustomCDKPolicy`);
};

describe('the execution policy', () => {
  it('is enough for our stacks, and for nothing else', async () => {
    await narrowExecution(scene);

    const rename = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(/0001\b/g, '0002')) as T;
    const { pivotRole } = environmentProps;
    const second = { ...rename(environmentProps), pivotRole: { mode: 'Existing' as const, name: pivotRole.name } };
    const stacks = [
      await scene.desired('environment', second, tagsOf('Environment', 'env00002')),
      await scene.desired('dataset', rename(datasetProps), tagsOf('Dataset', 'data0002')),
      await scene.desired(
        'team',
        {
          ...rename(datasetProps),
          stackName: 'dataall-analysts-env00002',
          team: { ...second.owner, roleName: 'dataall-analysts-env00002', workgroup: 'dataall-analysts-env00002' },
        },
        tagsOf('Team', 'team0002'),
      ),
      // The pivot role of the first environment, changed by the new policy's hand.
      await scene.desired('environment', environmentProps, { ...tagsOf('Environment', 'env00001'), CostCentre: '43' }),
    ];
    for (const desired of stacks)
      expect(await scene.untilSettled(desired)).toMatchObject({ state: 'Deployed', message: '' });
    for (const desired of stacks.slice(0, 3))
      expect(await scene.untilRemoved(desired)).toMatchObject({ state: 'Deleted' });

    const role = {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'somebody', AssumeRolePolicyDocument: JSON.parse(policy('*')) as object },
    };
    const [first] = stacks;
    const foreign = await scene.untilSettled({
      name: 'foreign',
      template: { template: JSON.stringify({ Resources: { Role: role } }), hash: 'h' },
      tags: tagsOf('Environment', 'foreign1'),
      roleArn: first?.roleArn ?? '',
      attempt: '',
    });
    expect(foreign).toMatchObject({ state: 'Failed', message: expect.stringContaining('iam:CreateRole') as string });
  });
});

describe('while aliases and tags of a new key do not count yet', () => {
  const lag = 5 * 60_000;
  let late: DeployScene;
  beforeAll(async () => {
    late = await startDeployScene({ inProcess: true, interceptors: [lateKeyLabels(lag)] });
  }, 60_000);
  afterAll(() => late.stop());

  it('the stack of a dataset is made all the same, and the pivot role keeps its key once they do', async () => {
    await narrowExecution(late);
    const environment = await late.desired('environment', environmentProps, tagsOf('Environment', 'env00001'));
    expect(await late.untilSettled(environment)).toMatchObject({ state: 'Deployed', message: '' });
    const dataset = await late.desired('dataset', datasetProps, tagsOf('Dataset', 'data0001'));
    expect(await late.untilSettled(dataset)).toMatchObject({ state: 'Deployed', message: '' });
    const { outputs = {} } = (await late.deploy.cloudFormation.stack(datasetProps.stackName)) ?? {};
    const keyArn = outputs['KeyArn'] ?? '';
    const { kms } = late.accounts.forEnvironment({ accountId: producerId, region, pivotRoleArn, externalId });
    await expect(kms.keyPolicy(keyArn)).rejects.toMatchObject({
      ...denied,
      advice: expect.stringContaining('five minutes') as string,
    });
    late.aws.world.clock.advance(lag);
    expect(await kms.keyPolicy(keyArn)).toContain('EnableIamUserPermissions');
  });
});
