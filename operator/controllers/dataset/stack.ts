// The stack of a dataset: which template it has, what it made, and how it ends.
import { iamArn, partitionOf, s3Arn } from '../../policy/arn.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';
import type { LakeGrant } from '../../aws/services/lakeformation.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { requestedAtOf } from '../../resources/annotations.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import {
  datasetBucketName,
  datasetDatabaseName,
  datasetRoleName,
  datasetStackName,
  type DatasetNaming,
  foldedName,
} from '../../resources/names.ts';
import type { StackStatus } from '../../resources/status.ts';
import { stackOutputs, type DatasetStackProps } from '../../stacks/stack-props.ts';
import { stackTags } from '../../stacks/stack-tags.ts';
import type { StackProgress } from '../../stacks/stack-deployer.ts';
import type { Platform } from '../reconcile/platform.ts';

export type DatasetStack =
  | {
      readonly state: 'Deployed';
      readonly status: StackStatus;
      readonly bucket: string;
      readonly keyArn: string | undefined;
      readonly database: string;
      readonly roleArn: string;
    }
  | {
      readonly state: 'InProgress' | 'Failed' | 'Deleted';
      readonly status: StackStatus;
      readonly message: string;
      readonly requeueMs: number;
    };

export interface DatasetStackInputs {
  readonly dataset: Stored<Dataset>;
  readonly environment: Environment;
  readonly id: string;
  /** Key of an imported bucket. */
  readonly keyArn: string | undefined;
}

/** One step towards the wanted stack. @throws AwsFault */
export const deployDataset = async (
  platform: Platform,
  inputs: DatasetStackInputs,
  context: ReconcileContext,
): Promise<DatasetStack> => {
  const { dataset, environment, id } = inputs;
  const props = propsOf(platform, inputs);
  const template = await platform.stacks.synthesizer.synthesize('dataset', props);
  const aws = platform.accountOf(environment);
  const isChanged = props.newDatabase !== undefined && dataset.status.stack?.templateHash !== template.hash;
  const location =
    isChanged && dataset.status.before?.registration?.registered === true
      ? locationAccess(platform.aws.executionRoleArn(placeOf(platform, environment)), props)
      : undefined;
  if (aws !== undefined && isChanged) await grantStackAlterDrop(platform, dataset, environment, aws);
  if (aws !== undefined && location !== undefined) await openLocation(aws, location);
  const progress = await platform.stacks.deployer.reconcile(
    deploySession(platform, environment).cloudFormation,
    {
      name: props.stackName,
      template,
      tags: tagsOf(platform, dataset, environment, id),
      roleArn: platform.aws.executionRoleArn(placeOf(platform, environment)),
      attempt: requestedAtOf(dataset.metadata) ?? '',
    },
    dataset.status.stack,
  );
  tell(dataset, progress, context);
  const { outputs, status, message } = progress;
  // Before the status says that nothing is to change any more: a process that ends here does it again.
  if (aws !== undefined && location !== undefined && progress.state !== 'InProgress')
    await closeLocation(aws, location);
  if (progress.state !== 'Deployed')
    return {
      state: progress.state === 'Failed' ? 'Failed' : 'InProgress',
      status,
      message,
      requeueMs: progress.requeueMs ?? 1_000,
    };
  return {
    state: 'Deployed',
    status,
    bucket: props.storage.bucket,
    keyArn: outputs[stackOutputs.keyArn],
    database: props.database,
    roleArn: roleArnOf(dataset, props),
  };
};

/** One step towards no stack, and with it what the stack keeps: a bucket, if it was made and may go. @throws AwsFault */
export const removeDataset = async (
  platform: Platform,
  {
    dataset,
    environment,
    aws,
  }: Pick<DatasetStackInputs, 'dataset' | 'environment'> & { readonly aws: AccountAws | undefined },
  context: ReconcileContext,
): Promise<DatasetStack> => {
  const { status, spec } = dataset;
  const name = status.stack?.name;
  if (name === undefined || status.id === undefined || spec.deletionPolicy === 'Retain')
    return { state: 'Deleted', status: status.stack ?? { name: name ?? '' }, message: '', requeueMs: 0 };
  if (aws !== undefined && makesDatabase(dataset)) await grantStackAlterDrop(platform, dataset, environment, aws);
  const progress = await platform.stacks.deployer.remove(
    deploySession(platform, environment).cloudFormation,
    {
      name,
      tags: tagsOf(platform, dataset, environment, status.id),
      roleArn: platform.aws.executionRoleArn(placeOf(platform, environment)),
    },
    status.stack,
  );
  tell(dataset, progress, context);
  if (progress.state === 'Deleted' && spec.s3.origin === 'Create' && status.bucket !== undefined && aws !== undefined)
    await removeBucket(aws, status.bucket, status.keyArn, spec.deletionPolicy === 'DeleteWithData');
  return {
    state: progress.state === 'Deleted' ? 'Deleted' : 'InProgress',
    status: progress.status,
    message: progress.message,
    requeueMs: progress.requeueMs ?? 1_000,
  };
};

/**
 * Under Lake Formation CloudFormation, too, changes and drops a database only with a grant. It had one for making it, and lost it to the
 * engine, which leaves nobody what no spec asks for; so it gets one when its stack is about to need it, until the engine looks again.
 * A database that is not there any more needs nothing. @throws AwsFault
 */
const grantStackAlterDrop = async (
  platform: Platform,
  { status: { glueDatabase: database } }: Dataset,
  environment: Environment,
  aws: AccountAws,
): Promise<void> => {
  // Before the engine knows the database, it has taken nothing.
  if (database === undefined) return;
  const principal = platform.aws.executionRoleArn(placeOf(platform, environment));
  const resource = { kind: 'Database', catalogId: aws.account, database } as const;
  const [outcome] = await aws.lakeFormation.grant([
    { principal, resource, permissions: ['ALTER', 'DROP'], grantable: [] },
  ]);
  if (outcome?.fault !== undefined && !isFault(outcome.fault, 'NotFound')) throw outcome.fault;
};

