// ListPermissions and GetEffectivePermissionsForPath: grants in their wire form.
// https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
import type {
  GetEffectivePermissionsForPathRequest,
  GetEffectivePermissionsForPathResponse,
  ListPermissionsRequest,
  ListPermissionsResponse,
  Permission,
  PrincipalResourcePermissions,
} from '@aws-sdk/client-lakeformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import type { World } from '../../core/world.ts';
import { findDatabase, findTable } from '../glue/catalog-state.ts';
import { sharesOf } from '../ram/shares.ts';
import { lakeNeed } from './lake-need.ts';
import { ownCatalog } from './grant-rules.ts';
import { granteeAccount, granteeArn } from './lake-principal.ts';
import type { LakeResource } from './lake-resource.ts';
import { parseResource, resourceKey, resourceView, sharedArn } from './lake-resource.ts';
import type { Grant, LakeState } from './lake-state.ts';
import { grantsGiven, isAdministrator, isReadOnlyAdministrator, lakeState } from './lake-state.ts';

/** MaxResults of Lake Formation lists is 1..1000. */
const LARGEST_PAGE = 1000;

export const lakePage = <T>(all: readonly T[], token: string | undefined, size: number | undefined) =>
  page(all, token, size ?? LARGEST_PAGE, 'InvalidInputException');

/** A grant with the account whose state holds it. */
interface Listed {
  readonly owner: string;
  readonly grant: Grant;
}

const listPermissions = operation<ListPermissionsRequest, ListPermissionsResponse>({
  needs: lakeNeed('lakeformation:ListPermissions'),
  access: 'read',
  handle: (input, call) => {
    const wanted = matcher(input, call);
    const all = visibleGrants(call)
      .filter(({ grant }) => wanted(grant))
      .flatMap((listed) => views(call.world, call.region, listed));
    const { items, next } = lakePage(all, input.NextToken, input.MaxResults);
    return { PrincipalResourcePermissions: items, NextToken: next };
  },
});

const getEffectivePermissionsForPath = operation<
  GetEffectivePermissionsForPathRequest,
  GetEffectivePermissionsForPathResponse
>({
  needs: lakeNeed('lakeformation:GetEffectivePermissionsForPath'),
  access: 'read',
  handle: (input, call) => {
    const path = `${(input.ResourceArn ?? '').replace(/\/$/, '')}/`;
    const all = visibleGrants(call)
      .filter(({ grant }) => locationsOf(call, grant.resource).some((location) => path.startsWith(location)))
      .flatMap((listed) => views(call.world, call.region, listed));
    const { items, next } = lakePage(all, input.NextToken, input.MaxResults);
    return { Permissions: items, NextToken: next };
  },
});

/** S3 ARNs (with a closing slash) of what a grant is on. */
const locationsOf = (call: Call, resource: LakeResource): string[] => {
  const ref = ownCatalog(call);
  const paths: (string | undefined)[] = [];
  if (resource.kind === 'location') paths.push(resource.arn);
  else if ('table' in resource)
    paths.push(findTable(call.world, { ...ref, ...resource })?.table.StorageDescriptor?.Location);
  else if (resource.kind === 'database')
    paths.push(findDatabase(call.world, { ...ref, ...resource })?.database.LocationUri);
  return paths
    .filter((path) => path !== undefined)
    .map((path) => `${path.replace(/^s3a?:\/\//, 'arn:aws:s3:::').replace(/\/$/, '')}/`);
};

/**
 * What the caller may list: administrators everything the account gave and was given, others what they hold and what they
 * may pass on.
 */
const visibleGrants = (call: Call): Listed[] => {
  const ref = ownCatalog(call);
  const arn = granteeArn(call.principal);
  const state = lakeState(call.world, ref);
  const given = grantsGiven(call.world, ref).map((grant) => ({ owner: call.account, grant }));
  const received = grantsReceived(call);
  if (isAdministrator(state, arn) || isReadOnlyAdministrator(state, arn)) return [...given, ...received];
  const names = new Set([arn, `${call.account}:IAMPrincipals`]);
  const passable = new Set(
    given
      .filter(({ grant }) => names.has(grant.principal) && grant.grantable.length > 0)
      .map(({ grant }) => resourceKey(grant.resource)),
  );
  return [...given, ...received].filter(
    ({ grant }) => names.has(grant.principal) || passable.has(resourceKey(grant.resource)),
  );
};

/** Grants of other accounts to this one or its principals, in shares this account accepted. */
const grantsReceived = (call: Call): Listed[] => {
  const received: Listed[] = [];
  for (const { account, region, state } of call.world.states<LakeState>('lakeformation')) {
    if (account === call.account || region !== call.region) continue;
    for (const grant of state.grants.values())
      if (isFor(call.account, grant) && shareArns(call.world, call.region, { owner: account, grant }, true).length > 0)
        received.push({ owner: account, grant });
  }
  return received;
};

