-- What people are told of shares: to a group, whose members see it all and each mark it as read for themselves. No custom resource keeps it,
-- so it is backed up, and no rebuild touches it.

create table notification (
  id bigint generated always as identity primary key,
  -- What it is about, once: whoever records it twice records it once.
  key text not null unique,
  type text not null,
  recipient text not null,
  target_uri text not null,
  message text not null,
  happened timestamptz not null,
  recorded timestamptz not null default now()
);
create index on notification (recipient, id desc);

create table notification_read (
  notification_id bigint not null references notification (id) on delete cascade,
  username text not null,
  read timestamptz not null default now(),
  primary key (notification_id, username)
);
