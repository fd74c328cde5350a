// Brings CloudFormation stacks to what is wanted, one look and at most one step at a time; never waits for a stack.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-describing-stacks.html (states of a stack)
import { createHash } from 'node:crypto';
import type { ChangeSet, CloudFormation, Stack } from '../aws/services/cloudformation.ts';
import type { EventInput } from '../kernel/runtime/event-recorder.ts';
import type { StackStatus } from '../resources/status.ts';
import {
  causeOf,
  explainFailure,
  failedDeletion,
  lastToken,
  StackHistory,
  type FailedDeletion,
  type StackEvents,
} from './stack-history.ts';
import { asEvent, asLeft, asShown, timeOf } from './stack-news.ts';
import { phaseOf } from './stack-phase.ts';
import { stackOutputs } from './stack-props.ts';
import { ownershipTagNames } from './stack-tags.ts';
import type { Synthesized } from './synthesizer.ts';

export interface DesiredStack {
  readonly name: string;
  readonly template: Synthesized;
  /** Handed down to all resources; hold the ownership tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** The role CloudFormation works as. */
  readonly roleArn: string;
  /** Whatever changes when somebody asks for another try (annotation requested-at). */
  readonly attempt: string;
}

export type UnwantedStack = Pick<DesiredStack, 'name' | 'tags' | 'roleArn'>;

export interface StackProgress {
  /** `Failed`: nothing happens until template, tags or attempt change, or `requeueMs` have passed. */
  readonly state: 'Deployed' | 'InProgress' | 'Failed' | 'Deleting' | 'Deleted';
  /** For `status.stack`. */
  readonly status: StackStatus;
  readonly outputs: Readonly<Record<string, string>>;
  /** Why it failed, or what is going on. */
  readonly message: string;
  /** When to look again; undefined when done. */
  readonly requeueMs: number | undefined;
  /** For Kubernetes Events: what happened since the last look. */
  readonly news: readonly EventInput[];
}

/** A failed stack is tried again after so long without being asked: what broke it may have passed. */
const retryAfterMs = 30 * 60_000;
/** A look while something goes on: often at first, when people watch, then less. */
const look = { firstMs: 1_000, lastMs: 15_000, shareOfAge: 0.2 };
/** A deletion that failed is asked for again so soon: people wait for it, and what it was refused may come a moment later. */
const deleteAgainMs = 10_000;
/** After so long what CloudFormation cannot delete is no reason to keep the rest. */
const retainAfterMs = 60_000;
/** A roll-back that was told to go on. */
const rollbackMs = 60_000;

/** Of any qualifier, which an installation may change. https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const executionRole = /^arn:[^:]+:iam::\d{12}:role\/cdk-[^/]+-cfn-exec-role-[^/]+$/;
/** Templates hold roles with names. */
const capabilities = ['CAPABILITY_NAMED_IAM'] as const;

export class StackDeployer {
  readonly #history = new StackHistory();
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** The stack that carries these ownership tags, whatever it is called: for a status that was lost. */
  async locate(cloudFormation: CloudFormation, tags: DesiredStack['tags']): Promise<Stack | undefined> {
    const stacks = await cloudFormation.stacks();
    return stacks.find((stack) => isOwn(stack, tags));
  }

  /** One step towards the wanted stack. @throws AwsFault */
  async reconcile(
    cloudFormation: CloudFormation,
    desired: DesiredStack,
    observed: StackStatus | undefined,
  ): Promise<StackProgress> {
    const stack = await cloudFormation.stack(desired.name);
    const report = await this.#reporter(cloudFormation, stack, desired.name, observed);
    if (stack === undefined || stack.status === 'REVIEW_IN_PROGRESS')
      return await this.#change(cloudFormation, desired, 'CREATE', report);
    if (!isOwn(stack, desired.tags)) return report('Failed', notOurs(stack.name));
    const token = tokenOf(desired);
    switch (stack.status) {
      case 'CREATE_COMPLETE':
      case 'UPDATE_COMPLETE':
      case 'UPDATE_FAILED':
      case 'UPDATE_ROLLBACK_COMPLETE':
      case 'IMPORT_COMPLETE':
      case 'IMPORT_ROLLBACK_COMPLETE':
        if (isCurrent(stack, desired)) return report('Deployed', '', { templateHash: desired.template.hash });
        if (stack.status === 'UPDATE_ROLLBACK_COMPLETE' && report.failedBefore(token)) return report('Failed');
        return await this.#change(cloudFormation, desired, 'UPDATE', report);
      case 'CREATE_FAILED':
      case 'DELETE_FAILED':
      case 'ROLLBACK_COMPLETE':
      case 'ROLLBACK_FAILED':
        // A stack whose creation failed cannot be updated: it goes, and the next look creates it anew.
        if (report.failedBefore(token)) return report('Failed');
        await cloudFormation.deleteStack(stack.id, { roleArn: desired.roleArn });
        return report('InProgress', 'what is left of the failed creation is being removed');
      case 'UPDATE_ROLLBACK_FAILED':
        if (await cloudFormation.continueRollback(stack.id, { roleArn: desired.roleArn }))
          return report('InProgress', `the roll-back goes on: ${report.cause() ?? ''}`, {}, rollbackMs);
        return report('Failed');
      default:
        return report('InProgress', `the stack is ${stack.status}`);
    }
  }

