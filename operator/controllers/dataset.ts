// Dataset: bucket, key, database and role in place (made by a stack, or imported after checks), registered, its tables known, its
// users counted; and taken down again in the opposite order.
import { decide } from '../access/collect.ts';
import { grantsOf } from '../access/consent.ts';
import { formatDocumentKey, type DocumentKey } from '../access/document-key.ts';
import type { AccountAws } from '../aws/account.ts';
import { runWork } from '../aws/work.ts';
import { isTrue, mergeConditions, readyConditions, type ConditionInput } from '../kernel/conditions.ts';
import type { Stored } from '../kernel/kind.ts';
import {
  done,
  Priority,
  requeueAfter,
  transient,
  type ControllerDefinition,
  type ReconcileContext,
  type Request,
  type Result,
  type SourceEvent,
} from '../kernel/reconciler.ts';
import { annotations, FINALIZER } from '../resources/annotations.ts';
import { datasetKind, type Dataset } from '../resources/dataset.ts';
import type { DatasetStatus } from '../resources/dataset-status.ts';
import { environmentKind, type Environment } from '../resources/environment.ts';
import { isOlder } from '../resources/seniority.ts';
import { shareApprovalKind } from '../resources/share-approval.ts';
import { shareRequestKind } from '../resources/share-request.ts';
import { inheritBefore, recordBefore, restoreBefore } from './dataset-before.ts';
import { coordinatesOf, documentsOf, knownCoordinates, type Coordinates } from './dataset-coordinates.ts';
import { isAuthorized, judgeImport, type ObservedImport } from './dataset-import.ts';
import { fromFault, inStack, isReason, refused, stackEnding, waiting, type Finding } from './dataset-finding.ts';
import { requestsOf } from './dataset-requests.ts';
import { deployDataset, removeDataset } from './dataset-stack.ts';
import { documentController } from './document.ts';
import { idOf, idTaken, whenIdIsFree } from './object-id.ts';
import { aboutOf, countOnly, LastLooks, ownChange } from './last-look.ts';
import type { Platform } from './platform.ts';
import { givesAccess } from './share-approval.ts';
import { source } from './sources.ts';
import { sharesInUse } from './usage.ts';
import { byEnvironment } from './worker-groups.ts';

export const datasetController = 'dataset';

