-- The catalogue: what can be discovered, as documents that are made of the rows of datasets and of what belongs to them, and found by words and
-- by terms. Which datasets are to be looked at anew is noted by triggers, in the transaction of whatever changed a row.

create extension if not exists pg_trgm;

create sequence catalog_version;

create table catalog_document (
  -- uri of the dataset, or id of the table or folder.
  id text collate "C" primary key,
  -- Grows with each change: what is older never replaces what is newer.
  version bigint not null,
  -- Of everything that the document is made of.
  digest text not null,
  -- Labels A, names B, tags C, descriptions D.
  words tsvector not null,
  -- `field=value` of all values that are asked for as wholes; `audience=...`: who may discover it.
  terms text[] not null,
  -- By what hits are sorted: names without regard to case.
  sort_label text collate "C" not null,
  sort_name text collate "C" not null,
  sort_created text collate "C" not null,
  sort_updated text collate "C" not null,
  source jsonb not null,
  dataset_uri text not null generated always as (source->>'datasetUri') stored
);
create index on catalog_document using gin (words);
create index on catalog_document using gin (terms);
create index on catalog_document (dataset_uri);
create index on catalog_document (sort_label, id);
create index on catalog_document (sort_name, id);
create index on catalog_document (sort_created, id);
create index on catalog_document (sort_updated, id);

-- Words of documents, those of former ones too: for what somebody may have meant.
create table catalog_word (
  word text collate "C" primary key
);
create index on catalog_word using gin (word gin_trgm_ops);

-- Datasets whose documents are to be made anew. Only ever added to, so that nobody waits for anybody.
create table catalog_change (
  id bigint generated always as identity primary key,
  dataset_uri text not null
);

create function catalog_dataset_added() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri) select uri from added order by uri;
  return null;
end $$;
create function catalog_dataset_removed() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri) select uri from removed order by uri;
  return null;
end $$;
-- What the operator reports again and again (readiness, counts of requests and shares) is in no document.
create function catalog_dataset_changed() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select distinct unnest(array[was.uri, now.uri]) from removed as was join added as now using (uid)
  where (was.uri, was.namespace, was.name, was.label, was.description, was.owner, was.confidentiality, was.region, was.created, was.updated, was.deleting,
    was.topics, was.terms, was.tags, was.tables)
    is distinct from (now.uri, now.namespace, now.name, now.label, now.description, now.owner, now.confidentiality, now.region, now.created, now.updated, now.deleting,
    now.topics, now.terms, now.tags, now.tables);
  return null;
end $$;
create trigger catalog_added after insert on dataset referencing new table as added
  for each statement execute function catalog_dataset_added();
create trigger catalog_removed after delete on dataset referencing old table as removed
  for each statement execute function catalog_dataset_removed();
create trigger catalog_changed after update on dataset referencing old table as removed new table as added
  for each statement execute function catalog_dataset_changed();

-- Items go with their dataset, which says so itself.
create function catalog_item_changed() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select distinct dataset.uri from changed join dataset on dataset.uid = changed.parent_uid where changed.kind in ('Table', 'Folder');
  return null;
end $$;
create trigger catalog_added after insert on dataset_item referencing new table as changed
  for each statement execute function catalog_item_changed();
create trigger catalog_removed after delete on dataset_item referencing old table as changed
  for each statement execute function catalog_item_changed();
create trigger catalog_changed after update on dataset_item referencing new table as changed
  for each statement execute function catalog_item_changed();

create function catalog_table_changed() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select distinct dataset.uri from changed join dataset on dataset.namespace = changed.namespace and dataset.name = changed.dataset;
  return null;
end $$;
create trigger catalog_added after insert on dataset_table referencing new table as changed
  for each statement execute function catalog_table_changed();
create trigger catalog_removed after delete on dataset_table referencing old table as changed
  for each statement execute function catalog_table_changed();
create function catalog_table_updated() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select distinct dataset.uri from removed as was join added as now using (uid)
  join dataset on dataset.namespace = now.namespace and dataset.name in (was.dataset, now.dataset)
  where (was.dataset, was.table_name, was.description, was.terms, was.updated, was.deleting)
    is distinct from (now.dataset, now.table_name, now.description, now.terms, now.updated, now.deleting);
  return null;
end $$;
create trigger catalog_changed after update on dataset_table referencing old table as removed new table as added
  for each statement execute function catalog_table_updated();

-- Datasets bear the names of their environment and its organization.
create function catalog_environment_added() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select dataset.uri from added join dataset on dataset.namespace = added.name;
  return null;
end $$;
create function catalog_environment_changed() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select dataset.uri from removed as was join added as now using (uid) join dataset on dataset.namespace = now.name
  where (was.uri, was.label, was.organization, was.region) is distinct from (now.uri, now.label, now.organization, now.region);
  return null;
end $$;
create trigger catalog_added after insert on environment referencing new table as added
  for each statement execute function catalog_environment_added();
create trigger catalog_changed after update on environment referencing old table as removed new table as added
  for each statement execute function catalog_environment_changed();

create function catalog_organization_added() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select dataset.uri from added join environment on environment.organization = added.name join dataset on dataset.namespace = environment.name;
  return null;
end $$;
create function catalog_organization_changed() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select dataset.uri from removed as was join added as now using (uid)
  join environment on environment.organization = now.name join dataset on dataset.namespace = environment.name
  where (was.uri, was.label) is distinct from (now.uri, now.label);
  return null;
end $$;
create trigger catalog_added after insert on organization referencing new table as added
  for each statement execute function catalog_organization_added();
create trigger catalog_changed after update on organization referencing old table as removed new table as added
  for each statement execute function catalog_organization_changed();

-- What was there before the catalogue.
insert into catalog_change (dataset_uri) select uri from dataset;
