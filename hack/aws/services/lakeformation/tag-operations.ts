// LF-Tags made, changed, given to databases and tables, and shown. By administrators: who else may is a grant that is not had here.
// https://docs.aws.amazon.com/lake-formation/latest/dg/managing-tags.html
import type {
  AddLFTagsToResourceRequest,
  AddLFTagsToResourceResponse,
  CreateLFTagRequest,
  CreateLFTagResponse,
  DeleteLFTagRequest,
  DeleteLFTagResponse,
  GetLFTagRequest,
  GetLFTagResponse,
  GetResourceLFTagsRequest,
  GetResourceLFTagsResponse,
  LFTagPair,
  ListLFTagsRequest,
  ListLFTagsResponse,
  RemoveLFTagsFromResourceRequest,
  RemoveLFTagsFromResourceResponse,
  Resource,
  UpdateLFTagRequest,
  UpdateLFTagResponse,
} from '@aws-sdk/client-lakeformation';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import { Denied } from '../../core/authorization.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { findDatabase, findTable } from '../glue/catalog-state.ts';
import { ownCatalog } from './grant-rules.ts';
import { lakeNeed } from './lake-need.ts';
import { granteeArn } from './lake-principal.ts';
import { parseResource, resourceKey } from './lake-resource.ts';
import { isAdministrator, isReadOnlyAdministrator, lakeState, type LakeState } from './lake-state.ts';
import { ownTags, tagsOf, type TaggedResource } from './lake-tags.ts';
import { lakePage } from './list-permissions.ts';

/** "TagValues: minimum 1, maximum 50 items": API_CreateLFTag.html */
const MOST_VALUES = 50;

const stateOf = (call: Call): LakeState => lakeState(call.world, ownCatalog(call));

const demandAdministrator = (call: Call, toRead = false): void => {
  const arn = granteeArn(call.principal);
  if (isAdministrator(stateOf(call), arn) || (toRead && isReadOnlyAdministrator(stateOf(call), arn))) return;
  throw new Denied(
    'AccessDeniedException',
    'Insufficient Lake Formation permission(s) on LF-Tag.',
    'IAM allows the call, but the caller is no data lake administrator',
  );
};

/** Keys and values are kept in lower case: https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-notes.html */
const lower = (text: string | undefined): string => (text ?? '').toLowerCase();

const valuesOf = (call: Call, key: string | undefined): readonly string[] => {
  const values = stateOf(call).tags.get(lower(key));
  if (values === undefined) throw new AwsError('EntityNotFoundException', `Tag key ${lower(key)} does not exist.`);
  return values;
};

const checkedValues = (values: readonly string[]): string[] => {
  const all = [...new Set(values.map(lower))];
  if (all.length === 0 || all.length > MOST_VALUES)
    throw new AwsError('InvalidInputException', `An LF-Tag has 1 to ${String(MOST_VALUES)} values.`);
  return all;
};

const createLFTag = operation<CreateLFTagRequest, CreateLFTagResponse>({
  needs: lakeNeed('lakeformation:CreateLFTag'),
  access: 'write',
  handle: (input, call) => {
    demandAdministrator(call);
    const { tags } = stateOf(call);
    if (tags.has(lower(input.TagKey))) throw new AwsError('InvalidInputException', 'Tag key already exists.');
    tags.set(lower(input.TagKey), checkedValues(input.TagValues ?? []));
    return {};
  },
});

const getLFTag = operation<GetLFTagRequest, GetLFTagResponse>({
  needs: lakeNeed('lakeformation:GetLFTag'),
  access: 'read',
  handle: (input, call) => {
    demandAdministrator(call, true);
    return { CatalogId: call.account, TagKey: lower(input.TagKey), TagValues: [...valuesOf(call, input.TagKey)] };
  },
});

const listLFTags = operation<ListLFTagsRequest, ListLFTagsResponse>({
  needs: lakeNeed('lakeformation:ListLFTags'),
  access: 'read',
  handle: (input, call) => {
    demandAdministrator(call, true);
    const all = [...stateOf(call).tags].map(([TagKey, TagValues]) => pair(call, TagKey, TagValues));
    const { items, next } = lakePage(all, input.NextToken, input.MaxResults);
    return { LFTags: items, NextToken: next };
  },
});

