// CloudFormation: stacks through change sets, without ever waiting for one.
import type * as sdk from '@aws-sdk/client-cloudformation';
import { isFault } from '../fault.ts';
import { everyPage, listAll } from '../service.ts';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface Stack {
  /** ARN; survives deletion, the name does not. */
  readonly id: string;
  readonly name: string;
  /** `CREATE_COMPLETE`, `UPDATE_ROLLBACK_FAILED`, `REVIEW_IN_PROGRESS` (only a change set yet)... */
  readonly status: sdk.StackStatus;
  readonly reason: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly updatedAt: Date | undefined;
  /** The role CloudFormation works on it as; undefined: whoever asks. */
  readonly roleArn: string | undefined;
}

export interface StackEvent {
  readonly id: string;
  readonly at: Date;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  /** e.g. `AWS::S3::Bucket`; the stack itself is `AWS::CloudFormation::Stack`. */
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** The token of the operation it belongs to, if one was given. */
  readonly token: string | undefined;
}

export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly updatedAt: Date | undefined;
}

export interface ResourceChange {
  readonly action: string;
  readonly logicalId: string;
  readonly type: string;
  /** `True`, `False` or `Conditional`. */
  readonly replacement: string | undefined;
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly status: sdk.ChangeSetStatus;
  readonly reason: string | undefined;
  readonly executionStatus: sdk.ExecutionStatus | undefined;
  /** CloudFormation says "failed" when there is nothing to change: nothing to execute, nothing wrong. */
  readonly empty: boolean;
  readonly changes: readonly ResourceChange[];
}

export interface NewChangeSet {
  readonly stack: string;
  readonly name: string;
  /** `CREATE` also for a stack in REVIEW_IN_PROGRESS. */
  readonly type: 'CREATE' | 'UPDATE';
  /** JSON or YAML up to 51,200 bytes, or an S3 URL for up to 1 MB. */
  readonly template: { readonly body: string } | { readonly url: string };
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly capabilities?: readonly sdk.Capability[];
  /** The role CloudFormation works as (`cdk-...-cfn-exec-role-...`). */
  readonly roleArn?: string;
  readonly description?: string;
}