const isFor = (account: string, grant: Grant): boolean => granteeAccount(grant.principal) === account;

const shareArns = (world: World, region: string, { owner, grant }: Listed, acceptedOnly: boolean): string[] => {
  const arn = sharedArn(grant.resource, region);
  const account = granteeAccount(grant.principal);
  if (!arn || account === undefined) return [];
  return [...sharesOf(world, owner, region, arn, account)]
    .filter(({ association }) => !acceptedOnly || association.status === 'ASSOCIATED')
    .map(({ share }) => share.arn);
};

const TYPES: Readonly<Record<string, readonly LakeResource['kind'][]>> = {
  CATALOG: ['catalog'],
  DATABASE: ['database'],
  TABLE: ['table', 'columns'],
  DATA_LOCATION: ['location'],
  LF_TAG_POLICY: ['tag-policy'],
  LF_TAG_POLICY_DATABASE: ['tag-policy'],
  LF_TAG_POLICY_TABLE: ['tag-policy'],
};

/**
 * The request's filters as one question. Asked for a table, AWS answers with its column grants, and with IncludeRelated TRUE with
 * those on its data cells filters ("the Principal parameter must not be specified"); it cannot be asked for a table with columns.
 * A role of another account as principal finds no data cells filter grants (seen on AWS: hashicorp/terraform-provider-aws
 * issue 48360).
 */
const matcher = (input: ListPermissionsRequest, call: Call): ((grant: Grant) => boolean) => {
  if (input.Resource?.TableWithColumns)
    throw invalid('ListPermissions does not support TableWithColumns. Use Table instead.');
  const principal = input.Principal?.DataLakePrincipalIdentifier;
  const related = input.IncludeRelated?.toUpperCase() === 'TRUE';
  if (related && principal !== undefined) throw invalid('Principal must not be specified with IncludeRelated.');
  const resource = input.Resource ? parseResource(input.Resource, input.CatalogId ?? call.account) : undefined;
  const kinds = input.ResourceType ? (TYPES[input.ResourceType] ?? []) : undefined;
  const policyType = /^LF_TAG_POLICY_(.+)$/.exec(input.ResourceType ?? '')?.[1];
  const foreignRole = principal?.startsWith('arn:') === true && principal.split(':')[4] !== call.account;
  return (grant) =>
    (principal === undefined || grant.principal === principal) &&
    !(foreignRole && grant.resource.kind === 'filter') &&
    (kinds === undefined || kinds.includes(grant.resource.kind)) &&
    (policyType === undefined || (grant.resource.kind === 'tag-policy' && grant.resource.type === policyType)) &&
    (resource === undefined || isOf(grant.resource, resource, related));
};

const isOf = (candidate: LakeResource, asked: LakeResource, related: boolean): boolean => {
  if (asked.kind === 'table' && 'table' in candidate && (related || candidate.kind !== 'filter'))
    return (
      candidate.catalogId === asked.catalogId &&
      candidate.database === asked.database &&
      candidate.table === asked.table
    );
  return resourceKey(candidate) === resourceKey(asked);
};

const invalid = (message: string): AwsError => new AwsError('InvalidInputException', message);

/** SELECT on a whole table is listed apart from its other permissions (see `resourceView`). */
const views = (world: World, region: string, listed: Listed): PrincipalResourcePermissions[] => {
  const { grant } = listed;
  const shares = shareArns(world, region, listed, false);
  const view = (select: boolean, keep: (permission: Permission) => boolean): PrincipalResourcePermissions[] => {
    const permissions = grant.permissions.filter(keep);
    if (permissions.length === 0) return [];
    return [
      {
        Principal: { DataLakePrincipalIdentifier: grant.principal },
        Resource: resourceView(grant.resource, select),
        Permissions: permissions,
        PermissionsWithGrantOption: grant.grantable.filter(keep),
        ...(shares.length > 0 ? { AdditionalDetails: { ResourceShare: shares } } : {}),
        LastUpdated: new Date(grant.updatedAt),
        LastUpdatedBy: grant.updatedBy,
      },
    ];
  };
  if (grant.resource.kind !== 'table') return view(false, () => true);
  return [...view(false, (entry) => entry !== 'SELECT'), ...view(true, (entry) => entry === 'SELECT')];
};

export const listOperations = {
  ListPermissions: listPermissions,
  GetEffectivePermissionsForPath: getEffectivePermissionsForPath,
};
