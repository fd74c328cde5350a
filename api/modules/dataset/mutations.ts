// Changes of datasets: written as Dataset objects in the name of who asks.

import { iamArn, partitionOf } from '../../../operator/policy/arn.ts';
import { annotations } from '../../../operator/resources/annotations.ts';
import { datasetKind, type Dataset } from '../../../operator/resources/dataset.ts';
import type { ImportDatasetInput, MutationResolvers } from '../../graphql/schema-types.ts';
import { objectName } from '../../kubernetes/object-name.ts';
import type { GatewayContext } from '../../server/context.ts';
import { failure, invalidInput, requiredParameter } from '../../server/failure.ts';
import { requiredText } from '../../server/input.ts';
import { datasetOf, kmsAlias, type DatasetRow } from './dataset.ts';
import { changedSpec, newSpec } from './input.ts';
import { demandLevel } from './words.ts';
import { attemptOn, changeDataset, datasetFor, environmentFor, objectOf } from './place.ts';

type S3 = Dataset['spec']['s3'];
type Place = Awaited<ReturnType<typeof environmentFor>>;

export const datasetMutations: MutationResolvers = {
  createDataset: async (_, { input }, context) => {
    const action = 'CREATE_DATASET';
    const place = await environmentFor(context, action, input.environmentUri);
    return create(context, action, place, { ...newSpec(action, input), s3: { origin: 'Create' } });
  },

  importDataset: async (_, { input }, context) => {
    const action = 'IMPORT_DATASET';
    if (!input) throw requiredParameter(action, 'input');
    const place = await environmentFor(context, action, input.environmentUri);
    return create(context, action, place, { ...newSpec(action, input), s3: importedFrom(action, input, place) });
  },

  updateDataset: async (_, { datasetUri, input }, context) => {
    const action = 'UPDATE_DATASET';
    if (!input) throw requiredParameter(action, 'input');
    const row = await datasetFor(context, action, datasetUri);
    return changeDataset(context, attemptOn(action, action, row), row, (spec, dataset) => {
      const alias = kmsAlias(datasetOf(dataset));
      if (input.KmsAlias !== '' && input.KmsAlias !== alias)
        throw invalidInput(action, 'KmsAlias', input.KmsAlias, `${alias ?? ''}: the key of a dataset does not change`);
      if (input.confidentiality && input.confidentiality !== spec.confidentiality)
        demandLevel(context, action, input.confidentiality);
      return changedSpec(action, input, spec);
    });
  },

  deleteDataset: async (_, { datasetUri, deleteFromAWS }, context) => {
    const action = 'DELETE_DATASET';
    const row = await datasetFor(context, action, datasetUri);
    const attempt = attemptOn(action, action, row);
    const { kubernetes, dryRun } = context;
    const { status } = await kubernetes.read(datasetKind, objectOf(row), attempt);
    if ((status.inUse ?? 0) > 0) throw inUse(action, row, status.inUse ?? 0);
    if (typeof deleteFromAWS === 'boolean')
      await changeDataset(context, attempt, row, ({ deletionPolicy }) => ({
        deletionPolicy: deletionPolicyFor(deleteFromAWS, deletionPolicy),
      }));
    await kubernetes.delete(datasetKind, objectOf(row), { attempt, dryRun });
    return true;
  },

  syncTables: async (_, { datasetUri }, context) => {
    const action = 'SYNC_DATASET';
    const row = await datasetFor(context, action, datasetUri);
    await requestReconcile(context, action, action, row);
    return row.tables;
  },
};

/** Asks the operator to look at the dataset now, its tables in Glue included. */
export async function requestReconcile(
  context: GatewayContext,
  action: string,
  permission: string,
  row: DatasetRow,
): Promise<void> {
  const attempt = attemptOn(action, permission, row);
  const now = { [annotations.requestedAt]: new Date().toISOString() };
  await context.kubernetes.annotate(datasetKind, objectOf(row), now, { attempt, dryRun: context.dryRun });
}

async function create(
  context: GatewayContext,
  action: string,
  { name: namespace }: Place,
  spec: Omit<Dataset['spec'], 'deletionPolicy'>,
): Promise<DatasetRow> {
  demandLevel(context, action, spec.confidentiality);
  const name = objectName(spec.label, spec);
  const attempt = { action, permission: 'CREATE_DATASET', what: 'Dataset', uri: name };
  const { kubernetes, dryRun } = context;
  return datasetOf(await kubernetes.create(datasetKind, { namespace, name }, spec, { attempt, dryRun }));
}

/** `lakeFormation` is left to the default, by which jobs that rely on IAM alone go on: Enforced is for who says it. */
function importedFrom(action: string, input: ImportDatasetInput, { account, region }: Place): S3 {
  const { glueDatabaseName, KmsKeyAlias, adminRoleName } = input;
  return {
    origin: 'Import',
    bucket: { name: requiredText(action, 'bucketName', input.bucketName) },
    ...(KmsKeyAlias !== '' && KmsKeyAlias !== 'Undefined' && { kmsKey: { alias: KmsKeyAlias } }),
    ...(glueDatabaseName ? { glueDatabase: { name: glueDatabaseName } } : {}),
    ...(adminRoleName ? { roleArn: iamArn(partitionOf(region), account, `role/${adminRoleName}`) } : {}),
  };
}

type DeletionPolicy = Dataset['spec']['deletionPolicy'];

/** Whether objects go too is more than data.all asks: who said so in the object has said it. */
const deletionPolicyFor = (deleteFromAws: boolean, present: DeletionPolicy): DeletionPolicy => {
  if (!deleteFromAws) return 'Retain';
  return present === 'DeleteWithData' ? present : 'Delete';
};

const inUse = (action: string, { uri }: DatasetRow, shares: number) =>
  failure({
    class: 'ResourceShared',
    action,
    text: `Dataset ${uri} is shared: ${shares === 1 ? 'one approved share relies' : `${shares} approved shares rely`} on it; revoke what was given first`,
    facts: { shares },
  });
