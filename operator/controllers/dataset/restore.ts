// What the end of a dataset cannot put back: told, and no reason to hold up the end.
import { lakeFormationInEffect } from '../../access/dataset-baseline.ts';
import { lastStatement } from '../../access/documents/resource-policy/key-policy.ts';
import { readPolicy } from '../../access/documents/resource-policy/read-policy.ts';
import type { AccountAws } from '../../aws/account.ts';
import { isFault } from '../../aws/fault.ts';
import type { ReconcileContext } from '../../kernel/runtime/reconciler.ts';
import type { Dataset } from '../../resources/dataset.ts';
import type { Environment } from '../../resources/environment.ts';
import { restoreBaseline } from './import-baseline.ts';
import type { DataLocation } from './locations.ts';
import { othersOnDatabase } from './observe.ts';
import { importedBy } from '../reconcile/pivot-rights.ts';
import type { Platform } from '../reconcile/platform.ts';

/** Of the key of an import whose policy does not leave it to IAM. @throws AwsFault that may pass */
export const lastOfKey = async ({ spec, status }: Dataset, aws: AccountAws): Promise<readonly string[]> => {
  const { keyArn } = status;
  if (keyArn === undefined || spec.s3.origin !== 'Import') return [];
  try {
    const sid = lastStatement(readPolicy(await aws.kms.keyPolicy(keyArn)));
    if (sid === undefined) return [];
    const why = 'because AWS lets nobody take away their own right to change it';
    return [
      `statement ${sid} stays in the policy of key ${keyArn}, ${why}: have an administrator of the key remove it`,
    ];
  } catch (error) {
    if (!isFault(error) || error.retryable) throw error;
    // Whom the policy does not let in any more has nothing in it to speak of.
    return [];
  }
};

/** What could not be put back as it was, unless the right to pass the role of before is on its way. @throws AwsFault */
export const restored = async (
  platform: Platform,
  dataset: Dataset,
  { metadata, spec }: Environment,
  aws: AccountAws,
  location: DataLocation,
  context: ReconcileContext,
): Promise<readonly string[] | 'OnTheWay'> => {
  const { before } = dataset.status;
  if (before === undefined) return [];
  const others = othersOnDatabase(platform, dataset, location);
  const staysAsItIs =
    lakeFormationInEffect(dataset) === 'Hybrid' ||
    others.some((other) => other.metadata.deletionTimestamp === undefined);
  const { roleArns } = importedBy(dataset, spec.resourcePrefix);
  const needed = { buckets: [], namedBuckets: [], keyArns: [], roleArns };
  const isOnTheWay = platform.pivotRights.areOnTheWay(metadata.name, needed, context.now());
  const imported = { bucket: location.bucket, database: location.glueDatabase };
  try {
    return await restoreBaseline(aws, imported, before, { staysAsItIs, isOnTheWay });
  } catch (error) {
    if (isOnTheWay && isFault(error, 'AccessDenied')) return 'OnTheWay';
    throw error;
  }
};
