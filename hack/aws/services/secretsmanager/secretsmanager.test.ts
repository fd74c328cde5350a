import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';

let aws: SimulatedAws;
let mine: SecretsManagerClient;
let theirs: SecretsManagerClient;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  mine = new SecretsManagerClient(aws.clientConfig('producer', 'eu-west-1'));
  theirs = new SecretsManagerClient(aws.clientConfig('consumer', 'eu-west-1'));
});
afterAll(() => aws.stop());

const valueOf = async (SecretId: string, more: object = {}, client = mine) =>
  (await client.send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;

describe('secrets', () => {
  it('keep the current and the previous value', async () => {
    const { ARN = '', VersionId } = await mine.send(
      new CreateSecretCommand({ Name: 'app/db', SecretString: 'one', Tags: [{ Key: 'Team', Value: 'a' }] }),
    );
    expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-west-1:222222222222:secret:app\/db-[A-Z2-7]{6}$/);
    await mine.send(new PutSecretValueCommand({ SecretId: 'app/db', SecretString: 'two' }));
    expect([
      await valueOf('app/db'),
      await valueOf(ARN),
      await valueOf(ARN.slice(0, -7)),
      await valueOf(ARN, { VersionStage: 'AWSPREVIOUS' }),
    ]).toEqual(['two', 'two', 'two', 'one']);
    await mine.send(new UpdateSecretCommand({ SecretId: ARN, SecretString: 'three', Description: 'd' }));
    await expect(valueOf(ARN, { VersionId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await mine.send(new DescribeSecretCommand({ SecretId: ARN }))).toMatchObject({
      Description: 'd',
      Tags: [{ Key: 'Team', Value: 'a' }],
    });
    await expect(mine.send(new CreateSecretCommand({ Name: 'app/db' }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
    const found = await mine.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['app/'] }] }));
    expect(found.SecretList?.map(({ Name }) => Name)).toEqual(['app/db']);
  });

  it('can be recovered until their window is over', async () => {
    await mine.send(new CreateSecretCommand({ Name: 'doomed', SecretString: 'x' }));
    await mine.send(new DeleteSecretCommand({ SecretId: 'doomed', RecoveryWindowInDays: 7 }));
    await expect(valueOf('doomed')).rejects.toThrow('marked for deletion');
    await mine.send(new RestoreSecretCommand({ SecretId: 'doomed' }));
    expect(await valueOf('doomed')).toBe('x');
    await mine.send(new DeleteSecretCommand({ SecretId: 'doomed', RecoveryWindowInDays: 7 }));
    aws.world.clock.advance(7 * 86_400_000);
    await expect(valueOf('doomed')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('open to another account by policy, if their key does too', async () => {
    const policy = (Principal: object) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal, Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
      });
    const rootOfConsumer = { AWS: 'arn:aws:iam::333333333333:root' };
    const { ARN: managed = '' } = await mine.send(new CreateSecretCommand({ Name: 'managed-key', SecretString: 'x' }));
    await expect(valueOf(managed, {}, theirs)).rejects.toThrow(
      'not authorized to perform: secretsmanager:GetSecretValue',
    );
    await mine.send(new PutResourcePolicyCommand({ SecretId: managed, ResourcePolicy: policy(rootOfConsumer) }));
    await expect(valueOf(managed, {}, theirs)).rejects.toThrow('Access to KMS is not allowed');

    const keyPolicy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: ['arn:aws:iam::222222222222:root', 'arn:aws:iam::333333333333:root'] },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    };
    const { KeyMetadata } = await new KMSClient(aws.clientConfig('producer', 'eu-west-1')).send(
      new CreateKeyCommand({ Policy: JSON.stringify(keyPolicy) }),
    );
    const { ARN: own = '' } = await mine.send(
      new CreateSecretCommand({ Name: 'own-key', SecretString: 'shared', KmsKeyId: KeyMetadata?.Arn }),
    );
    await mine.send(new PutResourcePolicyCommand({ SecretId: own, ResourcePolicy: policy(rootOfConsumer) }));
    expect(await valueOf(own, {}, theirs)).toBe('shared');
    const shown = await mine.send(new GetResourcePolicyCommand({ SecretId: own }));
    expect(JSON.parse(shown.ResourcePolicy ?? '')).toEqual(JSON.parse(policy(rootOfConsumer)));
    await mine.send(new DeleteResourcePolicyCommand({ SecretId: own }));
    await expect(valueOf(own, {}, theirs)).rejects.toThrow('not authorized');
    await expect(
      mine.send(
        new PutResourcePolicyCommand({
          SecretId: own,
          ResourcePolicy: policy({ AWS: 'arn:aws:iam::222222222222:role/nobody' }),
        }),
      ),
    ).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
    await expect(
      mine.send(
        new PutResourcePolicyCommand({ SecretId: own, ResourcePolicy: policy({ AWS: '*' }), BlockPublicPolicy: true }),
      ),
    ).rejects.toMatchObject({ name: 'PublicPolicyException' });
  });
});
