// Athena workgroups and their tags. https://docs.aws.amazon.com/athena/latest/ug/workgroups-manage-queries-control-costs.html
import type {
  CreateWorkGroupInput,
  CreateWorkGroupOutput,
  DeleteWorkGroupInput,
  DeleteWorkGroupOutput,
  GetWorkGroupInput,
  GetWorkGroupOutput,
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  ListWorkGroupsInput,
  ListWorkGroupsOutput,
  ResultConfiguration,
  ResultConfigurationUpdates,
  TagResourceInput,
  TagResourceOutput,
  UntagResourceInput,
  UntagResourceOutput,
  UpdateWorkGroupInput,
  UpdateWorkGroupOutput,
  WorkGroup,
  WorkGroupConfiguration,
  WorkGroupConfigurationUpdates,
} from '@aws-sdk/client-athena';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { requestTagContext, resourceTagContext, setTags, tagKeysContext, tagList } from '../../core/tagging.ts';
import type { WorkGroupRecord } from './athena-state.ts';
import { athenaHistory, athenaState, engineVersion, primaryWorkGroup, workGroupArn } from './athena-state.ts';

/** MaxResults of Athena lists is 1..50. */
export const LARGEST_PAGE = 50;

export const invalidRequest = (message: string): AwsError => new AwsError('InvalidRequestException', message);

/** @throws InvalidRequestException for a workgroup that does not exist */
export const existingWorkGroup = (call: Call, name: string | undefined): WorkGroupRecord => {
  const found = athenaState(call.world, call.account, call.region).workGroups.get(name ?? '');
  if (found) return found;
  if (name === 'primary') return { workGroup: primaryWorkGroup(), tags: new Map() };
  throw invalidRequest(`WorkGroup ${name ?? ''} is not found.`);
};

/** The need of an action on a workgroup, with the workgroup's tags. */
export const workGroupNeed = (call: Call, action: string, name: string | undefined): Need[] => {
  const record = athenaState(call.world, call.account, call.region).workGroups.get(name ?? '');
  return [
    {
      action,
      resource: workGroupArn(call.account, call.region, name ?? ''),
      context: resourceTagContext(record?.tags),
    },
  ];
};

const createWorkGroup = operation<CreateWorkGroupInput, CreateWorkGroupOutput>({
  needs: (input, call) =>
    workGroupNeed(call, 'athena:CreateWorkGroup', input.Name).map((need) => ({
      ...need,
      context: requestTagContext(input.Tags),
    })),
  access: 'write',
  handle: (input, call) => {
    const { workGroups } = athenaState(call.world, call.account, call.region);
    const name = input.Name ?? '';
    if (!/^[\w.-]{1,128}$/.test(name)) throw invalidRequest(`WorkGroup name ${name} is invalid.`);
    if (workGroups.has(name) || name === 'primary') throw invalidRequest('WorkGroup is already created');
    const tags = new Map<string, string>();
    setTags(tags, input.Tags);
    const workGroup: WorkGroup = {
      Name: name,
      State: 'ENABLED',
      Description: input.Description,
      CreationTime: new Date(call.world.clock.now()),
      Configuration: checked({
        EnforceWorkGroupConfiguration: true,
        PublishCloudWatchMetricsEnabled: true,
        ...input.Configuration,
        EngineVersion: engineVersion(),
      }),
    };
    workGroups.set(name, { workGroup, tags });
    return {};
  },
});

const checked = (configuration: WorkGroupConfiguration): WorkGroupConfiguration => {
  const location = configuration.ResultConfiguration?.OutputLocation;
  if (location !== undefined && !/^s3:\/\/[a-z0-9.-]{3,63}(\/|$)/.test(location))
    throw invalidRequest(`OutputLocation ${location} is not a valid S3 path.`);
  return configuration;
};

const getWorkGroup = operation<GetWorkGroupInput, GetWorkGroupOutput>({
  needs: (input, call) => workGroupNeed(call, 'athena:GetWorkGroup', input.WorkGroup),
  access: 'read',
  handle: (input, call) => ({ WorkGroup: structuredClone(existingWorkGroup(call, input.WorkGroup).workGroup) }),
});

const updateWorkGroup = operation<UpdateWorkGroupInput, UpdateWorkGroupOutput>({
  needs: (input, call) => workGroupNeed(call, 'athena:UpdateWorkGroup', input.WorkGroup),
  access: 'write',
  handle: (input, call) => {
    const record = existingWorkGroup(call, input.WorkGroup);
    const { workGroup } = record;
    record.workGroup = {
      ...workGroup,
      Description: input.Description ?? workGroup.Description,
      State: input.State ?? workGroup.State,
      Configuration: checked(updated(workGroup.Configuration ?? {}, input.ConfigurationUpdates ?? {})),
    };
    athenaState(call.world, call.account, call.region).workGroups.set(input.WorkGroup ?? '', record);
    return {};
  },
});

const updated = (
  before: WorkGroupConfiguration,
  { ResultConfigurationUpdates: results, RemoveBytesScannedCutoffPerQuery, ...changes }: WorkGroupConfigurationUpdates,
): WorkGroupConfiguration => {
  const given = Object.fromEntries(
    Object.entries(changes).filter(([key, value]) => key in CHANGEABLE && value !== undefined),
  );
  const after: WorkGroupConfiguration = { ...before, ...given };
  if (RemoveBytesScannedCutoffPerQuery) delete after.BytesScannedCutoffPerQuery;
  if (results) after.ResultConfiguration = updatedResults(before.ResultConfiguration ?? {}, results);
  return after;
};

