// Whether an account lets us in: before anything is made there, and as the pivot role ever after.
import type { AccountAws } from '../../aws/account.ts';
import { findCondition } from '../../kernel/conditions.ts';
import type { Environment } from '../../resources/environment.ts';
import { consentParameterName } from '../../resources/names.ts';
import { isOlder } from '../../resources/age.ts';
import { claimantsOfAccount } from './account-claim.ts';
import {
  blockedAt,
  progressingAt,
  type EnvironmentOutcome,
  type EnvironmentReason,
  type Phase,
  type PhaseInput,
} from './phases.ts';
import { pivotModeOf } from './account-link.ts';
import { lookupSession, pivotRoleArnOf } from './stack-props.ts';
import type { Platform } from '../reconcile/platform.ts';
import { toldName } from '../reconcile/told-name.ts';

/** IAM takes some seconds to spread a new role to where it is assumed. */
const spread = { lookMs: 2_000, longestMs: 30_000 };

/**
 * Before the account is claimed and anything deployed, since bootstrap roles let in whoever the hub serves. Existing: the pivot role's
 * trust, which demands the external id of this organization. Managed: the same, written down.
 */
export const consent = async (
  platform: Platform,
  { environment, context, externalId, status }: PhaseInput,
): Promise<EnvironmentOutcome | undefined> => {
  const { config } = platform;
  const wait = (
    reason: 'ConsentMissing' | 'ExternalIdNotDemanded' | 'OneRegionOnly',
    message: string,
  ): EnvironmentOutcome => blockedAt('Trusted', reason, message, status, patience(environment, reason, context.now()));
  const { id: account, region } = environment.spec.account;
  if (pivotModeOf(config, environment) === 'Existing') {
    await pivotSession(platform, environment, externalId).sts.identity();
    const role = { arn: pivotRoleArnOf(config, environment), externalId };
    if (await platform.aws.demandsExternalId(role)) return undefined;
    return wait(
      'ExternalIdNotDemanded',
      `${role.arn} lets us in with any external id, so it says nothing about this organization: have its trust policy demand sts:ExternalId = ${externalId}. In the account, run: ${status.linkCommand}`,
    );
  }
  const name = consentParameterName(config.installation);
  const parameter = await lookupSession(platform, environment).ssm.parameter(name);
  // The same whether there is none or another: whether somebody else has the account is told to nobody who has not its consent.
  if (parameter?.value !== externalId)
    return wait(
      'ConsentMissing',
      `SSM parameter ${name} in account ${account} ${region} does not consent to ${environment.spec.owner} of Organization ${environment.spec.organization}. It holds one consent: if one to others is there, the command replaces it, and ends the link of their Environment. In the account, run: ${status.linkCommand}`,
    );
  // One in the same region has the account itself, which is the next thing to be found.
  const taken = claimantsOfAccount(platform, environment).find(
    (other) =>
      other.spec.account.region !== region &&
      isOlder(other, environment) &&
      pivotRoleArnOf(config, other) === pivotRoleArnOf(config, environment),
  );
  if (taken !== undefined)
    return wait(
      'OneRegionOnly',
      `${toldName('Environment', taken, environment)} in ${taken.spec.account.region} has pivot role ${pivotRoleArnOf(config, environment)}: name another in spec.pivotRole.name, share it by mode Existing, or have an administrator of the installation switch on core.features.cdk_pivot_role_multiple_environments_same_account in config.json`,
    );
  return undefined;
};

/** Session of the role that the spec asks for. */
export const pivotSession = ({ aws, config }: Platform, environment: Environment, externalId: string): AccountAws => {
  const { id: accountId, region } = environment.spec.account;
  return aws.forEnvironment({
    accountId,
    region,
    pivotRoleArn: pivotRoleArnOf(config, environment),
    externalId,
  });
};

/** A role that cannot be assumed: which one says what is missing. */
export const untrusted = (
  { config }: Platform,
  { environment, context, status }: PhaseInput,
  phase: Phase,
  message: string,
): EnvironmentOutcome => {
  const isMade =
    pivotModeOf(config, environment) === 'Managed' &&
    phase === 'Trusted' &&
    status.stack?.status?.endsWith('_COMPLETE') === true;
  if (isMade && context.now() - Date.parse(status.stack?.updatedAt ?? '') < spread.longestMs)
    return progressingAt('Trusted', `the pivot role is not reachable yet: ${message}`, status, spread.lookMs);
  const reason = message.includes('/cdk-') || phase === 'StackDeployed' ? 'NotBootstrapped' : 'PivotRoleUnreachable';
  // What is run to link an account does not mend a role that the stack made.
  const advice = isMade
    ? `Stack ${status.stack?.name} made that role, so somebody changed its trust policy since: put it back as CloudFormation's drift detection shows it`
    : `In the account, run: ${status.linkCommand}`;
  return blockedAt('Trusted', reason, `${message}. ${advice}`, status, patience(environment, reason, context.now()));
};

/** A link command may be run at any moment: look often at first, when people watch, then less. Milliseconds. */
const patience = ({ status }: Environment, reason: EnvironmentReason, now: number): number => {
  const ready = findCondition(status.conditions, 'Ready');
  const since = ready?.reason === reason ? now - Date.parse(ready.lastTransitionTime) : 0;
  return Math.min(Math.max(since / 10, 2_000), 60_000);
};
