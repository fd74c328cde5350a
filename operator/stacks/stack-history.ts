// The events of stacks: read once each, and what they say about the last operation.
import type { CloudFormation, StackEvent } from '../aws/services/cloudformation.ts';

/** Events kept of one stack; an operation on ours makes fewer. */
const kept = 200;

/** What is remembered of one stack: events oldest first. */
interface Memory {
  readonly events: StackEvent[];
}

export interface StackEvents {
  /** Oldest first. */
  readonly all: readonly StackEvent[];
  /** Those that nobody was told of. */
  readonly news: readonly StackEvent[];
}

/** Remembers the events of stacks, so that each look reads only what is new. */
export class StackHistory {
  readonly #stacks = new Map<string, Memory>();

  /** @param toldUntil newest event that was published before this process started, milliseconds since the epoch */
  async read(cloudFormation: CloudFormation, stackId: string, toldUntil: number): Promise<StackEvents> {
    const known = this.#stacks.get(stackId);
    const fresh = await cloudFormation.events(stackId, known?.events.at(-1)?.id);
    const all = [...(known?.events ?? []), ...fresh].slice(-kept);
    this.#stacks.set(stackId, { events: all });
    return { all, news: known === undefined ? fresh.filter(({ at }) => at.getTime() > toldUntil) : fresh };
  }

  watches(stackId: string): boolean {
    return this.#stacks.has(stackId);
  }

  forget(stackId: string): void {
    this.#stacks.delete(stackId);
  }
}

/** The token of the last operation on the stack. */
export const lastToken = (events: readonly StackEvent[]): string | undefined =>
  events.findLast(({ type, token }) => type === stackType && token !== undefined)?.token;

/**
 * Why the last operation failed: the first resource that did, for what follows (cancellations, the roll-back) are its consequences.
 * @returns `Bucket (AWS::S3::Bucket): <reason>`
 */
export const explainFailure = (events: readonly StackEvent[]): string | undefined => {
  const token = lastToken(events);
  const operation = events.filter((event) => event.token === token);
  const failed = operation.filter(({ status }) => status.endsWith('_FAILED'));
  const cause = failed.find(({ reason, type }) => type !== stackType && !isConsequence(reason)) ?? failed[0];
  return cause && causeOf(cause);
};

export interface FailedDeletion {
  /** When it failed first, of all the times it was asked for in a row. */
  readonly since: Date;
  readonly until: Date;
  /** What could not be deleted the last time: the last event of each resource. */
  readonly resources: readonly StackEvent[];
}

/** Undefined where the last thing that was done to the stack was not to delete it in vain. */
export const failedDeletion = (events: readonly StackEvent[]): FailedDeletion | undefined => {
  const isOfStack = ({ type }: StackEvent): boolean => type === stackType;
  const before = events.findLastIndex((event) => isOfStack(event) && !event.status.startsWith('DELETE'));
  const deletion = events.slice(before + 1);
  const times = deletion.filter((event) => isOfStack(event) && event.status === 'DELETE_FAILED').map(({ at }) => at);
  const [since] = times;
  const until = times.at(-1);
  if (since === undefined || until === undefined) return undefined;
  const last = deletion.findLastIndex((event) => isOfStack(event) && event.status === 'DELETE_IN_PROGRESS');
  const failed = deletion.slice(last + 1).filter((event) => !isOfStack(event) && event.status === 'DELETE_FAILED');
  return { since, until, resources: [...new Map(failed.map((event) => [event.logicalId, event])).values()] };
};

/** `Bucket (AWS::S3::Bucket): <reason>` */
export const causeOf = ({ logicalId, type, reason, status }: StackEvent): string =>
  `${logicalId} (${type}): ${reason ?? status}`;

export const stackType = 'AWS::CloudFormation::Stack';

/** "Resource creation cancelled", "Resource update cancelled" */
const isConsequence = (reason: string | undefined): boolean => /resource \w+ cancell?ed/i.test(reason ?? '');