  /** Whether nothing of a stack stays: its deletion has begun, or there is nothing in it to be deleted. @throws AwsFault */
  async isDeleting(cloudFormation: CloudFormation, name: string): Promise<boolean> {
    return phaseOf(await cloudFormation.stack(name)) !== 'Standing';
  }

  /** Whether a stack of this object is there, with something in it. @throws AwsFault */
  async stands(cloudFormation: CloudFormation, { name, tags }: Pick<DesiredStack, 'name' | 'tags'>): Promise<boolean> {
    const stack = await cloudFormation.stack(name);
    const phase = phaseOf(stack);
    return stack !== undefined && isOwn(stack, tags) && (phase === 'Standing' || phase === 'Going');
  }

  /**
   * One step towards no stack. Buckets and keys in it are retained; so is, after a minute, what CloudFormation cannot delete, which is news.
   * @throws AwsFault
   */
  async remove(
    cloudFormation: CloudFormation,
    unwanted: UnwantedStack,
    observed: StackStatus | undefined,
  ): Promise<StackProgress> {
    const stack = await cloudFormation.stack(unwanted.name);
    const report = await this.#reporter(cloudFormation, stack, unwanted.name, observed);
    if (stack === undefined || phaseOf(stack) === 'Gone' || !isOwnOrEmpty(stack, unwanted.tags)) {
      if (observed?.arn !== undefined) this.#history.forget(observed.arn);
      return report('Deleted');
    }
    if (stack.status === 'DELETE_IN_PROGRESS') return report('Deleting', 'the stack is being deleted');
    const failure = stack.status === 'DELETE_FAILED' ? report.failedDeletion() : undefined;
    const why = failure?.resources.map(causeOf).join('; ') || undefined;
    // The stack itself tells when it was updated, and not when its deletion failed.
    if (failure !== undefined && this.#now() - failure.until.getTime() < deleteAgainMs)
      return report('Failed', why, {}, deleteAgainMs);
    if (stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS')
      return report('Deleting', `the stack is ${stack.status} and is deleted after that`);
    const isLasting = failure !== undefined && failure.until.getTime() - failure.since.getTime() > retainAfterMs;
    const retained = isLasting ? failure.resources : [];
    await cloudFormation.deleteStack(stack.id, {
      roleArn: unwanted.roleArn,
      ...(retained.length > 0 && { retain: retained.map(({ logicalId }) => logicalId) }),
    });
    const progress = report('Deleting', ['the stack is being deleted', why].filter(Boolean).join('; '));
    return { ...progress, news: [...progress.news, ...retained.map((event) => asLeft(stack.name, event))] };
  }

  /** Towards an executed change set. */
  async #change(
    cloudFormation: CloudFormation,
    desired: DesiredStack,
    type: 'CREATE' | 'UPDATE',
    report: Reporter,
  ): Promise<StackProgress> {
    const name = tokenOf(desired);
    const changeSet = await cloudFormation.changeSet(desired.name, name);
    if (changeSet === undefined || isConsumed(changeSet)) {
      if (changeSet !== undefined) await cloudFormation.deleteChangeSet(desired.name, name);
      const created = await cloudFormation.createChangeSet({
        stack: desired.name,
        name,
        type,
        template: { body: desired.template.template },
        tags: desired.tags,
        capabilities,
        roleArn: desired.roleArn,
      });
      return report('InProgress', 'a change set is being made', { arn: created.stackId, changeSet: created.id });
    }
    const shown = { arn: changeSet.stackId, changeSet: changeSet.id };
    if (changeSet.empty) return report('Deployed', '', { templateHash: desired.template.hash });
    if (changeSet.status === 'FAILED')
      return report('Failed', `the change set failed: ${changeSet.reason ?? 'no reason given'}`, shown);
    if (changeSet.status === 'CREATE_COMPLETE' && changeSet.executionStatus === 'AVAILABLE') {
      await cloudFormation.executeChangeSet(desired.name, name, name);
      return report('InProgress', 'the stack is being deployed', shown);
    }
    return report('InProgress', 'a change set is being made', shown);
  }

  #age({ updatedAt }: Stack): number {
    return this.#now() - (updatedAt?.getTime() ?? 0);
  }

