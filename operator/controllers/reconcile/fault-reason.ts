// The reason of a condition that a fault of AWS stands for.
import type { AwsFault } from '../../aws/fault.ts';

export type FaultReason = 'Throttled' | 'AccessDenied' | 'PivotRoleUnreachable' | 'QuotaExceeded' | 'AwsError';

export const faultReason = (fault: AwsFault): FaultReason => {
  switch (fault.kind) {
    case 'Throttled':
    case 'AccessDenied':
    case 'QuotaExceeded':
      return fault.kind;
    case 'NoTrust':
    case 'NoCredentials':
      return 'PivotRoleUnreachable';
    default:
      return 'AwsError';
  }
};
