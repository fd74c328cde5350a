// The one factory of SDK clients: loaded when first needed, one per (service, region, session), all on the same connections.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { lookup } from 'node:dns';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ServiceName } from './call.ts';
import type { SessionCredentials } from './services/sts.ts';
import { callContext, userAgentOf } from './call-context.ts';

/** An SDK client as far as we use it. Which command fits is checked by the types of service.ts. */
interface SdkClient {
  send(command: object, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  readonly middlewareStack: { addRelativeTo(middleware: object, options: object): void };
  destroy(): void;
}

/** A service's package and a client made from it. */
export interface LoadedClient {
  readonly client: SdkClient;
  readonly command: (operation: string, input: object) => object;
}

/** What an SDK client takes as `requestHandler`: ours, or the simulator's in-process one. */
export interface RequestHandler {
  handle(request: never, options?: never): Promise<unknown>;
}

export interface ClientsOptions {
  /** Replaces AWS's endpoints, e.g. `http://127.0.0.1:4566`. */
  readonly endpoint?: string | undefined;
  /** Replaces HTTP. */
  readonly requestHandler?: RequestHandler | undefined;
}

type Package = Readonly<Record<string, unknown>>;
type Constructor<T> = new (argument: object) => T;

const packages: Readonly<Record<ServiceName, { readonly load: () => Promise<Package>; readonly client: string }>> = {
  cloudformation: { load: () => import('@aws-sdk/client-cloudformation'), client: 'CloudFormationClient' },
  glue: { load: () => import('@aws-sdk/client-glue'), client: 'GlueClient' },
  iam: { load: () => import('@aws-sdk/client-iam'), client: 'IAMClient' },
  kms: { load: () => import('@aws-sdk/client-kms'), client: 'KMSClient' },
  lakeformation: { load: () => import('@aws-sdk/client-lakeformation'), client: 'LakeFormationClient' },
  ram: { load: () => import('@aws-sdk/client-ram'), client: 'RAMClient' },
  s3: { load: () => import('@aws-sdk/client-s3'), client: 'S3Client' },
  s3control: { load: () => import('@aws-sdk/client-s3-control'), client: 'S3ControlClient' },
  sqs: { load: () => import('@aws-sdk/client-sqs'), client: 'SQSClient' },
  ssm: { load: () => import('@aws-sdk/client-ssm'), client: 'SSMClient' },
  sts: { load: () => import('@aws-sdk/client-sts'), client: 'STSClient' },
};

/** Milliseconds to get a connection; answers have their own deadline. */
const connectionTimeout = 3_000;

/** How a client gets its credentials; undefined leaves it to the SDK's default chain. */
export type CredentialsSource = (() => Promise<SessionCredentials>) | undefined;

export class Clients {
  readonly #options: ClientsOptions;
  readonly #requestHandler: RequestHandler;
  readonly #agents = [
    new HttpAgent({ keepAlive: true, lookup: localhostLookup }),
    new HttpsAgent({ keepAlive: true }),
  ] as const;

  constructor(options: ClientsOptions) {
    this.#options = options;
    const [httpAgent, httpsAgent] = this.#agents;
    this.#requestHandler = options.requestHandler ?? new NodeHttpHandler({ connectionTimeout, httpAgent, httpsAgent });
  }

  async create(service: ServiceName, region: string, credentials: CredentialsSource): Promise<LoadedClient> {
    const { load, client: clientName } = packages[service];
    const sdk = await load();
    const Client = sdk[clientName] as Constructor<SdkClient>;
    const client = new Client({
      region,
      credentials: credentials === undefined ? undefined : unmemoized(credentials),
      endpoint: this.#endpoint(service),
      requestHandler: this.#requestHandler,
      // Retries are the rate limiter's, which knows of all other calls to the account.
      maxAttempts: 1,
      ...particulars[service]?.(this.#options.endpoint !== undefined),
    });
    client.middlewareStack.addRelativeTo(nameTheWork, {
      relation: 'after',
      toMiddleware: 'getUserAgentMiddleware',
      name: 'nameTheWork',
    });
    return {
      client,
      command: (operation, input) => new (sdk[`${operation}Command`] as Constructor<object>)(input),
    };
  }

  /** What an address answers that is no service of the SDK's. */
  async get(url: URL, abortSignal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
    const request = new HttpRequest({
      protocol: url.protocol,
      hostname: url.hostname,
      ...(url.port !== '' && { port: Number(url.port) }),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, 'user-agent': userAgentOf(callContext()) },
    });
    const answer = await this.#requestHandler.handle(request as never, { abortSignal } as never);
    const { statusCode, body } = (answer as { readonly response: HttpResponse }).response;
    return { status: statusCode, text: await text(body as Readable) };
  }

  /** Closes idle connections. */
  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  #endpoint(service: ServiceName): string | undefined {
    const { endpoint } = this.#options;
    if (endpoint === undefined || service !== 's3control') return endpoint;
    // S3 Control puts the account id before the host, which an IP address does not bear.
    const url = new URL(endpoint);
    if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) url.hostname = 'localhost';
    return url.origin;
  }
}

const particulars: Partial<Record<ServiceName, (overridden: boolean) => object>> = {
  // Buckets are named with their region; a redirect would send credentials where nobody expects them.
  s3: (overridden) => ({ forcePathStyle: overridden, followRegionRedirects: false, disableS3ExpressSessionAuth: true }),
  // A queue's URL comes from a status; it must not decide where signed requests go.
  sqs: () => ({ useQueueUrlAsEndpoint: false }),
};

/** The SDK keeps credentials until they expire; ours may be dropped earlier, so it must ask every time. */
const unmemoized = (source: () => Promise<SessionCredentials>) => Object.assign(() => source(), { memoized: true });

interface BuildArguments {
  readonly request: { readonly headers: Record<string, string> };
}

/** Puts the work before the SDK's own products: `dataall/<item>/<reconcile id> aws-sdk-js/3...`. The header is not signed. */
const nameTheWork = (next: (args: BuildArguments) => Promise<unknown>) => async (args: BuildArguments) => {
  const { headers } = args.request;
  headers['user-agent'] = `${userAgentOf(callContext())} ${headers['user-agent'] ?? ''}`.trimEnd();
  return await next(args);
};

/** Not every system resolves `111111111111.localhost`, which RFC 6761 says is this machine. */
const localhostLookup: LookupFunction = (hostname, options, callback) => {
  if (!hostname.endsWith('.localhost')) lookup(hostname, options, callback);
  else if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};
