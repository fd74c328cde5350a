// The way of every call: who asks, what gets in between, may they, do it, write it down.
import { AwsError, notImplemented } from './aws-error.ts';
import { decide, denial, type RequestFacts } from './authorization.ts';
import type { IdentityDirectory } from './identity.ts';
import { ConnectionCut, type Interceptor } from './interceptor.ts';
import type { MemoryWorld } from './memory-world.ts';
import type { AnyOperation, Call, Need } from './operation.ts';
import { accountOf, type Principal } from './principal.ts';
import { writeDown, type LoadedService, type Visit } from './record-keeping.ts';

/** Who calls, from where: the same for a call and for the calls it makes on the caller's behalf. */
export interface Origin {
  readonly principal: Principal;
  readonly region: string;
  readonly host: string;
  readonly userAgent: string;
  readonly accessKeyId: string | undefined;
  readonly requestId: string;
  /** Service principals that pass the call on, outermost first. Empty for a call from outside. */
  readonly calledVia: readonly string[];
}

export interface Pipeline {
  /** Runs one operation to its output, or throws AwsError (or ConnectionCut from an interceptor). */
  run(origin: Origin, service: string, operation: string, input: object): Promise<unknown>;
  /** Writes down a call that was turned away before it had a principal (bad signature, unreadable body). */
  turnedAway(origin: Origin, service: string, operation: string, error: AwsError): void;
}

export interface PipelineOptions {
  readonly world: MemoryWorld;
  readonly directory: IdentityDirectory;
  readonly services: ReadonlyMap<string, LoadedService>;
  readonly interceptors: readonly Interceptor[];
}

/** JSON services say AccessDeniedException, XML ones AccessDenied. */
const deniedCode = ({ schema }: LoadedService): string =>
  schema.protocol === 'awsQuery' || schema.protocol === 'restXml' ? 'AccessDenied' : 'AccessDeniedException';

export const createPipeline = ({ world, directory, services, interceptors }: PipelineOptions): Pipeline => {
  const serviceOf = (name: string): LoadedService => {
    const found = services.get(name);
    if (found === undefined) throw notImplemented(`the service ${name}`);
    return found;
  };

  const callFor = (origin: Origin, service: LoadedService, operation: string): Call => {
    const { principal, region } = origin;
    const facts: RequestFacts = { world, principal, region, userAgent: origin.userAgent, calledVia: origin.calledVia };
    return {
      world,
      service: service.module.name,
      operation,
      principal,
      account: accountOf(principal) ?? '',
      region,
      requestId: origin.requestId,
      userAgent: origin.userAgent,
      accessKeyId: origin.accessKeyId,
      host: origin.host,
      async invoke<O>(name: string, inner: string, input: object, as?: Principal): Promise<O> {
        const on: Origin =
          as === undefined
            ? { ...origin, calledVia: [...origin.calledVia, service.module.eventSource] }
            : { ...origin, principal: as, accessKeyId: undefined };
        return (await runNested(on, name, inner, input)) as O;
      },
      authorize(need: Need) {
        const decision = decide(directory, facts, need);
        if (!decision.allowed) throw denial(deniedCode(service), facts, need, decision);
      },
      isAllowed: (need) => decide(directory, facts, need).allowed,
    };
  };

  const execute = async (visit: Visit, spec: AnyOperation, input: unknown): Promise<unknown> => {
    const { call, owners } = visit;
    if (call.principal.kind === 'anonymous' && spec.anonymous !== true) {
      throw new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token');
    }
    for (const need of spec.needs(input, call)) {
      if (need.resourceAccount !== undefined && need.resourceAccount !== '') owners.add(need.resourceAccount);
      call.authorize(need);
    }
    return (await spec.handle(input, call)) as unknown;
  };

  const runOne = async (
    origin: Origin,
    name: string,
    operation: string,
    input: object,
    nested: boolean,
  ): Promise<unknown> => {
    const service = serviceOf(name);
    const call = callFor(origin, service, operation);
    const spec = service.module.operations[operation];
    const visit: Visit = { call, service, spec, input, nested, calledVia: origin.calledVia, owners: new Set() };
    try {
      if (spec === undefined) throw notImplemented(`${name}:${operation}`);
      const inner = async (given: unknown): Promise<unknown> => execute(visit, spec, given);
      const chain = nested
        ? inner
        : interceptors.reduceRight<typeof inner>((next, it) => async (given) => it.around(call, given, next), inner);
      const output = await chain(input);
      writeDown(world, visit, { output });
      return output;
    } catch (error) {
      writeDown(world, visit, { error });
      throw error;
    }
  };

  const runNested = async (origin: Origin, name: string, operation: string, input: object) =>
    runOne(origin, name, operation, input, true);

  return {
    run: async (origin, service, operation, input) => runOne(origin, service, operation, input, false),
    turnedAway(origin, name, operation, error) {
      const service = services.get(name);
      if (service === undefined) return;
      const call = callFor(origin, service, operation);
      const visit: Visit = {
        call,
        service,
        spec: undefined,
        input: {},
        nested: false,
        calledVia: [],
        owners: new Set(),
      };
      writeDown(world, visit, { error });
    },
  };
};

/** True for what must reach the caller as a broken connection instead of an answer. */
export const isConnectionCut = (error: unknown): error is ConnectionCut => error instanceof ConnectionCut;
