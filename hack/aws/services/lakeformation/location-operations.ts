// Registered S3 locations: RegisterResource, UpdateResource, DeregisterResource, DescribeResource, ListResources.
// https://docs.aws.amazon.com/lake-formation/latest/dg/register-data-lake.html
import type {
  DeregisterResourceRequest,
  DeregisterResourceResponse,
  DescribeResourceRequest,
  DescribeResourceResponse,
  FilterCondition,
  ListResourcesRequest,
  ListResourcesResponse,
  RegisterResourceRequest,
  RegisterResourceResponse,
  ResourceInfo,
  UpdateResourceRequest,
  UpdateResourceResponse,
} from '@aws-sdk/client-lakeformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { iamState } from '../iam/state.ts';
import { lakeCatalogArn, lakeNeed } from './lake-need.ts';
import { ownCatalog } from './grant-rules.ts';
import type { Registration } from './lake-state.ts';
import { lakeState } from './lake-state.ts';
import { lakePage } from './list-permissions.ts';
import { openLocation, serviceLinkedRoleArn } from './service-linked-role.ts';

/** `arn:aws:s3:::bucket` or `arn:aws:s3:::bucket/prefix`, without a closing slash. */
const locationArn = (arn: string | undefined): string => {
  const found = /^(arn:aws:s3:::[a-z0-9.-]{3,63}(?:\/.*?)?)\/*$/.exec(arn ?? '');
  if (!found) throw new AwsError('InvalidInputException', `Invalid S3 location ${arn ?? ''}.`);
  return found[1] ?? '';
};

const registered = (call: Call, arn: string | undefined): Registration => {
  const found = lakeState(call.world, ownCatalog(call)).registrations.get(locationArn(arn));
  if (!found) throw new AwsError('EntityNotFoundException', 'Entity not found.');
  return found;
};

/** Registering with a role of one's own passes that role to Lake Formation; the service-linked role is made at need. */
const roleNeeds = (call: Call, action: string, roleArn: string | undefined): Need[] => [
  { action, resource: lakeCatalogArn(call) },
  ...(roleArn
    ? [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:PassedToService': 'lakeformation.amazonaws.com' } }]
    : []),
];

const demandRole = (call: Call, roleArn: string): void => {
  const found = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn);
  const role = found ? iamState(call.world, found[1] ?? '').roles.get(found[2] ?? '') : undefined;
  if (!found || found[1] !== call.account || role?.arn !== roleArn)
    throw new AwsError('InvalidInputException', `Role ${roleArn} does not exist in account ${call.account}.`);
};

const registerResource = operation<RegisterResourceRequest, RegisterResourceResponse>({
  needs: (input, call) =>
    roleNeeds(call, 'lakeformation:RegisterResource', input.UseServiceLinkedRole ? undefined : input.RoleArn),
  access: 'write',
  handle: async (input, call) => {
    const arn = locationArn(input.ResourceArn);
    const { registrations } = lakeState(call.world, ownCatalog(call));
    if (registrations.has(arn))
      throw new AwsError('AlreadyExistsException', 'An error occurred: Resource is already registered.');
    if (input.UseServiceLinkedRole === true && input.RoleArn)
      throw new AwsError('InvalidInputException', 'Only one of RoleArn and UseServiceLinkedRole may be set.');
    if (input.UseServiceLinkedRole !== true && !input.RoleArn)
      throw new AwsError('InvalidInputException', 'RoleArn must be set unless UseServiceLinkedRole is true.');
    const roleArn = input.RoleArn ?? serviceLinkedRoleArn(call.account);
    if (input.RoleArn) demandRole(call, roleArn);
    else await openLocation(call, arn);
    registrations.set(arn, {
      arn,
      roleArn,
      hybrid: input.HybridAccessEnabled ?? false,
      modifiedAt: call.world.clock.now(),
    });
    return {};
  },
});

const updateResource = operation<UpdateResourceRequest, UpdateResourceResponse>({
  needs: (input, call) => roleNeeds(call, 'lakeformation:UpdateResource', input.RoleArn),
  access: 'write',
  handle: async (input, call) => {
    const registration = registered(call, input.ResourceArn);
    const roleArn = input.RoleArn ?? '';
    if (roleArn === serviceLinkedRoleArn(call.account)) await openLocation(call, registration.arn);
    else demandRole(call, roleArn);
    registration.roleArn = roleArn;
    registration.hybrid = input.HybridAccessEnabled ?? registration.hybrid;
    registration.modifiedAt = call.world.clock.now();
    return {};
  },
});

const deregisterResource = operation<DeregisterResourceRequest, DeregisterResourceResponse>({
  needs: lakeNeed('lakeformation:DeregisterResource'),
  access: 'write',
  handle: (input, call) => {
    const { arn } = registered(call, input.ResourceArn);
    lakeState(call.world, ownCatalog(call)).registrations.delete(arn);
    return {};
  },
});

const describeResource = operation<DescribeResourceRequest, DescribeResourceResponse>({
  needs: lakeNeed('lakeformation:DescribeResource'),
  access: 'read',
  handle: (input, call) => ({ ResourceInfo: view(registered(call, input.ResourceArn)) }),
});

const listResources = operation<ListResourcesRequest, ListResourcesResponse>({
  needs: lakeNeed('lakeformation:ListResources'),
  access: 'read',
  handle: (input, call) => {
    const all = [...lakeState(call.world, ownCatalog(call)).registrations.values()].map(view);
    const kept = all.filter((info) => (input.FilterConditionList ?? []).every((condition) => meets(info, condition)));
    const { items, next } = lakePage(kept, input.NextToken, input.MaxResults);
    return { ResourceInfoList: items, NextToken: next };
  },
});

const view = (registration: Registration): ResourceInfo => ({
  ResourceArn: registration.arn,
  RoleArn: registration.roleArn,
  LastModified: new Date(registration.modifiedAt),
  WithFederation: false,
  HybridAccessEnabled: registration.hybrid,
});

const meets = (info: ResourceInfo, { Field, ComparisonOperator, StringValueList }: FilterCondition): boolean => {
  const value = Field === 'ROLE_ARN' ? info.RoleArn : info.ResourceArn;
  const wanted = StringValueList ?? [];
  if (Field === 'LAST_MODIFIED' || !value) throw new AwsError('InvalidInputException', 'Unsupported filter condition.');
  if (ComparisonOperator === 'EQ' || ComparisonOperator === 'IN') return wanted.includes(value);
  if (ComparisonOperator === 'NE') return !wanted.includes(value);
  if (ComparisonOperator === 'BEGINS_WITH') return wanted.some((start) => value.startsWith(start));
  if (ComparisonOperator === 'CONTAINS') return wanted.some((part) => value.includes(part));
  throw new AwsError('InvalidInputException', `Unsupported comparison operator ${ComparisonOperator ?? ''}.`);
};

export const locationOperations = {
  RegisterResource: registerResource,
  UpdateResource: updateResource,
  DeregisterResource: deregisterResource,
  DescribeResource: describeResource,
  ListResources: listResources,
};
