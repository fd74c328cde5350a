// One stack operation under way: who works, and what it does to single resources, with their events.
import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import type { Principal } from '../../core/principal.ts';
import { EngineStopped, step } from './pace.ts';
import { needsReplacement, problemOf, resolveDynamicReferences, resolveProperties } from './properties.ts';
import type { Made, ResourceContext, ResourceType } from './resource-type.ts';
import { resourceTypes } from './resource-types.ts';
import type { Scope } from './intrinsics.ts';
import { recordEvent, type Stack, type StackResource } from './stack.ts';
import type { Target } from './target.ts';
import type { DeletionPolicy, JsonObject } from './template.ts';

export interface Run {
  /** The call that began it; its caller works unless `as` does. */
  readonly call: Call;
  readonly stack: Stack;
  /** The execution role's session. */
  readonly as: Principal | undefined;
}

/** A physical resource that is no longer part of the stack and is removed at the end. */
export interface Leftover {
  readonly resource: StackResource;
  /** DeletionPolicy, or UpdateReplacePolicy for the old half of a replacement. */
  readonly policy: DeletionPolicy;
}

/** A resource step failed; its event is already recorded. */
export class ResourceFailed extends Error {
  override readonly name = 'ResourceFailed';
  readonly logicalId: string;

  constructor(logicalId: string, reason: string) {
    super(reason);
    this.logicalId = logicalId;
  }
}

export function contextOf({ call, stack, as }: Run, logicalId: string): ResourceContext {
  return {
    account: stack.account,
    region: stack.region,
    stackName: stack.name,
    logicalId,
    invoke: (service, operation, input) => call.invoke(service, operation, input, as),
    generatedName: (maximum) => {
      const suffix = `-${call.world.id(12)}`;
      return `${stack.name}-${logicalId}`.slice(0, maximum - suffix.length) + suffix;
    },
  };
}

/**
 * Makes one resource what the target says: created, updated in place, replaced or left alone.
 * @returns the old half of a replacement.
 * @throws ResourceFailed
 */
export async function applyResource(
  run: Run,
  target: Target,
  logicalId: string,
  scope: Scope,
): Promise<Leftover | undefined> {
  const { stack } = run;
  const definition = target.template.Resources[logicalId];
  if (definition === undefined) throw new Error(`no resource ${logicalId} in the target`);
  const type = typeOf(definition.Type);
  const context = contextOf(run, logicalId);
  const existing = stack.resources.get(logicalId);
  const verb = existing === undefined ? 'CREATE' : 'UPDATE';
  const basis = {
    logicalId,
    type: definition.Type,
    deletionPolicy: definition.DeletionPolicy,
    updateReplacePolicy: definition.UpdateReplacePolicy,
    dependsOn: [...(target.dependencies.get(logicalId) ?? [])],
    ...(definition.Metadata === undefined ? {} : { metadata: definition.Metadata }),
  };
  let draft: Draft = { ...basis, declared: existing?.declared ?? {}, properties: existing?.properties ?? {} };
  try {
    const declared = resolveProperties(definition, type, scope, target.design.tags);
    if (existing !== undefined && isDeepStrictEqual(declared, existing.declared)) {
      stack.resources.set(logicalId, { ...existing, ...basis });
      return undefined;
    }
    const looked = await resolveDynamicReferences(declared, (...call) => context.invoke(...call));
    draft = { ...basis, declared, properties: looked as JsonObject };
    const problem = problemOf(draft.properties, type);
    if (problem !== undefined) {
      settle(run, { ...physicalOf(existing), ...draft }, `${verb}_IN_PROGRESS`);
      throw new Error(`Properties validation failed for resource ${logicalId} with message:\n${problem}`);
    }
    if (existing !== undefined && !needsReplacement(existing.properties, draft.properties, type)) {
      await updateInPlace(run, existing, draft, type);
      return undefined;
    }
    await createPhysical(run, existing, draft, type);
    return existing === undefined ? undefined : { resource: existing, policy: existing.updateReplacePolicy };
  } catch (error) {
    if (error instanceof EngineStopped) throw error;
    const current = stack.resources.get(logicalId) ?? { ...physicalOf(existing), ...draft };
    const reason = reasonOf(error, context);
    settle(run, { ...current, ...basis }, `${verb}_FAILED`, reason);
    throw new ResourceFailed(logicalId, reason);
  }
}

/** A resource as the target wants it, without what the service will say of it. */
type Draft = Omit<StackResource, 'physicalId' | 'ref' | 'attributes' | 'status' | 'reason' | 'updatedAt'>;

async function createPhysical(
  run: Run,
  replaced: StackResource | undefined,
  draft: Draft,
  type: ResourceType,
): Promise<void> {
  const verb = replaced === undefined ? 'CREATE' : 'UPDATE';
  const why = 'Requested update requires the creation of a new physical resource; hence creating one.';
  settle(run, { ...physicalOf(replaced), ...draft }, `${verb}_IN_PROGRESS`, replaced === undefined ? undefined : why);
  await step(run.call.world);
  const made = valuesOf(await type.create(draft.properties, contextOf(run, draft.logicalId)));
  settle(run, { ...draft, ...made }, `${verb}_IN_PROGRESS`, 'Resource creation Initiated');
  settle(run, { ...draft, ...made }, `${verb}_COMPLETE`);
}