  async #reporter(
    cloudFormation: CloudFormation,
    stack: Stack | undefined,
    name: string,
    observed: StackStatus | undefined,
  ): Promise<Reporter> {
    const told = Date.parse(observed?.events?.[0]?.time ?? '') || 0;
    // The end of what this process watched is read; what was over before it looked is no news.
    const settled = stack !== undefined && /^(CREATE|UPDATE)_COMPLETE$/.test(stack.status);
    const isSeen = observed?.status === stack?.status && observed?.updatedAt === timeOf(stack?.updatedAt);
    const isOld = settled && (isSeen || !this.#history.watches(stack.id));
    const events: StackEvents | undefined =
      stack === undefined || isOld ? undefined : await this.#history.read(cloudFormation, stack.id, told);
    if (settled) this.#history.forget(stack.id);
    const age = stack === undefined ? 0 : this.#age(stack);
    const soon = Math.min(Math.max(age * look.shareOfAge, look.firstMs), look.lastMs);
    const requeue = { InProgress: soon, Deleting: soon, Failed: retryAfterMs, Deployed: undefined, Deleted: undefined };
    const cause = (): string | undefined => events && explainFailure(events.all);
    const report = (
      state: StackProgress['state'],
      message?: string,
      more: Partial<StackStatus> = {},
      requeueMs = requeue[state],
    ): StackProgress => {
      const why =
        message ??
        (state === 'Failed' ? (cause() ?? stack?.reason ?? `the stack is ${stack?.status ?? 'missing'}`) : '');
      return {
        state,
        message: why,
        requeueMs,
        outputs: stack?.outputs ?? {},
        news: (events?.news ?? []).flatMap(asEvent),
        status: {
          name,
          arn: stack?.id,
          status: stack?.status,
          reason: state === 'Failed' ? why.slice(0, 1_024) : undefined,
          templateHash: stack?.outputs[stackOutputs.templateHash],
          updatedAt: timeOf(stack?.updatedAt),
          events: events === undefined ? observed?.events : asShown(events.all),
          ...more,
        },
      };
    };
    return Object.assign(report, {
      cause,
      failedDeletion: () => events && failedDeletion(events.all),
      failedBefore: (token: string) =>
        stack !== undefined && lastToken(events?.all ?? []) === token && this.#age(stack) < retryAfterMs,
    });
  }
}

interface Reporter {
  (state: StackProgress['state'], message?: string, more?: Partial<StackStatus>, requeueMs?: number): StackProgress;
  /** Of the last operation's failure. */
  cause(): string | undefined;
  /** Of a stack that is being deleted in vain. */
  failedDeletion(): FailedDeletion | undefined;
  /** Whether just this was tried and failed, not long ago. */
  failedBefore(token: string): boolean;
}

/** Names one try of one template with its tags: of its change set, and of the events of its deployment. */
const tokenOf = ({ template, tags, attempt }: DesiredStack): string => {
  const sorted = Object.entries(tags).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([template.hash, sorted, attempt]);
  return `dataall-${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
};

/** Tags that others put on the stack are left alone; a tag of ours that is not wanted any more goes with the next change. */
const isCurrent = ({ outputs, tags }: Stack, desired: DesiredStack): boolean =>
  outputs[stackOutputs.templateHash] === desired.template.hash &&
  Object.entries(desired.tags).every(([key, value]) => tags[key] === value);

/** Tags alone are no proof, since whoever makes a stack chooses them: only administrators and we may pass a bootstrap's execution role. */
const isOwn = ({ tags, roleArn }: Stack, wanted: DesiredStack['tags']): boolean =>
  executionRole.test(roleArn ?? '') &&
  [ownershipTagNames.installation, ownershipTagNames.kind, ownershipTagNames.id].every(
    (key) => tags[key] === wanted[key],
  );

/** A stack that never got further than its first change set has no tags and no resources. */
const isOwnOrEmpty = (stack: Stack, wanted: DesiredStack['tags']): boolean =>
  stack.status === 'REVIEW_IN_PROGRESS' || isOwn(stack, wanted);

/** Executed, or outrun by another change: it cannot be executed again. */
const isConsumed = ({ executionStatus }: ChangeSet): boolean =>
  executionStatus !== undefined && /^(EXECUTE_COMPLETE|EXECUTE_FAILED|OBSOLETE)$/.test(executionStatus);

const notOurs = (name: string): string =>
  `stack ${name} exists and is not this object's (by its tags, and by the bootstrap's execution role): delete or rename it, or choose another label`;
