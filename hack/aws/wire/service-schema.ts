// Reads what an @aws-sdk/client-* package exports about its service: protocol, operations, errors. No protocol is written by hand.
import { NormalizedSchema } from '@smithy/core/schema';

export type Protocol = 'awsJson1_0' | 'awsJson1_1' | 'awsQuery' | 'restJson1' | 'restXml';

export type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

export interface OperationSchema {
  readonly name: string;
  /** HTTP binding of REST protocols. */
  readonly http: { readonly method: string; readonly uri: string; readonly status: number } | undefined;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
}

export interface ServiceSchema {
  /** Service name in the credential scope of signatures. S3 and S3 Control share `s3`. */
  readonly signingName: string;
  /** `S3`, `S3 Control`, `Glue`... */
  readonly serviceId: string;
  readonly protocol: Protocol;
  readonly xmlNamespace: string | undefined;
  /** The part of X-Amz-Target before the dot. */
  readonly target: string | undefined;
  /** Modern JSON service that still tells its old query error codes (SQS). */
  readonly queryCompatible: boolean;
  readonly apiVersion: string;
  readonly operations: ReadonlyMap<string, OperationSchema>;
  readonly errors: ReadonlyMap<string, NormalizedSchema>;
}

/** First element of a static schema: what it describes (@smithy/types, schema/static-schemas). */
const OPERATION = 9;
const ERROR = -3;
/** Namespace of the SDK's own base exceptions, which no service sends. */
const SYNTHETIC = 'smithy.ts.sdk.synthetic.';

interface ClientConfig {
  readonly protocol: { getShapeId(): string };
  readonly protocolSettings?: {
    readonly xmlNamespace?: string;
    readonly serviceTarget?: string;
    readonly awsQueryCompatible?: boolean;
    readonly version?: string;
  };
  readonly serviceId: string;
  readonly signingName?: string;
  readonly defaultSigningName?: string;
}

type ClientClass = new (config: object) => { readonly config: ClientConfig };

const protocols: ReadonlySet<string> = new Set<Protocol>([
  'awsJson1_0',
  'awsJson1_1',
  'awsQuery',
  'restJson1',
  'restXml',
]);
const isProtocol = (name: string): name is Protocol => protocols.has(name);

const clientClassOf = (sdk: Readonly<Record<string, unknown>>): ClientClass => {
  const name = Object.keys(sdk).find((key) => key.endsWith('Client') && key !== '__Client');
  if (name === undefined) throw new Error('not an AWS SDK client package: it exports no *Client class');
  return sdk[name] as ClientClass;
};

const httpOf = (traits: ReturnType<NormalizedSchema['getMergedTraits']>): OperationSchema['http'] => {
  if (traits.http === undefined) return undefined;
  const [method, uri, status] = traits.http;
  return { method, uri, status };
};

/** @param sdk the namespace object of an imported client package. Throws if its protocol is not one the codec knows. */
export const readServiceSchema = (sdk: Readonly<Record<string, unknown>>): ServiceSchema => {
  const client = new (clientClassOf(sdk))({ region: 'us-east-1' });
  const { config } = client;
  const protocol = config.protocol.getShapeId().split('#')[1] ?? '';
  if (!isProtocol(protocol)) throw new Error(`${config.serviceId} speaks ${protocol}, which the codec does not`);

  const operations = new Map<string, OperationSchema>();
  const errors = new Map<string, NormalizedSchema>();
  for (const [exported, value] of Object.entries(sdk)) {
    if (!exported.endsWith('$') || !Array.isArray(value)) continue;
    const [kind, namespace, name, traits, input, output] = value as [
      number,
      string,
      string,
      object | number,
      SchemaRef,
      SchemaRef,
    ];
    if (kind === OPERATION) {
      const carrier = NormalizedSchema.of([0, '', name, traits as never, 0]);
      operations.set(name, {
        name,
        http: httpOf(carrier.getMergedTraits()),
        input: NormalizedSchema.of(input),
        output: NormalizedSchema.of(output),
      });
    } else if (kind === ERROR && !namespace.startsWith(SYNTHETIC)) {
      errors.set(name, NormalizedSchema.of(value as never));
    }
  }
  const settings = config.protocolSettings;
  return {
    signingName: config.signingName ?? config.defaultSigningName ?? '',
    serviceId: config.serviceId,
    protocol,
    xmlNamespace: settings?.xmlNamespace,
    target: settings?.serviceTarget,
    queryCompatible: settings?.awsQueryCompatible ?? false,
    apiVersion: settings?.version ?? '',
    operations,
    errors,
  };
};