/** Until it is done the resource counts as what it was: a failed update is taken back to there. */
async function updateInPlace(run: Run, existing: StackResource, draft: Draft, type: ResourceType): Promise<void> {
  const { declared, properties } = existing;
  settle(run, { ...existing, ...draft, declared, properties }, 'UPDATE_IN_PROGRESS');
  await step(run.call.world);
  const context = contextOf(run, draft.logicalId);
  const made = await type.update(existing.physicalId, draft.properties, properties, context);
  settle(run, { ...draft, ...valuesOf(made) }, 'UPDATE_COMPLETE');
}

/** Takes an in-place update back: from what the resource is now to what it was. @throws ResourceFailed */
export async function revertResource(run: Run, before: StackResource): Promise<void> {
  const { stack, call } = run;
  const { declared = {}, properties = {} } = stack.resources.get(before.logicalId) ?? {};
  const current = { declared, properties };
  const context = contextOf(run, before.logicalId);
  settle(run, { ...before, ...current }, 'UPDATE_IN_PROGRESS');
  try {
    await step(call.world);
    const made = await typeOf(before.type).update(before.physicalId, before.properties, properties, context);
    settle(run, { ...before, ...valuesOf(made) }, 'UPDATE_COMPLETE');
  } catch (error) {
    if (error instanceof EngineStopped) throw error;
    const reason = reasonOf(error, context);
    settle(run, { ...before, ...current }, 'UPDATE_FAILED', reason);
    throw new ResourceFailed(before.logicalId, reason);
  }
}

/**
 * Removes a physical resource, or leaves it where its policy says so.
 * @param isMember false for leftovers: only events tell of them, the stack's list does not change.
 * @throws ResourceFailed
 */
export async function removeResource(
  run: Run,
  resource: StackResource,
  policy: DeletionPolicy,
  isMember: boolean,
): Promise<void> {
  const { stack, call } = run;
  const context = contextOf(run, resource.logicalId);
  const tell = (status: StackResource['status'], reason?: string): void => {
    if (isMember) settle(run, resource, status, reason);
    else recordEvent(call.world, stack, eventOf({ ...resource, status }, reason));
  };
  if (policy === 'Retain' || (policy === 'RetainExceptOnCreate' && stack.status !== 'ROLLBACK_IN_PROGRESS')) {
    tell('DELETE_SKIPPED');
    return;
  }
  if (resource.physicalId === '') return;
  tell('DELETE_IN_PROGRESS');
  try {
    await step(call.world);
    await typeOf(resource.type).remove(resource.physicalId, resource.properties, context);
  } catch (error) {
    if (error instanceof EngineStopped) throw error;
    if (!isNotFound(error)) {
      const reason = reasonOf(error, context);
      tell('DELETE_FAILED', reason);
      throw new ResourceFailed(resource.logicalId, reason);
    }
  }
  tell('DELETE_COMPLETE');
}

function typeOf(name: string): ResourceType {
  const type = resourceTypes[name];
  if (type === undefined) throw new Error(`Unrecognized resource type ${name}`);
  return type;
}

const physicalOf = (existing?: StackResource) => ({
  physicalId: existing?.physicalId ?? '',
  attributes: existing?.attributes ?? {},
  ref: existing?.ref ?? '',
});

const valuesOf = (made: Made) => ({
  physicalId: made.physicalId,
  ref: made.ref ?? made.physicalId,
  attributes: made.attributes ?? {},
});

type Unsettled = Omit<StackResource, 'status' | 'reason' | 'updatedAt'> &
  Partial<Pick<StackResource, 'status' | 'reason' | 'updatedAt'>>;

/** The resource reached a status: remembered and told. */
function settle({ stack, call }: Run, resource: Unsettled, status: StackResource['status'], reason?: string): void {
  const { reason: _, ...rest } = resource;
  const settled: StackResource = {
    ...rest,
    status,
    updatedAt: new Date(call.world.clock.now()),
    ...(reason === undefined ? {} : { reason }),
  };
  stack.resources.set(resource.logicalId, settled);
  recordEvent(call.world, stack, eventOf(settled, reason));
}

const eventOf = (resource: StackResource, reason?: string) => ({
  logicalId: resource.logicalId,
  physicalId: resource.physicalId,
  type: resource.type,
  status: resource.status,
  properties: JSON.stringify(resource.declared),
  ...(reason === undefined ? {} : { reason }),
});

const isNotFound = (error: unknown): boolean =>
  error instanceof AwsError &&
  /NotFound|NoSuch(Bucket|Entity|Key)|DoesNotExist|NonExistentQueue|ResourceNotFound/.test(error.code);

/** https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html */
function handlerErrorCode(error: AwsError): string {
  if (/AccessDenied/.test(error.code)) return 'AccessDenied';
  if (/AlreadyExists|AlreadyOwned|QueueNameExists/.test(error.code)) return 'AlreadyExists';
  if (isNotFound(error)) return 'NotFound';
  if (/Throttl|TooManyRequests|SlowDown/.test(error.code)) return 'Throttling';
  if (/LimitExceeded|Quota/.test(error.code)) return 'ServiceLimitExceeded';
  return error.code === 'NotImplemented' ? 'UnsupportedAction' : 'InvalidRequest';
}

/** The words of a failed resource event. */
function reasonOf(error: unknown, { logicalId }: ResourceContext): string {
  if (!(error instanceof AwsError)) return error instanceof Error ? error.message : String(error);
  if (error.code === 'ValidationError' && /^(Template|No export)/.test(error.message)) return error.message;
  const service = `${error.message} (Code: ${error.code})`;
  return `Resource handler returned message: "${service}" (RequestToken: ${crypto.randomUUID()}, HandlerErrorCode: ${handlerErrorCode(error)}, Resource: ${logicalId})`;
}
