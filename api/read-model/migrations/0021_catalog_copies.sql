-- What of the catalogue OpenSearch has, where one is configured: it is a copy, which catches up.

-- The version that it has confirmed; null: not this one yet.
alter table catalog_document add column sent bigint;
create index on catalog_document (version) where sent is null;

-- Documents that are gone, for a day: a copy that is made meanwhile hears of them too.
create table catalog_removal (
  id text collate "C" primary key,
  version bigint not null,
  sent bigint,
  removed timestamptz not null default now()
);
create index on catalog_removal (version) where sent is null;
create index on catalog_removal (removed);

-- Of which request to make the copy anew the last was, and which was done.
create table catalog_rebuild (
  only_row boolean primary key default true check (only_row),
  wanted bigint not null default 0,
  done bigint not null default 0
);
insert into catalog_rebuild default values;
