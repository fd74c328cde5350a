-- What the Glue databases of datasets hold, as snapshots of the catalogue say: made anew from AWS at any time, by way of the operator.

-- How far the tables of a dataset are known.
create table dataset_catalog (
  dataset_uid text primary key references dataset (uid) on delete cascade,
  -- Of the snapshot, for asking whether there is another.
  etag text not null,
  -- status.tables.syncedAt of the dataset when it was asked for.
  tables_synced timestamptz,
  fetched timestamptz not null
);

create table dataset_catalog_table (
  -- As in dataset_item, which has the first 500 that the object names.
  id text primary key,
  dataset_uid text not null references dataset_catalog (dataset_uid) on delete cascade,
  name text not null,
  location text,
  description text,
  -- EXTERNAL_TABLE, VIRTUAL_VIEW, ...
  type text,
  -- [{name, type, comment?, partition?}] in the order of the table, those it is partitioned by last.
  columns jsonb not null,
  unique (dataset_uid, name)
);

create index on dataset_item (parent_uid) where kind = 'Table';
create index on dataset_table (namespace, dataset, lower(table_name));

-- Everything that datasets hold and that can be looked at: tables and folders.
create view known_item as
select id, parent_uid as dataset_uid, kind, name from dataset_item where kind in ('Table', 'Folder')
union
select id, dataset_uid, 'Table', name from dataset_catalog_table;

-- Every table of every dataset, with the DatasetTable that counts for it: one by the dataset's owner before those of stewards, of these the
-- oldest; none that is about a dataset before this one.
create view known_table as
select
  found.id,
  found.dataset_uid,
  found.name,
  catalog.location,
  catalog.type,
  catalog.columns,
  about.name as object_name,
  coalesce(about.description, catalog.description) as description,
  coalesce(about.terms, '{}') as terms,
  about.created,
  about.updated,
  about.changed_by,
  about.object->'spec'->'columns' as described_columns,
  about.object->'spec'->'filters' as filters
from known_item as found
join dataset on dataset.uid = found.dataset_uid
left join dataset_catalog_table as catalog on catalog.id = found.id
left join lateral (
  select * from dataset_table
  where dataset_table.namespace = dataset.namespace
    and dataset_table.dataset = dataset.name
    and lower(dataset_table.table_name) = lower(found.name)
    and dataset_table.deleting is null
    and case
      when dataset_table.object->'status' ? 'datasetUid' then dataset_table.object->'status'->>'datasetUid' = dataset.uid
      else dataset_table.created >= dataset.created
    end
  order by
    (dataset_table.object->'metadata'->'annotations' ? 'dataall.io/by-owner' or dataset_table.filters <> '{}') is true desc,
    dataset_table.created,
    dataset_table.name
  limit 1
) as about on true
where found.kind = 'Table';
