// By which names what is given is read.

import type { ShareItemAddress } from '../../../graphql/schema-types.ts';
import type { ShareItemView } from '../items.ts';

/** Null for what is not given. */
export function addressOf(item: ShareItemView): ShareItemAddress | null {
  if (item.status === null || item.seen?.state !== 'Granted') return null;
  const { kind, name, seen, share } = item;
  const { database, link, accessPointArn, accessPointAlias } = seen;
  switch (kind) {
    case 'Table':
      return { database: database ?? null, table: link ?? name };
    case 'Folder': {
      const folders = new Map(Object.entries(share.approval?.status.boundTo?.folders ?? {}));
      return {
        accessPointArn: accessPointArn ?? null,
        accessPointAlias: accessPointAlias ?? null,
        prefix: folders.get(name) ?? null,
      };
    }
    case 'Bucket':
      return { bucket: name };
  }
}
