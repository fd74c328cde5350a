import {
  AddTagsToResourceCommand,
  DeleteParameterCommand,
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ListTagsForResourceCommand,
  PutParameterCommand,
  RemoveTagsFromResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../../aws.ts';

let aws: SimulatedAws;
let ssm: SSMClient;

beforeAll(async () => {
  aws = await startAws({ inProcess: true });
  ssm = new SSMClient(aws.clientConfig('producer', 'eu-west-1'));
});
afterAll(() => aws.stop());

const put = (Name: string, Value: string, more: object = {}) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));

describe('Parameter Store', () => {
  it('keeps versions and reads them by selector', async () => {
    await put('/versions/a', 'one');
    await expect(put('/versions/a', 'two')).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
    expect(await put('/versions/a', 'two', { Overwrite: true })).toMatchObject({ Version: 2, Tier: 'Standard' });
    const latest = await ssm.send(new GetParameterCommand({ Name: '/versions/a' }));
    const first = await ssm.send(new GetParameterCommand({ Name: '/versions/a:1' }));
    const history = await ssm.send(new GetParameterHistoryCommand({ Name: '/versions/a' }));
    expect(latest.Parameter).toMatchObject({
      Value: 'two',
      Version: 2,
      ARN: 'arn:aws:ssm:eu-west-1:222222222222:parameter/versions/a',
    });
    expect(first.Parameter?.Value).toBe('one');
    expect(history.Parameters?.map(({ Value }) => Value)).toEqual(['one', 'two']);
    expect(history.Parameters?.[0]?.LastModifiedUser).toBe('arn:aws:iam::222222222222:user/administrator');
    await expect(ssm.send(new GetParameterCommand({ Name: '/versions/a:9' }))).rejects.toMatchObject({
      name: 'ParameterVersionNotFound',
    });
  });

  it('finds by path, by ARN, by names and by filter, page by page', async () => {
    for (let n = 10; n < 23; n++) await put(`/tree/x/${n}`, String(n));
    await put('/tree/top', 'top');
    const direct = await ssm.send(new GetParametersByPathCommand({ Path: '/tree' }));
    const first = await ssm.send(new GetParametersByPathCommand({ Path: '/tree', Recursive: true }));
    const rest = await ssm.send(
      new GetParametersByPathCommand({ Path: '/tree', Recursive: true, NextToken: first.NextToken }),
    );
    const byArn = await ssm.send(
      new GetParameterCommand({ Name: 'arn:aws:ssm:eu-west-1:222222222222:parameter/tree/top' }),
    );
    const several = await ssm.send(new GetParametersCommand({ Names: ['/tree/top', '/tree/none'] }));
    const described = await ssm.send(
      new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Option: 'BeginsWith', Values: ['/tree/t'] }] }),
    );
    expect(direct.Parameters?.map(({ Name }) => Name)).toEqual(['/tree/top']);
    expect([...(first.Parameters ?? []), ...(rest.Parameters ?? [])]).toHaveLength(14);
    expect(byArn.Parameter?.Value).toBe('top');
    expect(several).toMatchObject({ Parameters: [{ Value: 'top' }], InvalidParameters: ['/tree/none'] });
    expect(described.Parameters?.map(({ Name }) => Name)).toEqual(['/tree/top']);
  });

  it('hides a SecureString unless it is asked for decrypted', async () => {
    await put('/secret', 'hush', { Type: 'SecureString' });
    const sealed = await ssm.send(new GetParameterCommand({ Name: '/secret' }));
    const open = await ssm.send(new GetParameterCommand({ Name: '/secret', WithDecryption: true }));
    expect(sealed.Parameter?.Value).not.toContain('hush');
    expect(open.Parameter?.Value).toBe('hush');
  });

  it('tags, untags and deletes', async () => {
    await put('/tagged', 'x', { Tags: [{ Key: 'Team', Value: 'a' }] });
    const resource = { ResourceType: 'Parameter', ResourceId: '/tagged' } as const;
    await ssm.send(new AddTagsToResourceCommand({ ...resource, Tags: [{ Key: 'dataall', Value: 'True' }] }));
    await ssm.send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: ['Team'] }));
    expect((await ssm.send(new ListTagsForResourceCommand(resource))).TagList).toEqual([
      { Key: 'dataall', Value: 'True' },
    ]);
    await ssm.send(new DeleteParameterCommand({ Name: '/tagged' }));
    await expect(ssm.send(new GetParameterCommand({ Name: '/tagged' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });

  it('keeps accounts and regions apart', async () => {
    await put('/mine', 'x');
    const elsewhere = new SSMClient(aws.clientConfig('producer', 'us-east-1'));
    const others = new SSMClient(aws.clientConfig('consumer', 'eu-west-1'));
    await expect(elsewhere.send(new GetParameterCommand({ Name: '/mine' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    await expect(others.send(new GetParameterCommand({ Name: '/mine' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });

  it.each([
    ['a reserved prefix', { Name: 'aws-x', Value: 'x' }, 'prefixed with "aws" or "ssm"'],
    ['a hierarchy without leading slash', { Name: 'a/b', Value: 'x' }, 'begins with a slash'],
    ['too much text', { Name: '/big', Value: 'x'.repeat(4097) }, 'maximum parameter value of 4096'],
    ['a value against its pattern', { Name: '/pattern', Value: 'x', AllowedPattern: '^\\d+$' }, 'allowedPattern'],
  ])('refuses %s', async (_, input, message) => {
    await expect(ssm.send(new PutParameterCommand({ Type: 'String', ...input }))).rejects.toThrow(message);
  });
});
