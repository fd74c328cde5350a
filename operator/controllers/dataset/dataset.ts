// Dataset: bucket, key, database and role in place (made by a stack, or imported after checks), registered, its tables known, its
// users counted; and taken down again in the opposite order.
import { decide, problemsOf } from '../../access/desired-state.ts';
import { grantsOf } from '../../access/consent.ts';
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import { mergeConditions, readyConditions, type ConditionInput } from '../../kernel/conditions.ts';
import type { Stored } from '../../kernel/kind.ts';
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
} from '../../kernel/runtime/reconciler.ts';
import { annotations } from '../../resources/annotations.ts';
import { datasetKind, type Dataset } from '../../resources/dataset.ts';
import { environmentKind } from '../../resources/environment.ts';
import { shareApprovalKind } from '../../resources/share-approval.ts';
import { shareRequestKind } from '../../resources/share-request.ts';
import { documentsOf } from './locations.ts';
import { endDataset } from './finalize.ts';
import { fromFault, isReason, refused, waiting, type Finding } from './outcome.ts';
import { isServing } from '../environment/gates.ts';
import { lookAtDataset, type InPlace } from './observe.ts';
import { requestsOf } from './requests-summary.ts';
import { documentController } from '../aws-document/aws-document.ts';
import { idTaken, whenIdIsFree } from '../reconcile/object-id.ts';
import { groupsAround } from '../reconcile/known-groups.ts';
import { aboutOf, countOnly, LastLooks, ownChange } from '../reconcile/observation-cache.ts';
import { workOn } from '../reconcile/object-work.ts';
import type { Platform } from '../reconcile/platform.ts';
import { tellReady } from '../reconcile/ready-event.ts';
import { source } from '../reconcile/watch.ts';
import { unknownWords } from '../reconcile/unknown-words.ts';
import { sharesInUse } from '../reconcile/usage.ts';
import { byEnvironment } from '../reconcile/concurrency.ts';

export const datasetController = 'dataset';

export const defineDatasetController = (platform: Platform): ControllerDefinition => {
  const { specs, stores, outcomes } = platform;
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
    const finding = await workOn(datasetKind, dataset, context, async () => {
      try {
        return await examine(dataset, context);
      } catch (error) {
        return fromFault(error, specs.environment(namespace)?.status.pivotRole?.arn);
      }
    });
    if (finding === undefined) return done;
    await write(dataset, finding, context);
    return finding.result;
  };

  const examine = async (dataset: Stored<Dataset>, context: ReconcileContext): Promise<Finding | undefined> => {
    const environment = specs.environment(dataset.metadata.namespace);
    const aws = environment && platform.accountOf(environment);
    if (dataset.metadata.deletionTimestamp !== undefined)
      return await endDataset(platform, dataset, environment, aws, context);
    const taken = idTaken(stores, [datasetKind], dataset);
    if (taken !== undefined) return refused({ reason: 'IdTaken', part: 'Storage', message: taken }, { id: undefined });
    if (environment === undefined)
      return waiting('EnvironmentNotFound', `namespace ${dataset.metadata.namespace} belongs to no Environment`);
    if (aws === undefined || !isServing(environment))
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
    const found = await lookAtDataset(platform, dataset, environment, aws, context);
    if ('outcome' in found) return found;
    const ms = platform.config.intervals.tablesSyncMinutes * 60_000 * (1 - platform.random() / 10);
    looks.remember(key, about, found, context.now() + ms);
    return settleDocuments(dataset, found, ms, context);
  };

  /** The engine's documents of the dataset: asked for once the status is stored, because they read it from there. */
  const settleDocuments = (
    dataset: Dataset,
    { coordinates, status, tagAccess }: InPlace,
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
    const failure = outcomes.failureAmong(documents);
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
      catalog: {
        type: 'CatalogReady',
        status: 'True',
        ...(tagAccess === undefined ? { reason: 'Succeeded' } : { reason: 'TagAccess', message: tagAccess }),
      },
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

  const write = async (dataset: Stored<Dataset>, finding: Finding, context: ReconcileContext): Promise<void> => {
    const { metadata, status } = dataset;
    const outcome = platform.rights.temper(dataset, finding.outcome);
    tellReady(context, dataset, outcome);
    const shares = specs.sharesOfDataset(metadata.namespace, metadata.name).map((request) => ({
      request,
      decision: decide(specs, request, context.now()),
      problems: () => problemsOf(specs, request),
    }));
    const ending = metadata.deletionTimestamp !== undefined;
    const conditions = [
      ...readyConditions(outcome),
      finding.stack,
      finding.storage,
      finding.catalog,
      ...(ending
        ? []
        : unknownWords(dataset, {
            groups: groupsAround(platform, metadata.namespace),
            catalog: platform.config.catalog,
          })),
    ].flatMap((condition) => condition ?? []);
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
        old !== undefined && isServing(old) === isServing(environment)
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

interface Sight {
  /** Which object it is, with what in AWS: one of the same name may come after it. */
  readonly parts: string;
  readonly owner: string;
  readonly tick: number;
}

const sightOf = ({ metadata, spec, status }: Dataset): Omit<Sight, 'tick'> => ({
  parts: JSON.stringify([metadata.uid, status.bucket, status.roleArn, status.before?.statements]),
  owner: spec.owner,
});
