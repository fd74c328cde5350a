// Whether a bucket, key and database that exist may become a dataset. Pure: judges what was read.
import { keyProblem } from '../../access/key-state.ts';
import type { GlueDatabase } from '../../aws/services/glue.ts';
import type { KmsKey } from '../../aws/services/kms.ts';
import type { BucketEncryption } from '../../aws/services/s3.ts';
import { findCondition } from '../../kernel/conditions.ts';
import { annotations } from '../../resources/annotations.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import { foldedName } from '../../resources/names.ts';
import { isOlder } from '../../resources/seniority.ts';
import { toldName } from '../reconcile/told-name.ts';

/** What AWS says of the things an import names; undefined = there is none. */
export interface ObservedImport {
  /** Region of the bucket. */
  readonly bucketRegion: string | undefined;
  readonly encryption: BucketEncryption | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** The key that the bucket's default encryption uses. */
  readonly bucketKey: KmsKey | undefined;
  /** The key that spec.s3.kmsKey names. */
  readonly namedKey: KmsKey | undefined;
  /** Of the key that spec.s3.kmsKey names, where it is one of this account. */
  readonly keyTags: Readonly<Record<string, string>>;
  readonly database: GlueDatabase | undefined;
}

export interface ImportClaims {
  readonly dataset: Dataset;
  readonly environment: Environment;
  /** Other datasets that name the same bucket, the oldest first. */
  readonly sameBucket: readonly Dataset[];
  /** Other datasets that name the same database. */
  readonly sameDatabase: readonly Dataset[];
  /** Buckets of environments, logs, CDK and state: never importable. */
  readonly reserved: ReadonlySet<string>;
}

export interface ImportRefusal {
  readonly reason: ReasonFor<'Dataset', 'Ready'>;
  readonly message: string;
  /** Which part it concerns, for StorageReady or CatalogReady. */
  readonly part: 'Storage' | 'Catalog';
}

/** The tag (of a database: the parameter) by which the owner of an account lets a group import a bucket, a key, a database. */
export const OWNER_TAG = 'dataall:owner';

/** The first thing that stands against the import; undefined when nothing does. */
export const judgeImport = (claims: ImportClaims, observed: ObservedImport): ImportRefusal | undefined =>
  judgeBucket(claims, observed) ?? judgeKey(claims, observed) ?? judgeDatabase(claims, observed);

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
    reserved: new Set(
      around.environments.flatMap(({ status }) => [status.buckets?.environment ?? '', status.buckets?.logs ?? '']),
    ),
  };
};

/** It names a bucket or a database that is not there, or that nobody has let it import. */
const isWithoutClaim = ({ status }: Dataset): boolean => {
  const ready = findCondition(status.conditions, 'Ready');
  return status.bucket === undefined && ready?.status === 'False' && WITHOUT_CLAIM.includes(ready.reason);
};

const WITHOUT_CLAIM: readonly string[] = [
  'ImportNotAuthorized',
  'BucketNotFound',
  'CrossRegionBucket',
  'DatabaseNotFound',
] satisfies readonly ImportRefusal['reason'][];

/** Whoever applied it holds verb import on the environment, so nothing in AWS need say so. */
export const isAuthorized = ({ metadata }: Dataset): boolean =>
  metadata.annotations?.[annotations.importAuthorized] !== undefined;

const judgeBucket = (claims: ImportClaims, observed: ObservedImport): ImportRefusal | undefined => {
  const { dataset, environment, sameBucket, reserved } = claims;
  const bucket = dataset.spec.s3.bucket?.name ?? '';
  const { region, id: account } = environment.spec.account;
  const refuse = (reason: ImportRefusal['reason'], message: string): ImportRefusal => ({
    reason,
    message,
    part: 'Storage',
  });
  if (reserved.has(bucket) || bucket.startsWith('cdk-'))
    return refuse(
      'BucketReserved',
      `bucket ${bucket} holds results, logs, assets or state of an environment: import a bucket that holds data`,
    );
  const first = sameBucket[0];
  if (first !== undefined)
    return refuse(
      'BucketTaken',
      `bucket ${bucket} belongs to ${toldName('Dataset', first, dataset)}: share folders of it instead of importing it twice`,
    );
  if (observed.bucketRegion === undefined)
    return refuse(
      'BucketNotFound',
      `account ${account} has no bucket ${bucket}: create it, or correct spec.s3.bucket.name in a new Dataset`,
    );
  if (observed.bucketRegion !== region)
    return refuse(
      'CrossRegionBucket',
      `bucket ${bucket} is in ${observed.bucketRegion}, the environment in ${region}: import it into an environment there`,
    );
  if (!isAuthorized(dataset) && observed.tags[OWNER_TAG] !== dataset.spec.owner)
    return refuse(
      'ImportNotAuthorized',
      `tag bucket ${bucket} with ${OWNER_TAG}=${dataset.spec.owner}, or have the dataset applied by someone with verb import on environment ${environment.metadata.name}`,
    );
  return undefined;
};

