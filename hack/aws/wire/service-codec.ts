// The server side of one service's wire: requests become operation inputs, outputs and errors become responses.
import { AwsError } from '../core/aws-error.ts';
import { writeError } from './error-body.ts';
import { decodeText, emptyBody, encodeText, type WireResponse } from './message.ts';
import { readForm } from './query-form.ts';
import { readRestInput, writeRestOutput } from './rest-binding.ts';
import { requiredMembers, routerFor } from './rest-routes.ts';
import type { OperationSchema, Protocol, ServiceSchema } from './service-schema.ts';
import { shapeCodecFor, type ShapeCodec } from './shape-codec.ts';

/** A request whose addressing is settled: S3 bucket in the path, body free of chunk framing. */
export interface OperationRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface DecodedCall {
  readonly operation: OperationSchema;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ServiceCodec {
  readonly schema: ServiceSchema;
  /** Throws AwsError for an operation the service does not have and for a required member left out. */
  decode(request: OperationRequest): Promise<DecodedCall>;
  encode(operation: OperationSchema, output: unknown, requestId: string): WireResponse;
  encodeError(error: AwsError, requestId: string): WireResponse;
}

type Decode = (request: OperationRequest) => Promise<DecodedCall>;
type Encode = (operation: OperationSchema, output: Record<string, unknown>, requestId: string) => WireResponse;

const unknownOperation = (code: string, what: string): AwsError => new AwsError(code, `no operation ${what}`);

const jsonProtocol = (schema: ServiceSchema, codec: ShapeCodec): [Decode, Encode] => {
  const contentType = `application/x-amz-json-${schema.protocol.slice('awsJson'.length).replace('_', '.')}`;
  return [
    async ({ headers, body }) => {
      const name = headers['x-amz-target']?.split('.').pop() ?? '';
      const operation = schema.operations.get(name);
      if (operation === undefined) throw unknownOperation('UnknownOperationException', name);
      const empty = operation.input.isUnitSchema() || body.length === 0;
      return {
        operation,
        input: empty ? {} : ((await codec.readDocument(operation.input, body)) as DecodedCall['input']),
      };
    },
    (operation, output, requestId) => ({
      status: 200,
      headers: { 'content-type': contentType, 'x-amzn-requestid': requestId },
      body: operation.output.isUnitSchema() ? encodeText('{}') : codec.writeDocument(operation.output, output),
    }),
  ];
};

const queryProtocol = (schema: ServiceSchema, codec: ShapeCodec): [Decode, Encode] => [
  async ({ query, body }) => {
    const form = body.length > 0 ? new URLSearchParams(decodeText(body)) : query;
    const name = form.get('Action') ?? '';
    const operation = schema.operations.get(name);
    if (operation === undefined) throw unknownOperation('InvalidAction', name);
    return { operation, input: operation.input.isUnitSchema() ? {} : readForm(codec, operation.input, form) };
  },
  (operation, output, requestId) => {
    const result = operation.output.isStructSchema()
      ? decodeText(codec.writeDocument(operation.output, output, `${operation.name}Result`))
      : '';
    return {
      status: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: encodeText(
        `<${operation.name}Response xmlns="${schema.xmlNamespace ?? ''}">${result}` +
          `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation.name}Response>`,
      ),
    };
  },
];

/** The one S3 answer without a wrapping element: its root element is the value itself. */
const bucketLocation = (schema: ServiceSchema, output: Record<string, unknown>): Uint8Array =>
  encodeText(
    `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="${schema.xmlNamespace ?? ''}">${(output['LocationConstraint'] as string | undefined) ?? ''}</LocationConstraint>`,
  );

const restProtocol = (schema: ServiceSchema, codec: ShapeCodec): [Decode, Encode] => {
  const router = routerFor(schema);
  const requestIdHeader = schema.protocol === 'restXml' ? 'x-amz-request-id' : 'x-amzn-requestid';
  return [
    async ({ method, path, query, headers, body }) => {
      const match = router.match(method, path, query, headers);
      if (match === undefined) throw unknownOperation('UnknownOperationException', `${method} ${path}`);
      const { operation, labels } = match;
      return { operation, input: await readRestInput(codec, operation, { labels, query, headers, body }) };
    },
    (operation, output, requestId) => {
      const response = writeRestOutput(schema, codec, operation, output);
      const isLocation = schema.serviceId === 'S3' && operation.name === 'GetBucketLocation';
      return {
        status: response.status,
        headers: { ...response.headers, [requestIdHeader]: requestId },
        body: isLocation ? bucketLocation(schema, output) : response.status === 204 ? emptyBody : response.body,
      };
    },
  ];
};

const protocols: Readonly<Record<Protocol, (schema: ServiceSchema, codec: ShapeCodec) => [Decode, Encode]>> = {
  awsJson1_0: jsonProtocol,
  awsJson1_1: jsonProtocol,
  awsQuery: queryProtocol,
  restJson1: restProtocol,
  restXml: restProtocol,
};

const missingMemberCode: Readonly<Record<string, string>> = { awsQuery: 'ValidationError', restXml: 'InvalidRequest' };

/** Refuses an input that lacks a required member, in AWS's words. */
const demandRequired = (schema: ServiceSchema, { operation, input }: DecodedCall): void => {
  const missing = [...requiredMembers(operation.input)].filter((name) => input[name] === undefined);
  if (missing.length === 0) return;
  const problems = missing.map((name) => {
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    return `Value null at '${member}' failed to satisfy constraint: Member must not be null`;
  });
  const count = `${missing.length} validation error${missing.length === 1 ? '' : 's'} detected`;
  throw new AwsError(missingMemberCode[schema.protocol] ?? 'ValidationException', `${count}: ${problems.join('; ')}`);
};

export const serviceCodecFor = (schema: ServiceSchema): ServiceCodec => {
  const codec = shapeCodecFor(schema);
  const [decode, encode] = protocols[schema.protocol](schema, codec);
  return {
    schema,
    async decode(request) {
      const decoded = await decode(request);
      demandRequired(schema, decoded);
      return decoded;
    },
    encode: (operation, output, requestId) => encode(operation, (output ?? {}) as Record<string, unknown>, requestId),
    encodeError: (error, requestId) => writeError(schema, codec, error, requestId),
  };
};
