// Rules and their targets.
import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  DisableRuleRequest,
  EnableRuleRequest,
  ListRulesRequest,
  ListRulesResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutRuleRequest,
  PutRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  TagResourceRequest,
  Target,
  UntagResourceRequest,
} from '@aws-sdk/client-eventbridge';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import { operation, type Call, type AnyOperation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { requestTagContext, setTags, tagKeysContext, tagList } from '../../core/tagging.ts';
import { parsePattern } from './pattern.ts';
import {
  demandDefaultBus,
  MAX_RULES,
  MAX_TARGETS,
  ruleArn,
  ruleNamed,
  ruleNeed,
  rulesOf,
  type Rule,
  type RuleTarget,
} from './rule.ts';

const validation = (message: string): AwsError => new AwsError('ValidationException', message, { status: 400 });

const PutRule = operation<PutRuleRequest, PutRuleResponse>({
  access: 'write',
  needs: (input, call) => [
    ruleNeed('PutRule', call, input.Name, requestTagContext(input.Tags)),
    ...((input.Tags ?? []).length > 0
      ? [ruleNeed('TagResource', call, input.Name, requestTagContext(input.Tags))]
      : []),
  ],
  handle: (input, call) => {
    demandDefaultBus(call, input.EventBusName);
    const name = input.Name ?? '';
    if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name))
      throw validation(
        `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+`,
      );
    if (input.ScheduleExpression !== undefined) throw notImplemented('rules with a ScheduleExpression');
    if (input.EventPattern === undefined)
      throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    if (input.State === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS')
      throw notImplemented(`rule state ${input.State}: read-only events are not recorded`);
    parsePattern(input.EventPattern);
    const rules = rulesOf(call.world, call.account, call.region);
    const existing = rules.get(name);
    if (existing === undefined && rules.size >= MAX_RULES)
      throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    const rule: Rule = {
      name,
      arn: ruleArn(call, name),
      account: call.account,
      region: call.region,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      eventPattern: input.EventPattern,
      state: input.State ?? 'ENABLED',
      targets: existing?.targets ?? new Map(),
      tags: existing?.tags ?? new Map(),
    };
    // "If you are updating an existing rule, any tags you specify in the PutRule operation are not used" (API_PutRule).
    if (existing === undefined) setTags(rule.tags, input.Tags);
    rules.set(name, rule);
    return { RuleArn: rule.arn };
  },
});

const DescribeRule = operation<DescribeRuleRequest, DescribeRuleResponse>({
  access: 'read',
  needs: (input, call) => [ruleNeed('DescribeRule', call, input.Name)],
  handle: (input, call) => {
    demandDefaultBus(call, input.EventBusName);
    return { ...toRule(ruleNamed(call, input.Name)), CreatedBy: call.account };
  },
});

const toRule = (rule: Rule) => ({
  Name: rule.name,
  Arn: rule.arn,
  EventPattern: rule.eventPattern,
  State: rule.state,
  Description: rule.description,
  EventBusName: 'default',
});

const ListRules = operation<ListRulesRequest, ListRulesResponse>({
  access: 'read',
  needs: () => [{ action: 'events:ListRules', resource: '*' }],
  handle: (input, call) => {
    demandDefaultBus(call, input.EventBusName);
    const rules = [...rulesOf(call.world, call.account, call.region).values()].filter(({ name }) =>
      name.startsWith(input.NamePrefix ?? ''),
    );
    const { items, next } = page(rules, input.NextToken, input.Limit ?? 100, 'ValidationException');
    return { Rules: items.map(toRule), NextToken: next };
  },
});

const DeleteRule = operation<DeleteRuleRequest, object>({
  access: 'write',
  needs: (input, call) => [ruleNeed('DeleteRule', call, input.Name)],
  handle: (input, call) => {
    demandDefaultBus(call, input.EventBusName);
    const rules = rulesOf(call.world, call.account, call.region);
    if ((rules.get(input.Name ?? '')?.targets.size ?? 0) > 0)
      throw validation("Rule can't be deleted since it has targets.");
    rules.delete(input.Name ?? '');
    return {};
  },
});

const setState = (action: 'EnableRule' | 'DisableRule', state: Rule['state']) =>
  operation<EnableRuleRequest & DisableRuleRequest, object>({
    access: 'write',
    needs: (input, call) => [ruleNeed(action, call, input.Name)],
    handle: (input, call) => {
      demandDefaultBus(call, input.EventBusName);
      const rule = ruleNamed(call, input.Name);
      rulesOf(call.world, call.account, call.region).set(rule.name, { ...rule, state });
      return {};
    },
  });

const EnableRule = setState('EnableRule', 'ENABLED');
const DisableRule = setState('DisableRule', 'DISABLED');

