// News of shares into the database, in the transaction in which their rows are written.

import { sql, type Generated } from 'kysely';
import type { ShareApproval } from '../../../operator/resources/share-approval.ts';
import type { ShareRequest } from '../../../operator/resources/share-request.ts';
import type { Timestamp } from '../object-columns.ts';
import type { Projection } from '../projection.ts';
import { toJson } from '../rows.ts';
import type { Writing } from '../row-writer.ts';
import { noticesOfApproval, noticesOfRequest, type Notice, type NotificationType } from './notices.ts';

export interface NotificationTable {
  id: Generated<string>;
  key: string;
  type: NotificationType;
  /** The group whose members are told. */
  recipient: string;
  /** `<share uri>|<dataset uri>` */
  target_uri: string;
  message: string;
  happened: Timestamp;
  recorded: Generated<Date>;
}

export interface NotificationReadTable {
  notification_id: string;
  username: string;
  read: Generated<Date>;
}

/** After the rows of the objects were written. */
export async function recordNotifications(
  writing: Writing,
  table: Projection['table'],
  objects: readonly object[],
): Promise<void> {
  if (table === 'share_request') await record(writing, (objects as readonly ShareRequest[]).flatMap(noticesOfRequest));
  if (table === 'share_approval')
    await record(writing, (objects as readonly ShareApproval[]).flatMap(noticesOfApproval));
}

/** Nobody is told of what they decided themselves: where the requesting group decides, too, it is told once. */
async function record(writing: Writing, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await sql`
    insert into notification (key, type, recipient, target_uri, message, happened)
    select notice.key || ' ' || recipient.name, notice.type, recipient.name, share.uri || '|' || coalesce(dataset.uri, ''),
      notice.message, notice.happened
    from jsonb_to_recordset(${toJson(notices)}::jsonb) as notice(
      key text, type text, "to" text, request_namespace text, request text, dataset_namespace text, dataset text,
      message text, happened timestamptz)
    join share_request share on share.namespace = notice.request_namespace and share.name = notice.request
      and share.dataset_namespace = notice.dataset_namespace and share.dataset = notice.dataset
    left join dataset on dataset.namespace = share.dataset_namespace and dataset.name = share.dataset
    cross join lateral unnest(
      case notice."to" when 'requester' then array[share.requester] else dataset.owner || dataset.stewards end
    ) as recipient(name)
    where recipient.name is not null
    on conflict (key) do nothing`.execute(writing);
}
