// The same world through every door: HTTP, in process, direct; and what is refused at the door.
import { S3 } from '@aws-sdk/client-s3';
import { S3Control } from '@aws-sdk/client-s3-control';
import { SSM } from '@aws-sdk/client-ssm';
import { STS } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAws, type SimulatedAws } from '../aws.ts';
import { ConnectionCut, type Interceptor } from '../core/interceptor.ts';
import type { TrailEvent } from '../core/world.ts';
import { allow, answerTo, CONSUMER, policy, PRODUCER, REGION } from './cast.ts';

let aws: SimulatedAws;
const interceptors: Interceptor[] = [];

beforeAll(async () => {
  aws = await startAws({ interceptors });
  const s3 = new S3(aws.clientConfig('producer', REGION));
  await s3.createBucket({ Bucket: 'doors', CreateBucketConfiguration: { LocationConstraint: REGION } });
  await s3.putObject({ Bucket: 'doors', Key: 'key', Body: 'content' });
});
afterAll(async () => aws.stop());

const inProcess = (region = REGION) => ({
  region,
  credentials: aws.accounts['producer'] ?? { accessKeyId: '', secretAccessKey: '' },
  requestHandler: aws.requestHandler,
});

describe('in process', () => {
  it("serves clients that know AWS's own host names only", async () => {
    const s3 = new S3(inProcess());
    const control = new S3Control(inProcess());
    const { AccessPointArn = '', Alias = '' } = await control.createAccessPoint({
      AccountId: PRODUCER,
      Name: 'point',
      Bucket: 'doors',
    });
    for (const Bucket of ['doors', AccessPointArn, Alias]) {
      const { Body } = await s3.getObject({ Bucket, Key: 'key' });
      expect(await Body?.transformToString()).toBe('content');
    }
  });

  it('takes streams, and gives them', async () => {
    const s3 = new S3(inProcess());
    const chunks = async function* () {
      yield Buffer.from('one ');
      yield Buffer.from('two');
    };
    const { Readable } = await import('node:stream');
    await s3.putObject({ Bucket: 'doors', Key: 'stream', Body: Readable.from(chunks()), ContentLength: 7 });
    const { Body, ContentEncoding } = await s3.getObject({ Bucket: 'doors', Key: 'stream' });
    expect([await Body?.transformToString(), ContentEncoding]).toEqual(['one two', undefined]);
  });

  it('sends clients to the region of a bucket', async () => {
    const elsewhere = new S3(inProcess('us-east-1'));
    expect(await answerTo(elsewhere.getObject({ Bucket: 'doors', Key: 'key' }))).toBe('PermanentRedirect');
    const { LocationConstraint } = await elsewhere.getBucketLocation({ Bucket: 'doors' });
    expect(LocationConstraint).toBe(REGION);
    const following = new S3({ ...inProcess('us-east-1'), followRegionRedirects: true });
    expect(await answerTo(following.getObject({ Bucket: 'doors', Key: 'key' }))).toBe('ok');
  });
});

describe('the door', () => {
  it('turns away what is not signed, or not by a key it knows, and logs it', async () => {
    const unsigned = await fetch(aws.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSSM.GetParameter' },
      body: '{"Name":"x"}',
    });
    expect([unsigned.status, unsigned.headers.get('x-amzn-errortype')]).toEqual([403, 'MissingAuthenticationToken']);
    const stranger = new SSM(aws.clientConfig({ accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' }, REGION));
    expect(await answerTo(stranger.getParameter({ Name: 'x' }))).toBe('UnrecognizedClientException');
    expect(aws.world.log.at(-1)).toMatchObject({ service: 'ssm', principal: 'anonymous', outcome: 'error' });
  });

  it('refuses a body that is not the one that was signed', async () => {
    const s3 = new S3({ ...inProcess(), maxAttempts: 1 });
    s3.middlewareStack.add(
      (next) => async (args) => {
        (args.request as { body: unknown }).body = 'tampered';
        return next(args);
      },
      { step: 'deserialize', priority: 'high' },
    );
    const put = s3.putBucketPolicy({
      Bucket: 'doors',
      Policy: policy(allow('s3:GetObject', 'arn:aws:s3:::doors/*', { Principal: { AWS: CONSUMER } })),
    });
    expect(await answerTo(put)).toBe('XAmzContentSHA256Mismatch');
  });

  it('knows no service it does not have', async () => {
    const response = await fetch(aws.endpoint, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/quantum/aws4_request, SignedHeaders=host, Signature=0',
      },
    });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([404, 'UnknownServiceException']);
  });

  it('can be made to break the connection', async () => {
    const cut: Interceptor = {
      around: async () => {
        throw new ConnectionCut();
      },
    };
    interceptors.push(cut);
    const overHttp = new STS({ ...aws.clientConfig('producer', REGION), maxAttempts: 1 });
    const direct = new STS({ ...inProcess(), maxAttempts: 1 });
    const errors = await Promise.all(
      [overHttp, direct].map((sts) => sts.getCallerIdentity({}).catch((error: unknown) => error)),
    );
    interceptors.pop();
    expect(errors).toMatchObject([{ code: 'ECONNRESET' }, { code: 'ECONNRESET' }]);
    expect(await answerTo(overHttp.getCallerIdentity({}))).toBe('ok');
  });
});

describe('without wire', () => {
  it('authorizes all the same', async () => {
    const { Account } = await aws.invoke<{ Account: string }>(
      'sts',
      'GetCallerIdentity',
      {},
      aws.administrator('producer'),
    );
    expect(Account).toBe(PRODUCER);
    const foreign = aws.invoke('s3', 'GetBucketPolicy', { Bucket: 'doors' }, aws.administrator('consumer'));
    await expect(foreign).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  it("tells the owner's trail what others do to a resource", async () => {
    const events: TrailEvent[] = [];
    aws.world.onTrail((event) => events.push(event));
    await answerTo(aws.invoke('s3', 'DeleteBucketPolicy', { Bucket: 'doors' }, aws.administrator('consumer')));
    expect(
      events.map(({ eventName, recipientAccountId, errorCode }) => [eventName, recipientAccountId, errorCode]),
    ).toEqual([
      ['DeleteBucketPolicy', CONSUMER, 'AccessDenied'],
      ['DeleteBucketPolicy', PRODUCER, 'AccessDenied'],
    ]);
  });
});
