// Every operation of every service the product uses: what the SDK's client writes the server reads, and the other way round.
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { AwsError } from '../core/aws-error.ts';
import { pathStyle } from './addressing.ts';
import type { WireResponse } from './message.ts';
import { readServiceSchema, type OperationSchema } from './service-schema.ts';
import { serviceCodecFor, type OperationRequest } from './service-codec.ts';
import { sample, type SampleSource } from './shape-sample.ts';

const clients: Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>> = {
  athena: () => import('@aws-sdk/client-athena'),
  cloudformation: () => import('@aws-sdk/client-cloudformation'),
  events: () => import('@aws-sdk/client-eventbridge'),
  glue: () => import('@aws-sdk/client-glue'),
  iam: () => import('@aws-sdk/client-iam'),
  kms: () => import('@aws-sdk/client-kms'),
  lakeformation: () => import('@aws-sdk/client-lakeformation'),
  ram: () => import('@aws-sdk/client-ram'),
  s3: () => import('@aws-sdk/client-s3'),
  s3control: () => import('@aws-sdk/client-s3-control'),
  secretsmanager: () => import('@aws-sdk/client-secrets-manager'),
  servicequotas: () => import('@aws-sdk/client-service-quotas'),
  sqs: () => import('@aws-sdk/client-sqs'),
  ssm: () => import('@aws-sdk/client-ssm'),
  sts: () => import('@aws-sdk/client-sts'),
};

/** What an SDK client does to send and receive, without its middleware. */
interface ClientProtocol {
  serializeRequest(operation: object, input: unknown, context: object): Promise<HttpRequest>;
  deserializeResponse(operation: object, context: object, response: HttpResponse): Promise<Record<string, unknown>>;
}

interface Client {
  readonly config: { readonly protocol: ClientProtocol } & Record<string, unknown>;
}

const clientOf = (sdk: Readonly<Record<string, unknown>>): Client => {
  const name = Object.keys(sdk).find((key) => key.endsWith('Client') && key !== '__Client') ?? '';
  return new (sdk[name] as new (config: object) => Client)({ region: 'eu-west-1' });
};

/** A linear congruential generator: the same samples in every run. */
const seeded = (seed: number): SampleSource => {
  let state = seed;
  return {
    below(limit) {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return (state >>> 8) % limit;
    },
  };
};

/** Members with a form that clients check or that addressing gives a meaning to. */
const fixed = { Bucket: 'bucket-name', AccountId: '123456789012' };

const hasEventStream = ({ input, output }: OperationSchema): boolean =>
  [input, output].some(
    (schema) =>
      schema.isStructSchema() &&
      [...schema.structIterator()].some(([, member]) => member.isStreaming() && member.isStructSchema()),
  );

const bytesOf = async (body: unknown): Promise<Uint8Array> => {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  return new Uint8Array();
};

const endpoint = async () => ({ protocol: 'http:', hostname: 'localhost', path: '/' });

const sent = async (client: Client, raw: object, input: unknown, inBucketHost: boolean): Promise<OperationRequest> => {
  const request = await client.config.protocol.serializeRequest(raw, input, { ...client.config, endpoint });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {}))
    for (const one of [value].flat()) query.append(name, one ?? '');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const host = inBucketHost ? `${fixed.Bucket}.localhost` : 'localhost';
  const path = pathStyle({
    method: request.method,
    host,
    path: request.path,
    query: '',
    headers,
    body: new Uint8Array(),
  });
  return { method: request.method, path, query, headers, body: await bytesOf(request.body) };
};

const received = async (client: Client, raw: object, response: WireResponse): Promise<Record<string, unknown>> =>
  client.config.protocol.deserializeResponse(
    raw,
    { ...client.config, streamCollector: async (body: Readable) => new Uint8Array(await buffer(body)) },
    new HttpResponse({
      statusCode: response.status,
      headers: { ...response.headers },
      body: Readable.from([response.body]),
    }),
  );

