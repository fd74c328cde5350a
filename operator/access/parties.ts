// The two parties to a share: the data's and the consumer's, as their objects and status tell.
import { foldedName } from '../resources/names.ts';
import type { ConsumptionRole } from '../resources/consumption-role.ts';
import type { Dataset } from '../resources/dataset.ts';
import type { Environment } from '../resources/environment.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import type { Team } from '../resources/team.ts';
import type { Consumer, Grant, GrantPrincipal, Source } from './grant.ts';

/** The principal of a request, if its object exists. */
export type SharePrincipal =
  { readonly kind: 'Team'; readonly team: Team } | { readonly kind: 'ConsumptionRole'; readonly role: ConsumptionRole };

export const principalObject = (principal: SharePrincipal): Team | ConsumptionRole =>
  principal.kind === 'Team' ? principal.team : principal.role;

/** Roles that our own stack makes are bound by environment and group: a redeployed stack must not end access. */
export const isOwnStackRole = (principal: SharePrincipal): principal is { kind: 'Team'; team: Team } =>
  principal.kind === 'Team' && principal.team.spec.roleArn === undefined;

/** Undefined = there is no such object. */
export interface PartyObjects {
  readonly request: ShareRequest;
  readonly dataset: Dataset | undefined;
  readonly consumer: Environment | undefined;
  readonly principal: SharePrincipal | undefined;
}

/** The two parties to a share as far as objects and their status tell, whether or not anything is approved. */
export const partiesOf = ({
  request,
  dataset,
  consumer,
  principal,
}: PartyObjects): Pick<Grant, 'source' | 'consumer' | 'principal'> | undefined => {
  const source = dataset && sourceOf(dataset);
  const place = consumerOf(consumer);
  const grantee = principal && granteeOf(request, principal);
  return source && place && grantee && { source, consumer: place, principal: grantee };
};

/** Coordinates of the data, once the Dataset controller has found or made it. */
export const sourceOf = (dataset: Dataset): Source | undefined => {
  const { id, account, region, bucket, keyArn, glueDatabase } = dataset.status;
  if (
    id === undefined ||
    account === undefined ||
    region === undefined ||
    bucket === undefined ||
    glueDatabase === undefined
  )
    return undefined;
  const { namespace, name, uid } = dataset.metadata;
  return { dataset: { namespace, name, uid, id }, account, region, bucket, keyArn, database: foldedName(glueDatabase) };
};

export const consumerOf = (environment: Environment | undefined): Consumer | undefined => {
  if (environment?.status.id === undefined) return undefined;
  return {
    environment: { name: environment.metadata.name, uid: environment.metadata.uid, id: environment.status.id },
    account: environment.spec.account.id,
    region: environment.spec.account.region,
    resourcePrefix: environment.spec.resourcePrefix,
  };
};

/** The principal as AWS knows it; undefined until its controller has found or made it. */
export const granteeOf = (request: ShareRequest, principal: SharePrincipal): GrantPrincipal | undefined => {
  const { namespace } = request.metadata;
  if (principal.kind === 'Team') {
    const { metadata, status } = principal.team;
    if (status.id === undefined || status.roleArn === undefined || status.roleId === undefined) return undefined;
    return {
      reference: { kind: 'Team', namespace, name: metadata.name, id: status.id },
      arn: status.roleArn,
      uniqueId: status.roleId,
      policyManagement: 'Fully',
    };
  }
  const { metadata, spec, status } = principal.role;
  if (status.id === undefined || status.principalId === undefined) return undefined;
  return {
    reference: { kind: 'ConsumptionRole', namespace, name: metadata.name, id: status.id },
    arn: spec.principalArn,
    uniqueId: status.principalId,
    policyManagement: spec.policyManagement,
  };
};