export class CloudFormation {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  /** A stack by name or ARN. A deleted stack is found only by ARN, with status DELETE_COMPLETE. */
  async stack(name: string): Promise<Stack | undefined> {
    const stack = (await this.#service.find('DescribeStacks', { StackName: name }))?.Stacks?.[0];
    return stack === undefined ? undefined : toStack(stack);
  }

  /** All stacks that are not deleted, with outputs. */
  async stacks(): Promise<readonly Stack[]> {
    return await listAll(
      (NextToken) => this.#service.read('DescribeStacks', { NextToken }),
      (page) => page.NextToken,
      (page) => page.Stacks?.map(toStack),
    );
  }

  /** Events of a stack, oldest first, after the one named `after` (all of them without). */
  async events(stack: string, after?: string): Promise<readonly StackEvent[]> {
    const newest: StackEvent[] = [];
    const read = (NextToken: string | undefined) =>
      this.#service.find('DescribeStackEvents', { StackName: stack, NextToken });
    for await (const page of everyPage(read, (found) => found?.NextToken)) {
      for (const event of page?.StackEvents ?? []) {
        if (event.EventId === after) return newest.reverse();
        newest.push(toEvent(event));
      }
    }
    return newest.reverse();
  }

  /** The newest events, newest first: one page of 100 at most. */
  async latestEvents(stack: string): Promise<readonly StackEvent[]> {
    const page = await this.#service.find('DescribeStackEvents', { StackName: stack });
    return (page?.StackEvents ?? []).map(toEvent);
  }

  /** What it is made of, in pages of 100: not more than `limit`. */
  async resources(stack: string, limit: number): Promise<readonly StackResource[]> {
    const found: StackResource[] = [];
    const read = (NextToken: string | undefined) =>
      this.#service.find('ListStackResources', { StackName: stack, NextToken });
    for await (const page of everyPage(read, (one) => one?.NextToken)) {
      found.push(...(page?.StackResourceSummaries ?? []).map(toResource));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  /** Asks for a change set; describe it until it is no longer in progress. @throws AwsFault AlreadyExists if the name is taken */
  async createChangeSet(changeSet: NewChangeSet): Promise<{ readonly id: string; readonly stackId: string }> {
    const { stack, name, type, template, parameters, tags, capabilities, roleArn, description } = changeSet;
    const output = await this.#service.write('CreateChangeSet', {
      StackName: stack,
      ChangeSetName: name,
      ChangeSetType: type,
      ...('body' in template ? { TemplateBody: template.body } : { TemplateURL: template.url }),
      Parameters: Object.entries(parameters ?? {}).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
      Capabilities: capabilities === undefined ? undefined : [...capabilities],
      RoleARN: roleArn,
      Description: description,
      // A repeated call after a lost answer is the same call.
      ClientToken: name,
    });
    return { id: output.Id ?? '', stackId: output.StackId ?? '' };
  }

  async changeSet(stack: string, name: string): Promise<ChangeSet | undefined> {
    const changes: ResourceChange[] = [];
    let last: sdk.DescribeChangeSetCommandOutput | undefined;
    const read = (NextToken: string | undefined) =>
      this.#service.find('DescribeChangeSet', { StackName: stack, ChangeSetName: name, NextToken });
    for await (const page of everyPage(read, (found) => found?.NextToken)) {
      last = page;
      for (const { ResourceChange } of page?.Changes ?? [])
        if (ResourceChange !== undefined) changes.push(toChange(ResourceChange));
    }
    if (last === undefined) return undefined;
    return {
      id: last.ChangeSetId ?? '',
      name,
      stackId: last.StackId ?? '',
      status: last.Status ?? 'FAILED',
      reason: last.StatusReason,
      executionStatus: last.ExecutionStatus,
      empty: last.Status === 'FAILED' && nothingToChange.test(last.StatusReason ?? ''),
      changes,
    };
  }

  /** Starts the change. `token` comes back in its events. @throws AwsFault Conflict if the stack is busy or the change set not ready */
  async executeChangeSet(stack: string, name: string, token?: string): Promise<void> {
    await this.#service.write('ExecuteChangeSet', { StackName: stack, ChangeSetName: name, ClientRequestToken: token });
  }

  /** @returns false if it was gone */
  async deleteChangeSet(stack: string, name: string): Promise<boolean> {
    return await this.#service.remove('DeleteChangeSet', { StackName: stack, ChangeSetName: name });
  }

  /** Starts deletion; nothing to do if the stack is gone. `retain` names resources to leave behind, only from DELETE_FAILED. */
  async deleteStack(
    stack: string,
    options: { readonly roleArn?: string; readonly retain?: readonly string[]; readonly token?: string } = {},
  ): Promise<void> {
    await this.#service.remove('DeleteStack', {
      StackName: stack,
      RoleARN: options.roleArn,
      RetainResources: options.retain === undefined ? undefined : [...options.retain],
      ClientRequestToken: options.token,
    });
  }

  /** Takes a stack out of UPDATE_ROLLBACK_FAILED, leaving the resources in `skip` as they are. @returns false if it is in another state */
  async continueRollback(
    stack: string,
    options: { readonly roleArn?: string; readonly skip?: readonly string[] } = {},
  ): Promise<boolean> {
    try {
      await this.#service.write('ContinueUpdateRollback', {
        StackName: stack,
        RoleARN: options.roleArn,
        ResourcesToSkip: options.skip === undefined ? undefined : [...options.skip],
      });
      return true;
    } catch (error) {
      if (isFault(error, 'Conflict', 'NotFound')) return false;
      throw error;
    }
  }
}

/** "The submitted information didn't contain changes." / "No updates are to be performed." */
const nothingToChange = /didn't contain changes|no updates are to be performed/i;

const toStack = (stack: sdk.Stack): Stack => ({
  id: stack.StackId ?? '',
  name: stack.StackName ?? '',
  status: stack.StackStatus ?? 'CREATE_FAILED',
  reason: stack.StackStatusReason,
  parameters: Object.fromEntries(
    (stack.Parameters ?? []).map(({ ParameterKey, ParameterValue }) => [ParameterKey ?? '', ParameterValue ?? '']),
  ),
  outputs: Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
  ),
  tags: Object.fromEntries((stack.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  updatedAt: stack.LastUpdatedTime ?? stack.CreationTime,
  roleArn: stack.RoleARN,
});

const toEvent = (event: sdk.StackEvent): StackEvent => ({
  id: event.EventId ?? '',
  at: event.Timestamp ?? new Date(0),
  logicalId: event.LogicalResourceId ?? '',
  physicalId: event.PhysicalResourceId,
  type: event.ResourceType ?? '',
  status: event.ResourceStatus ?? '',
  reason: event.ResourceStatusReason,
  token: event.ClientRequestToken,
});

const toResource = (resource: sdk.StackResourceSummary): StackResource => ({
  logicalId: resource.LogicalResourceId ?? '',
  physicalId: resource.PhysicalResourceId,
  type: resource.ResourceType ?? '',
  status: resource.ResourceStatus ?? '',
  reason: resource.ResourceStatusReason,
  updatedAt: resource.LastUpdatedTimestamp,
});

const toChange = (change: sdk.ResourceChange): ResourceChange => ({
  action: change.Action ?? '',
  logicalId: change.LogicalResourceId ?? '',
  type: change.ResourceType ?? '',
  replacement: change.Replacement,
});
