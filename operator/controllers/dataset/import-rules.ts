// Whether a bucket, key and database that exist may become a dataset: rules in the order in which people are told. Pure: judges what was read.
import { keyProblem } from '../../access/key-state.ts';
import type { GlueDatabase } from '../../aws/services/glue.ts';
import type { KmsKey } from '../../aws/services/kms.ts';
import type { BucketEncryption } from '../../aws/services/s3.ts';
import { annotations } from '../../resources/annotations.ts';
import type { ReasonFor } from '../../resources/conditions.ts';
import { lakeFormationOf, type Dataset } from '../../resources/dataset.ts';
import { foldedName } from '../../resources/names.ts';
import { firstRefusal, type Check } from '../../access/checks.ts';
import { toldName } from '../reconcile/told-name.ts';
import type { ImportClaims } from './import-claims.ts';

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

export interface ImportRefusal {
  readonly reason: ReasonFor<'Dataset', 'Ready'>;
  readonly message: string;
  /** Which part it concerns, for StorageReady or CatalogReady. */
  readonly part: 'Storage' | 'Catalog';
}

/** The tag (of a database: the parameter) by which the owner of an account lets a group import a bucket, a key, a database. */
export const OWNER_TAG = 'dataall:owner';

interface Import extends ImportClaims {
  readonly observed: ObservedImport;
}

type ImportRule = Check<Import, ImportRefusal>;

/** The first thing that stands against the import; undefined when nothing does. */
export const judgeImport = (claims: ImportClaims, observed: ObservedImport): ImportRefusal | undefined =>
  firstRefusal([...bucketRules, keyFitsEncryption, databaseMayBeUsed], { ...claims, observed });

/** The same for who can still change all of it: what stands against the storage, and what against the catalog. */
export const judgeImportParts = (claims: ImportClaims, observed: ObservedImport): readonly ImportRefusal[] =>
  [[...bucketRules, keyFitsEncryption], [databaseMayBeUsed]].flatMap(
    (rules) => firstRefusal(rules, { ...claims, observed }) ?? [],
  );

/** Whoever applied it holds verb import on the environment, so nothing in AWS need say so. */
export const isAuthorized = ({ metadata }: Dataset): boolean =>
  metadata.annotations?.[annotations.importAuthorized] !== undefined;

const storage = (reason: ImportRefusal['reason'], message: string): ImportRefusal => ({
  reason,
  message,
  part: 'Storage',
});

const catalog = (reason: ImportRefusal['reason'], message: string): ImportRefusal => ({
  reason,
  message,
  part: 'Catalog',
});

const bucketOf = ({ dataset }: Pick<Import, 'dataset'>): string => dataset.spec.s3.bucket?.name ?? '';

const bucketHoldsData: ImportRule = (input) => {
  const bucket = bucketOf(input);
  return input.isReserved(bucket)
    ? storage(
        'BucketReserved',
        `bucket ${bucket} holds results, logs, assets or state of an environment: import a bucket that holds data`,
      )
    : undefined;
};

const bucketIsNobodyElses: ImportRule = ({ dataset, sameBucket: [first] }) =>
  first &&
  storage(
    'BucketTaken',
    `bucket ${bucketOf({ dataset })} belongs to ${toldName('Dataset', first, dataset)}: share folders of it instead of importing it twice`,
  );

const bucketExists: ImportRule = ({ dataset, environment, observed }) =>
  observed.bucketRegion === undefined
    ? storage(
        'BucketNotFound',
        `account ${environment.spec.account.id} has no bucket ${bucketOf({ dataset })}: create it, or correct spec.s3.bucket.name in a new Dataset`,
      )
    : undefined;

const bucketIsInRegion: ImportRule = ({ dataset, environment, observed }) => {
  const { region } = environment.spec.account;
  return observed.bucketRegion === region
    ? undefined
    : storage(
        'CrossRegionBucket',
        `bucket ${bucketOf({ dataset })} is in ${observed.bucketRegion}, the environment in ${region}: import it into an environment there`,
      );
};

