// The way of an environment through its phases: trust before the account is ours and before the first change set, the stack, trust again as
// the pivot role. Each step is a gate before the next.
import type { CallerIdentity } from '../../aws/services/sts.ts';
import { isFault } from '../../aws/fault.ts';
import { environmentKind } from '../../resources/environment.ts';
import type { Platform } from '../reconcile/platform.ts';
import { toldName } from '../reconcile/told-name.ts';
import { claimAccount, holderOf, type Claim } from './account-claim.ts';
import { consent, pivotSession, untrusted } from './account-trust.ts';
import { advanceStack } from './deploy-stack.ts';
import { VERIFY_MS } from './intervals.ts';
import type { LakeAdministrators } from './lake-administrator.ts';
import { ensureNamespace } from './namespace.ts';
import { blockedAt, retryableAt, type EnvironmentOutcome, type Phase, type PhaseInput } from './phases.ts';
import { pivotRoleArnOf } from './stack-props.ts';
import { pivotRoleNameOf } from './account-link.ts';

interface Services {
  readonly platform: Platform;
  readonly hub: () => Promise<CallerIdentity>;
  readonly administrators: LakeAdministrators;
}

/** What the next step starts from, or why there is none. */
type Step = (services: Services, input: PhaseInput) => Promise<PhaseInput | EnvironmentOutcome>;

/** All of them, as far as they go now: what was found behind the last one, or why it was not reached. */
export const passPhases = async (services: Services, input: PhaseInput): Promise<PhaseInput | EnvironmentOutcome> => {
  let reached = input;
  for (const { step, phase } of steps) {
    const next = await pass(services, reached, step, phase);
    if ('reason' in next) return next;
    reached = next;
  }
  return reached;
};

const pass = async (
  services: Services,
  input: PhaseInput,
  step: Step,
  phase: Phase,
): Promise<PhaseInput | EnvironmentOutcome> => {
  try {
    return await step(services, input);
  } catch (error) {
    input.context.signal.throwIfAborted();
    const outcome = isFault(error, 'NoTrust')
      ? untrusted(services.platform, input, phase, error.message)
      : retryableAt(phase, error, input.status);
    return { ...outcome, ...(input.deployed && { deployed: true }) };
  }
};

const accountLetsUsIn: Step = async ({ platform }, input) => (await consent(platform, input)) ?? input;

/** Only now: anybody may name any account, and would keep its owner out of it. */
const accountIsOurs: Step = async ({ platform: { api, config, stores } }, input) => {
  const { environment, status } = input;
  const accountClaim = await claimAccount(api, config.namespace, stores.get(environmentKind), environment);
  return accountClaim.heldBy === holderOf(environment)
    ? { ...input, status: { ...status, accountClaim } }
    : accountTaken({ stores }, input, accountClaim);
};

/** Told to who has the account's consent, and to nobody else. */
const accountTaken = (
  { stores }: Pick<Platform, 'stores'>,
  { environment, status }: PhaseInput,
  { heldBy }: Claim,
): EnvironmentOutcome => {
  const holder = stores.get(environmentKind).get(undefined, heldBy.split('/')[0] ?? '');
  const told = holder === undefined ? 'another Environment' : toldName('Environment', holder, environment);
  const { id: account, region } = environment.spec.account;
  const message = `account ${account} in ${region} is claimed by ${told}: use that one, or delete it first`;
  return { ...blockedAt('AccountClaimed', 'AccountTaken', message, status, VERIFY_MS), trusted: true };
};

/** Only now, too: else any name could be taken by naming any account. */
const namespaceIsOurs: Step = async ({ platform }, input) => {
  const { environment, context, status } = input;
  const namespace = await ensureNamespace(platform.api, environment, context);
  return 'reason' in namespace
    ? { ...blockedAt('NamespaceReady', namespace.reason, namespace.message, status, 10_000), trusted: true }
    : { ...input, status: { ...status, namespace: namespace.found } };
};

const stackStands: Step = async ({ platform, hub }, input) => {
  const { environment } = input;
  const { outcome, status } = await advanceStack(platform, input, await hub());
  if (outcome !== undefined) return outcome;
  // A new stack may be a new role, whose rights the session of an old one does not have.
  if (environment.status.stack?.status !== status.stack?.status)
    platform.aws.forget(pivotRoleArnOf(platform.config, environment));
  return { ...input, status, deployed: true };
};

/** As the pivot role: who it and the owner's role are, and how the data lake was before. */
const rolesAreThere: Step = async ({ platform }, input) => {
  const { environment, externalId, status: reached } = input;
  const aws = pivotSession(platform, environment, externalId);
  const pivotRole = {
    arn: pivotRoleArnOf(platform.config, environment),
    id: (await aws.iam.role(pivotRoleNameOf(platform.config, environment)))?.id,
  };
  const arn = reached.defaultRole?.arn ?? '';
  const owner = await aws.iam.principal(arn);
  const before =
    environment.status.before ??
    ({ crossAccountVersion: (await aws.lakeFormation.settings()).parameters['CROSS_ACCOUNT_VERSION'] } as const);
  const defaultRole = owner === undefined ? undefined : { arn, id: owner.id };
  const status = { ...reached, pivotRole, before, defaultRole };
  return owner === undefined
    ? blockedAt('StackDeployed', 'RoleNotFound', `role ${arn} does not exist: create it`, status, 60_000)
    : { ...input, status };
};

const lakeIsAdministered: Step = async ({ administrators }, input) =>
  Promise.resolve(administrators.reconcile(input) ?? input);

/** In this order; `phase` is the one that a fault of AWS in the step stops at. */
const steps: readonly { readonly step: Step; readonly phase: Phase }[] = [
  { step: accountLetsUsIn, phase: 'Trusted' },
  { step: accountIsOurs, phase: 'Trusted' },
  { step: namespaceIsOurs, phase: 'Trusted' },
  { step: stackStands, phase: 'StackDeployed' },
  { step: rolesAreThere, phase: 'Trusted' },
  { step: lakeIsAdministered, phase: 'Trusted' },
];
