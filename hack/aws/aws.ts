// Starts a simulated AWS: accounts, services, and the ways in (HTTP, in process, direct).
import { createHash } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { Agent } from 'node:http';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { defaultAccounts, seedAccount, type SimulatedAccount } from './accounts.ts';
import { createFrontDoor } from './core/front-door.ts';
import { listen, type RunningServer } from './core/http-server.ts';
import type { Interceptor } from './core/interceptor.ts';
import { MemoryWorld } from './core/memory-world.ts';
import { createPipeline } from './core/pipeline.ts';
import { inPartition } from './core/partition.ts';
import type { Principal } from './core/principal.ts';
import type { LoadedService } from './core/record-keeping.ts';
import { inProcessHandler, type InProcessHandler } from './core/request-handler.ts';
import { serviceModules } from './services.ts';
import { iamDirectory } from './services/iam/directory.ts';
import { readServiceSchema } from './wire/service-schema.ts';
import { serviceCodecFor, type ServiceCodec } from './wire/service-codec.ts';

export interface StartOptions {
  /** By a name of your choice. Default: hub, producer, consumer. */
  readonly accounts?: Readonly<Record<string, { readonly id: string }>>;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Interface to listen on. Default 127.0.0.1. */
  readonly host?: string;
  /** Seeds ids, keys and faults. Default 1. */
  readonly seed?: number;
  /** No HTTP server: only `requestHandler`, `clientConfig` and `invoke`. */
  readonly inProcess?: boolean;
  /** AWS-like behaviour on demand (faults/). The list is read at every call, so it may be changed while running. */
  readonly interceptors?: readonly Interceptor[];
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Configuration for any `new XClient(...)` of the AWS SDK for JavaScript. */
export interface ClientConfig {
  readonly region: string;
  readonly credentials: Credentials;
  readonly endpoint?: string;
  readonly requestHandler: NodeHttpHandler | InProcessHandler;
}

export interface SimulatedAws {
  /** `http://127.0.0.1:port`; empty when in process. */
  readonly endpoint: string;
  readonly world: MemoryWorld;
  readonly accounts: Readonly<Record<string, SimulatedAccount>>;
  /** For SDK clients in this process: no sockets, everything else the same, signatures included. */
  readonly requestHandler: InProcessHandler;
  /**
   * @param who name of an account (its administrator), or credentials.
   * Over HTTP, S3 Control and access point ARNs work too: the agent resolves `*.localhost`.
   */
  clientConfig(who: string | Credentials, region: string): ClientConfig;
  /** A call without wire and signature, authorized like any other. Default region: eu-west-1. */
  invoke<O = unknown>(
    service: string,
    operation: string,
    input: object,
    principal: Principal,
    region?: string,
  ): Promise<O>;
  /** The administrator of an account, for `invoke`. */
  administrator(account: string): Principal;
  stop(): Promise<void>;
}

const DEFAULT_REGION = 'eu-west-1';

/** Resolves every name to this machine: SDK endpoints are names under `.localhost`, which not every system resolves. */
const lookupLocal: LookupFunction = (_hostname, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

const loadServices = async (seal: string): Promise<ReadonlyMap<string, LoadedService>> => {
  const loaded = await Promise.all(
    serviceModules(seal).map(
      async (module) => [module.name, { module, schema: readServiceSchema(await module.sdk()) }] as const,
    ),
  );
  return new Map(loaded);
};

/** Rejects when the port is taken. */
export const startAws = async (options: StartOptions = {}): Promise<SimulatedAws> => {
  const seed = options.seed ?? 1;
  const seal = createHash('sha256').update(`simulated AWS ${seed}`).digest('hex');
  const named = options.accounts ?? defaultAccounts;
  const world = new MemoryWorld({ accounts: Object.values(named).map(({ id }) => id), seed });
  const accounts = Object.fromEntries(
    Object.entries(named).map(([name, { id }]) => [name, seedAccount(world, seal, id)]),
  );
  const directory = iamDirectory(seal);
  const services = await loadServices(seal);
  const codecs = new Map<string, ServiceCodec>(
    [...services].map(([name, { schema }]) => [name, serviceCodecFor(schema)]),
  );
  const pipeline = createPipeline({ world, directory, services, interceptors: options.interceptors ?? [] });
  const door = createFrontDoor({
    world,
    directory,
    codecs,
    pipeline,
    onBug: (error, request) => console.error(`AWS simulator, ${request.method} ${request.path}:`, error),
  });

  const invoke = async <O>(
    service: string,
    operation: string,
    input: object,
    principal: Principal,
    region = DEFAULT_REGION,
  ): Promise<O> =>
    (await pipeline.run(
      {
        principal,
        region,
        host: '',
        userAgent: 'in-process',
        accessKeyId: undefined,
        requestId: crypto.randomUUID(),
        calledVia: [],
      },
      service,
      operation,
      input,
    )) as O;

  const stops = [...services.values()].map(({ module }) => module.start?.({ world, invoke }));
  const server: RunningServer | undefined =
    options.inProcess === true ? undefined : await listen(door, options.host ?? '127.0.0.1', options.port ?? 0);
  const requestHandler = inProcessHandler(door);
  const agent = new Agent({ keepAlive: true, lookup: lookupLocal });
  const accountNamed = (name: string): SimulatedAccount => {
    const account = accounts[name];
    if (account === undefined)
      throw new Error(`no simulated account ${name}; there are ${Object.keys(accounts).join(', ')}`);
    return account;
  };

  return {
    endpoint: server === undefined ? '' : `http://127.0.0.1:${server.port}`,
    world,
    accounts,
    requestHandler,
    clientConfig(who, region) {
      const credentials: Credentials = typeof who === 'string' ? accountNamed(who) : who;
      if (server === undefined) return { region, credentials, requestHandler };
      return {
        region,
        credentials,
        endpoint: `http://localhost:${server.port}`,
        requestHandler: new NodeHttpHandler({ httpAgent: agent }),
      };
    },
    invoke: async <O>(
      service: string,
      operation: string,
      input: object,
      principal: Principal,
      region = DEFAULT_REGION,
    ) => (await inPartition(region, input, async (own) => invoke(service, operation, own, principal, region))) as O,
    administrator(name) {
      const { accessKeyId } = accountNamed(name);
      const owner = directory.resolveCredentials(world, accessKeyId, undefined);
      if (typeof owner === 'string') throw new Error(`the administrator of ${name} is gone`);
      return owner.principal;
    },
    async stop() {
      for (const stop of stops) stop?.();
      agent.destroy();
      await server?.close();
    },
  };
};
