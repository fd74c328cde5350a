// Whether a dataset's owner has decided beforehand about a request: by a standing decision, for reading, as far as config.json lets it.

import type { Dataset } from '../resources/dataset.ts';
import type { ShareRequest } from '../resources/share-request.ts';

/** Enforced here and not only in a form. @param isAllowed whether datasets of that confidentiality may have a standing decision */
export const approvesItself = ({ spec, metadata }: Dataset, isAllowed: (level: string) => boolean): boolean =>
  metadata.deletionTimestamp === undefined && spec.sharing?.autoApproval === true && isAllowed(spec.confidentiality);

/** Only what is asked for reading, and whole, is approved so. */
export const isSimple = ({ spec }: Pick<ShareRequest, 'spec'>): boolean =>
  spec.permissions.every((permission) => permission === 'Read') &&
  spec.items.every(({ filters }) => filters === undefined);
