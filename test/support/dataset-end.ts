// How a dataset ends, without its stack: its shares first, then its own statements, then the finalizer. The rest of the Dataset
// controller (import, stacks, tables) is not on trial here.
import { formatDocumentKey, type DocumentKey } from '../../operator/access/document-key.ts';
import { keyParts } from '../../operator/access/documents-of-share.ts';
import { documentController } from '../../operator/controllers/aws-document/controller-names.ts';
import type { Platform } from '../../operator/controllers/reconcile/platform.ts';
import { endingOf } from '../../operator/controllers/reconcile/removals.ts';
import { mayStillGrant } from '../../operator/controllers/share/share-approval.ts';
import { watch } from '../../operator/controllers/reconcile/watch.ts';
import { done, Priority, requeueAfter, type ControllerDefinition } from '../../operator/kernel/runtime/reconciler.ts';
import { FINALIZER } from '../../operator/resources/annotations.ts';
import { datasetKind, type Dataset } from '../../operator/resources/dataset.ts';

const LOOK_AGAIN_MS = 1_000;

export const defineDatasetEnd = ({ specs, observed, removals, stores, enqueue }: Platform): ControllerDefinition => ({
  name: 'dataset',
  watches: [watch(datasetKind, ({ metadata }) => [{ key: `${metadata.namespace}/${metadata.name}` }])],
  async reconcile(key, context) {
    const [namespace = '', name = ''] = key.split('/');
    const dataset = stores.get(datasetKind).get(namespace, name);
    if (dataset?.metadata.deletionTimestamp === undefined) return done;
    if (specs.sharesOfDataset(namespace, name).some(mayStillGrant)) return requeueAfter(LOOK_AGAIN_MS);
    const since = removals.since(endingOf(dataset));
    const open = documentsOf(dataset).filter((document) => !observed.isCleanSince(document, since));
    for (const document of open)
      enqueue(documentController, formatDocumentKey(document), { priority: Priority.revocation });
    if (open.length > 0) return requeueAfter(LOOK_AGAIN_MS);
    await context.writer.removeFinalizer(datasetKind, dataset, FINALIZER);
    return done;
  },
});

const documentsOf = ({ status }: Dataset): readonly DocumentKey[] => {
  const { account = '', region = '', bucket = '', glueDatabase: database = '', keyArn = '' } = status;
  return [
    { kind: 'bucket-policy', account, region, bucket },
    { kind: 'catalog-grants', account, region, database },
    { kind: 'key-policy', ...keyParts(keyArn) },
  ];
};
