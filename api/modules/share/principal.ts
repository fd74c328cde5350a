// Who gets access by a share, for people.

import type { PolicyManagementOptions, PrincipalType } from '../../graphql/schema-types.ts';
import type { Database } from '../../read-model/database.ts';
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
  readonly IAMPrincipalType: string;
  readonly policyManagement: PolicyManagementOptions;
}

const nameOf = (arn: string | null | undefined): string | null => (arn ? nameOfArn(arn) : null);

export async function principalView(database: Database, { request, namespace }: ShareRow): Promise<PrincipalView> {
  const { principal, requester } = request.spec;
  const common = { SamlGroupName: requester, environmentName: namespace };
  if (principal.kind === 'Team') {
    const team = await database
      .selectFrom('team')
      .select(['group_name', 'role_arn'])
      .where('namespace', '=', namespace)
      .where('name', '=', principal.name)
      .executeTakeFirst();
    return {
      ...common,
      principalId: team?.group_name ?? principal.name,
      principalName: team?.group_name ?? principal.name,
      principalType: 'Group',
      principalRoleName: nameOf(request.status.principalArn ?? team?.role_arn),
      IAMPrincipalType: 'ROLE',
      policyManagement: managedAs.Fully,
    };
  }
  const role = await database
    .selectFrom('consumption_role')
    .select(['uri', 'label', 'principal_arn', 'policy_management'])
    .where('namespace', '=', namespace)
    .where('name', '=', principal.name)
    .executeTakeFirst();
  const arn = request.status.principalArn ?? role?.principal_arn;
  const isUser = arn?.includes(':user/') ?? false;
  return {
    ...common,
    principalId: role?.uri ?? principal.name,
    principalName: role?.label ?? principal.name,
    principalType: isUser ? 'ConsumptionUser' : 'ConsumptionRole',
    principalRoleName: nameOf(arn),
    IAMPrincipalType: isUser ? 'USER' : 'ROLE',
    policyManagement: managedAs[role?.policy_management ?? 'Fully'],
  };
}
