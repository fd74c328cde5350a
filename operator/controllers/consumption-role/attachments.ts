// Which share policies a consumption role has and which it lacks: for whoever attaches them, where that is not us.
import { isDeepStrictEqual } from 'node:util';
import type { PolicyAttachments } from '../../access/document.ts';
import { sharePoliciesKeyOf } from '../../access/documents-of-share.ts';
import { findCondition, type ConditionInput } from '../../kernel/conditions.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import type { ConsumptionRole, ConsumptionRoleStatus } from '../../resources/consumption-role.ts';
import type { Platform } from '../reconcile/platform.ts';

const TYPE = 'PoliciesAttached';
/** Resources that are named where all of them would be too many to read. */
const MOST_NAMED = 5;

interface Attachments {
  readonly policies: ConsumptionRoleStatus['policies'];
  /** Absent while nothing is shared. */
  readonly condition: ConditionInput | undefined;
}

/** As last read; what the status says where this process has not read them yet. */
export const attachmentsOf = (
  { specs, observed }: Pick<Platform, 'specs' | 'observed'>,
  role: ConsumptionRole,
): Attachments => {
  const { principalArn } = role.spec;
  const [speaker] = specs.principalsOf(principalArn);
  const speaks = speaker?.kind === 'ConsumptionRole' && speaker.role.metadata.uid === role.metadata.uid;
  if (!speaks) return { policies: undefined, condition: undefined };
  const found = observed.get(sharePoliciesKeyOf(principalArn))?.attachments;
  if (found === undefined)
    return { policies: role.status.policies, condition: findCondition(role.status.conditions, TYPE) };
  const policies = found.policies.map(({ arn, attached }) => ({ name: nameIn(arn), arn, attached }));
  return { policies: policies.length === 0 ? undefined : policies, condition: conditionOf(role, found) };
};

/** Whether the status says already what was read. */
export const tellsAttachments = (platform: Pick<Platform, 'specs' | 'observed'>, role: ConsumptionRole): boolean => {
  const { policies, condition } = attachmentsOf(platform, role);
  const told = findCondition(role.status.conditions, TYPE);
  const asTold = told && { type: TYPE, status: told.status, reason: told.reason, message: told.message };
  const asFound = condition && {
    type: TYPE,
    status: condition.status,
    reason: condition.reason,
    message: condition.message,
  };
  return isDeepStrictEqual([role.status.policies, asTold], [policies, asFound]);
};

const conditionOf = (
  { spec }: ConsumptionRole,
  { policies, noRoom, resources = [] }: PolicyAttachments,
): ConditionInput | undefined => {
  const says = (
    status: ConditionInput['status'],
    reason: ReasonFor<'ConsumptionRole', typeof TYPE>,
    message: string,
  ): ConditionInput => ({ type: TYPE, status, reason, message });
  if (noRoom !== undefined) return says('False', 'QuotaExceeded', noRoom);
  if (resources.length > 0)
    return says(
      'Unknown',
      'Unverified',
      `policyManagement is Externally: policies of its own have to allow the use of ${listOf(resources)}; whether they do is not looked at`,
    );
  if (policies.length === 0) return undefined;
  const missing = policies.filter(({ attached }) => !attached).map(({ arn }) => arn);
  if (missing.length === 0) return says('True', 'Succeeded', '');
  const message =
    spec.policyManagement === 'Fully'
      ? `${listOf(missing)} is not attached yet`
      : `policyManagement is ${spec.policyManagement}: attach ${listOf(missing)} to ${spec.principalArn}`;
  return says('False', 'AttachmentMissing', message);
};

const listOf = (names: readonly string[]): string => {
  const rest = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
