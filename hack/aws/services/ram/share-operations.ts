// RAM operations of the owner of a share, and the lists both sides read.
// https://docs.aws.amazon.com/ram/latest/APIReference/API_Operations.html
import type {
  AssociateResourceShareRequest,
  AssociateResourceShareResponse,
  DeleteResourceShareRequest,
  DeleteResourceShareResponse,
  DisassociateResourceShareRequest,
  DisassociateResourceShareResponse,
  GetResourceShareAssociationsRequest,
  GetResourceShareAssociationsResponse,
  GetResourceSharesRequest,
  GetResourceSharesResponse,
  ListPrincipalsRequest,
  ListPrincipalsResponse,
  ListResourcesRequest,
  ListResourcesResponse,
  ResourceShareAssociation,
} from '@aws-sdk/client-ram';
import { AwsError, notImplemented } from '../../core/aws-error.ts';
import type { Call, Need } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { page } from '../../core/pagination.ts';
import { principalAssociationView, resourceAssociationView, shareView } from './describe.ts';
import { sharesWithinOrganization } from './organization-sharing.ts';
import type { ResourceShare } from './ram-state.ts';
import { ramState, ramStates } from './ram-state.ts';
import { addPrincipal, addResource, deleteShare, removePrincipal, removeResource } from './shares.ts';

/** `maxResults` of RAM lists is 1..500. */
const LARGEST_PAGE = 500;

export const ramPage = <T>(all: readonly T[], token: string | undefined, size: number | undefined) =>
  page(all, token, size ?? LARGEST_PAGE, 'InvalidNextTokenException');

/** A need on all of RAM: reads name no resource. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsresourceaccessmanagerram.html */
export const readNeed = (action: string) => (): readonly Need[] => [{ action, resource: '*' }];

const shareNeed =
  (action: string) =>
  (input: { resourceShareArn?: string | undefined }, call: Call): readonly Need[] =>
    shareNeeds(action, ownShare(call, input.resourceShareArn));

const shareNeeds = (action: string, share: ResourceShare): readonly Need[] => [
  { action, resource: share.arn, context: { 'ram:ResourceShareName': share.name } },
];

const ownShare = (call: Call, arn: string | undefined): ResourceShare => {
  const share = ramState(call.world, call.account, call.region).shares.get(arn ?? '');
  if (!share) throw new AwsError('UnknownResourceException', `ResourceShare ${arn ?? ''} could not be found.`);
  return share;
};

const leavableShare = (call: Call, arn: string | undefined): ResourceShare =>
  acceptedShares(call).find((share) => share.arn === arn) ?? ownShare(call, arn);

/**
 * An account can leave what was shared with it alone, not what came from within its organization:
 * https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-leaving.html
 */
const demandLeaving = (call: Call, input: DisassociateResourceShareRequest): void => {
  const share = leavableShare(call, input.resourceShareArn);
  const itself = (input.principals ?? []).length === 1 && input.principals?.[0] === call.account;
  if (
    itself &&
    (input.resourceArns ?? []).length === 0 &&
    !sharesWithinOrganization(call.world, share.owner, call.account)
  )
    return;
  throw new AwsError(
    'OperationNotPermittedException',
    'You can take only your own account out of a resource share that you do not own, and not within an organization.',
  );
};

/** Shares of others that this account accepted. */
const acceptedShares = (call: Call): ResourceShare[] =>
  [...ramStates(call.world, call.region)]
    .flatMap((state) => [...state.shares.values()])
    .filter(
      (share) =>
        share.owner !== call.account &&
        [...share.principals.values()].some((entry) => entry.account === call.account && entry.status === 'ASSOCIATED'),
    );

const sharesFor = (call: Call, resourceOwner: string | undefined): ResourceShare[] => {
  if (resourceOwner === 'SELF') return [...ramState(call.world, call.account, call.region).shares.values()];
  if (resourceOwner === 'OTHER-ACCOUNTS') return acceptedShares(call);
  throw new AwsError('InvalidParameterException', 'resourceOwner must be SELF or OTHER-ACCOUNTS.');
};

