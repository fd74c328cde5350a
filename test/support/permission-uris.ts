// By which ids clients know what is in the world of permissions.

import { itemId } from '../../api/read-model/item-id.ts';
import type { Database } from '../../api/read-model/database.ts';

/** Each an id that some operation takes. */
export type Uris = Awaited<ReturnType<typeof urisOf>>;

export async function urisOf(database: Database) {
  const uri = async (
    table: 'organization' | 'environment' | 'dataset' | 'share_request' | 'consumption_role',
    name: string,
  ) =>
    (
      await database
        .selectFrom(table as 'dataset')
        .select('uri')
        .where('name', '=', name)
        .executeTakeFirstOrThrow()
    ).uri;
  const orders = await uri('dataset', 'orders');
  const invoices = await uri('dataset', 'invoices');
  const share = await uri('share_request', 'orders');
  const returnsTable = itemId(orders, 'Table', 'returns');
  const asked = itemId(share, 'Table', 'returns');
  return {
    acme: await uri('organization', 'acme'),
    /** An organization without environments. */
    empty: await uri('organization', 'empty'),
    sales: await uri('environment', 'sales-prod'),
    marketing: await uri('environment', 'marketing-prod'),
    orders,
    invoices,
    ordersTable: itemId(orders, 'Table', 'orders'),
    returnsTable,
    invoicesTable: itemId(invoices, 'Table', 'invoices'),
    column: `${returnsTable}.secret_reason`,
    filter: `${returnsTable}.eu_only`,
    folder: itemId(orders, 'Folder', 'raw'),
    share,
    draft: await uri('share_request', 'draft'),
    /** Items of the share: one that is given, and one that waits for a decision. */
    given: itemId(share, 'Table', 'orders'),
    asked,
    attached: `filters-${asked}`,
    notification: (
      await database.selectFrom('notification').select('id').where('key', '=', 'of orders').executeTakeFirstOrThrow()
    ).id,
    reports: await uri('consumption_role', 'reports'),
  };
}
