// Changes of folders: of `spec.folders` of their Dataset, in the name of who asks.

import type { Dataset, Folder } from '../../../../operator/resources/dataset.ts';
import type { MutationResolvers } from '../../../graphql/schema-types.ts';
import { itemId } from '../../../read-model/item-id.ts';
import type { GatewayContext } from '../../../server/context.ts';
import { failure, invalidInput, notFound, requiredParameter } from '../../../server/failure.ts';
import { requiredText } from '../../../server/input.ts';
import type { DatasetRow } from '../dataset.ts';
import { refuseWhereGiven } from '../given.ts';
import { refuseUnlessEmpty } from '../input.ts';
import { loadersOf } from '../loaders.ts';
import { attemptOn, changeDataset, datasetFor } from '../place.ts';
import type { FolderRow } from './folder.ts';
import { folderByUri } from './queries.ts';

export const folderMutations: MutationResolvers = {
  createDatasetStorageLocation: async (_, { datasetUri, input }, context) => {
    const action = 'CREATE_DATASET_FOLDER';
    if (!input) throw requiredParameter(action, 'input');
    refuseWhatIsOfTheDataset(action, input);
    const folder = newFolder(action, input);
    const dataset = await datasetFor(context, action, datasetUri);
    await changeFolders(context, action, dataset, (folders) => withFolder(action, folders, folder));
    return rowOf(dataset, folder);
  },

  updateDatasetStorageLocation: async (_, { locationUri, input }, context) => {
    const action = 'UPDATE_DATASET_FOLDER';
    if (!input) throw requiredParameter(action, 'input');
    refuseWhatIsOfTheDataset(action, input);
    const { folder, dataset } = await folderFor(context, action, locationUri);
    const { name, prefix } = folder;
    if (input.label && input.label !== name)
      throw invalidInput(action, 'label', input.label, `${name}: consent names the folder; create another one instead`);
    const { description = folder.description } = input;
    const changed = { name, prefix: prefix ?? '', ...(description ? { description } : {}) };
    await changeFolders(context, action, dataset, (folders) =>
      folders.map((one) => (one.name === name ? changed : one)),
    );
    return rowOf(dataset, changed);
  },

  deleteDatasetStorageLocation: async (_, { locationUri }, context) => {
    const action = 'DELETE_DATASET_FOLDER';
    const { folder, dataset } = await folderFor(context, action, locationUri);
    await refuseWhereGiven(context, action, dataset, { kind: 'Folder', name: folder.name });
    await changeFolders(context, action, dataset, (folders) => folders.filter(({ name }) => name !== folder.name));
    return true;
  },
};

/** @throws GraphQLError RequiredParameter, ResourceNotFound */
export async function folderFor(
  context: GatewayContext,
  action: string,
  uri: string | null | undefined,
): Promise<{ readonly folder: FolderRow; readonly dataset: DatasetRow }> {
  const wanted = requiredText(action, 'locationUri', uri);
  const folder = await folderByUri(context.database, wanted);
  const dataset = folder && (await loadersOf(context).dataset.load(folder.dataset_uid));
  if (folder === undefined || dataset === undefined) throw notFound(action, 'DatasetStorageLocation', wanted);
  return { folder, dataset };
}

/** Permission and action have one name. */
async function changeFolders(
  context: GatewayContext,
  action: string,
  dataset: DatasetRow,
  edit: (folders: readonly Folder[]) => Folder[],
): Promise<void> {
  await changeDataset(context, attemptOn(action, action, dataset), dataset, ({ folders }: Dataset['spec']) => {
    const after = edit(folders ?? []);
    return { folders: after.length > 0 ? after : undefined };
  });
}

function withFolder(action: string, folders: readonly Folder[], folder: Folder): Folder[] {
  const namesake = folders.find(({ name }) => name === folder.name);
  const same = folders.find(({ prefix }) => prefix === folder.prefix);
  if (namesake === undefined && same === undefined) return [...folders, folder];
  // Sent twice.
  if (namesake === same && namesake?.description === folder.description) return [...folders];
  const taken = namesake === undefined ? `prefix ${folder.prefix} as folder ${same?.name}` : `a folder ${folder.name}`;
  throw failure({ class: 'ResourceAlreadyExists', action, text: `the dataset offers ${taken} already` });
}

function newFolder(
  action: string,
  input: { readonly label: string; readonly prefix: string; readonly description?: string | null | undefined },
): Folder {
  const label = requiredText(action, 'label', input.label);
  const prefix = requiredText(action, 'prefix', input.prefix).replace(/^\/+/, '').replace(/\/*$/, '/');
  // As names in the catalogue are: whatever else a label has is one `_`.
  const name = label.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replace(/^[.-]+/, '');
  if (!/[A-Za-z0-9]/.test(name)) throw invalidInput(action, 'label', label, 'a name with letters or digits');
  return { name, prefix, ...(input.description ? { description: input.description } : {}) };
}

type Texts = readonly (string | null | undefined)[] | null | undefined;

function refuseWhatIsOfTheDataset(action: string, { tags, terms }: { readonly tags?: Texts; readonly terms?: Texts }) {
  refuseUnlessEmpty(action, 'tags', tags, 'a folder is found by the tags of its dataset');
  refuseUnlessEmpty(action, 'terms', terms, 'a folder is found by the terms of its dataset');
}

const rowOf = ({ uri, uid }: DatasetRow, { name, prefix, description }: Folder): FolderRow => ({
  id: itemId(uri, 'Folder', name),
  name,
  prefix,
  description: description ?? null,
  dataset_uid: uid,
});
