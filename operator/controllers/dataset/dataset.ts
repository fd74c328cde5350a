// Dataset: bucket, key, database and role in place (made by a stack, or imported after checks), registered, its tables known, its
// users counted; and taken down again in the opposite order.
import { grantsOf } from '../../access/consent.ts';
import { problemsOf } from '../../access/share-decision.ts';
import type { AccountAws } from '../../aws/account.ts';
import type { ConditionInput, Outcome } from '../../kernel/conditions.ts';
import { confidentialityLevels } from '../../features/confidentiality.ts';
import { objectKey, type Stored } from '../../kernel/kind.ts';
import type { ControllerDefinition, ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import type { DatasetStatus } from '../../resources/dataset-status.ts';
import type { Environment } from '../../resources/environment.ts';
import { isServing } from '../environment/serving.ts';
import { perEnvironment } from '../reconcile/concurrency.ts';
import { groupsAround } from '../reconcile/known-groups.ts';
import { idTaken } from '../reconcile/object-id.ts';
import { asReconciler, type ObjectReconciler, type StatusFields } from '../reconcile/object-reconciler.ts';
import { fingerprintOf, ObservationCache } from '../reconcile/observation-cache.ts';
import type { Platform } from '../reconcile/platform.ts';
import { blocked, keepKnown } from '../reconcile/reconcile-outcome.ts';
import { unknownWords } from '../reconcile/unknown-words.ts';
import { decideShares } from '../reconcile/share-decisions.ts';
import { sharesInUse } from '../reconcile/usage.ts';
import { DatasetDocuments } from './documents.ts';
import { finalizeDataset } from './finalize.ts';
import { observeDataset, type ObservedDataset } from './observe.ts';
import { failed, rejected, type DatasetOutcome } from './outcome.ts';
import { requestsOf } from './requests-summary.ts';
import { datasetWatches } from './watches.ts';

export const datasetController = 'dataset';

export const defineDatasetController = (platform: Platform): ControllerDefinition => ({
  name: datasetController,
  watches: datasetWatches(platform),
  ...perEnvironment,
  reconcile: asReconciler(platform, new DatasetReconciler(platform)),
});

/** Where a dataset can be worked on. */
interface Place {
  readonly environment: Environment;
  readonly aws: AccountAws;
}

class DatasetReconciler implements ObjectReconciler<Dataset> {
  readonly kind = datasetKind;
  readonly recordsReadyEvent = true;
  readonly #platform: Platform;
  readonly #observations = new ObservationCache<ObservedDataset>();
  readonly #documents: DatasetDocuments;

  constructor(platform: Platform) {
    this.#platform = platform;
    this.#documents = new DatasetDocuments(platform);
  }

  async reconcile(dataset: Stored<Dataset>, context: ReconcileContext): Promise<DatasetOutcome> {
    this.#documents.track(dataset);
    const place = this.#placeOf(dataset);
    if ('reason' in place) return place;
    const { observed, goodForMs } = await this.#observe(dataset, place, context);
    if ('reason' in observed) return observed;
    return this.#documents.reconcile(dataset, observed, goodForMs, context);
  }

  async finalize(dataset: Stored<Dataset>, context: ReconcileContext): Promise<DatasetOutcome | undefined> {
    return await finalizeDataset(this.#platform, dataset, context);
  }

  failed(error: unknown, { metadata }: Dataset): DatasetOutcome {
    return failed(error, this.#platform.specs.environment(metadata.namespace)?.status.pivotRole?.arn);
  }

  /** What stands in its way as far as the cluster knows, in the order in which people are told. */
  #placeOf(dataset: Stored<Dataset>): Place | DatasetOutcome {
    const { namespace } = dataset.metadata;
    const taken = idTaken(this.#platform.stores, [datasetKind], dataset);
    if (taken !== undefined) return rejected({ reason: 'IdTaken', part: 'Storage', message: taken });
    const environment = this.#platform.specs.environment(namespace);
    if (environment === undefined)
      return blocked('EnvironmentNotFound', `namespace ${namespace} belongs to no Environment`);
    const aws = this.#platform.accountOf(environment);
    if (aws === undefined || !isServing(environment))
      return blocked(
        'EnvironmentNotReady',
        `environment ${environment.metadata.name} is not ready: see its conditions`,
      );
    // Nothing is imported, made or added; documents go on taking away.
    if (dataset.spec.suspend === true) return blocked('Suspended', 'spec.suspend is true: set it to false to go on');
    return { environment, aws };
  }

  /** What is in place in AWS, as it was when anybody last wanted it asked. */
  async #observe(
    dataset: Stored<Dataset>,
    { environment, aws }: Place,
    context: ReconcileContext,
  ): Promise<{ readonly observed: ObservedDataset | DatasetOutcome; readonly goodForMs: number }> {
    const key = objectKey(dataset.metadata);
    const fingerprint = fingerprintOf(dataset, environment.metadata.generation, environment.status.pivotRole?.arn);
    const known = this.#observations.get(key, fingerprint, context);
    if (known !== undefined) return { observed: known.answer, goodForMs: known.goodForMs };
    const observed = await observeDataset(this.#platform, dataset, environment, aws, context);
    const { config, random } = this.#platform;
    const goodForMs = config.intervals.tablesSyncMinutes * 60_000 * (1 - random() / 10);
    if (!('reason' in observed)) this.#observations.set(key, fingerprint, observed, context.now() + goodForMs);
    return { observed, goodForMs };
  }

  async statusOf(
    dataset: Stored<Dataset>,
    { reason, status: found }: DatasetOutcome,
    now: number,
  ): Promise<StatusFields<Dataset>> {
    const { specs } = this.#platform;
    const { metadata, status } = dataset;
    const decided = await decideShares(specs, specs.sharesOfDataset(metadata.namespace, metadata.name), now);
    const shares = decided.map((share) => ({ ...share, problems: () => problemsOf(specs, share.request) }));
    return {
      ...keepKnown(kept, found, status),
      ...(reason === 'IdTaken' && { id: undefined }),
      requests: requestsOf(shares),
      ...sharesInUse(shares.filter(({ decision }) => grantsOf(decision).length > 0).map(({ request }) => request)),
    };
  }

  conditionsOf(dataset: Stored<Dataset>): readonly ConditionInput[] {
    const { namespace, deletionTimestamp } = dataset.metadata;
    if (deletionTimestamp !== undefined) return [];
    const { catalog, features } = this.#platform.config;
    const groups = groupsAround(this.#platform, namespace);
    return unknownWords(dataset, { groups, topics: catalog.topics, levels: confidentialityLevels(features) });
  }

  adjustOutcome(dataset: Dataset, outcome: Outcome): Outcome {
    return this.#platform.rights.adjustOutcome(dataset, outcome);
  }

  forget(key: string): void {
    this.#documents.forget(key);
    this.#observations.delete(key);
  }
}

const kept = [
  'id',
  'account',
  'region',
  'bucket',
  'bucketArn',
  'keyArn',
  'glueDatabase',
  'roleArn',
  'lakeFormation',
  'registration',
  'tables',
  'stack',
  'before',
] as const satisfies readonly (keyof DatasetStatus)[];
