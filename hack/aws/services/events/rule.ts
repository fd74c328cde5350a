// Rules on the default event bus of an account and region.
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import type { Call, Need, RequestContext } from '../../core/operation.ts';
import { resourceTagContext } from '../../core/tagging.ts';
import type { World } from '../../core/world.ts';

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  /** Constant text sent in place of the event. */
  readonly input?: string;
  /** `$.detail` and the like: the part of the event that is sent. */
  readonly inputPath?: string;
  readonly messageGroupId?: string;
  readonly deadLetterArn?: string;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly description?: string;
  readonly eventPattern: string;
  readonly state: 'ENABLED' | 'DISABLED';
  readonly targets: Map<string, RuleTarget>;
  readonly tags: Map<string, string>;
}

interface RuleStore {
  readonly rules: Map<string, Rule>;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const MAX_RULES = 300;
export const MAX_TARGETS = 5;

export const rulesOf = (world: World, account: string, region: string): Map<string, Rule> =>
  world.state<RuleStore>('events', account, region, () => ({ rules: new Map() })).rules;

export const busArn = (call: Call): string => `arn:aws:events:${call.region}:${call.account}:event-bus/default`;
/** Rules of the default bus carry no bus name: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html */
export const ruleArn = (call: Call, name: string): string =>
  `arn:aws:events:${call.region}:${call.account}:rule/${name}`;

/** The simulator has the default bus only; others say so. */
export function demandDefaultBus(call: Call, bus: string | undefined): void {
  if (bus === undefined || bus === 'default' || bus === busArn(call)) return;
  throw notImplemented(`event bus ${bus}: only the default bus`);
}

export function ruleNeed(action: string, call: Call, name: string | undefined, context: RequestContext = {}): Need {
  const rule = rulesOf(call.world, call.account, call.region).get(name ?? '');
  return {
    action: `events:${action}`,
    resource: ruleArn(call, name ?? ''),
    context: { ...resourceTagContext(rule?.tags), ...context },
  };
}

export function ruleNamed(call: Call, name: string | undefined): Rule {
  const rule = rulesOf(call.world, call.account, call.region).get(name ?? '');
  if (rule === undefined)
    throw new AwsError('ResourceNotFoundException', `Rule ${name ?? ''} does not exist on EventBus default.`);
  return rule;
}
