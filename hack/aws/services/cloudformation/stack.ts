// What CloudFormation remembers of a stack, and how stacks are found.
import type { Capability, Change, ResourceStatus, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Call, Need, RequestContext } from '../../core/operation.ts';
import { resourceTagContext } from '../../core/tagging.ts';
import type { World } from '../../core/world.ts';
import type { StackParameters } from './parameters.ts';
import { validationError, type DeletionPolicy, type JsonObject } from './template.ts';

/** One resource as it is now. Replaced as a whole at every step, so an earlier copy is a faithful memory. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** '' until the service has made something. */
  readonly physicalId: string;
  readonly status: ResourceStatus;
  readonly reason?: string;
  readonly updatedAt: Date;
  /** Properties as last applied: functions resolved, stack tags merged, `{{resolve:...}}` looked up. */
  readonly properties: JsonObject;
  /** The same before `{{resolve:...}}` was looked up: what is compared and shown, so no secret leaves by an event. */
  readonly declared: JsonObject;
  /** Values for Fn::GetAtt. */
  readonly attributes: JsonObject;
  /** Value for Ref. */
  readonly ref: string;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  /** Logical ids that were needed to make it: they outlive it. */
  readonly dependsOn: readonly string[];
  readonly metadata?: unknown;
  readonly drift?: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED';
}

export interface StackEvent {
  readonly id: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: ResourceStatus | StackStatus;
  readonly reason?: string;
  readonly properties?: string;
  readonly at: Date;
  readonly token?: string;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** What a stack was told to be: kept of the last good state until a new one is reached. */
export interface StackDesign {
  readonly templateBody: string;
  readonly parameters: StackParameters;
  readonly tags: ReadonlyMap<string, string>;
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description?: string;
  readonly createdAt: Date;
  readonly design: StackDesign;
  readonly roleArn?: string;
  readonly capabilities: readonly Capability[];
  readonly changes: readonly Change[];
  status: 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED';
  execution: 'UNAVAILABLE' | 'AVAILABLE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED';
  reason?: string;
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly createdAt: Date;
  status: StackStatus;
  reason?: string;
  updatedAt?: Date;
  deletedAt?: Date;
  design: StackDesign;
  description?: string;
  roleArn?: string;
  capabilities: readonly Capability[];
  disableRollback: boolean;
  terminationProtection: boolean;
  outputs: readonly StackOutput[];
  /** Names of exports this stack imports. */
  imports: ReadonlySet<string>;
  resources: Map<string, StackResource>;
  /** Before the update that is under way or could not be rolled back. */
  before?: {
    readonly design: StackDesign;
    readonly resources: ReadonlyMap<string, StackResource>;
    readonly description?: string;
  };
  readonly events: StackEvent[];
  readonly changeSets: Map<string, ChangeSet>;
  drift?: { readonly status: 'DRIFTED' | 'IN_SYNC'; readonly checkedAt: Date; readonly detectionId: string };
  token?: string;
}

interface StackStore {
  /** By id, deleted ones included: DescribeStacks finds them by id for 90 days. */
  readonly stacks: Map<string, Stack>;
}

export const stacksOf = (world: World, account: string, region: string): Map<string, Stack> =>
  world.state<StackStore>('cloudformation', account, region, () => ({ stacks: new Map() })).stacks;

/** A live stack by name, or any by id. */
export function findStack(
  call: Pick<Call, 'world' | 'account' | 'region'>,
  nameOrId: string | undefined,
): Stack | undefined {
  const stacks = stacksOf(call.world, call.account, call.region);
  if (nameOrId?.startsWith('arn:')) return stacks.get(nameOrId);
  return [...stacks.values()].find(({ name, status }) => name === nameOrId && status !== 'DELETE_COMPLETE');
}

export function stackNamed(call: Call, nameOrId: string | undefined): Stack {
  const stack = findStack(call, nameOrId);
  if (stack === undefined) throw validationError(`Stack with id ${nameOrId ?? ''} does not exist`);
  return stack;
}

/** The live stack that a design may be applied to: exists, and nothing is under way. */
export function refuseWhileBusy(stack: Stack, verb: 'updated' | 'deleted' = 'updated'): void {
  if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS') {
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be ${verb}.`);
  }
}

/** What one action on a stack demands: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html */
export function stackNeed(
  action: string,
  call: Call,
  nameOrId: string | undefined,
  context: RequestContext = {},
): Need {
  const stack = findStack(call, nameOrId);
  const name = nameOrId?.startsWith('arn:')
    ? nameOrId
    : `arn:aws:cloudformation:${call.region}:${call.account}:stack/${nameOrId ?? ''}/*`;
  return {
    action: `cloudformation:${action}`,
    resource: stack?.id ?? name,
    context: { ...resourceTagContext(stack?.design.tags), ...context },
  };
}

export const stackArn = (call: Call, name: string): string =>
  `arn:aws:cloudformation:${call.region}:${call.account}:stack/${name}/${crypto.randomUUID()}`;

/** Sets the stack's status and records the event that tells of it. */
export function setStackStatus(world: World, stack: Stack, status: StackStatus, reason?: string): void {
  stack.status = status;
  if (reason === undefined) delete stack.reason;
  else stack.reason = reason;
  recordEvent(world, stack, {
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    status,
    ...(reason === undefined ? {} : { reason }),
  });
}

export function recordEvent(world: World, stack: Stack, event: Omit<StackEvent, 'id' | 'at' | 'token'>): void {
  const token = stack.token === undefined ? {} : { token: stack.token };
  stack.events.push({
    id: `${event.logicalId}-${event.status}-${crypto.randomUUID()}`,
    at: new Date(world.clock.now()),
    ...token,
    ...event,
  });
}

export interface Export {
  readonly name: string;
  readonly value: string;
  readonly stack: Stack;
}

/** Exports of all live stacks of an account and region. */
export function exportsOf(world: World, account: string, region: string): Export[] {
  return [...stacksOf(world, account, region).values()]
    .filter(({ status }) => status !== 'DELETE_COMPLETE')
    .flatMap((stack) =>
      stack.outputs.flatMap(({ exportName, value }) =>
        exportName === undefined ? [] : [{ name: exportName, value, stack }],
      ),
    );
}

/** Live stacks that import an export. */
export function importersOf(world: World, account: string, region: string, exportName: string): Stack[] {
  return [...stacksOf(world, account, region).values()].filter(
    ({ status, imports }) => status !== 'DELETE_COMPLETE' && imports.has(exportName),
  );
}