const getResourceShares = operation<GetResourceSharesRequest, GetResourceSharesResponse>({
  needs: readNeed('ram:GetResourceShares'),
  access: 'read',
  handle: (input, call) => {
    const shares = sharesFor(call, input.resourceOwner)
      .filter((share) => !input.resourceShareArns || input.resourceShareArns.includes(share.arn))
      .filter((share) => !input.name || input.name === share.name)
      .filter(() => !input.resourceShareStatus || input.resourceShareStatus === 'ACTIVE');
    const { items, next } = ramPage(shares, input.nextToken, input.maxResults);
    return { resourceShares: items.map(shareView), nextToken: next };
  },
});

const getResourceShareAssociations = operation<
  GetResourceShareAssociationsRequest,
  GetResourceShareAssociationsResponse
>({
  needs: readNeed('ram:GetResourceShareAssociations'),
  access: 'read',
  handle: (input, call) => {
    const found = sharesFor(call, 'SELF')
      .filter((share) => !input.resourceShareArns || input.resourceShareArns.includes(share.arn))
      .flatMap((share) => associationsOf(call, share, input.associationType))
      .filter((entry) => !input.resourceArn || entry.associatedEntity === input.resourceArn)
      .filter((entry) => !input.principal || entry.associatedEntity === input.principal)
      .filter((entry) => !input.associationStatus || entry.status === input.associationStatus);
    const { items, next } = ramPage(found, input.nextToken, input.maxResults);
    return { resourceShareAssociations: items, nextToken: next };
  },
});

const associationsOf = (call: Call, share: ResourceShare, type: string | undefined): ResourceShareAssociation[] => {
  if (type === 'RESOURCE') return [...share.resources.values()].map((entry) => resourceAssociationView(share, entry));
  if (type === 'PRINCIPAL')
    return [...share.principals.values()].map((entry) => principalAssociationView(call.world, share, entry));
  throw new AwsError('InvalidParameterException', 'associationType must be RESOURCE or PRINCIPAL.');
};

const listResources = operation<ListResourcesRequest, ListResourcesResponse>({
  needs: readNeed('ram:ListResources'),
  access: 'read',
  handle: (input, call) => {
    const resources = sharesFor(call, input.resourceOwner)
      .filter((share) => !input.resourceShareArns || input.resourceShareArns.includes(share.arn))
      .filter((share) => !input.principal || holds(share, input.principal))
      .flatMap((share) => [...share.resources.values()].map((resource) => ({ share, resource })))
      .filter(({ resource }) => !input.resourceType || input.resourceType === resource.type)
      .filter(({ resource }) => !input.resourceArns || input.resourceArns.includes(resource.arn));
    const { items, next } = ramPage(resources, input.nextToken, input.maxResults);
    return {
      resources: items.map(({ share, resource }) => ({
        arn: resource.arn,
        type: resource.type,
        resourceShareArn: share.arn,
        status: 'AVAILABLE' as const,
        creationTime: new Date(resource.since),
        lastUpdatedTime: new Date(resource.since),
        resourceRegionScope: 'REGIONAL' as const,
      })),
      nextToken: next,
    };
  },
});

const holds = (share: ResourceShare, principal: string): boolean =>
  share.principals.has(principal) || share.owner === principal;

const listPrincipals = operation<ListPrincipalsRequest, ListPrincipalsResponse>({
  needs: readNeed('ram:ListPrincipals'),
  access: 'read',
  handle: (input, call) => {
    const principals = sharesFor(call, input.resourceOwner)
      .filter((share) => !input.resourceShareArns || input.resourceShareArns.includes(share.arn))
      .filter((share) => !input.resourceArn || share.resources.has(input.resourceArn))
      .flatMap((share) => principalsSeen(call, share, input.resourceOwner))
      .filter((entry) => !input.principals || input.principals.includes(entry.associatedEntity ?? ''));
    const { items, next } = ramPage(principals, input.nextToken, input.maxResults);
    return {
      principals: items.map((entry) => ({
        id: entry.associatedEntity,
        resourceShareArn: entry.resourceShareArn,
        creationTime: entry.creationTime,
        lastUpdatedTime: entry.lastUpdatedTime,
        external: entry.external,
      })),
      nextToken: next,
    };
  },
});

