// What of a dataset of data.all comes into ours, and how its items are called there. Pure.

import { slug } from '../../resources/names.ts';
import type { ShareItem } from '../../resources/share-item.ts';
import { optional, words } from './texts.ts';
import type { SourceDataset, SourceItem } from './source.ts';

/** Its bucket, key, database and role are there, so they are imported, whoever made them. */
export function datasetSpec(dataset: SourceDataset, name: string): object {
  const { restricted, topics, SamlAdminGroupName: owner, stewards } = dataset;
  const key = restricted?.KmsAlias?.replace(/^alias\//, '') ?? '';
  const hasKey = key !== '' && !/^(undefined|sse-s3)$/i.test(key);
  const folders = dataset.locations.flatMap(({ name: folder, description, S3Prefix }) =>
    folder === null || S3Prefix === null
      ? []
      : [{ name: folderName(folder), prefix: `${S3Prefix.replace(/\/+$/, '')}/`, ...optional({ description }) }],
  );
  const { expirySetting: setting, expiryMinDuration: min, expiryMaxDuration: max } = dataset;
  const sharing = {
    ...(dataset.autoApprovalEnabled === true && { autoApproval: true }),
    ...(dataset.enableExpiration === true && { expiration: { setting, min, max } }),
  };
  return {
    id: dataset.datasetUri,
    label: dataset.label ?? name,
    ...optional({ description: dataset.description }),
    owner,
    ...(stewards !== null && stewards !== '' && stewards !== owner && { stewards: [stewards] }),
    s3: {
      origin: 'Import',
      bucket: { name: restricted?.S3BucketName },
      ...(hasKey && { kmsKey: { alias: key } }),
      ...(restricted?.GlueDatabaseName != null && {
        glueDatabase: { name: restricted.GlueDatabaseName.toLowerCase() },
      }),
      ...optional({ roleArn: restricted?.IAMDatasetAdminRoleArn ?? null }),
    },
    confidentiality: dataset.confidentiality,
    ...(topics !== null && topics.length > 0 && { topics: [...new Set(topics.filter((topic) => topic !== null))] }),
    ...optional({ language: dataset.language }),
    ...words(dataset.tags),
    ...(Object.keys(sharing).length > 0 && { sharing }),
    ...(folders.length > 0 && { folders }),
  };
}

interface ImportedFilter {
  readonly uri: string;
  readonly name: string;
  readonly rows?: string;
  readonly columns?: readonly string[];
}

export function filtersOf(filters: SourceDataset['tables'][number]['filters']): readonly ImportedFilter[] {
  const taken = new Set<string>();
  return filters.flatMap(({ filterUri, label, includedCols, rowExpression }) => {
    const columns = (includedCols ?? []).filter((column) => column !== null);
    const rows = rowExpression ?? '';
    if (columns.length === 0 && rows.trim() === '') return [];
    const wanted = slug(label ?? filterUri, '_').slice(0, 31);
    const name = wanted === '' || taken.has(wanted) ? filterUri.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_') : wanted;
    taken.add(name);
    return [{ uri: filterUri, name, ...(rows.trim() !== '' && { rows }), ...(columns.length > 0 && { columns }) }];
  });
}

/** What nobody could name exactly is not asked for: a filter that is not known would become the whole table. */
export function itemOf(
  item: SourceItem,
  dataset: SourceDataset,
): { readonly item: ShareItem } | { readonly why: string } {
  const name = item.itemName ?? '';
  switch (item.itemType) {
    case 'S3Bucket':
      return { item: { kind: 'Bucket', name: dataset.restricted?.S3BucketName ?? name } };
    case 'StorageLocation': {
      const location = dataset.locations.find(({ locationUri }) => locationUri === item.itemUri);
      if (location?.name == null) return { why: `folder ${name} is left out: the dataset does not show it` };
      return { item: { kind: 'Folder', name: folderName(location.name) } };
    }
    case 'Table': {
      if (item.filterUris === null) return { item: { kind: 'Table', name: name.toLowerCase() } };
      const table = dataset.tables.find(({ tableUri }) => tableUri === item.itemUri);
      const known = filtersOf(table?.filters ?? []);
      const filters = (item.filterUris ?? []).map((uri) => known.find((filter) => filter.uri === uri)?.name);
      const names = filters.filter((one) => one !== undefined);
      if (names.length === 0 || names.length < filters.length)
        return { why: `table ${name} is left out: not all of its filters are to be seen, and without them it would be shared as a whole` }; // prettier-ignore
      return { item: { kind: 'Table', name: name.toLowerCase(), filters: names } };
    }
    default:
      return { why: `${name} is left out: this version shares no ${item.itemType ?? 'such item'}` };
  }
}

const folderName = (name: string): string => name.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 128);
