// GrantPermissions, RevokePermissions and their batch forms.
// https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_GrantPermissions.html
import type {
  BatchGrantPermissionsRequest,
  BatchGrantPermissionsResponse,
  BatchPermissionsFailureEntry,
  BatchPermissionsRequestEntry,
  BatchRevokePermissionsRequest,
  BatchRevokePermissionsResponse,
  GrantPermissionsRequest,
  GrantPermissionsResponse,
  RevokePermissionsRequest,
  RevokePermissionsResponse,
} from '@aws-sdk/client-lakeformation';
import { AwsError } from '../../core/aws-error.ts';
import type { Call } from '../../core/operation.ts';
import { operation } from '../../core/operation.ts';
import { authorizeUnshare, shareGranted, unshareRevoked } from './cross-account.ts';
import { checkAuthority, checkColumns, checkGrant, checkResource, ownCatalog, readChange } from './grant-rules.ts';
import { addGrant, findGrant, takeGrant } from './grants.ts';
import { lakeNeed } from './lake-need.ts';
import { granteeArn } from './lake-principal.ts';

type Entry = Omit<BatchPermissionsRequestEntry, 'Id'>;

/** "Entries: up to 20": https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchGrantPermissions.html */
const LARGEST_BATCH = 20;

const grant = (call: Call, entry: Entry, catalogId: string | undefined): void => {
  const change = readChange(call, entry, catalogId);
  checkGrant(call, change);
  shareGranted(call, change.principal, change.resource);
  addGrant(call.world, ownCatalog(call), change, granteeArn(call.principal));
};

/**
 * A grant is found by principal and resource as they were written, so a deleted role or a re-created one makes no difference.
 */
const revoke = (call: Call, entry: Entry, catalogId: string | undefined): void => {
  const change = readChange(call, entry, catalogId);
  checkAuthority(call, change);
  checkColumns(call.world, change, call.region);
  const ref = ownCatalog(call);
  const held = findGrant(call.world, ref, change.principal, change.resource);
  if (held) authorizeUnshare(call, held.principal, held.resource);
  else checkResource(call.world, change, call.region);
  takeGrant(call.world, ref, change, granteeArn(call.principal));
  unshareRevoked(call.world, call.account, call.region, change.principal, change.resource);
};

/** Each entry stands alone: the answer lists those that failed, the others are done. */
const batch = (
  call: Call,
  input: BatchGrantPermissionsRequest,
  apply: (call: Call, entry: Entry, catalogId: string | undefined) => void,
): { Failures: BatchPermissionsFailureEntry[] } => {
  const entries = input.Entries ?? [];
  if (entries.length > LARGEST_BATCH)
    throw new AwsError(
      'InvalidInputException',
      `Number of entries ${String(entries.length)} exceeds the maximum of ${String(LARGEST_BATCH)}.`,
    );
  if (new Set(entries.map((entry) => entry.Id)).size < entries.length)
    throw new AwsError('InvalidInputException', 'Entry ids must be unique within a batch.');
  const failures: BatchPermissionsFailureEntry[] = [];
  for (const entry of entries) {
    try {
      apply(call, entry, input.CatalogId);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failures.push({ RequestEntry: entry, Error: { ErrorCode: error.code, ErrorMessage: error.message } });
    }
  }
  return { Failures: failures };
};

const grantPermissions = operation<GrantPermissionsRequest, GrantPermissionsResponse>({
  needs: lakeNeed('lakeformation:GrantPermissions'),
  access: 'write',
  handle: (input, call) => {
    grant(call, input, input.CatalogId);
    return {};
  },
});

const revokePermissions = operation<RevokePermissionsRequest, RevokePermissionsResponse>({
  needs: lakeNeed('lakeformation:RevokePermissions'),
  access: 'write',
  handle: (input, call) => {
    revoke(call, input, input.CatalogId);
    return {};
  },
});

const batchGrantPermissions = operation<BatchGrantPermissionsRequest, BatchGrantPermissionsResponse>({
  needs: lakeNeed('lakeformation:BatchGrantPermissions'),
  access: 'write',
  handle: (input, call) => batch(call, input, grant),
});

const batchRevokePermissions = operation<BatchRevokePermissionsRequest, BatchRevokePermissionsResponse>({
  needs: lakeNeed('lakeformation:BatchRevokePermissions'),
  access: 'write',
  handle: (input, call) => batch(call, input, revoke),
});

export const grantOperations = {
  GrantPermissions: grantPermissions,
  RevokePermissions: revokePermissions,
  BatchGrantPermissions: batchGrantPermissions,
  BatchRevokePermissions: batchRevokePermissions,
};
