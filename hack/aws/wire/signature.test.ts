import { S3 } from '@aws-sdk/client-s3';
import type { HttpRequest } from '@smithy/core/protocols';
import { describe, expect, it } from 'vitest';
import { emptyBody, type WireRequest } from './message.ts';
import { readSignature, verifySignature, type SignatureProblem } from './signature.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const MINUTE = 60_000;

/** A request as the SDK signs it now. */
const signedRequest = async (): Promise<WireRequest> => {
  let caught: HttpRequest | undefined;
  const requestHandler = {
    handle: async (request: HttpRequest): Promise<never> => {
      caught = request;
      throw new Error('caught');
    },
  };
  const s3 = new S3({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: SECRET },
    requestHandler,
    maxAttempts: 1,
  });
  await s3.getObject({ Bucket: 'bucket', Key: 'a b/é' }).catch(() => undefined);
  if (caught === undefined) throw new Error('nothing was sent');
  const query = Object.entries(caught.query).map(([name, value]) => `${name}=${String(value)}`);
  return {
    method: caught.method,
    host: caught.headers['host'] ?? '',
    path: caught.path,
    query: query.join('&'),
    headers: caught.headers,
    body: emptyBody,
  };
};

const verify = (request: WireRequest, secret = SECRET, now = Date.now()): SignatureProblem | 'unsigned' | undefined => {
  const signed = readSignature(request);
  if (signed === undefined) return 'unsigned';
  return signed === 'malformed' ? signed : verifySignature(request, signed, secret, now);
};

describe('signatures', () => {
  it('hold for what was signed', async () => {
    expect(verify(await signedRequest())).toBeUndefined();
  });

  it('break with the secret, the method, the path, the query, a signed header or the body', async () => {
    const request = await signedRequest();
    const changed: Record<string, SignatureProblem | 'unsigned' | undefined> = {
      secret: verify(request, 'another'),
      method: verify({ ...request, method: 'DELETE' }),
      path: verify({ ...request, path: '/other' }),
      query: verify({ ...request, query: `${request.query}&acl` }),
      header: verify({ ...request, headers: { ...request.headers, 'x-amz-date': '20200101T000000Z' } }),
      host: verify({ ...request, host: 'other.s3.eu-west-1.amazonaws.com' }),
      body: verify({ ...request, body: Buffer.from('x') }),
    };
    expect(changed).toEqual({
      secret: 'mismatch',
      method: 'mismatch',
      path: 'mismatch',
      query: 'mismatch',
      header: 'malformed',
      host: 'mismatch',
      body: 'body-mismatch',
    });
  });

  it('are good for fifteen minutes, either way', async () => {
    const request = await signedRequest();
    const at = (minutes: number) => verify(request, SECRET, Date.now() + minutes * MINUTE);
    expect([at(-16), at(-14), at(14), at(16)]).toEqual(['skewed', undefined, undefined, 'skewed']);
  });

  it('may be absent or unreadable', async () => {
    const request = await signedRequest();
    const { authorization: _, ...unsigned } = request.headers;
    expect(verify({ ...request, headers: unsigned })).toBe('unsigned');
    expect(verify({ ...request, headers: { ...request.headers, authorization: 'Bearer token' } })).toBe('malformed');
  });
});
