// A stack in the words of data.all: what the status of its object says, and for the rest a look into the account by the operator.

import type { z } from 'zod';
import { stackRoute } from '../../../operator/actions/contract/stack.ts';
import type { LogKey } from '../../../operator/features/features.ts';
import type { StackResolvers } from '../../graphql/schema-types.ts';
import type { GatewayContext } from '../../server/context.ts';
import { seesLogs } from '../../server/log-access.ts';
import type { StackTarget } from './target.ts';

type StackInAws = z.output<typeof stackRoute.answer>;

/** What a Stack is answered from. */
export interface StackView {
  readonly target: StackTarget;
  /** As it is in AWS; asked once, and only where a field of the answer needs it. Undefined for who is shown the status only. */
  readonly inAws: (() => Promise<StackInAws>) | undefined;
}

export const stackView = (context: GatewayContext, action: string, target: StackTarget): StackView => {
  let answer: Promise<StackInAws> | undefined;
  const attempt = { action, permission: 'GET_STACK', what: 'Stack', uri: target.uri };
  return { target, inAws: () => (answer ??= context.operator.ask(stackRoute, target.object, {}, attempt)) };
};

/** data.all's clients parse these. */
const json = async (
  { target, inAws }: StackView,
  content: (stack: StackInAws) => unknown,
): Promise<string | undefined> =>
  // What has not begun is in no account.
  inAws === undefined || target.stack === undefined ? undefined : JSON.stringify(content(await inAws()));

/** What says who sees its log. */
export const logKeyOf = ({ type }: StackTarget): LogKey =>
  type === 'environment' ? 'core.features.show_stack_logs' : 'modules.s3_datasets.features.show_stack_logs';

export const stackResolvers: StackResolvers = {
  stackUri: ({ target }) => target.uri,
  targetUri: ({ target }) => target.uri,
  stack: ({ target }) => target.type,
  environmentUri: ({ target }) => target.environmentUri,
  name: ({ target }) => target.stack?.name,
  accountid: ({ target }) => target.account,
  region: ({ target }) => target.region,
  status: ({ target }) => target.stack?.status ?? 'PENDING',
  stackid: ({ target, inAws }) => (inAws === undefined ? undefined : target.stack?.arn),
  updated: ({ target }) => target.stack?.updatedAt,
  link: ({ target, inAws }) => (inAws === undefined ? undefined : consoleLink(target)),
  error: ({ target, inAws }) =>
    inAws === undefined || target.stack?.reason === undefined
      ? undefined
      : JSON.stringify({ error: target.stack.reason }),
  outputs: (view) => json(view, ({ outputs }) => outputs),
  resources: (view) =>
    json(view, ({ resources }) => ({
      resources: resources.map(({ logicalId, physicalId, type, status, reason, updatedAt }) => ({
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        ResourceStatus: status,
        ResourceStatusReason: reason,
        Timestamp: updatedAt,
      })),
    })),
  events: (view) =>
    json(view, ({ events }) => ({
      events: events.map(({ id, at, logicalId, physicalId, type, status, reason }) => ({
        EventId: id,
        Timestamp: at,
        LogicalResourceId: logicalId,
        PhysicalResourceId: physicalId,
        ResourceType: type,
        ResourceStatus: status,
        ResourceStatusReason: reason,
      })),
    })),
  canViewLogs: async ({ target, inAws }, _, context) =>
    inAws !== undefined && (await seesLogs(context, logKeyOf(target))),
};

/** https://docs.aws.amazon.com/general/latest/gr/cfn.html */
function consoleLink({ region, stack }: StackTarget): string | undefined {
  if (stack?.arn === undefined) return undefined;
  const host = region.startsWith('cn-') ? 'console.amazonaws.cn' : 'console.aws.amazon.com';
  return `https://${region}.${host}/cloudformation/home?region=${region}#/stacks/stackinfo?stackId=${encodeURIComponent(stack.arn)}`;
}