/** Members that an update simply replaces. */
const CHANGEABLE: Readonly<Record<string, true>> = {
  EnforceWorkGroupConfiguration: true,
  PublishCloudWatchMetricsEnabled: true,
  BytesScannedCutoffPerQuery: true,
  RequesterPaysEnabled: true,
  AdditionalConfiguration: true,
  ExecutionRole: true,
  EnableMinimumEncryptionConfiguration: true,
};

const updatedResults = (before: ResultConfiguration, changes: ResultConfigurationUpdates): ResultConfiguration => {
  const after = { ...before };
  if (changes.RemoveOutputLocation) delete after.OutputLocation;
  if (changes.RemoveEncryptionConfiguration) delete after.EncryptionConfiguration;
  if (changes.RemoveExpectedBucketOwner) delete after.ExpectedBucketOwner;
  if (changes.OutputLocation !== undefined) after.OutputLocation = changes.OutputLocation;
  if (changes.EncryptionConfiguration) after.EncryptionConfiguration = changes.EncryptionConfiguration;
  if (changes.ExpectedBucketOwner !== undefined) after.ExpectedBucketOwner = changes.ExpectedBucketOwner;
  return after;
};

/** "A workgroup that has queries or named queries is deleted only with RecursiveDeleteOption": API_DeleteWorkGroup.html */
const deleteWorkGroup = operation<DeleteWorkGroupInput, DeleteWorkGroupOutput>({
  needs: (input, call) => workGroupNeed(call, 'athena:DeleteWorkGroup', input.WorkGroup),
  access: 'write',
  handle: (input, call) => {
    const name = input.WorkGroup ?? '';
    if (name === 'primary') throw invalidRequest('The primary workgroup cannot be deleted.');
    existingWorkGroup(call, name);
    const state = athenaState(call.world, call.account, call.region);
    const { executions } = athenaHistory(call.world, call.account, call.region);
    const ownQueries = [...executions].filter(([, { execution }]) => execution.WorkGroup === name);
    const ownNamed = [...state.namedQueries].filter(([, query]) => query.WorkGroup === name);
    if (!input.RecursiveDeleteOption && ownQueries.length + ownNamed.length > 0)
      throw invalidRequest(`WorkGroup ${name} is not empty`);
    for (const [id] of ownQueries) executions.delete(id);
    for (const [id] of ownNamed) state.namedQueries.delete(id);
    state.workGroups.delete(name);
    return {};
  },
});

const listWorkGroups = operation<ListWorkGroupsInput, ListWorkGroupsOutput>({
  needs: () => [{ action: 'athena:ListWorkGroups', resource: '*' }],
  access: 'read',
  handle: (input, call) => {
    const { workGroups } = athenaState(call.world, call.account, call.region);
    const all = new Map([['primary', primaryWorkGroup()]]);
    for (const [name, record] of workGroups) all.set(name, record.workGroup);
    const { items, next } = page(
      [...all.values()],
      input.NextToken,
      input.MaxResults ?? LARGEST_PAGE,
      'InvalidRequestException',
    );
    return {
      WorkGroups: items.map(({ Name, State, Description, CreationTime }) => ({
        Name,
        State,
        Description,
        CreationTime,
        EngineVersion: engineVersion(),
      })),
      NextToken: next,
    };
  },
});

const taggable = (call: Call, arn: string | undefined): WorkGroupRecord => {
  const prefix = workGroupArn(call.account, call.region, '');
  const record = athenaState(call.world, call.account, call.region).workGroups.get((arn ?? '').slice(prefix.length));
  if (!record || !arn?.startsWith(prefix))
    throw new AwsError('ResourceNotFoundException', `Resource ${arn ?? ''} is not found.`);
  return record;
};

const tagResource = operation<TagResourceInput, TagResourceOutput>({
  needs: (input) => [
    { action: 'athena:TagResource', resource: input.ResourceARN ?? '*', context: requestTagContext(input.Tags) },
  ],
  access: 'write',
  handle: (input, call) => {
    setTags(taggable(call, input.ResourceARN).tags, input.Tags);
    return {};
  },
});

const untagResource = operation<UntagResourceInput, UntagResourceOutput>({
  needs: (input) => [
    { action: 'athena:UntagResource', resource: input.ResourceARN ?? '*', context: tagKeysContext(input.TagKeys) },
  ],
  access: 'write',
  handle: (input, call) => {
    const { tags } = taggable(call, input.ResourceARN);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

const listTagsForResource = operation<ListTagsForResourceInput, ListTagsForResourceOutput>({
  needs: (input) => [{ action: 'athena:ListTagsForResource', resource: input.ResourceARN ?? '*' }],
  access: 'read',
  handle: (input, call) => ({ Tags: tagList(taggable(call, input.ResourceARN).tags) }),
});

export const workGroupOperations = {
  CreateWorkGroup: createWorkGroup,
  GetWorkGroup: getWorkGroup,
  UpdateWorkGroup: updateWorkGroup,
  DeleteWorkGroup: deleteWorkGroup,
  ListWorkGroups: listWorkGroups,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
};
