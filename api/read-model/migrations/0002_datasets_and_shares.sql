-- The tables of the kinds that live in the namespace of an environment, of the installation itself, and of what has no object of its own:
-- items of datasets and of shares, by ids that are the same after every rebuild.

-- Columns of every kind, as organization has them.
create temporary table object_columns (
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
  unique (namespace, name)
) on commit drop;

create table tenant (
  like object_columns including constraints including indexes,
  administrators text[] not null,
  maintenance_mode text,
  maintenance_message text
);

create table team (
  like object_columns including constraints including indexes,
  group_name text not null,
  permissions text[] not null,
  role_arn text,
  workgroup text,
  in_use int not null
);
create index on team using gin (viewers);
create index on team (created desc, uid);
create index on team (group_name);

create table dataset (
  like object_columns including constraints including indexes,
  label text not null,
  description text,
  owner text not null,
  stewards text[] not null,
  origin text not null,
  account text,
  region text,
  bucket text,
  key_arn text,
  glue_database text,
  role_arn text,
  lake_formation text,
  confidentiality text not null,
  language text,
  topics text[] not null,
  terms text[] not null,
  tags text[] not null,
  auto_approval boolean not null,
  tables int not null,
  tables_synced timestamptz,
  requests_pending int not null,
  stack_status text,
  in_use int not null
);
create index on dataset using gin (viewers);
create index on dataset (created desc, uid);
create index on dataset (owner);
create index on dataset using gin (stewards);

create table dataset_item (
  id text primary key,
  parent_uid text not null references dataset (uid) on delete cascade,
  kind text not null,
  name text not null,
  prefix text,
  description text,
  unique (parent_uid, kind, name)
);

create table dataset_table (
  like object_columns including constraints including indexes,
  dataset text not null,
  table_name text not null,
  description text,
  terms text[] not null,
  filters text[] not null
);
create index on dataset_table using gin (viewers);
create index on dataset_table (namespace, dataset, table_name);

create table consumption_role (
  like object_columns including constraints including indexes,
  label text not null,
  owner text not null,
  principal_arn text not null,
  principal_id text,
  account text,
  policy_management text not null,
  in_use int not null
);
create index on consumption_role using gin (viewers);
create index on consumption_role (created desc, uid);
create index on consumption_role (owner);

create table share_request (
  like object_columns including constraints including indexes,
  dataset_namespace text not null,
  dataset text not null,
  requester text not null,
  principal_kind text not null,
  principal text not null,
  principal_arn text,
  consumer_account text,
  permissions text[] not null,
  purpose text,
  draft boolean not null,
  phase text not null,
  requested int not null,
  granted int not null,
  wanted_until timestamptz,
  ends timestamptz,
  verified timestamptz,
  approval text,
  approval_generation bigint
);
create index on share_request using gin (viewers);
create index on share_request (created desc, uid);
create index on share_request (dataset_namespace, dataset);
create index on share_request (requester);
create index on share_request (phase);

create table share_item (
  id text primary key,
  parent_uid text not null references share_request (uid) on delete cascade,
  position int not null,
  kind text not null,
  name text not null,
  requested boolean not null,
  filters text[] not null,
  state text,
  health text,
  reason text,
  message text,
  filters_in_effect text[] not null,
  database_name text,
  link text,
  access_point_arn text,
  access_point_alias text,
  unique (parent_uid, kind, name)
);
create index on share_item (state);

create table share_approval (
  like object_columns including constraints including indexes,
  dataset text not null,
  request_namespace text not null,
  request text not null,
  request_uid text,
  approver text not null,
  requester text not null,
  principal_kind text not null,
  principal text not null,
  principal_arn text,
  decision text not null,
  decision_reason text,
  permissions text[] not null,
  until timestamptz,
  automatic boolean not null,
  bound timestamptz
);
create index on share_approval using gin (viewers);
create index on share_approval (created desc, uid);
create index on share_approval (namespace, dataset);
create index on share_approval (request_namespace, request);