export const defineDatasetController = (platform: Platform): ControllerDefinition => {
  const { specs, stores, outcomes, withdrawals } = platform;
  /** By `namespace/name`: what its documents were made for when this process last looked, and since when. */
  const sights = new Map<string, Sight>();
  const looks = new LastLooks<InPlace>();

  const reconcile = async (key: string, context: ReconcileContext): Promise<Result> => {
    const [namespace = '', name = ''] = key.split('/');
    const dataset = stores.get(datasetKind).get(namespace, name);
    if (dataset === undefined) {
      sights.delete(key);
      looks.forget(key);
      return done;
    }
    // What has its parts already had them before this process began: every read saw them.
    if (!sights.has(key)) sights.set(key, { ...sightOf(dataset), tick: 0 });
    const work = {
      item: `dataset ${key}`,
      reconcileId: context.reconcileId,
      priority: context.priority,
      signal: context.signal,
    };
    const finding = await runWork(work, async () => {
      try {
        return await examine(dataset, context);
      } catch (error) {
        return fromFault(error);
      }
    });
    if (finding === undefined) return done;
    await write(dataset, finding, context);
    return finding.result;
  };

  const examine = async (dataset: Stored<Dataset>, context: ReconcileContext): Promise<Finding | undefined> => {
    const environment = specs.environment(dataset.metadata.namespace);
    const aws = environment && platform.accountOf(environment);
    if (dataset.metadata.deletionTimestamp !== undefined) return await finish(dataset, environment, aws, context);
    const taken = idTaken(stores, [datasetKind], dataset);
    if (taken !== undefined) return refused({ reason: 'IdTaken', part: 'Storage', message: taken }, { id: undefined });
    if (environment === undefined)
      return waiting('EnvironmentNotFound', `namespace ${dataset.metadata.namespace} belongs to no Environment`);
    if (aws === undefined || !isTrue(environment.status.conditions, 'Ready'))
      return waiting(
        'EnvironmentNotReady',
        `environment ${environment.metadata.name} is not ready: see its conditions`,
      );
    // Nothing is imported, made or added; documents go on taking away.
    if (dataset.spec.suspend === true) return waiting('Suspended', 'spec.suspend is true: set it to false to go on');
    const key = `${dataset.metadata.namespace}/${dataset.metadata.name}`;
    const about = aboutOf(dataset, environment.metadata.generation, environment.status.pivotRole?.arn);
    const known = looks.recall(key, about, context);
    if (known !== undefined) return settleDocuments(dataset, known.answer, known.goodForMs, context);
    const found = await look(dataset, environment, aws, context);
    if ('outcome' in found) return found;
    const ms = platform.config.intervals.tablesSyncMinutes * 60_000 * (1 - platform.random() / 10);
    looks.remember(key, about, found, context.now() + ms);
    return settleDocuments(dataset, found, ms, context);
  };

  /** What is in place in AWS, or what stands in its way. */
  const look = async (
    dataset: Stored<Dataset>,
    environment: Environment,
    aws: AccountAws,
    context: ReconcileContext,
  ): Promise<InPlace | Finding> => {
    const id = idOf(dataset);
    const imported = dataset.spec.s3.origin === 'Import' ? await observeImport(aws, dataset) : undefined;
    const refusal = imported && judgeImport(claimsOf(dataset, environment), imported);
    if (refusal !== undefined) return refused(refusal, { id });

    const stack = await deployDataset(platform, { dataset, environment, id, keyArn: imported?.namedKey?.arn }, context);
    if (stack.state !== 'Deployed') return inStack(stack, id);
    const coordinates = coordinatesOf(dataset, environment, stack, imported);
    const before = await beforeOf(dataset, aws, coordinates, environment, context);
    const tables = await tablesOf(dataset, aws, coordinates, context);
    const lakeFormation = dataset.spec.s3.lakeFormation ?? 'Enforced';
    return { coordinates, status: { id, ...coordinates, before, tables, stack: stack.status, lakeFormation } };
  };

  /** The engine's documents of the dataset: asked for once the status is stored, because they read it from there. */
  const settleDocuments = (
    dataset: Dataset,
    { coordinates, status }: InPlace,
    goodForMs: number,
    context: ReconcileContext,
  ): Finding => {
    const stored = dataset.status.bucket === coordinates.bucket && dataset.status.roleArn === coordinates.roleArn;
    const stack: ConditionInput = { type: 'StackDeployed', status: 'True', reason: 'Succeeded' };
    const storage: ConditionInput = { type: 'StorageReady', status: 'True', reason: 'Succeeded' };
    const pending = (message: string, ms: number): Finding => ({
      outcome: { type: 'Reconciling', reason: 'Progressing', message },
      status,
      stack,
      storage,
      catalog: { type: 'CatalogReady', status: 'False', reason: 'Progressing', message },
      result: requeueAfter(ms),
    });
    if (!stored) return pending('the parts of the dataset are known; policies and registration follow', 0);
    const documents = documentsOf(coordinates);
    const since = wantedSince(dataset, documents, context.priority);
    for (const document of documents)
      if (outcomes.get(document) === undefined)
        platform.enqueue(documentController, formatDocumentKey(document), { priority: context.priority });
    const failure = documents.map((document) => outcomes.get(document)?.failure).find((found) => found !== undefined);
    if (failure !== undefined)
      return {
        outcome: {
          type: 'Reconciling',
          reason: isReason(failure.reason) ? failure.reason : 'AwsError',
          message: failure.message,
        },
        status,
        stack,
        storage,
        catalog: { type: 'CatalogReady', status: 'False', reason: 'AwsError', message: failure.message },
        result: transient(failure.reason, failure.message),
      };
    if (!documents.every((document) => outcomes.isCleanSince(document, since)))
      return pending('policies, grants and registration are being written', 2_000);
    return {
      outcome: { type: 'Ready', reason: 'Succeeded', message: '' },
      status: {
        ...status,
        registration: {
          resourceArn: coordinates.bucketArn,
          roleArn: coordinates.roleArn,
          owned: status.before?.registration?.registered !== true,
        },
      },
      stack,
      storage,
      catalog: { type: 'CatalogReady', status: 'True', reason: 'Succeeded' },
      result: requeueAfter(goodForMs, Priority.backlog),
    };
  };

  /** The moment after which documents must have been read to prove that this dataset is in place, its owner has its rights, and a former one none. */
  const wantedSince = (dataset: Dataset, documents: readonly DocumentKey[], priority: number): number => {
    const key = `${dataset.metadata.namespace}/${dataset.metadata.name}`;
    const known = sights.get(key);
    const now = sightOf(dataset);
    if (known?.parts === now.parts && known.owner === now.owner) return known.tick;
    const tick = outcomes.tick();
    sights.set(key, { ...now, tick });
    const takes = known?.owner !== now.owner;
    for (const document of documents)
      platform.enqueue(documentController, formatDocumentKey(document), {
        priority: takes ? Priority.revocation : priority,
      });
    return tick;
  };

  /** Shares first, then our statements and grants, then what the stack made: each proved by a read before the next. */
  const finish = async (
    dataset: Stored<Dataset>,
    environment: Environment | undefined,
    aws: AccountAws | undefined,
    context: ReconcileContext,
  ): Promise<Finding | undefined> => {
    const { metadata, status } = dataset;
    const deleting = (message: string, ms = 1_000): Finding => ({
      outcome: { type: 'Reconciling', reason: 'Deleting', message },
      result: requeueAfter(ms),
    });
    const abandoned = metadata.annotations?.[annotations.abandon] === metadata.uid;
    const ending = `dataset ${metadata.uid}`;
    if (abandoned || environment === undefined || status.bucket === undefined) {
      if (!abandoned && environment !== undefined && status.stack !== undefined) {
        const stack = await removeDataset(platform, { dataset, environment, aws }, context);
        if (stack.state !== 'Deleted') return stackEnding(stack);
      }
      await context.write.removeFinalizer(datasetKind, dataset, FINALIZER);
      withdrawals.forget(ending);
      return undefined;
    }
    if (aws === undefined) return deleting('waits for the environment to be reachable');
    const users = specs.sharesOfDataset(metadata.namespace, metadata.name).filter(givesAccess);
    if (users.length > 0)
      return deleting(
        `takes access from ${users.length} shares: ${users
          .slice(0, 3)
          .map((share) => `${share.metadata.namespace}/${share.metadata.name}`)
          .join(', ')}`,
      );
    const coordinates = knownCoordinates(status);
    const since = withdrawals.since(ending);
    const open =
      coordinates === undefined
        ? []
        : documentsOf(coordinates).filter((document) => !outcomes.isCleanSince(document, since));
    for (const document of open.filter((one) => withdrawals.mustAsk(ending, one)))
      platform.enqueue(documentController, formatDocumentKey(document), { priority: Priority.revocation });
    if (open.length > 0)
      return deleting(`removes its statements and grants: ${open.map(({ kind }) => kind).join(', ')}`);
    if (coordinates !== undefined && status.before !== undefined)
      await restoreBefore(
        aws,
        { bucket: coordinates.bucket, database: coordinates.glueDatabase },
        status.before,
        othersOnDatabase(dataset, coordinates).some((other) => other.metadata.deletionTimestamp === undefined),
      );
    const stack = await removeDataset(platform, { dataset, environment, aws }, context);
    if (stack.state !== 'Deleted') return stackEnding(stack);
    await context.write.removeFinalizer(datasetKind, dataset, FINALIZER);
    withdrawals.forget(ending);
    return undefined;
  };

  const claimsOf = (dataset: Dataset, environment: Environment) => {
    const { bucket, glueDatabase } = dataset.spec.s3;
    const others = stores
      .get(datasetKind)
      .list()
      .filter(({ metadata }) => metadata.uid !== dataset.metadata.uid);
    const older = others.filter((other) => isOlder(other, dataset));
    // Who has it comes before who asked first; and a name alone, in another account, reserves nothing.
    const holdsBucket = (other: Dataset): boolean =>
      other.status.bucket === bucket?.name && (isOlder(other, dataset) || dataset.status.bucket === undefined);
    const askedBefore = ({ metadata, spec, status }: Dataset): boolean =>
      metadata.namespace === dataset.metadata.namespace &&
      status.bucket === undefined &&
      spec.s3.bucket?.name === bucket?.name;
    const environments = stores.get(environmentKind).list();
    return {
      dataset,
      environment,
      sameBucket: [...others.filter(holdsBucket), ...older.filter(askedBefore)],
      sameDatabase: older.filter(
        (other) =>
          other.metadata.namespace === dataset.metadata.namespace &&
          glueDatabase !== undefined &&
          (other.status.glueDatabase ?? other.spec.s3.glueDatabase?.name) === glueDatabase.name,
      ),
      reserved: new Set(
        environments.flatMap(({ status }) => [status.buckets?.environment ?? '', status.buckets?.logs ?? '']),
      ),
    };
  };

  const beforeOf = async (
    dataset: Dataset,
    aws: AccountAws,
    at: Coordinates,
    environment: Environment,
    context: ReconcileContext,
  ): Promise<DatasetStatus['before']> => {
    if (dataset.spec.s3.origin === 'Create' || dataset.status.before !== undefined) return dataset.status.before;
    const owners = [
      environment.status.defaultRole?.arn,
      specs.teamOfGroup(dataset.metadata.namespace, dataset.spec.owner)?.status.roleArn,
    ];
    const ours = [at.roleArn, environment.status.pivotRole?.arn, ...owners].flatMap((arn) => arn ?? []);
    const found = await recordBefore(
      aws,
      { bucket: at.bucket, database: at.glueDatabase, ours },
      new Date(context.now()).toISOString(),
    );
    const [other] = othersOnDatabase(dataset, at);
    return other === undefined ? found : inheritBefore(found, other.status.before);
  };

  const othersOnDatabase = (dataset: Dataset, { account, region, glueDatabase }: Coordinates): readonly Dataset[] =>
    specs
      .datasetsOfDatabase(account, region, glueDatabase)
      .filter(({ metadata }) => metadata.uid !== dataset.metadata.uid);

  const tablesOf = async (
    dataset: Dataset,
    aws: AccountAws,
    at: Coordinates,
    context: ReconcileContext,
  ): Promise<DatasetStatus['tables']> => {
    const known = dataset.status.tables;
    const asked = dataset.metadata.annotations?.[annotations.requestedAt] !== dataset.status.lastHandledAt;
    const period = platform.config.intervals.tablesSyncMinutes * 60_000 * 0.8;
    if (known !== undefined && !asked && context.now() - Date.parse(known.syncedAt) < period) return known;
    const names = ((await aws.glue.tables(at.glueDatabase)) ?? []).map(({ name }) => name).toSorted();
    const unchanged = known?.count === names.length && known.names.every((name, index) => names[index] === name);
    return unchanged && context.now() - Date.parse(known.syncedAt) < 3_600_000
      ? known
      : { count: names.length, names: names.slice(0, 500), syncedAt: new Date(context.now()).toISOString() };
  };

  const write = async (dataset: Stored<Dataset>, finding: Finding, context: ReconcileContext): Promise<void> => {
    const { metadata, status } = dataset;
    const shares = specs
      .sharesOfDataset(metadata.namespace, metadata.name)
      .map((request) => ({ request, decision: decide(specs, request, context.now()) }));
    const conditions = [...readyConditions(finding.outcome), finding.stack, finding.storage, finding.catalog].flatMap(
      (condition) => condition ?? [],
    );
    const {
      observedGeneration: _generation,
      conditions: _conditions,
      lastHandledAt,
      inUse: _inUse,
      usedBy: _usedBy,
      requests: _requests,
      ...kept
    } = status;
    await context.write.status(datasetKind, dataset, {
      ...kept,
      ...finding.status,
      observedGeneration: metadata.generation,
      requests: requestsOf(shares),
      ...sharesInUse(shares.filter(({ decision }) => grantsOf(decision).length > 0).map(({ request }) => request)),
      conditions: mergeConditions(status.conditions, conditions, metadata.generation, context.now()),
      lastHandledAt: metadata.annotations?.[annotations.requestedAt] ?? lastHandledAt,
    });
  };

  /** Many requests about one dataset are one new status. */
  const usersOf = (namespace: string, name: string, event: SourceEvent): readonly Request[] => [
    { key: `${namespace}/${name}`, after: 300, ...countOnly(event) },
  ];

  return {
    name: datasetController,
    sources: [
      source(datasetKind, (dataset, old, event) => [
        { key: `${dataset.metadata.namespace}/${dataset.metadata.name}`, ...ownChange(dataset, old, event) },
      ]),
      ...whenIdIsFree(stores, datasetKind),
      // Its coOwners may use the same database, and others may not any more.
      source(datasetKind, ({ metadata, status }, old, event) =>
        event !== 'deleted' && (old === undefined || old.metadata.generation === metadata.generation)
          ? []
          : specs
              .datasetsOfDatabase(status.account ?? '', status.region ?? '', status.glueDatabase ?? '')
              .filter((other) => other.metadata.uid !== metadata.uid)
              .map((other) => ({ key: `${other.metadata.namespace}/${other.metadata.name}` })),
      ),
      source(shareRequestKind, ({ spec: { datasetRef } }, _old, event) =>
        usersOf(datasetRef.namespace, datasetRef.name, event),
      ),
      source(shareApprovalKind, ({ metadata, spec }, _old, event) =>
        usersOf(metadata.namespace, spec.datasetRef.name, event),
      ),
      source(environmentKind, (environment, old) =>
        old !== undefined && isTrue(old.status.conditions, 'Ready') === isTrue(environment.status.conditions, 'Ready')
          ? []
          : stores
              .get(datasetKind)
              .list(environment.metadata.name)
              .map(({ metadata }) => ({ key: `${metadata.namespace}/${metadata.name}` })),
      ),
    ],
    ...byEnvironment,
    reconcile,
  };
};

