// What stands in the way of an environment before any account is asked: checks in the order in which people are told. Pure.
import type { Stored } from '../../kernel/kind.ts';
import { partitionOf } from '../../policy/arn.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { membersOf, type Organization } from '../../resources/organization.ts';
import type { Stores } from '../../kernel/cache/store.ts';
import type { Check } from '../../access/checks.ts';
import { idTaken } from '../reconcile/object-id.ts';
import { quotaExceeded } from '../reconcile/owner-quota.ts';
import { VERIFY_MS } from './intervals.ts';
import { blockedAt, type EnvironmentOutcome, type EnvironmentReason } from './phases.ts';

interface Input {
  /** Where the installation runs. */
  readonly hubRegion: string;
  readonly stores: Stores;
  readonly environment: Stored<Environment>;
  readonly organization: Organization | undefined;
}

type Precondition = Check<Input, EnvironmentOutcome>;

const unmet = (reason: EnvironmentReason, message: string, lookAgainMs = VERIFY_MS): EnvironmentOutcome =>
  blockedAt('before', reason, message, {}, lookAgainMs);

const inPartitionOfInstallation: Precondition = ({ hubRegion, environment }) => {
  const { region } = environment.spec.account;
  return partitionOf(region) === partitionOf(hubRegion)
    ? undefined
    : unmet(
        'OtherPartition',
        `region ${region} is in ${partitionOf(region)}, and this installation in ${partitionOf(hubRegion)}: nobody is let in from one to the other`,
      );
};

const withinOwnersQuota: Precondition = ({ stores, environment }) => {
  const exceeded = quotaExceeded(stores, environment);
  return exceeded === undefined ? undefined : unmet('QuotaExceeded', exceeded);
};

const organizationIsReady: Precondition = ({ environment: { spec }, organization }) => {
  if (organization?.status.id !== undefined) return undefined;
  const message =
    organization === undefined
      ? `there is no Organization ${spec.organization}: create it`
      : `Organization ${spec.organization} is not ready yet`;
  return unmet('OrganizationNotFound', message, 60_000);
};

const ownerIsInvited: Precondition = ({ environment: { spec }, organization }) =>
  organization !== undefined && membersOf(organization).includes(spec.owner)
    ? undefined
    : unmet(
        'NotInvited',
        `${spec.owner} is neither owner nor team of Organization ${spec.organization}: add it to spec.teams there`,
      );

const idIsFree: Precondition = ({ stores, environment }) => {
  const taken = idTaken(stores, [environmentKind], environment);
  return taken === undefined ? undefined : unmet('IdTaken', taken);
};

export const preconditions: readonly Precondition[] = [
  inPartitionOfInstallation,
  withinOwnersQuota,
  organizationIsReady,
  ownerIsInvited,
  idIsFree,
];
