// Changes of roles and users that may be given access: written as ConsumptionRole objects in the name of who asks.

import { consumptionRoleKind, type ConsumptionRole } from '../../../operator/resources/consumption-role.ts';
import type { MutationResolvers } from '../../graphql/schema-types.ts';
import type { Attempt } from '../../kubernetes/refusal.ts';
import { objectName } from '../../kubernetes/object-name.ts';
import { asRead } from '../../read-model/object-columns.ts';
import { consumptionRoleRow } from '../../read-model/projections/consumption-role.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, invalidInput } from '../../server/failure.ts';
import { requiredText } from '../../server/input.ts';
import { consumptionPrincipalFor, managementOf, type ConsumptionPrincipalRow } from './consumption-principals.ts';
import { roleIn, type EnvironmentRow } from './environment.ts';
import { environmentFor } from './queries.ts';
import { teamOf } from './teams.ts';

const attemptOn = (action: string, permission: string, uri: string): Attempt => ({
  action,
  permission,
  what: 'Environment',
  uri,
});

const answered = (role: ConsumptionRole, environment: EnvironmentRow): ConsumptionPrincipalRow => ({
  ...asRead(consumptionRoleRow(role)),
  environment_uri: environment.uri,
});

export const consumptionPrincipalMutations: MutationResolvers = {
  addConsumptionPrincipalToEnvironment: async (_, { input }, context) => {
    const action = 'ADD_CONSUMPTION_PRINCIPAL';
    const attempt = attemptOn(action, 'ADD_ENVIRONMENT_CONSUMPTION_ROLES', input.environmentUri);
    const label = requiredText(action, 'consumptionPrincipalName', input.consumptionPrincipalName);
    const owner = requiredText(action, 'groupUri', input.groupUri);
    const principalArn = requiredText(action, 'IAMPrincipalArn', input.IAMPrincipalArn);
    const environment = await environmentFor(context, action, input.environmentUri);
    await demandGroup(context, action, environment, owner);
    const spec = { label, owner, principalArn, policyManagement: managementOf[input.dataallManaged] };
    const name = await nameFor(context, environment, spec);
    const { dryRun } = context;
    const where = { namespace: environment.name, name };
    const made = await context.kubernetes.create(consumptionRoleKind, where, spec, { attempt, dryRun });
    return answered(made, environment);
  },

  updateConsumptionPrincipal: async (_, { environmentUri, consumptionPrincipalUri, input }, context) => {
    const action = 'UPDATE_CONSUMPTION_PRINCIPAL';
    const environment = await environmentFor(context, action, environmentUri);
    const { namespace, name } = await consumptionPrincipalFor(
      context,
      action,
      environment.name,
      consumptionPrincipalUri,
    );
    const owner = input?.groupUri;
    if (owner) await demandGroup(context, action, environment, owner);
    const label = input?.consumptionPrincipalName;
    const edit = () => ({
      ...(label ? { label } : {}),
      ...(owner ? { owner } : {}),
      ...(input && { policyManagement: managementOf[input.dataallManaged] }),
    });
    const attempt = attemptOn(action, 'REMOVE_ENVIRONMENT_CONSUMPTION_ROLE', consumptionPrincipalUri);
    const where = { namespace, name };
    const { dryRun } = context;
    const changed = await context.kubernetes.change(consumptionRoleKind, where, edit, { attempt, dryRun });
    return answered(changed, environment);
  },

  removeConsumptionPrincipalFromEnvironment: async (_, { environmentUri, consumptionPrincipalUri }, context) => {
    const action = 'REMOVE_CONSUMPTION_PRINCIPAL';
    const environment = await environmentFor(context, action, environmentUri);
    const principal = await consumptionPrincipalFor(context, action, environment.name, consumptionPrincipalUri);
    await demandNoShares(context, action, principal);
    const { namespace, name } = principal;
    const attempt = attemptOn(action, 'REMOVE_ENVIRONMENT_CONSUMPTION_ROLE', consumptionPrincipalUri);
    await context.kubernetes.delete(consumptionRoleKind, { namespace, name }, { attempt, dryRun: context.dryRun });
    return true;
  },
};

/** One that is there for the principal already keeps its name, so that adding it twice is told, or does nothing. */
async function nameFor(
  { database }: GatewayContext,
  environment: EnvironmentRow,
  { label, principalArn }: { readonly label: string; readonly principalArn: string },
): Promise<string> {
  const present = await database
    .selectFrom('consumption_role')
    .select('name')
    .where('namespace', '=', environment.name)
    .where('principal_arn', '=', principalArn)
    .executeTakeFirst();
  return present?.name ?? objectName(label, principalArn);
}

async function demandGroup(context: GatewayContext, action: string, environment: EnvironmentRow, group: string) {
  if (group === environment.owner || (await teamOf(context, environment, group)) !== undefined) return;
  // Who is not in it does not see its groups, is told of none, and is refused by Kubernetes.
  const { isAdministrator } = await context.viewer();
  if (roleIn(environment, context.identity.groups) === 'NotInvited' && !isAdministrator) return;
  throw invalidInput(action, 'groupUri', group, 'a group of the environment: have it invited first');
}

/** Whoever was given access by it would lose it without being asked. */
async function demandNoShares(
  { database }: GatewayContext,
  action: string,
  { namespace, name, label }: ConsumptionPrincipalRow,
) {
  const requests = await database
    .selectFrom('share_request')
    .select('name')
    .where('namespace', '=', namespace)
    .where('principal_kind', '=', 'ConsumptionRole')
    .where('principal', '=', name)
    .limit(10)
    .execute();
  if (requests.length === 0) return;
  const named = requests.map((request) => request.name).join(', ');
  const text = `${label} is what access is asked for by ${named}: delete these requests first`;
  throw failure({
    class: 'EnvironmentResourcesFound',
    action,
    text,
    facts: { requests: requests.map((one) => one.name) },
  });
}
