// What datasets of a group consist of: rights of its role, which are in the stack of its team or environment.
import { datasetKind, type Dataset } from '../resources/dataset.ts';
import { compareAge } from '../resources/seniority.ts';
import type { OwnedData } from '../stacks/stack-props.ts';
import { idOf } from './object-id.ts';
import type { Platform } from './platform.ts';

/** `Known`: what the role has already and may keep, and nothing new. */
export type Extent = 'All' | 'Known' | 'None';

/** Status of the object whose stack it is. */
interface Recorded {
  /** Ids of the datasets that the role may have rights to. Undefined: written by an operator that did not record it. */
  readonly datasets?: readonly string[] | undefined;
}

/** Datasets that the role of a group is to have rights to, oldest first; of no group: none. */
export const ownedDatasets = (
  { stores }: Pick<Platform, 'stores'>,
  namespace: string,
  group: string | undefined,
  { datasets: known }: Recorded,
  extent: Extent,
): readonly Dataset[] => {
  const isWanted = (dataset: Dataset): boolean =>
    extent === 'All' || (extent === 'Known' && (known === undefined || known.includes(idOf(dataset))));
  return stores
    .get(datasetKind)
    .list(namespace)
    .filter(({ spec, metadata }) => spec.owner === group && metadata.deletionTimestamp === undefined)
    .filter((dataset) => hasParts(dataset) && isWanted(dataset))
    .toSorted(compareAge);
};

export const ownedData = (datasets: readonly Dataset[]): OwnedData => ({
  buckets: sorted(datasets.map(({ status }) => status.bucket)),
  keyArns: sorted(datasets.map(({ status }) => status.keyArn)),
  databases: sorted(datasets.map(({ status }) => status.glueDatabase)),
});

/** Whether the role may have rights to data that is not to be its own any more. */
export const hasTooMuch = (recorded: Recorded, wanted: readonly Dataset[]): boolean => {
  const ids = new Set(wanted.map(idOf));
  return recorded.datasets?.some((id) => !ids.has(id)) ?? true;
};

/** What to record before a stack is changed: rights of both states may be there until it stands. */
export const eitherOf = (recorded: Recorded, wanted: readonly Dataset[]): string[] =>
  [...new Set([...(recorded.datasets ?? []), ...wanted.map(idOf)])].toSorted();

const hasParts = ({ status }: Dataset): boolean =>
  status.bucket !== undefined || status.keyArn !== undefined || status.glueDatabase !== undefined;

const sorted = (values: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(values.filter((value) => value !== undefined))].toSorted();
