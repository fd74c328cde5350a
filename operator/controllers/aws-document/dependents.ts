// Which objects look again when a document was read: those whose readiness or end rests on the document itself.
import { keyArn } from '../../policy/arn.ts';
import type { DocumentKey } from '../../access/document-key.ts';
import { principalArnOf } from '../../access/principal-arn.ts';
import type { Specs } from '../../access/specs.ts';
import { isTrue } from '../../kernel/conditions.ts';
import { objectKey } from '../../kernel/kind.ts';
import type { Dataset } from '../../resources/dataset.ts';
import { tellsAttachments } from '../consumption-role/attachments.ts';
import { datasetController } from '../dataset/dataset.ts';
import { statusOnlyPriority } from '../reconcile/observation-cache.ts';
import type { Platform } from '../reconcile/platform.ts';

/** Objects that wait for a document of their own, until they are ready and at their end, or tell of it in their status. */
export const enqueueDependents = (
  platform: Pick<Platform, 'specs' | 'observed' | 'enqueue'>,
  key: DocumentKey,
  priority: number,
): void => {
  const { specs, observed, enqueue } = platform;
  const isReported = (observed.get(key)?.reportedDrift.length ?? 0) > 0;
  const waits = ({ metadata, status }: Pick<Dataset, 'metadata' | 'status'>): boolean =>
    metadata.deletionTimestamp !== undefined || isReported || !isTrue(status.conditions, 'Ready');
  for (const dataset of datasetsOf(specs, key))
    if (waits(dataset))
      enqueue(datasetController, `${dataset.metadata.namespace}/${dataset.metadata.name}`, { priority });
  if (key.kind === 'share-policies')
    for (const principal of specs.principalsOf(principalArnOf(specs, key))) {
      if (principal.kind !== 'ConsumptionRole') continue;
      const { role } = principal;
      const name = objectKey(role.metadata);
      if (role.metadata.deletionTimestamp !== undefined) enqueue('consumptionrole', name, { priority });
      // What its status tells of the document is no reason to ask AWS for the role.
      else if (!tellsAttachments(platform, role)) enqueue('consumptionrole', name, statusOnlyPriority('updated'));
    }
  if (key.kind === 'lake-settings')
    for (const { metadata } of specs.environmentsOf(key.account, key.region))
      enqueue('environment', metadata.name, { priority });
};

const datasetsOf = (specs: Specs, key: DocumentKey): readonly Dataset[] => {
  switch (key.kind) {
    case 'bucket-policy':
    case 'registration':
      return specs.datasetsOfBucket(key.bucket);
    case 'key-policy':
      return specs.datasetsOfKey(keyArn(key));
    case 'catalog-grants':
      return specs.datasetsOfDatabase(key.account, key.region, key.database);
    default:
      return [];
  }
};
