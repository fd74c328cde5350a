// The dataset or the environment that an operation is about, and what it takes to be answered.

import type { ObjectName } from '../../../operator/kernel/kind.ts';
import { datasetKind, type Dataset } from '../../../operator/resources/dataset.ts';
import type { Attempt } from '../../kubernetes/refusal.ts';
import type { GatewayContext } from '../../server/context.ts';
import { notFound, unauthorized } from '../../server/failure.ts';
import { requiredText } from '../../server/input.ts';
import { visible } from '../../read-model/viewer.ts';
import { datasetOf, type DatasetRow } from './dataset.ts';
import { datasetByUri } from './queries.ts';

type Uri = string | null | undefined;

/** Whoever asks: datasets are there to be found. @throws GraphQLError RequiredParameter, ResourceNotFound */
export async function datasetFor(context: GatewayContext, action: string, uri: Uri): Promise<DatasetRow> {
  const wanted = requiredText(action, 'datasetUri', uri);
  const row = await datasetByUri(context.database, await context.viewer(), wanted);
  if (row === undefined) throw notFound(action, 'Dataset', wanted);
  return row;
}

/** @throws GraphQLError UnauthorizedOperation unless RBAC lets who asks read the dataset */
export async function seenDatasetFor(
  context: GatewayContext,
  action: string,
  uri: Uri,
  permission = 'GET_DATASET',
): Promise<DatasetRow> {
  const row = await datasetFor(context, action, uri);
  if (!row.seen) throw unauthorized(action, context.identity.user, permission, `resource: ${row.uri}`);
  return row;
}

export const attemptOn = (action: string, permission: string, { uri }: Pick<DatasetRow, 'uri'>): Attempt => ({
  action,
  permission,
  what: 'Dataset',
  uri,
});

export const objectOf = ({ namespace, name }: Pick<DatasetRow, 'namespace' | 'name'>): ObjectName => ({
  namespace,
  name,
});

/** Changes the object in the name of who asks, and shows it. */
export async function changeDataset(
  context: GatewayContext,
  attempt: Attempt,
  row: Pick<DatasetRow, 'namespace' | 'name'>,
  edit: (spec: Dataset['spec'], dataset: Dataset) => Partial<Dataset['spec']>,
): Promise<DatasetRow> {
  const { kubernetes, dryRun } = context;
  return datasetOf(await kubernetes.change(datasetKind, objectOf(row), edit, { attempt, dryRun }));
}

/** An environment as operations on what is in it need it. */
interface EnvironmentPlace {
  readonly name: string;
  readonly account: string;
  readonly region: string;
}

/** The same whether it is not there or may not be seen. @throws GraphQLError RequiredParameter, ResourceNotFound */
export async function environmentFor(context: GatewayContext, action: string, uri: Uri): Promise<EnvironmentPlace> {
  const wanted = requiredText(action, 'environmentUri', uri);
  const row = await context.database
    .selectFrom('environment')
    .select(['name', 'account', 'region'])
    .where('uri', '=', wanted)
    .where(visible('environment', await context.viewer()))
    .executeTakeFirst();
  if (row === undefined) throw notFound(action, 'Environment', wanted);
  return row;
}
