// Takes one HTTP request to its answer: address, signature, decoding, the pipeline, encoding.
import { addressedService, pathStyle, regionOfHost } from '../wire/addressing.ts';
import { dechunk, isAwsChunked } from '../wire/chunked-body.ts';
import { emptyBody, encodeText, type WireRequest, type WireResponse } from '../wire/message.ts';
import type { OperationRequest, ServiceCodec } from '../wire/service-codec.ts';
import { readSignature, verifySignature, type SignatureProblem, type SignedRequest } from '../wire/signature.ts';
import { AwsError } from './aws-error.ts';
import { createFederation } from './federation.ts';
import type { CredentialProblem, IdentityDirectory } from './identity.ts';
import { isConnectionCut, type Origin, type Pipeline } from './pipeline.ts';
import { inPartition } from './partition.ts';
import type { Principal } from './principal.ts';
import type { World } from './world.ts';

export interface FrontDoorOptions {
  readonly world: World;
  readonly directory: IdentityDirectory;
  readonly codecs: ReadonlyMap<string, ServiceCodec>;
  readonly pipeline: Pipeline;
  /** Told of errors that are the simulator's own fault; the caller gets InternalFailure. */
  readonly onBug: (error: unknown, request: WireRequest) => void;
}

/** Answers a request. Throws ConnectionCut when the caller shall get no answer. */
export type FrontDoor = (request: WireRequest) => Promise<WireResponse>;

type Problem = SignatureProblem | CredentialProblem | 'unsigned';
type Dialect = 'S3' | 'query' | 'json';

const dialectOf = ({ schema }: ServiceCodec): Dialect => {
  if (schema.protocol === 'restXml') return 'S3';
  return schema.protocol === 'awsQuery' ? 'query' : 'json';
};

/** Each family of protocols has its own code for the same trouble. Sources: S3 error responses; IAM/STS and JSON services' common errors. */
const codes: Readonly<Record<Problem, Readonly<Record<Dialect, string>>>> = {
  unsigned: { S3: 'AccessDenied', query: 'MissingAuthenticationToken', json: 'MissingAuthenticationTokenException' },
  malformed: { S3: 'AuthorizationHeaderMalformed', query: 'IncompleteSignature', json: 'IncompleteSignatureException' },
  mismatch: { S3: 'SignatureDoesNotMatch', query: 'SignatureDoesNotMatch', json: 'InvalidSignatureException' },
  'body-mismatch': {
    S3: 'XAmzContentSHA256Mismatch',
    query: 'SignatureDoesNotMatch',
    json: 'InvalidSignatureException',
  },
  skewed: { S3: 'RequestTimeTooSkewed', query: 'SignatureDoesNotMatch', json: 'InvalidSignatureException' },
  expired: { S3: 'AccessDenied', query: 'RequestExpired', json: 'RequestExpired' },
  'unknown-key': { S3: 'InvalidAccessKeyId', query: 'InvalidClientTokenId', json: 'UnrecognizedClientException' },
  'inactive-key': { S3: 'InvalidAccessKeyId', query: 'InvalidClientTokenId', json: 'UnrecognizedClientException' },
  'bad-token': { S3: 'InvalidToken', query: 'InvalidClientTokenId', json: 'UnrecognizedClientException' },
  'expired-token': { S3: 'ExpiredToken', query: 'ExpiredToken', json: 'ExpiredTokenException' },
};

const messages: Readonly<Record<Problem, string>> = {
  unsigned: 'Request is missing Authentication Token',
  malformed: 'The authorization of the request cannot be read.',
  mismatch:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  'body-mismatch': "The provided 'x-amz-content-sha256' header does not match what was computed.",
  skewed: 'The difference between the request time and the current time is too large.',
  expired: 'Request has expired',
  'unknown-key': 'The security token included in the request is invalid.',
  'inactive-key': 'The security token included in the request is invalid.',
  'bad-token': 'The security token included in the request is invalid.',
  'expired-token': 'The security token included in the request is expired',
};

const refusal = (problem: Problem, codec: ServiceCodec): AwsError => {
  const code = codes[problem][dialectOf(codec)];
  const forbidden = code === 'SignatureDoesNotMatch' || problem === 'expired-token' || problem === 'expired';
  return new AwsError(code, messages[problem], forbidden ? { status: 403 } : {});
};

const anonymous: Principal = { kind: 'anonymous' };

const unknownService: WireResponse = {
  status: 404,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'UnknownServiceException' },
  body: encodeText(
    JSON.stringify({ __type: 'UnknownServiceException', message: 'the AWS simulator has no such service' }),
  ),
};

export const createFrontDoor = ({ world, directory, codecs, pipeline, onBug }: FrontDoorOptions): FrontDoor => {
  const schemas = new Map([...codecs].map(([name, codec]) => [name, codec.schema]));

  const authenticate = (request: WireRequest, signed: SignedRequest | undefined): Principal | Problem => {
    if (signed === undefined) return anonymous;
    const owner = directory.resolveCredentials(world, signed.accessKeyId, signed.sessionToken);
    if (typeof owner === 'string') return owner;
    return verifySignature(request, signed, owner.secretAccessKey, Date.now()) ?? owner.principal;
  };

  const addressed = (request: WireRequest, codec: ServiceCodec): OperationRequest => {
    const path = codec.schema.serviceId === 'S3' ? pathStyle(request) : request.path;
    const query = new URLSearchParams(request.query);
    if (!isAwsChunked(request.headers)) return { ...request, path, query };
    const { body, trailers } = dechunk(request.body);
    return { method: request.method, path, query, body, headers: { ...request.headers, ...trailers } };
  };

  const federation = createFederation({ world, directory });

  return async (request) => {
    const signedIn = federation(request);
    if (signedIn !== undefined) return signedIn;
    const signature = readSignature(request);
    const signed = signature === 'malformed' ? undefined : signature;
    const name = addressedService(request, signed, schemas);
    const codec = name === undefined ? undefined : codecs.get(name);
    if (name === undefined || codec === undefined) return unknownService;

    const requestId = crypto.randomUUID();
    const principal = signature === 'malformed' ? 'malformed' : authenticate(request, signed);
    const origin: Origin = {
      principal: typeof principal === 'string' ? anonymous : principal,
      region: signed?.region ?? regionOfHost(request),
      host: request.host,
      userAgent: request.headers['user-agent'] ?? '',
      accessKeyId: signed?.accessKeyId,
      requestId,
      calledVia: [],
    };
    const answer = async (): Promise<WireResponse> => {
      if (typeof principal === 'string') {
        const error = refusal(principal, codec);
        pipeline.turnedAway(origin, name, 'unknown', error);
        throw error;
      }
      const { operation, input } = await codec.decode(addressed(request, codec));
      const output = await inPartition(origin.region, input, async (own) =>
        pipeline.run(origin, name, operation.name, own),
      );
      return codec.encode(operation, output, requestId);
    };
    try {
      return await answer();
    } catch (error) {
      if (isConnectionCut(error)) throw error;
      if (!(error instanceof AwsError)) onBug(error, request);
      const told = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), { status: 500 });
      const response = codec.encodeError(told, requestId);
      return request.method === 'HEAD' ? { ...response, body: emptyBody } : response;
    }
  };
};