/** The owner sees whom a share is for; the others see who shares with them. */
const principalsSeen = (call: Call, share: ResourceShare, owner: string | undefined): ResourceShareAssociation[] =>
  owner === 'SELF'
    ? associationsOf(call, share, 'PRINCIPAL')
    : [
        {
          resourceShareArn: share.arn,
          associatedEntity: share.owner,
          creationTime: new Date(share.createdAt),
          lastUpdatedTime: new Date(share.updatedAt),
          external: !sharesWithinOrganization(call.world, share.owner, call.account),
        },
      ];

const deleteResourceShare = operation<DeleteResourceShareRequest, DeleteResourceShareResponse>({
  needs: shareNeed('ram:DeleteResourceShare'),
  access: 'write',
  handle: (input, call) => {
    deleteShare(call.world, ownShare(call, input.resourceShareArn));
    return { returnValue: true, clientToken: input.clientToken };
  },
});

const associateResourceShare = operation<AssociateResourceShareRequest, AssociateResourceShareResponse>({
  needs: shareNeed('ram:AssociateResourceShare'),
  access: 'write',
  handle: (input, call) => {
    const share = ownShare(call, input.resourceShareArn);
    for (const arn of input.resourceArns ?? []) addOwnResource(call, share, arn);
    for (const principal of input.principals ?? []) addPrincipal(call.world, share, accountNamed(principal));
    return { resourceShareAssociations: associationsNamed(call, share, input), clientToken: input.clientToken };
  },
});

/** A role or user cannot be a principal of these resources, see `SharePrincipal`. */
const accountNamed = (principal: string): string => {
  if (/^\d{12}$/.test(principal)) return principal;
  if (principal.startsWith('arn:aws:organizations:')) throw notImplemented('RAM shares for organizations');
  throw new AwsError(
    'InvalidParameterException',
    `Principal ${principal} is not an account; resources of AWS Glue can be shared with accounts only.`,
  );
};

const addOwnResource = (call: Call, share: ResourceShare, arn: string): void => {
  if (arn.split(':')[4] !== call.account)
    throw new AwsError('OperationNotPermittedException', `Resource ${arn} is not owned by account ${call.account}.`);
  addResource(call.world, share, arn);
};

/** Not only the owner's: who received a share leaves it by taking itself out. */
const disassociateResourceShare = operation<DisassociateResourceShareRequest, DisassociateResourceShareResponse>({
  needs: (input, call) => shareNeeds('ram:DisassociateResourceShare', leavableShare(call, input.resourceShareArn)),
  access: 'write',
  handle: (input, call) => {
    const share = leavableShare(call, input.resourceShareArn);
    if (share.owner !== call.account) demandLeaving(call, input);
    const associations = associationsNamed(call, share, input).map((entry) => ({
      ...entry,
      status: 'DISASSOCIATED' as const,
    }));
    for (const arn of input.resourceArns ?? []) removeResource(call.world, share, arn);
    for (const principal of input.principals ?? []) removePrincipal(call.world, share, principal);
    return { resourceShareAssociations: associations, clientToken: input.clientToken };
  },
});

const associationsNamed = (
  call: Call,
  share: ResourceShare,
  input: { resourceArns?: string[] | undefined; principals?: string[] | undefined },
): ResourceShareAssociation[] => {
  const named = new Set([...(input.resourceArns ?? []), ...(input.principals ?? [])]);
  return [...associationsOf(call, share, 'RESOURCE'), ...associationsOf(call, share, 'PRINCIPAL')].filter((entry) =>
    named.has(entry.associatedEntity ?? ''),
  );
};

export const shareOperations = {
  GetResourceShares: getResourceShares,
  GetResourceShareAssociations: getResourceShareAssociations,
  ListResources: listResources,
  ListPrincipals: listPrincipals,
  DeleteResourceShare: deleteResourceShare,
  AssociateResourceShare: associateResourceShare,
  DisassociateResourceShare: disassociateResourceShare,
};
