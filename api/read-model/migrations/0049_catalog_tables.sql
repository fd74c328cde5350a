-- Tables that a dataset's object does not name are in the catalogue too: what the snapshots of Glue databases say (0040_catalogue).

create function catalog_snapshot_changed() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select distinct dataset.uri from changed join dataset on dataset.uid = changed.dataset_uid;
  return null;
end $$;
create trigger catalog_added after insert on dataset_catalog_table referencing new table as changed
  for each statement execute function catalog_snapshot_changed();
create trigger catalog_removed after delete on dataset_catalog_table referencing old table as changed
  for each statement execute function catalog_snapshot_changed();
create function catalog_snapshot_updated() returns trigger language plpgsql as $$
begin
  insert into catalog_change (dataset_uri)
  select distinct dataset.uri from removed as was join added as now using (id) join dataset on dataset.uid = now.dataset_uid
  where (was.name, was.description) is distinct from (now.name, now.description);
  return null;
end $$;
create trigger catalog_changed after update on dataset_catalog_table referencing old table as removed new table as added
  for each statement execute function catalog_snapshot_updated();
