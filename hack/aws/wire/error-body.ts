// Writes an error the way each protocol does: status, code and message where its clients look for them.
import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../core/aws-error.ts';
import { statusOfUnmodelled } from './error-status.ts';
import { decodeText, encodeText, type WireResponse } from './message.ts';
import type { Protocol, ServiceSchema } from './service-schema.ts';
import type { ShapeCodec } from './shape-codec.ts';

const escapeXml = (text: string): string =>
  text.replace(/[<&>"]/g, (c) => ({ '<': '&lt;', '&': '&amp;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

const element = (name: string, value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? `<${name}>${escapeXml(String(value))}</${name}>`
    : '';

interface WireError {
  /** Code on the wire: query protocols may use another than the modelled name. */
  readonly code: string;
  readonly status: number;
  readonly schema: NormalizedSchema | undefined;
}

const resolve = (service: ServiceSchema, error: AwsError): WireError => {
  const schema = service.errors.get(error.code);
  const traits = schema?.getMergedTraits();
  const [queryCode, queryStatus] = (traits?.awsQueryError ?? []) as [string?, number?];
  const status =
    error.status ?? queryStatus ?? (traits?.httpError as number | undefined) ?? statusOfUnmodelled(error.code);
  return { code: queryCode ?? error.code, status, schema };
};

/** Members through the schema (dates, blobs), then what every JSON client reads: `__type` and a message in either spelling. */
const jsonBody = (codec: ShapeCodec, error: AwsError, schema: NormalizedSchema | undefined): Uint8Array => {
  const members =
    schema === undefined
      ? error.members
      : (JSON.parse(decodeText(codec.writeDocument(schema, error.members))) as object);
  return encodeText(JSON.stringify({ ...members, __type: error.code, message: error.message, Message: error.message }));
};

type Writer = (parts: {
  readonly service: ServiceSchema;
  readonly codec: ShapeCodec;
  readonly error: AwsError;
  readonly resolved: WireError;
  readonly requestId: string;
}) => WireResponse;

const faultOf = (status: number): 'Receiver' | 'Sender' => (status >= 500 ? 'Receiver' : 'Sender');

const membersOf = (error: AwsError): string =>
  Object.entries(error.members)
    .map(([name, value]) => element(name, value))
    .join('');

const writeQueryError: Writer = ({ service, error, resolved: { code, status }, requestId }) => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body: encodeText(
    `<ErrorResponse xmlns="${service.xmlNamespace ?? ''}"><Error><Type>${faultOf(status)}</Type>${element('Code', code)}` +
      `${element('Message', error.message)}${membersOf(error)}</Error>${element('RequestId', requestId)}</ErrorResponse>`,
  ),
});

const writeXmlError: Writer = ({ service, error, resolved: { status }, requestId }) => {
  const id = element('RequestId', requestId);
  const inner = `<Error>${element('Code', error.code)}${element('Message', error.message)}${membersOf(error)}${id}</Error>`;
  // S3 Control wraps the error, S3 does not (trait noErrorWrapping).
  const wrapped = `<ErrorResponse xmlns="${service.xmlNamespace ?? ''}">${inner}${id}</ErrorResponse>`;
  // HEAD answers have no body: clients that look for a bucket's region find it here.
  const region = error.members['BucketRegion'];
  const bucketRegion = typeof region === 'string' ? { 'x-amz-bucket-region': region } : undefined;
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId, ...bucketRegion },
    body: encodeText(`<?xml version="1.0" encoding="UTF-8"?>\n${service.serviceId === 'S3' ? inner : wrapped}`),
  };
};

const writeJsonError: Writer = ({ service, codec, error, resolved: { code, status, schema }, requestId }) => {
  const version = service.protocol.slice('awsJson'.length).replace('_', '.');
  const contentType = service.protocol === 'restJson1' ? 'application/json' : `application/x-amz-json-${version}`;
  const headers = { 'content-type': contentType, 'x-amzn-errortype': error.code, 'x-amzn-requestid': requestId };
  return {
    status,
    headers: service.queryCompatible ? { ...headers, 'x-amzn-query-error': `${code};${faultOf(status)}` } : headers,
    body: jsonBody(codec, error, schema),
  };
};

const writers: Readonly<Record<Protocol, Writer>> = {
  awsQuery: writeQueryError,
  restXml: writeXmlError,
  restJson1: writeJsonError,
  awsJson1_0: writeJsonError,
  awsJson1_1: writeJsonError,
};

export const writeError = (
  service: ServiceSchema,
  codec: ShapeCodec,
  error: AwsError,
  requestId: string,
): WireResponse => writers[service.protocol]({ service, codec, error, resolved: resolve(service, error), requestId });
