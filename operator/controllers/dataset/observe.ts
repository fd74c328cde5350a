// What is in place in AWS for a dataset: bucket, key, database and role, made by its stack or imported after checks; and its tables.
import { keyProblem, type KeyProblem } from '../../access/key-state.ts';
import { strayLocation } from '../../access/table-location.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';
import type { Stored } from '../../kernel/kind.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { isReconcileRequested } from '../../resources/annotations.ts';
import { datasetKind, type Dataset, lakeFormationOf } from '../../resources/dataset.ts';
import type { BeforeImport, DatasetStatus } from '../../resources/dataset-status.ts';
import { environmentKind, type Environment } from '../../resources/environment.ts';
import { captureBaseline, captureStatements, inheritBaseline } from './import-baseline.ts';
import { locationOf, type DataLocation } from './locations.ts';
import { rejected, stackProgressing, type DatasetOutcome } from './outcome.ts';
import { blocked, progressing } from '../reconcile/reconcile-outcome.ts';
import { claimsOf } from './import-claims.ts';
import { judgeImport } from './import-rules.ts';
import { observeImport } from './observe-import.ts';
import { tagAccessOf } from './tags.ts';
import { deployDataset, plannedParts } from './stack.ts';
import { idOf } from '../reconcile/object-id.ts';
import { importedBy } from '../reconcile/pivot-rights.ts';
import type { Platform } from '../reconcile/platform.ts';

/** What AWS has of a dataset: where it is, and what the status says of it. */
export interface ObservedDataset {
  readonly location: DataLocation;
  readonly status: Partial<DatasetStatus>;
  /** What LF-Tags open of it, which is not ours. */
  readonly tagAccess: string | undefined;
}

/** What is in place in AWS, or what stands in its way. */
export const observeDataset = async (
  platform: Platform,
  dataset: Stored<Dataset>,
  environment: Environment,
  aws: AccountAws,
  context: ReconcileContext,
): Promise<ObservedDataset | DatasetOutcome> => {
  const id = idOf(dataset);
  const imported = dataset.spec.s3.origin === 'Import' ? await observeImport(aws, dataset) : undefined;
  const around = {
    datasets: platform.stores.get(datasetKind).list(),
    environments: platform.stores.get(environmentKind).list(),
  };
  const refusal = imported && judgeImport(claimsOf(dataset, environment, around), imported);
  if (refusal !== undefined) return rejected(refusal, { id });

  const inputs = { dataset, environment, id, keyArn: imported?.namedKey?.arn };
  if (imported !== undefined && dataset.status.before === undefined) {
    // Stored before the first change, and so is what a stack changes.
    const before = await beforeOf(platform, dataset, aws, plannedParts(platform, inputs), environment, context);
    return progressing('what is there is written down before anything is changed', { id, before }, 0);
  }
  const stack = await deployDataset(platform, inputs, context);
  if (stack.state !== 'Deployed') return stackProgressing(stack, id);
  const location = locationOf(dataset, environment, stack, imported);
  const problem = imported === undefined ? await madeKeyProblem(aws, location) : undefined;
  if (problem !== undefined) return rejected({ ...problem, part: 'Storage' }, { id });
  const needed = importedBy(
    { ...dataset, status: { ...dataset.status, ...location } },
    environment.spec.resourcePrefix,
  );
  if (platform.pivotRights.hasNoRoom(environment.metadata.name, needed)) return noRoom(environment);
  const { before } = dataset.status;
  if (before !== undefined && before.statements === undefined && dataset.status.registration === undefined) {
    const statements = await statementsOf(platform, dataset, environment, aws, location, context);
    const known = { id, ...location, stack: stack.status, ...(statements && { before: { ...before, statements } }) };
    return progressing('what its policies say is written down before they are changed', known, statements ? 0 : 2_000);
  }
  const tables = await tablesOf(platform, dataset, aws, location, context);
  const tagAccess = await tagAccessOf(aws, location.glueDatabase, tables?.names ?? []);
  const lakeFormation = lakeFormationOf(dataset);
  return { location, tagAccess, status: { id, ...location, before, tables, stack: stack.status, lakeFormation } };
};

