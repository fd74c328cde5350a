// Opt-ins of hybrid access mode: for whom Lake Formation decides although IAMAllowedPrincipals still holds Super.
// https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode.html
import type {
  CreateLakeFormationOptInRequest,
  CreateLakeFormationOptInResponse,
  DeleteLakeFormationOptInRequest,
  DeleteLakeFormationOptInResponse,
  ListLakeFormationOptInsRequest,
  ListLakeFormationOptInsResponse,
} from '@aws-sdk/client-lakeformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { lakeNeed } from './lake-need.ts';
import { checkAuthority, checkPrincipal, checkResource, ownCatalog } from './grant-rules.ts';
import { granteeArn, IAM_ALLOWED_PRINCIPALS } from './lake-principal.ts';
import type { LakeResource } from './lake-resource.ts';
import { parseResource, resourceKey, resourceView } from './lake-resource.ts';
import type { OptIn } from './lake-state.ts';
import { grantKey, lakeState } from './lake-state.ts';
import { lakePage } from './list-permissions.ts';

const invalid = (message: string): AwsError => new AwsError('InvalidInputException', message);

const readOptIn = (
  call: Call,
  input: CreateLakeFormationOptInRequest,
): { principal: string; resource: LakeResource } => {
  const resource = parseResource(input.Resource, call.account);
  if (resource.kind !== 'database' && resource.kind !== 'table')
    throw invalid('Opt-ins are supported on databases and tables.');
  if (resource.catalogId !== call.account) throw invalid('Opt-ins are made in the account that owns the resource.');
  const principal = input.Principal?.DataLakePrincipalIdentifier ?? '';
  if (principal === IAM_ALLOWED_PRINCIPALS) throw invalid('IAMAllowedPrincipals cannot opt in.');
  // To opt somebody in is to decide about the resource: what a grantor may do.
  checkAuthority(call, { resource, permissions: ['DESCRIBE'] });
  return { principal, resource };
};

const createOptIn = operation<CreateLakeFormationOptInRequest, CreateLakeFormationOptInResponse>({
  needs: lakeNeed('lakeformation:CreateLakeFormationOptIn'),
  access: 'write',
  handle: (input, call) => {
    const { principal, resource } = readOptIn(call, input);
    checkPrincipal(call, principal);
    checkResource(call.world, { principal, resource, permissions: [], grantable: [] }, call.region);
    const { optIns } = lakeState(call.world, ownCatalog(call));
    optIns.set(grantKey(principal, resource), {
      principal,
      resource,
      updatedAt: call.world.clock.now(),
      updatedBy: granteeArn(call.principal),
    });
    return {};
  },
});

const deleteOptIn = operation<DeleteLakeFormationOptInRequest, DeleteLakeFormationOptInResponse>({
  needs: lakeNeed('lakeformation:DeleteLakeFormationOptIn'),
  access: 'write',
  handle: (input, call) => {
    const { principal, resource } = readOptIn(call, input);
    const { optIns } = lakeState(call.world, ownCatalog(call));
    if (!optIns.delete(grantKey(principal, resource)))
      throw new AwsError('EntityNotFoundException', 'Opt-in not found.');
    return {};
  },
});

/**
 * A role of another account as filter is refused, although it can be opted in (seen on AWS:
 * hashicorp/terraform-provider-aws issue 49106). List without it.
 */
const listOptIns = operation<ListLakeFormationOptInsRequest, ListLakeFormationOptInsResponse>({
  needs: lakeNeed('lakeformation:ListLakeFormationOptIns'),
  access: 'read',
  handle: (input, call) => {
    const principal = input.Principal?.DataLakePrincipalIdentifier;
    if (principal?.startsWith('arn:') === true && principal.split(':')[4] !== call.account)
      throw invalid('Cross account principals are not supported.');
    const resource = input.Resource ? resourceKey(parseResource(input.Resource, call.account)) : undefined;
    const all = [...lakeState(call.world, ownCatalog(call)).optIns.values()]
      .filter((optIn) => principal === undefined || optIn.principal === principal)
      .filter((optIn) => resource === undefined || resourceKey(optIn.resource) === resource);
    const { items, next } = lakePage(all, input.NextToken, input.MaxResults);
    return { LakeFormationOptInsInfoList: items.map(view), NextToken: next };
  },
});

const view = (optIn: OptIn) => ({
  Principal: { DataLakePrincipalIdentifier: optIn.principal },
  Resource: resourceView(optIn.resource),
  LastModified: new Date(optIn.updatedAt),
  LastUpdatedBy: optIn.updatedBy,
});

export const optInOperations = {
  CreateLakeFormationOptIn: createOptIn,
  DeleteLakeFormationOptIn: deleteOptIn,
  ListLakeFormationOptIns: listOptIns,
};