const judgeKey = ({ dataset, environment }: ImportClaims, observed: ObservedImport): ImportRefusal | undefined => {
  const { spec } = dataset;
  const named = spec.s3.kmsKey;
  const bucket = spec.s3.bucket?.name ?? '';
  const isKms = observed.encryption !== undefined && observed.encryption.algorithm !== 'AES256';
  const refuse = (reason: ImportRefusal['reason'], message: string): ImportRefusal => ({
    reason,
    message,
    part: 'Storage',
  });
  if (!isKms)
    return named === undefined
      ? undefined
      : refuse(
          'KeyNotAllowed',
          `bucket ${bucket} is encrypted with SSE-S3: remove spec.s3.kmsKey, or encrypt the bucket with that key`,
        );
  // SSE-KMS that names no key uses the AWS-managed one.
  if (observed.encryption?.keyId === undefined || observed.bucketKey?.manager === 'AWS')
    return refuse(
      'KeyNotAllowed',
      `bucket ${bucket} is encrypted with the AWS-managed key, whose policy nobody can change: encrypt it with a key of your own`,
    );
  if (named === undefined)
    return refuse('KeyRequired', `bucket ${bucket} is encrypted with SSE-KMS: name its key in spec.s3.kmsKey`);
  if (observed.namedKey === undefined)
    return refuse(
      'KeyNotFound',
      `there is no key ${named.alias ?? named.arn ?? ''} in this account and region: name the key that encrypts the bucket`,
    );
  if (observed.bucketKey === undefined)
    return refuse(
      'KeyNotFound',
      `bucket ${bucket} is encrypted with ${observed.encryption.keyId}, which is not there: encrypt it with a key that is`,
    );
  if (observed.bucketKey.arn !== observed.namedKey.arn)
    return refuse(
      'KeyMismatch',
      `bucket ${bucket} is encrypted with ${observed.bucketKey.arn}, spec.s3.kmsKey names ${observed.namedKey.arn}: name the first`,
    );
  const problem = keyProblem(observed.namedKey);
  if (problem !== undefined) return { ...problem, part: 'Storage' };
  // Its policy would be written by the pivot role of another account, for an owner whom that account never heard of.
  const { id: account } = environment.spec.account;
  if (observed.namedKey.arn.split(':')[4] !== account)
    return refuse(
      'KeyNotAllowed',
      `${observed.namedKey.arn} is a key of another account: encrypt bucket ${bucket} with a key of account ${account}`,
    );
  // Its policy will let the owner decrypt: leave to import a bucket is no leave to use whatever key the bucket is pointed at.
  if (!isAuthorized(dataset) && observed.keyTags[OWNER_TAG] !== spec.owner)
    return refuse(
      'ImportNotAuthorized',
      `tag key ${observed.namedKey.arn} with ${OWNER_TAG}=${spec.owner}, or have the dataset applied by someone with verb import on environment ${environment.metadata.name}`,
    );
  return undefined;
};

const judgeDatabase = (
  { dataset, environment, sameDatabase }: ImportClaims,
  observed: ObservedImport,
): ImportRefusal | undefined => {
  const asked = dataset.spec.s3.glueDatabase?.name;
  if (asked === undefined) return undefined;
  const name = foldedName(asked);
  const refuse = (reason: ImportRefusal['reason'], message: string): ImportRefusal => ({
    reason,
    message,
    part: 'Catalog',
  });
  const stranger = sameDatabase.find((other) => !mayShareDatabase(other, dataset));
  if (stranger !== undefined)
    return refuse(
      'DatabaseTaken',
      `database ${name} belongs to ${toldName('Dataset', stranger, dataset)}: its owner may add ${dataset.spec.owner} to spec.s3.coOwners`,
    );
  if (observed.database === undefined)
    return refuse(
      'DatabaseNotFound',
      `there is no Glue database ${name} in this account and region: create it, or leave spec.s3.glueDatabase out to have one made`,
    );
  if (observed.database.target !== undefined)
    return refuse(
      'DatabaseNotFound',
      `database ${name} is a link to ${observed.database.target.database} of account ${observed.database.target.catalogId}: import it where it lives`,
    );
  // An import gives the owner all rights on the database, so leave to import a bucket is no leave to import any database beside it.
  const isOpened =
    observed.database.parameters[OWNER_TAG] === dataset.spec.owner ||
    sameDatabase.some(({ status }) => status.glueDatabase === name);
  if (!isAuthorized(dataset) && !isOpened)
    return refuse(
      'ImportNotAuthorized',
      `give database ${name} the parameter ${OWNER_TAG}=${dataset.spec.owner}, or have the dataset applied by someone with verb import on environment ${environment.metadata.name}`,
    );
  return undefined;
};

/** A database may serve several datasets of one owner, or of groups that the first owner names. */
const mayShareDatabase = (first: Dataset, second: Dataset): boolean =>
  first.spec.owner === second.spec.owner || (first.spec.s3.coOwners ?? []).includes(second.spec.owner);
