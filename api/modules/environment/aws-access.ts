// What of an environment AWS answers, asked through the operator in the name of who asks: credentials, the console, and how to link an account.

import { consoleRoute, credentialsRoute } from '../../../operator/actions/contract/credentials.ts';
import { linkRoute } from '../../../operator/actions/contract/link.ts';
import type { RouteObject } from '../../../operator/actions/contract/route.ts';
import { templateRoute, type templates } from '../../../operator/actions/contract/template.ts';
import type { QueryResolvers } from '../../graphql/schema-types.ts';
import type { Attempt } from '../../kubernetes/refusal.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, notFound } from '../../server/failure.ts';
import { organizationFor } from '../organization/mutations.ts';
import { environmentFor } from './queries.ts';
import { teamOf } from './teams.ts';

type Template = (typeof templates)[number];

const linkAttempt = (action: string, uri: string): Attempt => ({
  action,
  permission: 'LINK_ENVIRONMENT',
  what: 'Organization',
  uri,
});

async function linkData(context: GatewayContext, action: string, organizationUri: string) {
  const { name } = await organizationFor(context, action, organizationUri);
  return context.operator.ask(linkRoute, { resource: 'organizations', name }, {}, linkAttempt(action, organizationUri));
}

/** Whoever is refused the template is given no address of it. */
async function templateUrl(context: GatewayContext, action: string, organizationUri: string, template: Template) {
  const { name, owner, invited } = await organizationFor(context, action, organizationUri);
  const attempt = linkAttempt(action, organizationUri);
  await context.operator.ask(templateRoute, { resource: 'organizations', name }, { template }, attempt);
  const tenant = await context.database.selectFrom('tenant').select('administrators').executeTakeFirst();
  const deciding = new Set([owner, ...invited, ...(tenant?.administrators ?? [])]);
  const groups = context.identity.groups.filter((group) => deciding.has(group));
  return context.templateUrl({ organization: name, template, groups });
}

/** As whose role: that of the environment's owner, or of an invited group. */
async function roleObject(
  context: GatewayContext,
  action: string,
  { environmentUri, groupUri }: { readonly environmentUri: string; readonly groupUri?: string | null | undefined },
): Promise<RouteObject> {
  const environment = await environmentFor(context, action, environmentUri);
  const { name } = environment;
  if (!groupUri || groupUri === environment.owner) return { resource: 'environments', name };
  const team = await teamOf(context, environment, groupUri);
  if (team === undefined) throw notFound(action, 'Group', groupUri);
  return { resource: 'teams', namespace: name, name: team.name };
}

const roleAttempt = (action: string, uri: string): Attempt => ({
  action,
  permission: 'CREDENTIALS_ENVIRONMENT',
  what: 'Environment',
  uri,
});

export const awsQueries: QueryResolvers = {
  getTrustAccount: async (_, { organizationUri }, context) =>
    (await linkData(context, 'GET_TRUST_ACCOUNT', organizationUri)).hubAccountId,
  getPivotRoleName: async (_, { organizationUri }, context) =>
    (await linkData(context, 'GET_PIVOT_ROLE_NAME', organizationUri)).pivotRoleName,
  getPivotRoleExternalId: async (_, { organizationUri, AwsAccountId, region, SamlGroupName }, context) => {
    const action = 'GET_PIVOT_ROLE_EXTERNAL_ID';
    const { name } = await organizationFor(context, action, organizationUri);
    if (!AwsAccountId || !region || !SamlGroupName)
      throw failure({
        class: 'RequiredParameter',
        action,
        text: 'AwsAccountId, region and SamlGroupName are required: an external id is of one organization, account and owner',
      });
    const input = { account: AwsAccountId, region, owner: SamlGroupName };
    const attempt = linkAttempt(action, organizationUri);
    return (await context.operator.ask(linkRoute, { resource: 'organizations', name }, input, attempt)).externalId;
  },
  getPivotRolePresignedUrl: async (_, { organizationUri }, context) =>
    templateUrl(context, 'GET_PIVOT_ROLE_TEMPLATE', organizationUri, 'pivot-role'),
  getCDKExecPolicyPresignedUrl: async (_, { organizationUri }, context) =>
    templateUrl(context, 'GET_CDK_EXEC_POLICY_TEMPLATE', organizationUri, 'execution-policy'),
  generateEnvironmentAccessToken: async (_, args, context) => {
    const action = 'GENERATE_ENVIRONMENT_ACCESS_TOKEN';
    const object = await roleObject(context, action, args);
    const settings = { attempt: roleAttempt(action, args.environmentUri), dryRun: context.dryRun };
    const keys = await context.operator.act(credentialsRoute, object, {}, settings);
    if (keys === undefined) return null;
    const { accessKeyId, secretAccessKey, sessionToken } = keys;
    // data.all's clients parse these names.
    return JSON.stringify({ AccessKey: accessKeyId, SessionKey: secretAccessKey, sessionToken });
  },
  getEnvironmentAssumeRoleUrl: async (_, args, context) => {
    const action = 'GET_ENVIRONMENT_ASSUME_ROLE_URL';
    const object = await roleObject(context, action, args);
    const settings = { attempt: roleAttempt(action, args.environmentUri), dryRun: context.dryRun };
    return (await context.operator.act(consoleRoute, object, {}, settings))?.url;
  },
};
