// What of the changes of objects becomes history, in the transaction in which their rows are written.

import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../../operator/resources/share-request.ts';
import type { ProjectedObject } from '../object-columns.ts';
import type { Projection } from '../projection.ts';
import type { Writing } from '../row-writer.ts';
import { endAccess, recordAccess } from './access-spans.ts';
import { recordConsent, recordWithdrawal } from './consent-events.ts';
import { endOwnership, recordOwnership } from './ownership-spans.ts';

type Table = Projection['table'];

/** After their rows were written. */
export async function recordHistory(writing: Writing, table: Table, objects: readonly object[]): Promise<void> {
  if (table === 'share_request') await recordAccess(writing, objects as readonly ShareRequest[]);
  if (table === 'share_approval') await recordConsent(writing, objects as readonly ShareApproval[]);
  if (isOfOwnership(table)) await recordOwnership(writing, objects as readonly ProjectedObject[]);
}

/** Before their rows are removed. */
export async function recordEnd(writing: Writing, table: Table, uids: readonly string[]): Promise<void> {
  if (table === 'share_request') await endAccess(writing, uids);
  if (table === 'share_approval') await recordWithdrawal(writing, uids);
  if (isOfOwnership(table)) await endOwnership(writing, table, uids);
}

const isOfOwnership = (table: Table): table is 'dataset' | 'environment' | 'team' =>
  ['dataset', 'environment', 'team'].includes(table);