/**
 * To make a database in a location that is registered takes access to the location, too; nobody but administrators has it by itself.
 * https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html @throws AwsFault
 */
const openLocation = async (aws: AccountAws, access: LakeGrant): Promise<void> => {
  const [outcome] = await aws.lakeFormation.grant([access]);
  if (outcome?.fault !== undefined) throw outcome.fault;
};

/** No longer than the stack needs it. @throws AwsFault that may pass */
const closeLocation = async (aws: AccountAws, access: LakeGrant): Promise<void> => {
  const [outcome] = await aws.lakeFormation.revoke([access]);
  if (outcome?.fault?.retryable === true) throw outcome.fault;
};

const locationAccess = (principal: string, { account, partition, storage }: DatasetStackProps): LakeGrant => ({
  principal,
  resource: { kind: 'Location', catalogId: account, arn: s3Arn(partition, storage.bucket) },
  permissions: ['DATA_LOCATION_ACCESS'],
  grantable: [],
});

/** What its parts will be called: known before anything is made. */
export const plannedParts = (
  platform: Platform,
  inputs: DatasetStackInputs,
): { readonly bucket: string; readonly database: string; readonly roleArn: string } => {
  const { storage, database, ...props } = propsOf(platform, inputs);
  return { bucket: storage.bucket, database, roleArn: roleArnOf(inputs.dataset, props) };
};

const roleArnOf = (
  { spec }: Dataset,
  { partition, account, roleName }: Pick<DatasetStackProps, 'partition' | 'account' | 'roleName'>,
): string => spec.s3.roleArn ?? iamArn(partition, account, `role/${roleName}`);

/** With Delete a bucket that holds something, be it old versions, stays; its key stays with it. Doing it twice is no error. */
const removeBucket = async (
  aws: AccountAws,
  bucket: string,
  keyArn: string | undefined,
  withData: boolean,
): Promise<void> => {
  if (withData) await aws.s3.deleteObjects(bucket);
  try {
    await aws.s3.deleteBucket(bucket);
  } catch (error) {
    if (!withData && isFault(error, 'Conflict') && error.code === 'BucketNotEmpty') return;
    throw error;
  }
  if (keyArn !== undefined) await aws.kms.scheduleDeletion(keyArn);
};

const propsOf = (platform: Platform, { dataset, environment, id, keyArn }: DatasetStackInputs): DatasetStackProps => {
  const { spec, status } = dataset;
  const { id: account, region } = environment.spec.account;
  const naming: DatasetNaming = { prefix: environment.spec.resourcePrefix, label: spec.label, id };
  const database = foldedName(status.glueDatabase ?? spec.s3.glueDatabase?.name ?? datasetDatabaseName(naming));
  // Names once given stay, whatever becomes of label and prefix: a new name would be a new bucket.
  const bucket = status.bucket ?? spec.s3.bucket?.name ?? datasetBucketName(naming);
  const ownRole = status.roleArn === undefined ? datasetRoleName(naming) : nameOfRole(status.roleArn);
  return {
    partition: partitionOf(region),
    account,
    region,
    stackName: status.stack?.name ?? datasetStackName(naming),
    prefix: environment.spec.resourcePrefix,
    environmentId: environment.status.id ?? '',
    permissionsBoundaryArn: environment.spec.permissionsBoundaryArn,
    datasetId: id,
    pivotRoleArn: environment.status.pivotRole?.arn ?? '',
    roleName: spec.s3.roleArn === undefined ? ownRole : undefined,
    storage:
      spec.s3.origin === 'Create'
        ? {
            origin: 'Create',
            bucket,
            keyAlias: spec.s3.kmsKey?.alias ?? aliasOf(bucket, naming),
            logsBucket: environment.status.buckets?.logs ?? '',
          }
        : { origin: 'Import', bucket, keyArn },
    // CloudFormation keeps the name that it was given: in another one it would see another database.
    newDatabase: makesDatabase(dataset) ? (spec.s3.glueDatabase?.name ?? database) : undefined,
    database,
  };
};

/** The pivot role finds the key by an alias with our prefix, whatever name the bucket was given. */
const aliasOf = (bucket: string, { prefix, id }: DatasetNaming): string =>
  bucket.startsWith(`${prefix}-`) ? bucket : `${prefix}-dataset-${id}`;

const makesDatabase = ({ spec: { s3 } }: Dataset): boolean => s3.glueDatabase === undefined || s3.origin === 'Create';

const nameOfRole = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

const tagsOf = (platform: Platform, dataset: Dataset, environment: Environment, id: string) =>
  stackTags({
    installation: platform.config.installation,
    owner: { kind: 'Dataset', name: objectKey(dataset.metadata), id },
    environment: environment.metadata.name,
    team: dataset.spec.owner,
    creator: dataset.spec.owner,
    user: [...(environment.spec.tags ?? []).filter(({ cascade }) => cascade === true), ...(dataset.spec.tags ?? [])],
  });

const placeOf = (platform: Platform, environment: Environment) => ({
  accountId: environment.spec.account.id,
  region: environment.spec.account.region,
  qualifier: platform.config.aws.bootstrap.qualifier,
});

const deploySession = (platform: Platform, environment: Environment): AccountAws =>
  platform.aws.forBootstrap({ ...placeOf(platform, environment), role: 'deploy' });

const tell = (dataset: Stored<Dataset>, { news }: StackProgress, context: ReconcileContext): void => {
  for (const event of news) context.event(dataset, event);
};
