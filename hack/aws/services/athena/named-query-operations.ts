// Named queries: saved SQL text of a workgroup.
import type {
  CreateNamedQueryInput,
  CreateNamedQueryOutput,
  DeleteNamedQueryInput,
  DeleteNamedQueryOutput,
  GetNamedQueryInput,
  GetNamedQueryOutput,
  ListNamedQueriesInput,
  ListNamedQueriesOutput,
  NamedQuery,
} from '@aws-sdk/client-athena';
import type { Call, Need } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { athenaState } from './athena-state.ts';
import { newId } from './execution-id.ts';
import { existingWorkGroup, invalidRequest, LARGEST_PAGE, workGroupNeed } from './workgroup-operations.ts';

const existing = (call: Call, id: string | undefined): NamedQuery => {
  const query = athenaState(call.world, call.account, call.region).namedQueries.get(id ?? '');
  if (!query) throw invalidRequest(`NamedQuery ${id ?? ''} was not found.`);
  return query;
};

const needOf =
  (action: string) =>
  (input: { NamedQueryId?: string | undefined }, call: Call): readonly Need[] =>
    workGroupNeed(call, action, existing(call, input.NamedQueryId).WorkGroup);

const createNamedQuery = operation<CreateNamedQueryInput, CreateNamedQueryOutput>({
  needs: (input, call) => workGroupNeed(call, 'athena:CreateNamedQuery', input.WorkGroup ?? 'primary'),
  access: 'write',
  handle: (input, call) => {
    const { Name, Description, Database, QueryString, WorkGroup = 'primary' } = input;
    existingWorkGroup(call, WorkGroup);
    const NamedQueryId = newId(call.world);
    athenaState(call.world, call.account, call.region).namedQueries.set(NamedQueryId, {
      Name,
      Description,
      Database,
      QueryString,
      NamedQueryId,
      WorkGroup,
    });
    return { NamedQueryId };
  },
});

const getNamedQuery = operation<GetNamedQueryInput, GetNamedQueryOutput>({
  needs: needOf('athena:GetNamedQuery'),
  access: 'read',
  handle: (input, call) => ({ NamedQuery: { ...existing(call, input.NamedQueryId) } }),
});

const deleteNamedQuery = operation<DeleteNamedQueryInput, DeleteNamedQueryOutput>({
  needs: needOf('athena:DeleteNamedQuery'),
  access: 'write',
  handle: (input, call) => {
    athenaState(call.world, call.account, call.region).namedQueries.delete(input.NamedQueryId ?? '');
    return {};
  },
});

const listNamedQueries = operation<ListNamedQueriesInput, ListNamedQueriesOutput>({
  needs: (input, call) => workGroupNeed(call, 'athena:ListNamedQueries', input.WorkGroup ?? 'primary'),
  access: 'read',
  handle: (input, call) => {
    const { namedQueries } = athenaState(call.world, call.account, call.region);
    const ids = [...namedQueries.values()]
      .filter((query) => query.WorkGroup === (input.WorkGroup ?? 'primary'))
      .map((query) => query.NamedQueryId ?? '');
    const { items, next } = page(ids, input.NextToken, input.MaxResults ?? LARGEST_PAGE, 'InvalidRequestException');
    return { NamedQueryIds: items, NextToken: next };
  },
});

export const namedQueryOperations = {
  CreateNamedQuery: createNamedQuery,
  GetNamedQuery: getNamedQuery,
  DeleteNamedQuery: deleteNamedQuery,
  ListNamedQueries: listNamedQueries,
};
