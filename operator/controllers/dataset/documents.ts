// The engine's documents of a dataset itself, shared or not: that they are asked for, and what their reads say of the dataset.
import { formatDocumentKey, type DocumentKey } from '../../access/document-key.ts';
import type { ConditionInput } from '../../kernel/conditions.ts';
import { objectKey } from '../../kernel/kind.ts';
import { Priority, transient, type ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { DatasetStatus } from '../../resources/dataset-status.ts';
import { documentController } from '../aws-document/controller-names.ts';
import { isOfDataset } from '../reconcile/drift-readers.ts';
import type { Platform } from '../reconcile/platform.ts';
import { blocked, isReadyAsIs, progressing, ready } from '../reconcile/reconcile-outcome.ts';
import { documentsOf } from './locations.ts';
import type { ObservedDataset } from './observe.ts';
import type { DatasetOutcome } from './outcome.ts';

/** What the documents of a dataset are made for. */
interface ObservedParts {
  /** Which object it is, with what in AWS: one of the same name may come after it. */
  readonly parts: string;
  readonly owner: string;
}

interface DocumentDrift {
  readonly document: DocumentKey;
  readonly messages: readonly string[];
}

export class DatasetDocuments {
  readonly #platform: Pick<Platform, 'observed' | 'enqueue' | 'specs'>;
  /** By `namespace/name`: as this process saw it last, and since when. */
  readonly #observed = new Map<string, ObservedParts & { readonly since: number }>();

  constructor(platform: Pick<Platform, 'observed' | 'enqueue' | 'specs'>) {
    this.#platform = platform;
  }

  /** What has its parts already had them before this process began: every read saw them. */
  track(dataset: Dataset): void {
    const key = objectKey(dataset.metadata);
    if (!this.#observed.has(key)) this.#observed.set(key, { ...partsOf(dataset), since: 0 });
  }

  forget(key: string): void {
    this.#observed.delete(key);
  }

  /** Asked for once the status is stored, because they read it from there. */
  reconcile(
    dataset: Dataset,
    { location, status, tagAccess }: ObservedDataset,
    goodForMs: number,
    { priority }: Pick<ReconcileContext, 'priority'>,
  ): DatasetOutcome {
    const { observed, enqueue } = this.#platform;
    const isStored = dataset.status.bucket === location.bucket && dataset.status.roleArn === location.roleArn;
    if (!isStored) return pending('the parts of the dataset are known; policies and registration follow', status, 0);
    const documents = documentsOf(location);
    const since = this.#mustBeReadAfter(dataset, documents, priority);
    for (const document of documents)
      if (observed.get(document) === undefined) enqueue(documentController, formatDocumentKey(document), { priority });
    const failure = observed.failureAmong(documents);
    if (failure !== undefined)
      return {
        type: 'Reconciling',
        reason: isReason(failure.reason) ? failure.reason : 'AwsError',
        message: failure.message,
        status,
        conditions: [
          ...inPlace,
          { type: 'CatalogReady', status: 'False', reason: 'AwsError', message: failure.message },
        ],
        result: transient(failure.reason, failure.message),
      };
    const drift = this.#reportedDrift(dataset, documents);
    if (drift.some(({ messages }) => messages.length > 0)) return drifted(drift, status, goodForMs);
    const isUnread = documents.some((document) => observed.get(document) === undefined);
    const stands = isUnread && since === 0 && isReadyAsIs(dataset);
    if (!stands && !documents.every((document) => observed.isCleanSince(document, since)))
      return pending('policies, grants and registration are being written', status, 2_000);
    const registration = {
      resourceArn: location.bucketArn,
      roleArn: location.roleArn,
      owned: status.before?.registration?.registered !== true,
    };
    const told = tagAccess === undefined ? { reason: 'Succeeded' } : { reason: 'TagAccess', message: tagAccess };
    return {
      ...ready({ ...status, registration }, goodForMs),
      conditions: [...inPlace, { type: 'CatalogReady', status: 'True', ...told }],
    };
  }

  /** What of its documents differs and is left so, because its environment says so. */
  #reportedDrift(dataset: Dataset, documents: readonly DocumentKey[]): readonly DocumentDrift[] {
    const { observed, specs } = this.#platform;
    const isOfIt = isOfDataset(specs, dataset);
    return documents.map((document) => {
      const differences = observed.get(document)?.reportedDrift ?? [];
      return { document, messages: differences.filter(isOfIt).map(({ message }) => message) };
    });
  }

  /** The moment after which documents must have been read to prove that this dataset is in place, its owner has its rights, and a former one none. */
  #mustBeReadAfter(dataset: Dataset, documents: readonly DocumentKey[], priority: number): number {
    const { observed, enqueue } = this.#platform;
    const key = objectKey(dataset.metadata);
    const known = this.#observed.get(key);
    const now = partsOf(dataset);
    if (known?.parts === now.parts && known.owner === now.owner) return known.since;
    const since = observed.nextRevision();
    this.#observed.set(key, { ...now, since });
    const takes = known?.owner !== now.owner;
    for (const document of documents)
      enqueue(documentController, formatDocumentKey(document), { priority: takes ? Priority.revocation : priority });
    return since;
  }
}

const partsOf = ({ metadata, spec, status }: Dataset): ObservedParts => ({
  parts: JSON.stringify([metadata.uid, status.bucket, status.roleArn, status.before?.statements]),
  owner: spec.owner,
});

const inPlace: readonly ConditionInput[] = [
  { type: 'StackDeployed', status: 'True', reason: 'Succeeded' },
  { type: 'StorageReady', status: 'True', reason: 'Succeeded' },
];

const pending = (message: string, status: Partial<DatasetStatus>, lookAgainMs: number): DatasetOutcome => ({
  ...progressing(message, status, lookAgainMs),
  conditions: [...inPlace, { type: 'CatalogReady', status: 'False', reason: 'Progressing', message }],
});

/** Differences named in a condition. */
const SHOWN_DRIFT = 5;

const drifted = (
  drift: readonly DocumentDrift[],
  status: Partial<DatasetStatus>,
  lookAgainMs: number,
): DatasetOutcome => {
  const told = (isIn: (kind: DocumentKey['kind']) => boolean): string =>
    drift
      .filter(({ document }) => isIn(document.kind))
      .flatMap(({ messages }) => messages)
      .slice(0, SHOWN_DRIFT)
      .join('; ');
  const condition = (type: 'StorageReady' | 'CatalogReady', message: string): ConditionInput =>
    message === ''
      ? { type, status: 'True', reason: 'Succeeded' }
      : { type, status: 'False', reason: 'Drifted', message };
  const isStorage = (kind: DocumentKey['kind']): boolean => kind === 'bucket-policy' || kind === 'key-policy';
  return {
    ...blocked<Dataset>(
      'Drifted',
      told(() => true),
      { status, lookAgainMs },
    ),
    conditions: [
      { type: 'StackDeployed', status: 'True', reason: 'Succeeded' },
      condition('StorageReady', told(isStorage)),
      condition(
        'CatalogReady',
        told((kind) => !isStorage(kind)),
      ),
    ],
  };
};

const isReason = (reason: string): reason is 'Throttled' | 'AccessDenied' | 'QuotaExceeded' | 'AwsError' =>
  ['Throttled', 'AccessDenied', 'QuotaExceeded', 'AwsError'].includes(reason);