const PutTargets = operation<PutTargetsRequest, PutTargetsResponse>({
  access: 'write',
  needs: (input, call) =>
    (input.Targets ?? []).map(({ Arn = '' }) => ruleNeed('PutTargets', call, input.Rule, { 'events:TargetArn': Arn })),
  handle: (input, call) => {
    demandDefaultBus(call, input.EventBusName);
    const { targets } = ruleNamed(call, input.Rule);
    const added = (input.Targets ?? []).map(toStoredTarget);
    const all = new Set([...targets.keys(), ...added.map(({ id }) => id)]);
    if (all.size > MAX_TARGETS)
      throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
    for (const target of added) targets.set(target.id, target);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

function toStoredTarget(target: Target): RuleTarget {
  const { Id = '', Arn = '' } = target;
  if (!/^arn:aws:sqs:[^:]+:\d{12}:[^:]+$/.test(Arn)) throw notImplemented(`rule target ${Arn}: only SQS queues`);
  const known = new Set(['Id', 'Arn', 'Input', 'InputPath', 'SqsParameters', 'DeadLetterConfig', 'RetryPolicy']);
  const other = Object.entries(target).find(([name, value]) => value !== undefined && !known.has(name));
  if (other !== undefined) throw notImplemented(`${other[0]} of a rule target`);
  if (Arn.endsWith('.fifo') && target.SqsParameters?.MessageGroupId === undefined) {
    throw validation(`Parameter(s) SqsParameters.MessageGroupId must be specified for target: ${Id}.`);
  }
  if (target.InputPath !== undefined && !/^\$(\.[A-Za-z0-9_-]+)*$/.test(target.InputPath))
    throw notImplemented(`InputPath ${target.InputPath}`);
  return {
    id: Id,
    arn: Arn,
    ...(target.Input === undefined ? {} : { input: target.Input }),
    ...(target.InputPath === undefined ? {} : { inputPath: target.InputPath }),
    ...(target.SqsParameters?.MessageGroupId === undefined
      ? {}
      : { messageGroupId: target.SqsParameters.MessageGroupId }),
    ...(target.DeadLetterConfig?.Arn === undefined ? {} : { deadLetterArn: target.DeadLetterConfig.Arn }),
  };
}

const RemoveTargets = operation<RemoveTargetsRequest, RemoveTargetsResponse>({
  access: 'write',
  needs: (input, call) => [ruleNeed('RemoveTargets', call, input.Rule)],
  handle: (input, call) => {
    demandDefaultBus(call, input.EventBusName);
    const { targets } = ruleNamed(call, input.Rule);
    for (const id of input.Ids ?? []) targets.delete(id);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
});

const ListTargetsByRule = operation<ListTargetsByRuleRequest, ListTargetsByRuleResponse>({
  access: 'read',
  needs: (input, call) => [ruleNeed('ListTargetsByRule', call, input.Rule)],
  handle: (input, call) => {
    demandDefaultBus(call, input.EventBusName);
    const { items, next } = page(
      [...ruleNamed(call, input.Rule).targets.values()],
      input.NextToken,
      input.Limit ?? 100,
      'ValidationException',
    );
    return { Targets: items.map(toTarget), NextToken: next };
  },
});

const toTarget = (target: RuleTarget): Target => ({
  Id: target.id,
  Arn: target.arn,
  Input: target.input,
  InputPath: target.inputPath,
  SqsParameters: target.messageGroupId === undefined ? undefined : { MessageGroupId: target.messageGroupId },
  DeadLetterConfig: target.deadLetterArn === undefined ? undefined : { Arn: target.deadLetterArn },
});

const ruleByArn = (call: Call, arn: string | undefined): Rule => ruleNamed(call, arn?.split(':rule/')[1]);

const TagResource = operation<TagResourceRequest, object>({
  access: 'write',
  needs: (input, call) => [
    ruleNeed('TagResource', call, input.ResourceARN?.split(':rule/')[1], requestTagContext(input.Tags)),
  ],
  handle: (input, call) => {
    setTags(ruleByArn(call, input.ResourceARN).tags, input.Tags);
    return {};
  },
});

const UntagResource = operation<UntagResourceRequest, object>({
  access: 'write',
  needs: (input, call) => [
    ruleNeed('UntagResource', call, input.ResourceARN?.split(':rule/')[1], tagKeysContext(input.TagKeys)),
  ],
  handle: (input, call) => {
    const { tags } = ruleByArn(call, input.ResourceARN);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

const ListTagsForResource = operation<ListTagsForResourceRequest, ListTagsForResourceResponse>({
  access: 'read',
  needs: (input, call) => [ruleNeed('ListTagsForResource', call, input.ResourceARN?.split(':rule/')[1])],
  handle: (input, call) => ({ Tags: tagList(ruleByArn(call, input.ResourceARN).tags) }),
});

export const ruleOperations: Readonly<Record<string, AnyOperation>> = {
  PutRule,
  DescribeRule,
  ListRules,
  DeleteRule,
  EnableRule,
  DisableRule,
  PutTargets,
  RemoveTargets,
  ListTargetsByRule,
  TagResource,
  UntagResource,
  ListTagsForResource,
};
