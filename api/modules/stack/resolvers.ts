// Stacks and tags in GraphQL.

import { annotations } from '../../../operator/resources/annotations.ts';
import { datasetKind } from '../../../operator/resources/dataset.ts';
import { environmentKind } from '../../../operator/resources/environment.ts';
import type { Resolvers } from '../../graphql/schema-types.ts';
import type { EnvironmentRow } from '../environment/environment.ts';
import { demandLogs, isRecent } from '../../server/log-access.ts';
import { attemptOn } from './attempt.ts';
import { logKeyOf, stackResolvers as fields, stackView, type StackView } from './stack.ts';
import { tagsOf, updateTags } from './tags.ts';
import { stackTarget } from './target.ts';

export const stackResolvers: Resolvers = {
  Query: {
    getStack: async (_, args, context) => {
      const action = 'GET_STACK';
      return stackView(context, action, await stackTarget(context, action, 'GET_STACK', args));
    },
    getStackLogs: async (_, args, context) => {
      const action = 'GET_STACK_LOGS';
      const target = await stackTarget(context, action, 'GET_STACK', args);
      await demandLogs(context, action, logKeyOf(target));
      const { stack } = target;
      const now = Date.now();
      const recent = (stack?.events ?? []).filter(({ time }) => isRecent(context, time, now));
      return recent.map(({ time, resource, type, status, reason }) => ({
        logGroup: 'CloudFormation',
        logStream: stack?.name,
        timestamp: time,
        message: [status, type, resource, reason].filter((part) => part !== undefined && part !== '').join(' '),
      }));
    },
    listKeyValueTags: async (_, args, context) => {
      const target = await stackTarget(context, 'LIST_KEY_VALUE_TAGS', 'LIST_KEY_VALUE_TAGS', args);
      return tagsOf(target, target.tags);
    },
  },
  Mutation: {
    updateStack: async (_, args, context) => {
      const action = 'UPDATE_STACK';
      const target = await stackTarget(context, action, 'UPDATE_ENVIRONMENT', args);
      const { namespace, name } = target.object;
      const now = { [annotations.requestedAt]: new Date().toISOString() };
      const settings = { attempt: attemptOn(action, target), dryRun: context.dryRun };
      if (target.type === 'environment') await context.kubernetes.annotate(environmentKind, { name }, now, settings);
      else await context.kubernetes.annotate(datasetKind, { namespace, name }, now, settings);
      return stackView(context, action, target);
    },
    updateKeyValueTags: async (_, { input }, context) => {
      const target = await stackTarget(context, 'UPDATE_KEY_VALUE_TAGS', 'UPDATE_ENVIRONMENT', input);
      return updateTags(context, target, input.tags);
    },
  },
  Stack: fields,
  Environment: {
    stack: async (row, _, context) => {
      const { seesEverything } = await context.viewer();
      const isOwner = context.identity.groups.includes(row.owner);
      const view = stackView(context, 'GET_STACK', targetOf(row));
      return isOwner || seesEverything ? view : statusOnly(view);
    },
  },
};

const statusOnly = ({ target }: StackView): StackView => ({ target, inAws: undefined });

const targetOf = (row: EnvironmentRow): StackView['target'] => ({
  type: 'environment',
  uri: row.uri,
  object: { resource: 'environments', name: row.name },
  environmentUri: row.uri,
  account: row.account,
  region: row.region,
  stack: row.stack ?? undefined,
  tags: [],
});
