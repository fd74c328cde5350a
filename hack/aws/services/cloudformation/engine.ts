// Moves stacks from one stable status to the next: create, update, delete, and the ways back.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-status-codes.html
import { isDeepStrictEqual } from 'node:util';
import { creationOrder, reversed, type Dependencies } from './dependencies.ts';
import { walk } from './graph-walk.ts';
import { KNOWN_AFTER_APPLY, resolve, type Scope } from './intrinsics.ts';
import { EngineStopped, step } from './pace.ts';
import { applyResource, removeResource, ResourceFailed, revertResource, type Leftover, type Run } from './run.ts';
import { exportsOf, importersOf, setStackStatus, type Stack, type StackOutput, type StackResource } from './stack.ts';
import { scopeOf, type Target } from './target.ts';
import { scalarText } from './template.ts';

export type OnFailure = 'ROLLBACK' | 'DO_NOTHING' | 'DELETE';

/** Starts an operation that goes on after its call was answered. Errors of the engine itself end in the stack's status. */
export function start(run: Run, work: (run: Run) => Promise<void>): void {
  void work(run).catch((error: unknown) => {
    if (error instanceof EngineStopped) return;
    const failed = run.stack.status.replace(/(_CLEANUP)?_IN_PROGRESS$/, '_FAILED') as Stack['status'];
    setStackStatus(
      run.call.world,
      run.stack,
      failed,
      `Internal failure of the AWS simulator: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
}

export async function createStack(run: Run, target: Target, onFailure: OnFailure): Promise<void> {
  const { call, stack } = run;
  const { world } = call;
  const problems = await build(run, target, []);
  if (problems.length === 0) {
    setStackStatus(world, stack, 'CREATE_COMPLETE');
    return;
  }
  const summary = `${failureSummary(problems, 'create')}${onFailure === 'ROLLBACK' ? 'Rollback requested by user.' : ''}`;
  if (onFailure === 'DO_NOTHING') setStackStatus(world, stack, 'CREATE_FAILED', summary);
  else if (onFailure === 'DELETE') {
    setStackStatus(world, stack, 'DELETE_IN_PROGRESS', `${summary}Delete requested by user.`);
    await deleteStack(run, new Set());
  } else {
    setStackStatus(world, stack, 'ROLLBACK_IN_PROGRESS', summary);
    const failed = await removeAll(run, [...stack.resources.values()], new Set());
    stack.outputs = [];
    stack.imports = new Set();
    if (failed.length > 0) setStackStatus(world, stack, 'ROLLBACK_FAILED', failureSummary(failed, 'delete'));
    else setStackStatus(world, stack, 'ROLLBACK_COMPLETE');
  }
}

export async function updateStack(run: Run, target: Target): Promise<void> {
  const { call, stack } = run;
  const { world } = call;
  stack.before = {
    design: stack.design,
    resources: new Map(stack.resources),
    ...(stack.description === undefined ? {} : { description: stack.description }),
  };
  stack.design = target.design;
  const leftovers: Leftover[] = [];
  const problems = await build(run, target, leftovers);
  if (problems.length > 0) {
    setStackStatus(world, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failureSummary(problems, 'update'));
    await rollBackUpdate(run, new Set());
    return;
  }
  setDescription(stack, target.template.Description);
  const removed = [...stack.resources.values()].filter(({ logicalId }) => !target.dependencies.has(logicalId));
  setStackStatus(world, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  await cleanUp(run, [...leftovers, ...removed.map((resource) => ({ resource, policy: resource.deletionPolicy }))]);
  for (const { logicalId } of removed) stack.resources.delete(logicalId);
  delete stack.before;
  setStackStatus(world, stack, 'UPDATE_COMPLETE');
}

/** Back to `stack.before`. Also continues a rollback that failed. */
export async function rollBackUpdate(run: Run, skip: ReadonlySet<string>): Promise<void> {
  const { call, stack } = run;
  const { world } = call;
  const { before } = stack;
  if (before === undefined) throw new Error('nothing to roll back to');
  const current = [...stack.resources.values()];
  const leftovers: Leftover[] = [];
  const failed: ResourceFailed[] = [];
  for (const resource of current.reverse()) {
    const old = before.resources.get(resource.logicalId);
    if (old === undefined) leftovers.push({ resource, policy: resource.deletionPolicy });
    else if (skip.has(resource.logicalId)) stack.resources.set(old.logicalId, { ...old, status: 'UPDATE_COMPLETE' });
    else if (old.physicalId !== resource.physicalId) {
      if (resource.physicalId !== '') leftovers.push({ resource, policy: 'Delete' });
      stack.resources.set(old.logicalId, old);
    } else if (resource.status === 'UPDATE_FAILED' || !isDeepStrictEqual(old.properties, resource.properties)) {
      const problem = await attempt(revertResource(run, old));
      if (problem !== undefined) failed.push(problem);
    } else stack.resources.set(old.logicalId, { ...old, status: resource.status });
  }
  if (failed.length > 0) {
    setStackStatus(world, stack, 'UPDATE_ROLLBACK_FAILED', failureSummary(failed, 'update'));
    return;
  }
  setStackStatus(world, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  await cleanUp(run, leftovers);
  for (const { resource } of leftovers)
    if (!before.resources.has(resource.logicalId)) stack.resources.delete(resource.logicalId);
  stack.design = before.design;
  setDescription(stack, before.description);
  delete stack.before;
  setStackStatus(world, stack, 'UPDATE_ROLLBACK_COMPLETE');
}

/** @param retain logical ids to leave behind, for a stack whose deletion failed before. */
export async function deleteStack(run: Run, retain: ReadonlySet<string>): Promise<void> {
  const { call, stack } = run;
  const { world } = call;
  for (const { exportName } of stack.outputs) {
    const [importer] = exportName === undefined ? [] : importersOf(world, stack.account, stack.region, exportName);
    if (importer === undefined) continue;
    setStackStatus(
      world,
      stack,
      'DELETE_FAILED',
      `Delete canceled. Cannot delete export ${exportName ?? ''} as it is in use by ${importer.name}.`,
    );
    return;
  }
  const failed = await removeAll(run, [...stack.resources.values()], retain);
  if (failed.length > 0) {
    setStackStatus(world, stack, 'DELETE_FAILED', failureSummary(failed, 'delete'));
    return;
  }
  stack.outputs = [];
  stack.imports = new Set();
  stack.deletedAt = new Date(world.clock.now());
  setStackStatus(world, stack, 'DELETE_COMPLETE');
}

/** Makes every resource of the target and then its outputs. @returns what went wrong. */
async function build(run: Run, target: Target, leftovers: Leftover[]): Promise<readonly Error[]> {
  const { call, stack } = run;
  const imports = new Set<string>();
  const scope = scopeOf(
    call,
    stack,
    target,
    (logicalId) => stack.resources.get(logicalId),
    (name) => imports.add(name),
  );
  const order = new Map(
    creationOrder(target.dependencies).map((id) => [id, target.dependencies.get(id) ?? new Set<string>()]),
  );
  const errors = await walk(order, async (logicalId) => {
    const leftover = await applyResource(run, target, logicalId, scope);
    if (leftover !== undefined) leftovers.push(leftover);
  });
  const internal = errors.find((error) => !(error instanceof ResourceFailed));
  if (internal !== undefined) throw internal;
  if (errors.length > 0) return errors as ResourceFailed[];
  try {
    const outputs = outputsOf(target, scope);
    checkExports(run, outputs);
    stack.outputs = outputs;
    stack.imports = imports;
    return [];
  } catch (error) {
    return [error as Error];
  }
}

function outputsOf(target: Target, scope: Scope): StackOutput[] {
  return Object.entries(target.template.Outputs)
    .filter(([, { Condition }]) => Condition === undefined || target.conditions.get(Condition) === true)
    .map(([key, output]) => {
      const exportName = output.Export === undefined ? undefined : resolve(output.Export.Name, scope);
      return {
        key,
        value: outputValue(key, output.Value, scope),
        ...(output.Description === undefined ? {} : { description: output.Description }),
        ...(exportName === undefined ? {} : { exportName: scalarText(exportName) }),
      };
    });
}

function outputValue(key: string, value: unknown, scope: Scope): string {
  const resolved = resolve(value, scope);
  if (typeof resolved === 'object' || resolved === undefined)
    throw new Error(
      `Template format error: The Value field of every Outputs member must evaluate to a String. (${key})`,
    );
  if (resolved === KNOWN_AFTER_APPLY)
    throw new Error(`Unresolved resource dependencies in the Outputs block of the template (${key})`);
  return scalarText(resolved);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html */
function checkExports({ call, stack }: Run, outputs: readonly StackOutput[]): void {
  const { world } = call;
  const wanted = new Map(
    outputs.flatMap(({ exportName, value }) => (exportName === undefined ? [] : [[exportName, value] as const])),
  );
  const foreign = exportsOf(world, stack.account, stack.region).find(
    (existing) => existing.stack.id !== stack.id && wanted.has(existing.name),
  );
  if (foreign !== undefined)
    throw new Error(`Export with name ${foreign.name} is already exported by stack ${foreign.stack.name}.`);
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined || wanted.get(exportName) === value) continue;
    const [importer] = importersOf(world, stack.account, stack.region, exportName);
    const verb = wanted.has(exportName) ? 'update' : 'delete';
    if (importer !== undefined)
      throw new Error(`Cannot ${verb} export ${exportName} as it is in use by ${importer.name}.`);
  }
}

/** Removes members of the stack, users before what they use. @returns the failures. */
async function removeAll(
  run: Run,
  resources: readonly StackResource[],
  retain: ReadonlySet<string>,
): Promise<readonly ResourceFailed[]> {
  const { stack } = run;
  const errors: unknown[] = [];
  await walk(reversed(graphOf(resources)), async (logicalId) => {
    const resource = stack.resources.get(logicalId);
    if (resource === undefined || resource.status === 'DELETE_COMPLETE') return;
    const problem = await attempt(
      removeResource(run, resource, retain.has(logicalId) ? 'Retain' : resource.deletionPolicy, true),
    );
    if (problem !== undefined) errors.push(problem);
  });
  return errors as ResourceFailed[];
}

const graphOf = (resources: readonly StackResource[]): Dependencies =>
  new Map(resources.map(({ logicalId, dependsOn }) => [logicalId, new Set(dependsOn)]));

/** Failures here are told and left: the update itself has succeeded. */
async function cleanUp(run: Run, leftovers: readonly Leftover[]): Promise<void> {
  const ids = new Map(leftovers.map((leftover) => [leftover.resource.logicalId, leftover]));
  await walk(reversed(graphOf(leftovers.map(({ resource }) => resource))), async (logicalId) => {
    const leftover = ids.get(logicalId);
    if (leftover !== undefined) await attempt(removeResource(run, leftover.resource, leftover.policy, false));
  });
  await step(run.call.world);
}

async function attempt(work: Promise<void>): Promise<ResourceFailed | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof ResourceFailed) return error;
    throw error;
  }
}

function setDescription(stack: Stack, description: string | undefined): void {
  if (description === undefined) delete stack.description;
  else stack.description = description;
}

function failureSummary(problems: readonly Error[], verb: string): string {
  const ids = problems.filter((problem) => problem instanceof ResourceFailed).map(({ logicalId }) => logicalId);
  return ids.length > 0
    ? `The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `
    : `${problems.map(({ message }) => message).join('; ')}. `;
}