/** What AWS has of a dataset: where it is, and what the status says of it. */
interface InPlace {
  readonly coordinates: Coordinates;
  readonly status: Partial<DatasetStatus>;
}

interface Sight {
  /** Which object it is, with what in AWS: one of the same name may come after it. */
  readonly parts: string;
  readonly owner: string;
  readonly tick: number;
}

const sightOf = ({ metadata, spec, status }: Dataset): Omit<Sight, 'tick'> => ({
  parts: JSON.stringify([metadata.uid, status.bucket, status.roleArn]),
  owner: spec.owner,
});

const observeImport = async (aws: AccountAws, dataset: Dataset): Promise<ObservedImport> => {
  const { spec } = dataset;
  const bucket = spec.s3.bucket?.name ?? '';
  const { kmsKey, glueDatabase } = spec.s3;
  const bucketRegion = await aws.s3.bucketRegion(bucket);
  const here = bucketRegion === aws.region;
  const encryption = here ? await aws.s3.bucketEncryption(bucket) : undefined;
  const named = kmsKey?.arn ?? (kmsKey?.alias === undefined ? undefined : `alias/${kmsKey.alias}`);
  const namedKey = named === undefined ? undefined : await aws.kms.key(named);
  // Tags of a key of another account cannot be read; nor need they be.
  const isOurs = namedKey?.arn.split(':')[4] === aws.account;
  return {
    bucketRegion,
    encryption,
    tags: here ? await aws.s3.bucketTags(bucket) : {},
    bucketKey: encryption?.keyId === undefined ? undefined : await aws.kms.key(encryption.keyId),
    namedKey,
    keyTags: isOurs && !isAuthorized(dataset) ? await aws.kms.tags(namedKey.arn) : {},
    database: glueDatabase === undefined ? undefined : await aws.glue.database(glueDatabase.name),
  };
};
