// Writing what somebody else made, or took our rights on. A data lake administrator has no right to change what others made, but to give
// anybody any right, itself included: https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
import type { AccountAws } from '../../../aws/account.ts';
import { isFault } from '../../../aws/fault.ts';
import type { LakeGrant } from '../../../aws/services/lakeformation.ts';

/**
 * Who has the account makes a database or link under our name, or revokes ours: that must not keep a share from ending, which holds what
 * others want to delete.
 * @param right that the write takes, of our role
 * @throws AwsFault
 */
export const writeWithRight = async (
  aws: AccountAws,
  right: Omit<LakeGrant, 'grantable'>,
  write: () => Promise<unknown>,
): Promise<void> => {
  try {
    await write();
  } catch (error) {
    if (!isFault(error, 'AccessDenied')) throw error;
    const [outcome] = await aws.lakeFormation.grant([{ ...right, grantable: [] }]);
    // What was refused first says what is wrong.
    if (outcome?.fault !== undefined) throw error;
    await write();
  }
};