/** The environment tells nobody when there is room again. */
const noRoom = ({ metadata }: Environment): DatasetOutcome =>
  blocked(
    'QuotaExceeded',
    `the policies of the pivot role of environment ${metadata.name} are full, and those before this one have the room: delete Datasets there that import, or that name a bucket or key of their own, or make this one in another environment`,
    { lookAgainMs: 60_000 },
  );

/** The key that was made for it; that of an import is judged with the rest of it. */
const madeKeyProblem = async (aws: AccountAws, { keyArn }: DataLocation): Promise<KeyProblem | undefined> => {
  const key = keyArn === undefined ? undefined : await aws.kms.key(keyArn);
  return key && keyProblem(key);
};

/** Undefined while the right to read them is on its way: it follows the status that names the bucket. @throws AwsFault */
const statementsOf = async (
  { pivotRights }: Platform,
  dataset: Stored<Dataset>,
  { metadata, spec }: Environment,
  aws: AccountAws,
  location: DataLocation,
  context: ReconcileContext,
): Promise<BeforeImport['statements']> => {
  try {
    const statements = await captureStatements(aws, location);
    tellKept(dataset, statements, context);
    return statements;
  } catch (error) {
    const needed = importedBy({ ...dataset, status: { ...dataset.status, ...location } }, spec.resourcePrefix);
    if (isFault(error, 'AccessDenied') && pivotRights.areOnTheWay(metadata.name, needed, context.now()))
      return undefined;
    throw error;
  }
};

const tellKept = (
  dataset: Stored<Dataset>,
  { bucket, key }: NonNullable<BeforeImport['statements']>,
  context: ReconcileContext,
): void => {
  const whose = [
    ...bucket.map((sid) => `${sid} of the bucket's policy`),
    ...key.map((sid) => `${sid} of the key's policy`),
  ];
  if (whose.length > 0)
    context.event(dataset, {
      type: 'Normal',
      reason: 'StatementsKept',
      note: `statements of others have names that ours would have, and stay as they are: ${whose.join(', ')}; ours are called the same with -2 behind`,
    });
};

const beforeOf = async (
  platform: Platform,
  dataset: Dataset,
  aws: AccountAws,
  { bucket, database, roleArn }: ReturnType<typeof plannedParts>,
  environment: Environment,
  context: ReconcileContext,
): Promise<BeforeImport> => {
  const owners = [
    environment.status.defaultRole?.arn,
    platform.specs.teamOfGroup(dataset.metadata.namespace, dataset.spec.owner)?.status.roleArn,
  ];
  const ours = [roleArn, environment.status.pivotRole?.arn, ...owners].flatMap((arn) => arn ?? []);
  const found = await captureBaseline(aws, { bucket, database, ours }, new Date(context.now()).toISOString());
  const { id: account, region } = environment.spec.account;
  const [other] = othersOnDatabase(platform, dataset, { account, region, glueDatabase: database });
  return other === undefined ? found : inheritBaseline(found, other.status.before);
};

export const othersOnDatabase = (
  platform: Platform,
  dataset: Dataset,
  { account, region, glueDatabase }: Pick<DataLocation, 'account' | 'region' | 'glueDatabase'>,
): readonly Dataset[] =>
  platform.specs
    .datasetsOfDatabase(account, region, glueDatabase)
    .filter(({ metadata }) => metadata.uid !== dataset.metadata.uid);

const tablesOf = async (
  platform: Platform,
  dataset: Dataset,
  aws: AccountAws,
  at: DataLocation,
  context: ReconcileContext,
): Promise<DatasetStatus['tables']> => {
  const known = dataset.status.tables;
  const asked = isReconcileRequested(dataset);
  const period = platform.config.intervals.tablesSyncMinutes * 60_000 * 0.8;
  if (known !== undefined && !asked && context.now() - Date.parse(known.syncedAt) < period) return known;
  // Of a database that names data of others, too, those of its own bucket.
  const names = ((await aws.glue.tables(at.glueDatabase)) ?? [])
    .filter((table) => strayLocation(table, [at.bucket]) === undefined)
    .map(({ name }) => name)
    .toSorted();
  const unchanged = known?.count === names.length && known.names.every((name, index) => names[index] === name);
  return unchanged && context.now() - Date.parse(known.syncedAt) < 3_600_000
    ? known
    : { count: names.length, names: names.slice(0, 500), syncedAt: new Date(context.now()).toISOString() };
};
