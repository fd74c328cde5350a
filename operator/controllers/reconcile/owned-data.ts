// What datasets of a group consist of: rights of its role, which are in the stack of its team or environment.
import { iamArn } from '../../policy/arn.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { compareAge } from '../../resources/age.ts';
import type { ConditionInput } from '../../kernel/conditions.ts';
import { spreadOverPolicies } from '../../stacks/templates/spread-over-policies.ts';
import type { EnvironmentStackProps, GroupResources, OwnedData } from '../../stacks/stack-props.ts';
import { teamRoleStatements } from '../../stacks/templates/team-role-statements.ts';
import { idOf } from './object-id.ts';
import type { Platform } from './platform.ts';

/** `Known`: what the role has already and may keep, and nothing new. */
export type Extent = 'All' | 'Known' | 'None';

type GroupPlace = Pick<EnvironmentStackProps, 'partition' | 'account' | 'region' | 'prefix'>;

/** Status of the object whose stack it is. */
interface Recorded {
  /** Ids of the datasets that the role may have rights to. Undefined: written by an operator that did not record it. */
  readonly datasets?: readonly string[] | undefined;
}

/** Datasets that the role of a group is to have rights to, first those it has, then the oldest; of no group: none. */
export const ownedDatasets = (
  { stores }: Pick<Platform, 'stores'>,
  namespace: string,
  group: string | undefined,
  { datasets: known }: Recorded,
  extent: Extent,
): readonly Dataset[] => {
  const isWanted = (dataset: Dataset): boolean =>
    extent === 'All' || (extent === 'Known' && (known === undefined || has(known, dataset)));
  return stores
    .get(datasetKind)
    .list(namespace)
    .filter(({ spec, metadata }) => spec.owner === group && metadata.deletionTimestamp === undefined)
    .filter((dataset) => hasParts(dataset) && isWanted(dataset))
    .toSorted((a, b) => Number(has(known, b)) - Number(has(known, a)) || compareAge(a, b));
};

export const ownedData = (datasets: readonly Dataset[]): OwnedData => ({
  buckets: sorted(datasets.map(({ status }) => status.bucket)),
  keyArns: sorted(datasets.map(({ status }) => status.keyArn)),
  databases: sorted(datasets.map(({ status }) => status.glueDatabase)),
});

/** The statements of the managed policies that give a group's role these datasets. */
export const rolePolicies = (
  { partition, account, region, prefix }: GroupPlace,
  group: Omit<GroupResources, 'owned'>,
  datasets: readonly Dataset[],
): ReturnType<typeof spreadOverPolicies> => {
  const roleArn = group.importedRoleArn ?? iamArn(partition, account, `role/${group.roleName ?? ''}`);
  const scope = { partition, account, region, prefix, roleArn };
  return spreadOverPolicies(teamRoleStatements(scope, { ...group, owned: ownedData(datasets) }));
};

/** As many of the first as need no more than `most` policies: a stack that is too large could take nothing away either. */
export const thatFit = (
  datasets: readonly Dataset[],
  policies: (some: readonly Dataset[]) => number,
  most: number,
): readonly Dataset[] => {
  if (policies(datasets) <= most) return datasets;
  let [fits, tooMany] = [0, datasets.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (policies(datasets.slice(0, middle)) <= most) fits = middle;
    else tooMany = middle;
  }
  return datasets.slice(0, fits);
};

/** A warning on the object whose stack it is; none where there is room for all. */
export const leftOutCondition = (
  rights: readonly { readonly whose: string; readonly datasets: readonly Dataset[] }[],
): ConditionInput[] => {
  const told = rights
    .filter(({ datasets }) => datasets.length > 0)
    .map(({ whose, datasets }) => {
      const names = datasets.slice(0, SHOWN).map(({ metadata }) => metadata.name);
      const more = datasets.length > SHOWN ? ` and ${datasets.length - SHOWN} more` : '';
      return `the policies of ${whose} have no room for ${names.join(', ')}${more}`;
    });
  if (told.length === 0) return [];
  const message = `${told.join('; ')}: delete Datasets that are not needed, or give some to another group or environment`;
  return [{ type: 'DatasetsLeftOut', status: 'True', reason: 'QuotaExceeded', message }];
};

const SHOWN = 5;

/** Whether the role may have rights to data that is not to be its own any more. */
export const hasTooMuch = (recorded: Recorded, wanted: readonly Dataset[]): boolean => {
  const ids = new Set(wanted.map(idOf));
  return recorded.datasets?.some((id) => !ids.has(id)) ?? true;
};

/** What to record before a stack is changed: rights of both states may be there until it stands. */
export const eitherOf = (recorded: Recorded, wanted: readonly Dataset[]): string[] =>
  [...new Set([...(recorded.datasets ?? []), ...wanted.map(idOf)])].toSorted();

const has = (known: Recorded['datasets'], dataset: Dataset): boolean => known?.includes(idOf(dataset)) === true;

const hasParts = ({ status }: Dataset): boolean =>
  status.bucket !== undefined || status.keyArn !== undefined || status.glueDatabase !== undefined;

export const sorted = (values: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(values.filter((value) => value !== undefined))].toSorted();
