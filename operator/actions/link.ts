// How an account is linked to an organization, before there is an Environment whose status would say it.

import {
  externalIdOf,
  installationKey,
  linkCommand,
  nameOfIdentity,
  pivotModeOf,
  pivotRoleNameOf,
  type LinkedEnvironment,
} from '../controllers/environment/account-link.ts';
import { organizationKind } from '../resources/organization.ts';
import { consentParameterName } from '../resources/names.ts';
import { verbs } from '../resources/annotations.ts';
import { defineAction, type ActionContext } from './action.ts';
import { linkRoute } from './contract/link.ts';
import { existing } from './objects.ts';
import { Problem } from './problem.ts';

export const linkAction = defineAction({
  route: linkRoute,
  limits: { milliseconds: 10_000, bytes: 64_000 },
  run: async (context, { account, region, owner, mode, pivotRoleName, resourcePrefix }) => {
    const { config, stores, aws, api } = context.platform;
    const organization = existing(stores.get(organizationKind).get(undefined, context.object.name), context.object);
    const { hub } = config.aws;
    const environment: LinkedEnvironment = {
      spec: {
        account: { id: account ?? hub.accountId, region: region ?? hub.region },
        pivotRole: { ...(mode !== undefined && { mode }), ...(pivotRoleName !== undefined && { name: pivotRoleName }) },
        resourcePrefix,
      },
    };
    const operator = await aws.hub().sts.identity();
    const value = {
      hubAccountId: hub.accountId,
      operatorName: nameOfIdentity(operator),
      mode: pivotModeOf(config, environment),
      pivotRoleName: pivotRoleNameOf(config, environment),
      consentParameter: consentParameterName(config.installation),
    };
    if (account === undefined || owner === undefined) return { value };
    const organizationId = organization.status.id;
    if (organizationId === undefined)
      throw new Problem('not-ready', `Organization ${context.object.name} has no id yet: try again.`);
    await demandMembership(context, owner);
    const key = await installationKey(api, config.namespace);
    const externalId = externalIdOf(key, { organizationId, owner, accountId: account });
    return { value: { ...value, externalId, command: linkCommand(config, environment, externalId, operator) } };
  },
});

/** As admission asks of who creates the Environment. */
const demandMembership = async ({ platform, user, demand }: ActionContext, owner: string): Promise<void> => {
  if (user.groups.includes(platform.config.authority.groupPrefix + owner)) return;
  await demand(verbs.actAs, { resource: 'groups', name: owner });
};
