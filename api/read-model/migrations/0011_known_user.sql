-- Whom the gateway has seen sign in, with the groups that their provider said then: where no directory can be asked, this is who is in a group.
-- No part of the read model, and no grounds for anybody's rights. Dropped, it fills again as people come.

create table known_user (
  user_name text primary key,
  email text,
  groups text[] not null,
  seen timestamptz not null
);
create index on known_user using gin (groups);

create table known_group (
  name text primary key,
  seen timestamptz not null
);