const updateLFTag = operation<UpdateLFTagRequest, UpdateLFTagResponse>({
  needs: lakeNeed('lakeformation:UpdateLFTag'),
  access: 'write',
  handle: (input, call) => {
    demandAdministrator(call);
    const removed = (input.TagValuesToDelete ?? []).map(lower);
    const kept = valuesOf(call, input.TagKey).filter((value) => !removed.includes(value));
    const key = lower(input.TagKey);
    stateOf(call).tags.set(key, checkedValues([...kept, ...(input.TagValuesToAdd ?? [])]));
    for (const given of stateOf(call).tagged.values()) if (removed.includes(given.get(key) ?? '')) given.delete(key);
    return {};
  },
});

/** A tag that goes is taken from everything that carries it. */
const deleteLFTag = operation<DeleteLFTagRequest, DeleteLFTagResponse>({
  needs: lakeNeed('lakeformation:DeleteLFTag'),
  access: 'write',
  handle: (input, call) => {
    demandAdministrator(call);
    valuesOf(call, input.TagKey);
    stateOf(call).tags.delete(lower(input.TagKey));
    for (const given of stateOf(call).tagged.values()) given.delete(lower(input.TagKey));
    return {};
  },
});

const pair = (call: Call, TagKey: string, values: readonly string[]): LFTagPair => ({
  CatalogId: call.account,
  TagKey,
  TagValues: [...values],
});

/** @throws EntityNotFoundException for a database or table that does not exist */
const tagged = (call: Call, given: Resource | undefined): TaggedResource => {
  const resource = parseResource(given, call.account);
  if (resource.kind !== 'database' && resource.kind !== 'table') throw notImplemented(`LF-Tags of ${resource.kind}`);
  if (resource.catalogId !== call.account)
    throw new AwsError('AccessDeniedException', 'LF-Tags can be given by the owner of the resource only.');
  const ref = { ...resource, region: call.region };
  if (findDatabase(call.world, ref) === undefined) throw new AwsError('EntityNotFoundException', 'Database not found.');
  if (resource.kind === 'table' && findTable(call.world, { ...resource, region: call.region }) === undefined)
    throw new AwsError('EntityNotFoundException', 'Table not found.');
  return resource;
};

const addLFTagsToResource = operation<AddLFTagsToResourceRequest, AddLFTagsToResourceResponse>({
  needs: lakeNeed('lakeformation:AddLFTagsToResource'),
  access: 'write',
  handle: (input, call) => {
    demandAdministrator(call);
    const resource = tagged(call, input.Resource);
    const given = new Map(ownTags(call.world, ownCatalog(call), resource));
    for (const { TagKey, TagValues = [] } of input.LFTags ?? []) {
      const [value, more] = TagValues.map(lower);
      if (value === undefined || more !== undefined || !valuesOf(call, TagKey).includes(value))
        throw new AwsError('InvalidInputException', `LF-Tag ${lower(TagKey)} needs one of its values.`);
      given.set(lower(TagKey), value);
    }
    stateOf(call).tagged.set(resourceKey(resource), given);
    return { Failures: [] };
  },
});

const removeLFTagsFromResource = operation<RemoveLFTagsFromResourceRequest, RemoveLFTagsFromResourceResponse>({
  needs: lakeNeed('lakeformation:RemoveLFTagsFromResource'),
  access: 'write',
  handle: (input, call) => {
    demandAdministrator(call);
    const resource = tagged(call, input.Resource);
    const left = new Map(ownTags(call.world, ownCatalog(call), resource));
    for (const { TagKey } of input.LFTags ?? []) left.delete(lower(TagKey));
    if (left.size === 0) stateOf(call).tagged.delete(resourceKey(resource));
    else stateOf(call).tagged.set(resourceKey(resource), left);
    return { Failures: [] };
  },
});

/** With `ShowAssignedLFTags` only what the resource was given itself, without what it inherits. */
const getResourceLFTags = operation<GetResourceLFTagsRequest, GetResourceLFTagsResponse>({
  needs: lakeNeed('lakeformation:GetResourceLFTags'),
  access: 'read',
  handle: (input, call) => {
    demandAdministrator(call, true);
    const resource = tagged(call, input.Resource);
    const read = input.ShowAssignedLFTags === true ? ownTags : tagsOf;
    const tags = [...read(call.world, ownCatalog(call), resource)].map(([key, value]) => pair(call, key, [value]));
    if (resource.kind === 'table') return { LFTagsOnTable: tags };
    return { LFTagOnDatabase: tags };
  },
});

export const tagOperations = {
  CreateLFTag: createLFTag,
  GetLFTag: getLFTag,
  ListLFTags: listLFTags,
  UpdateLFTag: updateLFTag,
  DeleteLFTag: deleteLFTag,
  AddLFTagsToResource: addLFTagsToResource,
  RemoveLFTagsFromResource: removeLFTagsFromResource,
  GetResourceLFTags: getResourceLFTags,
};
