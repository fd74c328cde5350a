// The stacks where they count: deployed in an account that says no. What is in them, and who may do what with it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountAws } from '../../aws/account.ts';
import {
  datasetProps,
  environmentProps,
  producerId,
  startDeployedScene,
  tagsOf,
  tlsOnly,
  type DeployedScene,
} from '../testing/stack-test-env.ts';

let scene: DeployedScene;
let pivot: AccountAws;
beforeAll(async () => {
  scene = await startDeployedScene();
  ({ pivot } = scene);
}, 60_000);
afterAll(() => scene.stop());

const denied = { kind: 'AccessDenied' };

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
    const keyArn = await scene.datasetKey();
    const kept = JSON.parse((await pivot.kms.keyPolicy(keyArn)) ?? '{}') as { Statement: object[] };
    kept.Statement.push({
      Sid: 'DataAll-Bucket-KMS-Decrypt',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${producerId}:root` },
      Action: 'kms:Decrypt',
      Resource: '*',
    });
    await pivot.kms.putKeyPolicy(keyArn, JSON.stringify(kept));
    await pivot.s3.putBucketPolicy('dataall-orders-data0001', tlsOnly('dataall-orders-data0001'));
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
  const asTeam = async (service: string, operation: string, input: object): Promise<unknown> =>
    await scene.asRole('dataall-sales-env00001', 'ann')(service, operation, input);

  it('works with the data of its group and no other', async () => {
    const keyArn = await scene.datasetKey();
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
    await scene.asPivot('sts', 'AssumeRole', {
      RoleArn: `arn:aws:iam::${producerId}:role/dataall-sales-env00001`,
      RoleSessionName: 'ann',
    });
  });
});