/** Streaming members come as streams. */
const collected = async (output: Record<string, unknown>): Promise<Record<string, unknown>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(output).map(
        async ([name, value]) =>
          [name, value instanceof Readable ? new Uint8Array(await buffer(value)) : value] as const,
      ),
    ),
  );

const memberNames = (schema: NormalizedSchema): string[] =>
  schema.isStructSchema() ? [...schema.structIterator()].map(([name]) => name) : [];

/** The SDK adds metadata and its own string classes; compared is what was said. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '$metadata')
      .map(([name, one]) => [name, plain(one)]),
  );
};

/** Members that clients add or change on the way: tokens they make up, an output member the status line carries. */
const restrictTo = (value: Record<string, unknown>, names: Iterable<string>) =>
  Object.fromEntries([...names].filter((name) => value[name] !== undefined).map((name) => [name, value[name]]));

describe.each(Object.entries(clients))('%s', (name, load) => {
  it('reads every input that the client writes', async () => {
    const sdk = await load();
    const codec = serviceCodecFor(readServiceSchema(sdk));
    const client = clientOf(sdk);
    const source = seeded(7);
    const wrong: string[] = [];
    for (const operation of codec.schema.operations.values()) {
      if (hasEventStream(operation)) continue;
      const [, namespace, , traits, inputSchema, outputSchema] = sdk[`${operation.name}$`] as unknown[];
      const raw = { namespace, name: operation.name, traits, input: inputSchema, output: outputSchema };
      const input = (sample(operation.input, source, fixed) ?? {}) as Record<string, unknown>;
      try {
        const decoded = await codec.decode(await sent(client, raw, input, name === 's3' && 'Bucket' in input));
        expect(decoded.operation.name).toBe(operation.name);
        expect(plain(restrictTo({ ...decoded.input }, Object.keys(input)))).toEqual(plain(input));
      } catch (error) {
        wrong.push(`${operation.name}: ${String(error).slice(0, 300)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('writes every output so that the client reads it', async () => {
    const sdk = await load();
    const codec = serviceCodecFor(readServiceSchema(sdk));
    const client = clientOf(sdk);
    const source = seeded(11);
    const wrong: string[] = [];
    for (const operation of codec.schema.operations.values()) {
      if (hasEventStream(operation)) continue;
      const [, namespace, , traits, inputSchema, outputSchema] = sdk[`${operation.name}$`] as unknown[];
      const raw = { namespace, name: operation.name, traits, input: inputSchema, output: outputSchema };
      const statusMember = memberNames(operation.output).find(
        (member) => operation.output.getMemberSchema(member).getMergedTraits().httpResponseCode,
      );
      const output = (sample(operation.output, source, {
        ...fixed,
        ...(statusMember === undefined ? {} : { [statusMember]: 200 }),
      }) ?? {}) as Record<string, unknown>;
      try {
        const read = await collected(await received(client, raw, codec.encode(operation, output, 'id')));
        expect(plain(restrictTo(read, Object.keys(output)))).toEqual(plain(output));
      } catch (error) {
        wrong.push(`${operation.name}: ${String(error).slice(0, 300)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('writes every error so that the client throws it by name', async () => {
    const sdk = await load();
    const codec = serviceCodecFor(readServiceSchema(sdk));
    const client = clientOf(sdk);
    const [operation] = codec.schema.operations.values();
    const [, namespace, , traits, inputSchema, outputSchema] = sdk[`${operation?.name}$`] as unknown[];
    const raw = { namespace, name: operation?.name, traits, input: inputSchema, output: outputSchema };
    const wrong: string[] = [];
    for (const code of codec.schema.errors.keys()) {
      const response = codec.encodeError(new AwsError(code, 'what & why'), 'id');
      const thrown: unknown = await received(client, raw, response).catch((error: unknown) => error);
      const named = thrown instanceof Error && thrown.name === code && thrown.message === 'what & why';
      if (!named) wrong.push(`${code}: ${String(thrown).slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
  });
});
