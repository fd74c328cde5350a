// Verifies AWS Signature Version 4, in the Authorization header or in a presigned query.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { decodeSegment, type WireRequest } from './message.ts';

/** What the signature claims, before it is checked. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface SignedRequest extends CredentialScope {
  readonly sessionToken: string | undefined;
  readonly presigned: boolean;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `yyyymmddThhmmssZ` */
  readonly timestamp: string;
  /** Seconds a presigned request is good for. */
  readonly expires: number | undefined;
}

export type SignatureProblem = 'malformed' | 'mismatch' | 'body-mismatch' | 'skewed' | 'expired';

/** AWS refuses requests signed more than 15 minutes from now. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html */
const MAX_SKEW_MS = 15 * 60_000;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** RFC 3986 encoding: encodeURIComponent leaves five characters alone that AWS encodes. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Query parameters as AWS reads them: percent-decoded, a plus is a plus in the signature's eyes only when encoded. */
const queryPairs = (query: string): [string, string][] =>
  query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      const [name, value] = equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
      return [decodeSegment(name.replaceAll('+', '%20')), decodeSegment(value.replaceAll('+', '%20'))];
    });

const parseScope = (credential: string): CredentialScope | undefined => {
  const parts = credential.split('/');
  const [date, region, service, end] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (
    accessKeyId === '' ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    end !== 'aws4_request'
  ) {
    return undefined;
  }
  return { accessKeyId, date, region, service };
};

/**
 * Reads who a request says signed it: undefined = unsigned, `malformed` = there is a signature but it cannot be read.
 * Nothing of it may be believed before `verifySignature`.
 */
export const readSignature = (request: WireRequest): SignedRequest | 'malformed' | undefined => {
  const header = request.headers['authorization'];
  if (header !== undefined) {
    const field = (name: string): string => new RegExp(`${name}=([^, ]+)`).exec(header)?.[1] ?? '';
    const scope = parseScope(field('Credential'));
    if (!header.startsWith(ALGORITHM) || scope === undefined) return 'malformed';
    return {
      ...scope,
      sessionToken: request.headers['x-amz-security-token'],
      presigned: false,
      signedHeaders: field('SignedHeaders').split(';'),
      signature: field('Signature'),
      timestamp: request.headers['x-amz-date'] ?? '',
      expires: undefined,
    };
  }
  const query = new Map(queryPairs(request.query));
  const credential = query.get('X-Amz-Credential');
  if (credential === undefined) return undefined;
  const scope = parseScope(credential);
  if (scope === undefined) return 'malformed';
  return {
    ...scope,
    sessionToken: query.get('X-Amz-Security-Token'),
    presigned: true,
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    timestamp: query.get('X-Amz-Date') ?? '',
    expires: Number(query.get('X-Amz-Expires') ?? 'NaN'),
  };
};

const timeOf = (timestamp: string): number =>
  Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** S3 signs the path as it is; every other service encodes it once more. */
const canonicalPath = (request: WireRequest, service: string): string =>
  service === 's3' ? request.path || '/' : request.path.split('/').map(encode).join('/') || '/';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorted by name, then value: `select` comes before `select-type` although `=` comes after `-`. */
const canonicalQuery = (request: WireRequest): string =>
  queryPairs(request.query)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const payloadHash = (request: WireRequest, signed: SignedRequest): string => {
  if (signed.presigned && signed.service === 's3') return 'UNSIGNED-PAYLOAD';
  return request.headers['x-amz-content-sha256'] ?? sha256(request.body);
};

const isDigest = (text: string | undefined): text is string => text !== undefined && /^[0-9a-f]{64}$/.test(text);

/** The four HMACs of a signing key depend on the day, not on the request. */
const signingKeys = new Map<string, Buffer>();
const signingKey = (secret: string, { date, region, service }: CredentialScope): Buffer => {
  const id = [secret, date, region, service].join('\n');
  let key = signingKeys.get(id);
  if (key === undefined) {
    key = [date, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
    if (signingKeys.size > 10_000) signingKeys.clear();
    signingKeys.set(id, key);
  }
  return key;
};

const signatureOf = (request: WireRequest, signed: SignedRequest, secret: string): string => {
  const headers = signed.signedHeaders.map((name) => {
    const value = name === 'host' ? request.host : (request.headers[name] ?? '');
    return `${name}:${value.trim().replace(/ +/g, ' ')}\n`;
  });
  const canonicalRequest = [
    request.method,
    canonicalPath(request, signed.service),
    canonicalQuery(request),
    headers.join(''),
    signed.signedHeaders.join(';'),
    payloadHash(request, signed),
  ].join('\n');
  const scope = `${signed.date}/${signed.region}/${signed.service}/aws4_request`;
  const toSign = [ALGORITHM, signed.timestamp, scope, sha256(canonicalRequest)].join('\n');
  return hmac(signingKey(secret, signed), toSign).toString('hex');
};

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** @param now milliseconds; signatures are judged by real time, not by the simulated clock, because clients sign by theirs. */
export const verifySignature = (
  request: WireRequest,
  signed: SignedRequest,
  secret: string,
  now: number,
): SignatureProblem | undefined => {
  const signedAt = timeOf(signed.timestamp);
  if (Number.isNaN(signedAt) || !signed.timestamp.startsWith(signed.date)) return 'malformed';
  if (signed.presigned) {
    if (signed.expires === undefined || !(signed.expires >= 0 && signed.expires <= 604_800)) return 'malformed';
    if (now > signedAt + signed.expires * 1000) return 'expired';
    if (now < signedAt - MAX_SKEW_MS) return 'skewed';
  } else if (Math.abs(now - signedAt) > MAX_SKEW_MS) return 'skewed';
  if (!same(signatureOf(request, signed, secret), signed.signature)) return 'mismatch';
  const digest = request.headers['x-amz-content-sha256'];
  return isDigest(digest) && digest !== sha256(request.body) ? 'body-mismatch' : undefined;
};
