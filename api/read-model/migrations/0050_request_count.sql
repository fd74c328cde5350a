-- How much somebody, or an address, has asked in a minute, of all gateways together. Lost in a crash, which is no harm.
create unlogged table request_count (
  key text not null,
  minute timestamptz not null,
  requests int not null,
  primary key (key, minute)
);
create index on request_count (minute);
