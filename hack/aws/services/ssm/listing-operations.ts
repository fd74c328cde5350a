// Finding parameters by path and by filter, and their tags.
import type {
  AddTagsToResourceRequest,
  DescribeParametersRequest,
  DescribeParametersResult,
  GetParametersByPathRequest,
  GetParametersByPathResult,
  ListTagsForResourceRequest,
  ListTagsForResourceResult,
  ParameterStringFilter,
  RemoveTagsFromResourceRequest,
} from '@aws-sdk/client-ssm';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import { operation, type Call, type AnyOperation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { requestTagContext, setTags, tagKeysContext, tagList } from '../../core/tagging.ts';
import { findParameter, parameterArn, parametersOf, type StoredParameter } from './parameter.ts';
import { parameterNeed, toParameter } from './parameter-operations.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html: at most 10 a page. */
const PATH_PAGE = 10;
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html: at most 50 a page. */
const DESCRIBE_PAGE = 50;

const GetParametersByPath = operation<GetParametersByPathRequest, GetParametersByPathResult>({
  access: 'read',
  needs: (input, call) => [
    {
      action: 'ssm:GetParametersByPath',
      resource: parameterArn(call, input.Path ?? ''),
      context: { 'ssm:Recursive': String(input.Recursive ?? false) },
    },
  ],
  handle: async (input, call) => {
    const under = sorted(call).filter(({ name }) => isUnder(name, input.Path ?? '', input.Recursive ?? false));
    const matching = under.filter((parameter) => matchesAll(parameter, input.ParameterFilters));
    const { items, next } = page(
      matching,
      input.NextToken,
      Math.min(input.MaxResults ?? PATH_PAGE, PATH_PAGE),
      'InvalidNextToken',
    );
    const Parameters = await Promise.all(
      items.map((parameter) => toParameter(call, parameter, latest(parameter), input.WithDecryption ?? false)),
    );
    return { Parameters, NextToken: next };
  },
});

const DescribeParameters = operation<DescribeParametersRequest, DescribeParametersResult>({
  access: 'read',
  needs: () => [{ action: 'ssm:DescribeParameters', resource: '*' }],
  handle: (input, call) => {
    if ((input.Filters ?? []).length > 0)
      throw notImplemented('DescribeParameters with Filters (use ParameterFilters)');
    const matching = sorted(call).filter((parameter) => matchesAll(parameter, input.ParameterFilters));
    const { items, next } = page(
      matching,
      input.NextToken,
      Math.min(input.MaxResults ?? DESCRIBE_PAGE, DESCRIBE_PAGE),
      'InvalidNextToken',
    );
    return {
      NextToken: next,
      Parameters: items.map((parameter) => {
        const version = latest(parameter);
        return {
          Name: parameter.name,
          ARN: parameterArn(call, parameter.name),
          Type: version.type,
          KeyId: version.keyId,
          LastModifiedDate: version.modified,
          LastModifiedUser: version.modifiedBy,
          Description: version.description,
          AllowedPattern: version.allowedPattern,
          Version: version.version,
          Tier: version.tier,
          Policies: [],
          DataType: version.dataType,
        };
      }),
    };
  },
});

const sorted = (call: Call): StoredParameter[] =>
  [...parametersOf(call).values()].sort((a, b) => (a.name < b.name ? -1 : 1));

function latest(parameter: StoredParameter): StoredParameter['versions'][number] {
  const version = parameter.versions.at(-1);
  if (version === undefined) throw new Error(`parameter ${parameter.name} has no version`);
  return version;
}

function isUnder(name: string, path: string, recursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return name.startsWith(prefix) && (recursive || !name.slice(prefix.length).includes('/'));
}

const matchesAll = (parameter: StoredParameter, filters: readonly ParameterStringFilter[] | undefined): boolean =>
  (filters ?? []).every((filter) => matches(parameter, filter));

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
function matches(parameter: StoredParameter, { Key = '', Option, Values = [] }: ParameterStringFilter): boolean {
  const compare = (actual: string | undefined): boolean =>
    actual !== undefined &&
    Values.some((wanted) => {
      if (Option === 'BeginsWith') return actual.startsWith(wanted);
      return Option === 'Contains' ? actual.includes(wanted) : actual === wanted;
    });
  if (Key === 'Path') return Values.some((path) => isUnder(parameter.name, path, Option === 'Recursive'));
  if (Key.startsWith('tag:')) {
    const value = parameter.tags.get(Key.slice('tag:'.length));
    return Values.length === 0 ? value !== undefined : compare(value);
  }
  const version = latest(parameter);
  switch (Key) {
    case 'Name':
      return compare(parameter.name);
    case 'Type':
      return compare(version.type);
    case 'KeyId':
      return compare(version.keyId);
    case 'Tier':
      return compare(version.tier);
    case 'DataType':
      return compare(version.dataType);
    default:
      throw new AwsError('InvalidFilterKey', `The following filter key is not valid: ${Key}`);
  }
}

function tagged(call: Call, resourceType: string | undefined, resourceId: string | undefined): StoredParameter {
  if (resourceType !== 'Parameter') throw notImplemented(`tags of SSM ${String(resourceType)}`);
  const parameter = findParameter(call, resourceId ?? '');
  if (parameter === undefined)
    throw new AwsError('InvalidResourceId', `The resource ID is not valid: ${String(resourceId)}`);
  return parameter;
}

const AddTagsToResource = operation<AddTagsToResourceRequest, object>({
  access: 'write',
  needs: (input, call) => {
    const need = parameterNeed('AddTagsToResource', call, input.ResourceId ?? '');
    return [{ ...need, context: { ...need.context, ...requestTagContext(input.Tags) } }];
  },
  handle: (input, call) => {
    setTags(tagged(call, input.ResourceType, input.ResourceId).tags, input.Tags);
    return {};
  },
});

const RemoveTagsFromResource = operation<RemoveTagsFromResourceRequest, object>({
  access: 'write',
  needs: (input, call) => {
    const need = parameterNeed('RemoveTagsFromResource', call, input.ResourceId ?? '');
    return [{ ...need, context: { ...need.context, ...tagKeysContext(input.TagKeys) } }];
  },
  handle: (input, call) => {
    const { tags } = tagged(call, input.ResourceType, input.ResourceId);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

const ListTagsForResource = operation<ListTagsForResourceRequest, ListTagsForResourceResult>({
  access: 'read',
  needs: (input, call) => [parameterNeed('ListTagsForResource', call, input.ResourceId ?? '')],
  handle: (input, call) => ({ TagList: tagList(tagged(call, input.ResourceType, input.ResourceId).tags) }),
});

export const listingOperations: Readonly<Record<string, AnyOperation>> = {
  GetParametersByPath,
  DescribeParameters,
  AddTagsToResource,
  RemoveTagsFromResource,
  ListTagsForResource,
};