const bucketIsOpenedToOwner: ImportRule = ({ dataset, environment, observed }) =>
  isAuthorized(dataset) || observed.tags[OWNER_TAG] === dataset.spec.owner
    ? undefined
    : storage(
        'ImportNotAuthorized',
        `tag bucket ${bucketOf({ dataset })} with ${OWNER_TAG}=${dataset.spec.owner}, or have the dataset applied by someone with verb import on environment ${environment.metadata.name}`,
      );

const bucketRules: readonly ImportRule[] = [
  bucketHoldsData,
  bucketIsNobodyElses,
  bucketExists,
  bucketIsInRegion,
  bucketIsOpenedToOwner,
];

const keyFitsEncryption: ImportRule = (input) => {
  const { encryption } = input.observed;
  if (encryption !== undefined && encryption.algorithm !== 'AES256') return firstRefusal(keyRules, input);
  return input.dataset.spec.s3.kmsKey === undefined
    ? undefined
    : storage(
        'KeyNotAllowed',
        `bucket ${bucketOf(input)} is encrypted with SSE-S3: leave spec.s3.kmsKey out of a new Dataset, or encrypt the bucket with that key`,
      );
};

/** SSE-KMS that names no key uses the AWS-managed one. */
const keyIsNotOfAws: ImportRule = ({ dataset, observed: { encryption, bucketKey } }) =>
  encryption?.keyId === undefined || bucketKey?.manager === 'AWS'
    ? storage(
        'KeyNotAllowed',
        `bucket ${bucketOf({ dataset })} is encrypted with the AWS-managed key, whose policy nobody can change: encrypt it with a key of your own`,
      )
    : undefined;

const keyIsNamed: ImportRule = ({ dataset }) =>
  dataset.spec.s3.kmsKey === undefined
    ? storage(
        'KeyRequired',
        `bucket ${bucketOf({ dataset })} is encrypted with SSE-KMS: name its key in spec.s3.kmsKey of a new Dataset`,
      )
    : undefined;

const namedKeyExists: ImportRule = ({ dataset, observed }) => {
  const { alias, arn = '' } = dataset.spec.s3.kmsKey ?? {};
  return observed.namedKey === undefined
    ? storage(
        'KeyNotFound',
        `there is no key ${alias ?? arn} in this account and region: name the key that encrypts the bucket in a new Dataset`,
      )
    : undefined;
};

const keyOfBucketExists: ImportRule = ({ dataset, observed }) =>
  observed.bucketKey === undefined
    ? storage(
        'KeyNotFound',
        `bucket ${bucketOf({ dataset })} is encrypted with ${observed.encryption?.keyId}, which is not there: encrypt it with a key that is`,
      )
    : undefined;

const namedKeyEncryptsBucket: ImportRule = ({ dataset, observed: { bucketKey, namedKey } }) =>
  bucketKey?.arn === namedKey?.arn
    ? undefined
    : storage(
        'KeyMismatch',
        `bucket ${bucketOf({ dataset })} is encrypted with ${bucketKey?.arn}, spec.s3.kmsKey names ${namedKey?.arn}: name the first in a new Dataset, or encrypt the bucket with the second`,
      );

const keyIsUsable: ImportRule = ({ observed: { namedKey } }) => {
  const problem = namedKey && keyProblem(namedKey);
  return problem && { ...problem, part: 'Storage' };
};

/** Its policy would be written by the pivot role of another account, for an owner whom that account never heard of. */
const keyIsOfAccount: ImportRule = ({ dataset, environment, observed: { namedKey } }) => {
  const { id: account } = environment.spec.account;
  return namedKey?.arn.split(':')[4] === account
    ? undefined
    : storage(
        'KeyNotAllowed',
        `${namedKey?.arn} is a key of another account: encrypt bucket ${bucketOf({ dataset })} with a key of account ${account}`,
      );
};

