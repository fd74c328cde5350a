// What the gateway knows of a dataset, and what somebody is to it.

import type { Selectable } from 'kysely';
import type { Dataset } from '../../../operator/resources/dataset.ts';
import { datasetRow, type DatasetRowTable } from '../../read-model/projections/dataset.ts';

/** Columns of the read model that answers are made of. */
export const datasetColumns = [
  'uid',
  'uri',
  'namespace',
  'name',
  'label',
  'description',
  'owner',
  'stewards',
  'origin',
  'account',
  'region',
  'bucket',
  'key_arn',
  'glue_database',
  'role_arn',
  'confidentiality',
  'language',
  'topics',
  'terms',
  'tags',
  'auto_approval',
  'tables',
  'changed_by',
  'created',
  'updated',
  'ready',
  'reason',
  'message',
] as const satisfies readonly (keyof DatasetRowTable)[];

/** What is read of the object itself: a page of whole ones would be megabytes. */
export interface DatasetFacts {
  readonly expiration: NonNullable<Dataset['spec']['sharing']>['expiration'] | null;
  readonly stack: Dataset['status']['stack'] | null;
  readonly s3: Pick<Dataset['spec']['s3'], 'kmsKey' | 'glueDatabase' | 'roleArn'>;
}

export interface DatasetRow extends Pick<Selectable<DatasetRowTable>, (typeof datasetColumns)[number]> {
  readonly facts: DatasetFacts;
  /** Whether RBAC lets who asks read the object: data.all's GET_DATASET. */
  readonly seen: boolean;
}

/** Of an object as the API server has just given it to somebody, who may see it therefore. */
export function datasetOf(given: Dataset): DatasetRow {
  // Until the operator has seen it, an object may have no status.
  const dataset = { ...given, status: (given.status as Dataset['status'] | undefined) ?? { observedGeneration: 0 } };
  const { created, updated, ...row } = datasetRow(dataset);
  const facts = {
    expiration: dataset.spec.sharing?.expiration ?? null,
    stack: dataset.status.stack ?? null,
    s3: dataset.spec.s3,
  };
  return { ...row, created: new Date(created), updated: new Date(updated), facts, seen: true };
}

/** The group that decides beside the owner, where clients know of one alone. */
export const firstSteward = ({ owner, stewards }: Pick<DatasetRow, 'owner' | 'stewards'>): string =>
  stewards[0] ?? owner;

/** Without `alias/`; the word for none is data.all's. A key of ours is named like the bucket. */
export function kmsAlias({ origin, bucket, key_arn, facts }: DatasetRow): string | null {
  const { kmsKey } = facts.s3;
  if (kmsKey?.alias !== undefined) return kmsKey.alias;
  if (kmsKey?.arn !== undefined) return kmsKey.arn;
  if (origin === 'Create') return bucket;
  return key_arn === null ? 'Undefined' : key_arn;
}
