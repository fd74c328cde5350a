-- The read model: one table for each kind of custom resource, made from what the API server holds and made anew from it at any time.
-- Columns are what lists filter, sort, join or show; the whole object is in `object`. `uri` is the id that clients know.
-- A row is live: what was deleted leaves a tombstone, so that a late write does not bring it back.

-- Groups of the identity provider as numbers, for `viewers`. Numbers are never given again, so rows stay comparable.
create table identity_group (
  id int generated always as identity primary key,
  name text not null unique
);

-- Of which cluster the rows are, and since which of its histories: a restored etcd begins a new one (epoch).
create table indexed_cluster (
  only_row boolean primary key default true check (only_row),
  cluster_uid text,
  epoch int not null default 1,
  rebuild_started timestamptz,
  rebuild_finished timestamptz
);
-- What makes the first rows is a rebuild too.
insert into indexed_cluster (rebuild_started) values (now());

-- How far each kind is. Rows whose epoch is below that of the cluster are stale: not seen since.
create table indexed_kind (
  table_name text primary key,
  resource_version numeric not null,
  listed timestamptz not null
);

create table tombstone (
  uid text primary key,
  table_name text not null,
  namespace text not null,
  name text not null,
  uri text not null,
  resource_version numeric not null,
  epoch int not null,
  deleted timestamptz not null default now()
);
create index on tombstone (deleted);

create table organization (
  uid text primary key,
  uri text not null unique,
  epoch int not null,
  resource_version numeric not null,
  generation bigint not null,
  namespace text not null,
  name text not null,
  created timestamptz not null,
  updated timestamptz not null,
  deleting timestamptz,
  changed_by text,
  ready text not null,
  reason text,
  message text,
  viewers int[] not null,
  digest text not null,
  object jsonb not null,

  label text not null,
  description text,
  owner text not null,
  invited text[] not null,
  tags text[] not null,
  environments int not null,
  unique (namespace, name)
);
create index on organization using gin (viewers);
create index on organization (created desc, uid);
create index on organization (owner);

create table environment (
  uid text primary key,
  uri text not null unique,
  epoch int not null,
  resource_version numeric not null,
  generation bigint not null,
  namespace text not null,
  name text not null,
  created timestamptz not null,
  updated timestamptz not null,
  deleting timestamptz,
  changed_by text,
  ready text not null,
  reason text,
  message text,
  viewers int[] not null,
  digest text not null,
  object jsonb not null,

  organization text not null,
  label text not null,
  description text,
  owner text not null,
  account text not null,
  region text not null,
  resource_prefix text not null,
  tags text[] not null,
  role_arn text,
  workgroup text,
  stack_status text,
  in_use int not null,
  unique (namespace, name)
);
create index on environment using gin (viewers);
create index on environment (created desc, uid);
create index on environment (organization);
create index on environment (owner);
create index on environment (account, region);