/** Its policy will let the owner decrypt: leave to import a bucket is no leave to use whatever key the bucket is pointed at. */
const keyIsOpenedToOwner: ImportRule = ({ dataset, environment, observed: { namedKey, keyTags } }) =>
  isAuthorized(dataset) || keyTags[OWNER_TAG] === dataset.spec.owner
    ? undefined
    : storage(
        'ImportNotAuthorized',
        `tag key ${namedKey?.arn} with ${OWNER_TAG}=${dataset.spec.owner}, or have the dataset applied by someone with verb import on environment ${environment.metadata.name}`,
      );

/** Of a bucket that is encrypted with SSE-KMS. */
const keyRules: readonly ImportRule[] = [
  keyIsNotOfAws,
  keyIsNamed,
  namedKeyExists,
  keyOfBucketExists,
  namedKeyEncryptsBucket,
  keyIsUsable,
  keyIsOfAccount,
  keyIsOpenedToOwner,
];

const databaseMayBeUsed: ImportRule = (input) =>
  input.dataset.spec.s3.glueDatabase === undefined ? undefined : firstRefusal(databaseRules, input);

const databaseOf = ({ dataset }: Pick<Import, 'dataset'>): string =>
  foldedName(dataset.spec.s3.glueDatabase?.name ?? '');

const databaseIsNobodyElses: ImportRule = ({ dataset, sameDatabase }) => {
  const stranger = sameDatabase.find((other) => !mayShareDatabase(other, dataset));
  return (
    stranger &&
    catalog(
      'DatabaseTaken',
      `database ${databaseOf({ dataset })} belongs to ${toldName('Dataset', stranger, dataset)}: its owner may add ${dataset.spec.owner} to spec.s3.coOwners`,
    )
  );
};

const databaseExists: ImportRule = ({ dataset, observed: { database } }) =>
  database === undefined
    ? catalog(
        'DatabaseNotFound',
        `there is no Glue database ${databaseOf({ dataset })} in this account and region: create it, or leave spec.s3.glueDatabase out of a new Dataset to have one made`,
      )
    : undefined;

const databaseIsNoLink: ImportRule = ({ dataset, observed: { database } }) =>
  database?.target &&
  catalog(
    'DatabaseNotFound',
    `database ${databaseOf({ dataset })} is a link to ${database.target.database} of account ${database.target.catalogId}: import it where it lives`,
  );

/** An import gives the owner all rights on the database, so leave to import a bucket is no leave to import any database beside it. */
const databaseIsOpenedToOwner: ImportRule = ({ dataset, environment, sameDatabase, observed: { database } }) => {
  const name = databaseOf({ dataset });
  const { owner } = dataset.spec;
  const isOpened =
    database?.parameters[OWNER_TAG] === owner || sameDatabase.some(({ status }) => status.glueDatabase === name);
  return isAuthorized(dataset) || isOpened
    ? undefined
    : catalog(
        'ImportNotAuthorized',
        `give database ${name} the parameter ${OWNER_TAG}=${owner}, or have the dataset applied by someone with verb import on environment ${environment.metadata.name}`,
      );
};

/** What IAM alone opens of a database it opens of all datasets there. */
const databaseIsUsedAlike: ImportRule = ({ dataset, sameDatabase }) => {
  const other = sameDatabase.find((one) => lakeFormationOf(one) !== lakeFormationOf(dataset));
  return (
    other &&
    catalog(
      'LakeFormationMismatch',
      `database ${databaseOf({ dataset })} is used with lakeFormation: ${lakeFormationOf(other)} by ${toldName('Dataset', other, dataset)}, and here with ${lakeFormationOf(dataset)}: say the same in both`,
    )
  );
};

const databaseRules: readonly ImportRule[] = [
  databaseIsNobodyElses,
  databaseIsUsedAlike,
  databaseExists,
  databaseIsNoLink,
  databaseIsOpenedToOwner,
];

/** A database may serve several datasets of one owner, or of groups that the first owner names. */
const mayShareDatabase = (first: Dataset, second: Dataset): boolean =>
  first.spec.owner === second.spec.owner || (first.spec.s3.coOwners ?? []).includes(second.spec.owner);
