// Who gets access by a share, for people.

import { type Expression, sql } from 'kysely';
import type { PolicyManagementOptions, PrincipalType } from '../../graphql/schema-types.ts';
import { managedAs } from '../environment/consumption-principals.ts';
import { nameOfArn } from '../environment/environment.ts';
import type { ShareRow } from './queries.ts';

export interface PrincipalView {
  readonly principalId: string;
  readonly principalName: string;
  readonly principalType: PrincipalType;
  readonly principalRoleName: string | null;
  readonly SamlGroupName: string;
  readonly environmentName: string;
  readonly environmentUri: string | null;
  readonly IAMPrincipalType: string;
  readonly policyManagement: PolicyManagementOptions;
}

/** What the read model knows of a principal beside its name. */
interface KnownPrincipal {
  readonly id: string;
  readonly label: string;
  readonly arn: string | null;
  /** Of a Team. */
  readonly workgroup: string | null;
  readonly management: keyof typeof managedAs;
}

type Text = Expression<string>;

/** Of a Team or ConsumptionRole, as JSON; null where there is none. */
export const knownPrincipal = ({ kind, namespace, name }: Readonly<Record<'kind' | 'namespace' | 'name', Text>>) =>
  sql<KnownPrincipal | null>`(
    select json_build_object('id', group_name, 'label', group_name, 'arn', role_arn, 'workgroup', workgroup, 'management', 'Fully')
    from team where ${kind} = 'Team' and team.namespace = ${namespace} and team.name = ${name}
    union all
    select json_build_object('id', uri, 'label', label, 'arn', principal_arn, 'management', policy_management)
    from consumption_role as role where ${kind} = 'ConsumptionRole' and role.namespace = ${namespace} and role.name = ${name}
  )`;

export function principalView({
  request,
  namespace,
  environment_uri,
  principal_known: known,
}: ShareRow): PrincipalView {
  const { principal, requester } = request.spec;
  const arn = request.status.principalArn ?? known?.arn;
  const isUser = principal.kind === 'ConsumptionRole' && (arn?.includes(':user/') ?? false);
  return {
    SamlGroupName: requester,
    environmentName: namespace,
    environmentUri: environment_uri,
    principalId: known?.id ?? principal.name,
    principalName: known?.label ?? principal.name,
    principalType: principal.kind === 'Team' ? 'Group' : isUser ? 'ConsumptionUser' : 'ConsumptionRole',
    principalRoleName: arn ? nameOfArn(arn) : null,
    IAMPrincipalType: isUser ? 'USER' : 'ROLE',
    policyManagement: managedAs[known?.management ?? 'Fully'],
  };
}
