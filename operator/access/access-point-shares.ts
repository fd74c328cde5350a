// Whose an access point is, by its name.
import type { Dataset } from '../resources/dataset.ts';
import { accessPointName } from '../resources/names.ts';
import type { ShareRequest } from '../resources/share-request.ts';
import { inOrder, isAt } from './dataset-baseline.ts';
import type { AccessPointKey } from './document-key.ts';
import { principalFor } from './share-decision.ts';
import type { Specs } from './specs.ts';

export const datasetOfAccessPoint = (specs: Specs, key: AccessPointKey): Dataset | undefined => {
  // accessPointName starts with the dataset's id, which is 8 characters.
  const dataset = specs.datasetById(key.name.slice(0, 8));
  return dataset !== undefined && isAt(key)(dataset) ? dataset : undefined;
};

/** Not all of the dataset's: deciding and waking every share for every access point would be quadratic. Unknown principals may be meant. */
export const sharesOfAccessPoint = (specs: Specs, key: AccessPointKey): readonly ShareRequest[] => {
  const dataset = datasetOfAccessPoint(specs, key);
  if (dataset === undefined) return [];
  return inOrder(specs.sharesOfDataset(dataset.metadata.namespace, dataset.metadata.name)).filter((share) => {
    const principal = principalFor(specs, share);
    const principalId = principal?.kind === 'Team' ? principal.team.status.id : principal?.role.status.id;
    return principalId === undefined || key.name.endsWith(`-${principalId}`);
  });
};

/** Whether the name is the one of a share's own access point: nobody can make up another of these. */
export const isAccessPointOfShare = (specs: Specs, key: AccessPointKey): boolean => {
  const dataset = datasetOfAccessPoint(specs, key);
  if (dataset === undefined) return false;
  return specs.sharesOfDataset(dataset.metadata.namespace, dataset.metadata.name).some((share) => {
    const principal = principalFor(specs, share);
    const id = principal?.kind === 'Team' ? principal.team.status.id : principal?.role.status.id;
    return id !== undefined && dataset.status.id !== undefined && key.name === accessPointName(dataset.status.id, id);
  });
};
