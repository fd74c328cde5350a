// Moves values between HTTP (labels, query, headers, payload, body) and operation structures, as REST protocols bind them.
// https://smithy.io/2.0/spec/http-bindings.html
import { splitHeader } from '@smithy/core/serde';
import type { NormalizedSchema } from '@smithy/core/schema';
import { decodeText, emptyBody, encodeText, type WireResponse } from './message.ts';
import type { OperationSchema, ServiceSchema } from './service-schema.ts';
import type { ShapeCodec } from './shape-codec.ts';

/** Where the parts of a REST request are. */
export interface RestRequest {
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

type Fields = Record<string, unknown>;

const isRawPayload = (schema: NormalizedSchema): boolean => schema.isStreaming() || schema.isBlobSchema();

const readHeaderList = (codec: ShapeCodec, item: NormalizedSchema, text: string): unknown[] =>
  splitHeader(text).map((part) => codec.readString(item, part.trim()));

/** `httpQueryParams`: every query parameter that no other member names. */
const readRemainingQuery = (
  schema: NormalizedSchema,
  structure: NormalizedSchema,
  query: URLSearchParams,
): Fields | undefined => {
  const named = new Set([...structure.structIterator()].map(([, member]) => member.getMergedTraits().httpQuery));
  const rest = [...new Set(query.keys())].filter((name) => !named.has(name) && name !== 'x-id');
  if (rest.length === 0) return undefined;
  const many = schema.getValueSchema().isListSchema();
  return Object.fromEntries(rest.map((name) => [name, many ? query.getAll(name) : query.get(name)]));
};

const readPrefixedHeaders = (prefix: string, headers: RestRequest['headers']): Fields | undefined => {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix.toLowerCase()));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
};

const readPayload = async (codec: ShapeCodec, schema: NormalizedSchema, body: Uint8Array): Promise<unknown> => {
  if (isRawPayload(schema)) return body;
  if (body.length === 0) return undefined;
  return schema.isStringSchema() ? decodeText(body) : codec.readDocument(schema, body);
};

/** The input structure of an operation. Absent members are absent, not undefined. */
export const readRestInput = async (
  codec: ShapeCodec,
  operation: OperationSchema,
  request: RestRequest,
): Promise<Fields> => {
  const structure = operation.input;
  const input: Fields = {};
  if (!structure.isStructSchema()) return input;
  const bodyMembers: string[] = [];
  for (const [name, schema] of structure.structIterator()) {
    const traits = schema.getMergedTraits();
    let value: unknown;
    if (traits.httpLabel !== undefined) {
      const text = request.labels[name];
      value = text === undefined ? undefined : codec.readString(schema, text);
    } else if (traits.httpQuery !== undefined) {
      const texts = request.query.getAll(traits.httpQuery);
      if (texts.length > 0) {
        value = schema.isListSchema()
          ? texts.map((text) => codec.readString(schema.getValueSchema(), text))
          : codec.readString(schema, texts[0] ?? '');
      }
    } else if (traits.httpQueryParams !== undefined) {
      value = readRemainingQuery(schema, structure, request.query);
    } else if (traits.httpHeader !== undefined) {
      const text = request.headers[traits.httpHeader.toLowerCase()];
      if (text !== undefined) {
        value = schema.isListSchema()
          ? readHeaderList(codec, schema.getValueSchema(), text)
          : codec.readString(schema, text);
      }
    } else if (traits.httpPrefixHeaders !== undefined) {
      value = readPrefixedHeaders(traits.httpPrefixHeaders, request.headers);
    } else if (traits.httpPayload !== undefined) {
      value = await readPayload(codec, schema, request.body);
    } else {
      bodyMembers.push(name);
    }
    if (value !== undefined) input[name] = value;
  }
  if (bodyMembers.length > 0 && request.body.length > 0) {
    const document = (await codec.readDocument(structure, request.body)) as Fields;
    for (const name of bodyMembers) if (document[name] !== undefined) input[name] = document[name];
  }
  return input;
};

interface MutableResponse {
  status: number;
  readonly headers: Record<string, string>;
  body: Uint8Array;
}

const rootNameOf = (schema: NormalizedSchema): string =>
  schema.getMergedTraits().xmlName ?? schema.getName() ?? 'Result';

const writePayload = (
  service: ServiceSchema,
  codec: ShapeCodec,
  schema: NormalizedSchema,
  value: unknown,
): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  if (isRawPayload(schema) || schema.isStringSchema()) return encodeText(String(value));
  return codec.writeDocument(schema, value, rootNameOf(schema), service.xmlNamespace);
};

/** The HTTP answer for an operation's output: status, headers and body; the caller adds the request id. */
export const writeRestOutput = (
  service: ServiceSchema,
  codec: ShapeCodec,
  operation: OperationSchema,
  output: Fields,
): WireResponse => {
  const response: MutableResponse = { status: operation.http?.status ?? 200, headers: {}, body: emptyBody };
  const structure = operation.output;
  const contentType = codec.format === 'xml' ? 'application/xml' : 'application/json';
  const bodyFields: Fields = {};
  let hasPayload = false;
  if (structure.isStructSchema()) {
    for (const [name, schema] of structure.structIterator()) {
      const value = output[name];
      if (value === undefined || value === null) continue;
      const traits = schema.getMergedTraits();
      if (traits.httpHeader !== undefined) {
        response.headers[traits.httpHeader.toLowerCase()] = codec.writeString(schema, value);
      } else if (traits.httpPrefixHeaders !== undefined) {
        for (const [key, text] of Object.entries(value as Record<string, string>)) {
          response.headers[(traits.httpPrefixHeaders + key).toLowerCase()] = text;
        }
      } else if (traits.httpResponseCode !== undefined) {
        response.status = value as number;
      } else if (traits.httpPayload !== undefined) {
        hasPayload = true;
        response.body = writePayload(service, codec, schema, value);
      } else {
        bodyFields[name] = value;
      }
    }
    if (!hasPayload && (codec.format === 'json' || Object.keys(bodyFields).length > 0)) {
      response.body = codec.writeDocument(structure, bodyFields, rootNameOf(structure), service.xmlNamespace);
    }
  }
  response.headers['content-type'] ??= contentType;
  return response;
};
