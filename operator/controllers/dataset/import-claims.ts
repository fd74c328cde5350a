// Who else has, or wants, what an import names: the bucket, the database. Pure.
import { findCondition } from '../../kernel/conditions.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import { foldedName } from '../../resources/names.ts';
import { isOlder } from '../../resources/age.ts';

export interface ImportClaims {
  readonly dataset: Dataset;
  readonly environment: Environment;
  /** Other datasets that name the same bucket, the oldest first. */
  readonly sameBucket: readonly Dataset[];
  /** Other datasets that name the same database. */
  readonly sameDatabase: readonly Dataset[];
  /** Buckets of environments, logs, CDK and state: never importable. */
  readonly isReserved: (bucket: string) => boolean;
}

/** Who else names the bucket and the database of an import, and has some claim to them. */
export const claimsOf = (
  dataset: Dataset,
  environment: Environment,
  around: { readonly datasets: readonly Dataset[]; readonly environments: readonly Environment[] },
): ImportClaims => {
  const { bucket, glueDatabase } = dataset.spec.s3;
  const others = around.datasets.filter(({ metadata }) => metadata.uid !== dataset.metadata.uid);
  // What somebody merely names, and may not have, is kept from nobody.
  const older = others.filter((other) => isOlder(other, dataset) && !isWithoutClaim(other));
  // Who has it comes before who asked first; and a name alone, in another account, reserves nothing.
  const holdsBucket = (other: Dataset): boolean =>
    other.status.bucket === bucket?.name && (isOlder(other, dataset) || dataset.status.bucket === undefined);
  const askedBefore = ({ metadata, spec, status }: Dataset): boolean =>
    metadata.namespace === dataset.metadata.namespace &&
    status.bucket === undefined &&
    spec.s3.bucket?.name === bucket?.name;
  const namesDatabase = ({ metadata, spec, status }: Dataset): boolean =>
    metadata.namespace === dataset.metadata.namespace &&
    glueDatabase !== undefined &&
    foldedName(status.glueDatabase ?? spec.s3.glueDatabase?.name ?? '') === foldedName(glueDatabase.name);
  return {
    dataset,
    environment,
    sameBucket: [...others.filter(holdsBucket), ...older.filter(askedBefore)],
    sameDatabase: older.filter(namesDatabase),
    isReserved: reservedBuckets(around.environments),
  };
};

/** Which buckets hold results, logs, assets or state, and no data. */
export const reservedBuckets = (environments: readonly Environment[]): ImportClaims['isReserved'] => {
  const own = new Set(environments.flatMap(({ status: { buckets } }) => [buckets?.environment, buckets?.logs]));
  return (bucket) => own.has(bucket) || bucket.startsWith('cdk-');
};

/**
 * It names a bucket or a database that is not there, or that nobody has let it import; or it was to make what somebody else has, as its stack
 * found: what it could not make, and another one finds, was never its own.
 */
const isWithoutClaim = ({ spec, status }: Dataset): boolean => {
  const ready = findCondition(status.conditions, 'Ready');
  if (status.bucket !== undefined || ready?.status !== 'False') return false;
  return WITHOUT_CLAIM.includes(ready.reason) || (spec.s3.origin === 'Create' && ready.reason === 'StackFailed');
};

const WITHOUT_CLAIM: readonly string[] = [
  'ImportNotAuthorized',
  'BucketNotFound',
  'CrossRegionBucket',
  'DatabaseNotFound',
] satisfies readonly ReasonFor<'Dataset', 'Ready'>[];
