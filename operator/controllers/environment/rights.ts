// Which datasets have room in the stack of an environment: among the rights of the owner's role, and of the pivot role.
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import { compareAge } from '../../resources/age.ts';
import { pivotRoleStatements } from '../../stacks/templates/pivot-role-statements.ts';
import { mostPolicies, spreadOverPolicies } from '../../stacks/templates/spread-over-policies.ts';
import type { EnvironmentStackProps, GroupResources, ImportedResources } from '../../stacks/stack-props.ts';
import { ownedDatasets, rolePolicies, sorted, thatFit, type Extent } from '../reconcile/owned-data.ts';
import { importedBy, namesIn } from '../reconcile/pivot-rights.ts';
import type { Platform } from '../reconcile/platform.ts';

interface EnvironmentRights {
  /** The owner's, to which its role has rights. */
  readonly owned: readonly Dataset[];
  readonly imported: ImportedResources;
  /** For which there is no room. */
  readonly leftOut: {
    readonly owned: readonly Dataset[];
    readonly imports: readonly Dataset[];
    readonly imported: ImportedResources;
  };
}

type Place = Pick<EnvironmentStackProps, 'partition' | 'account' | 'region' | 'prefix'>;

/** Each role has half of the policies, and what the other one does not need. */
export const environmentRights = (
  platform: Pick<Platform, 'stores'>,
  { metadata, spec, status }: Environment,
  { place, owner, pivotRole }: { place: Place; owner: Omit<GroupResources, 'owned'>; pivotRole: string | undefined },
  extent: Extent = 'All',
): EnvironmentRights => {
  const owned = ownedDatasets(platform, metadata.name, spec.owner, status, extent);
  // Terminating datasets count: their policies are still to be taken down.
  const imports = platform.stores.get(datasetKind).list(metadata.name).toSorted(compareAge);
  const ownerPolicies = (some: readonly Dataset[]): number => rolePolicies(place, owner, some).length;
  const pivotPolicies = (some: readonly Dataset[]): number =>
    pivotRole === undefined
      ? 0
      : spreadOverPolicies(
          pivotRoleStatements({
            ...place,
            roleName: pivotRole,
            imported: importedResources(some, spec.resourcePrefix),
          }),
        ).length;
  const half = mostPolicies.environment / 2;
  const beside = (others: number): number => Math.max(half, mostPolicies.environment - others);
  const ownedFit = thatFit(owned, ownerPolicies, beside(pivotPolicies(imports)));
  const importsFit = thatFit(imports, pivotPolicies, beside(ownerPolicies(owned)));
  const importsLeft = imports.slice(importsFit.length);
  return {
    owned: ownedFit,
    imported: importedResources(importsFit, spec.resourcePrefix),
    leftOut: {
      owned: owned.slice(ownedFit.length),
      imports: importsLeft.filter((dataset) => namesIn(importedBy(dataset, spec.resourcePrefix)).length > 0),
      imported: importedResources(importsLeft, spec.resourcePrefix),
    },
  };
};

const importedResources = (datasets: readonly Dataset[], prefix: string): ImportedResources => {
  const all = datasets.map((dataset) => importedBy(dataset, prefix));
  return {
    buckets: sorted(all.flatMap(({ buckets }) => buckets)),
    namedBuckets: sorted(all.flatMap(({ namedBuckets }) => namedBuckets)),
    keyArns: sorted(all.flatMap(({ keyArns }) => keyArns)),
    roleArns: sorted(all.flatMap(({ roleArns }) => roleArns)),
  };
};
