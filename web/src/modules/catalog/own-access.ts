// What a hit of the catalogue says of the person's own access to it.

import type { OwnAccessQuery } from './operations.ts';
import type { CatalogHit } from './search.ts';
import { catalogStrings } from './strings.ts';

type Access = OwnAccessQuery['listAccess']['nodes'][number];
type Hit = Pick<CatalogHit, 'datasetUri' | 'resourceKind' | 'name'>;

const KINDS = { Table: 'table', Folder: 'folder', Bucket: 'dataset' } as const;

/**
 * By the roles and users of their groups, as it is given in AWS.
 * @returns what to say, or undefined where they can read nothing of it
 */
export function ownAccessOf({ datasetUri, resourceKind, name }: Hit, access: readonly Access[]): string | undefined {
  const ofDataset = access.filter((one) => one.datasetUri === datasetUri);
  const whole = ofDataset.some(({ itemKind }) => itemKind === null || itemKind === 'Bucket');
  if (whole) return catalogStrings.yours;
  if (resourceKind === 'dataset') {
    const items = new Set(ofDataset.map(({ itemKind, item }) => `${itemKind} ${item}`)).size;
    return items === 0 ? undefined : catalogStrings.yoursOf(items);
  }
  const ofItem = ofDataset.filter(
    ({ itemKind, item }) => itemKind !== null && KINDS[itemKind] === resourceKind && item === name,
  );
  if (ofItem.length === 0) return undefined;
  return ofItem.some(({ restrictions }) => restrictions.length === 0)
    ? catalogStrings.yours
    : catalogStrings.yoursPartly;
}
