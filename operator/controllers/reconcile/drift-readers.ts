// Who is told of what somebody changed in AWS: requests of what their own grants lack, the objects that a document is a part of of the rest.
// Nobody reads of others' grants, and who waits for a decision of nothing. (Events, and a Dataset's status; a request's own: share/standing.ts.)
import type { DocumentKey } from '../../access/document-key.ts';
import { documentTypeOf } from '../../access/document-types.ts';
import type { DocumentOwner, Drift } from '../../access/document.ts';
import type { Specs } from '../../access/specs.ts';
import { parseObjectKey } from '../../kernel/kind.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { ShareRequest } from '../../resources/share-request.ts';
import { shareOf } from './observed-document.ts';

/** In words, by object. */
export const readersOfDrift = (
  specs: Specs,
  key: DocumentKey,
  drift: readonly Drift[],
): ReadonlyMap<DocumentOwner | ShareRequest, readonly string[]> => {
  const owners = documentTypeOf(key).owners(specs, key);
  const told = new Map<DocumentOwner | ShareRequest, string[]>();
  for (const difference of drift) {
    const shares = sharesIn(specs, difference);
    const concerned = owners.filter((owner) =>
      owner.kind === 'Dataset' ? isOfDataset(specs, owner)(difference) : difference.grants.length === 0,
    );
    for (const object of [...shares, ...concerned]) {
      const messages = told.get(object);
      if (messages === undefined) told.set(object, [difference.message]);
      else messages.push(difference.message);
    }
  }
  return told;
};

/** A key or a database may be that of several datasets: what is no grant's is told to the owners of all. */
export const isOfDataset =
  (specs: Specs, { metadata }: Dataset) =>
  (difference: Drift): boolean =>
    difference.grants.length === 0 ||
    sharesIn(specs, difference).some(
      ({ spec }) => spec.datasetRef.namespace === metadata.namespace && spec.datasetRef.name === metadata.name,
    );

const sharesIn = (specs: Specs, { grants }: Drift): readonly ShareRequest[] =>
  [...new Set(grants.map(shareOf))].flatMap((share) => {
    const { namespace = '', name } = parseObjectKey(share);
    return specs.shareRequest(namespace, name) ?? [];
  });
