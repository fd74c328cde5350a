// What the gateway knows of a folder: it has no object of its own, but is named in its Dataset.

import type { Selectable } from 'kysely';
import type { DatasetItemTable } from '../../../read-model/projections/dataset.ts';

export type FolderRow = Pick<Selectable<DatasetItemTable>, 'id' | 'name' | 'prefix' | 'description'> & {
  readonly dataset_uid: string;
};
