-- Groups that see everything and change nothing.
alter table tenant add column auditors text[] not null default '{}';

-- What they and administrators have asked about who could read what: for who audits them. Asked again within the hour it is recorded once.
create table access_inquiry (
  id bigint generated always as identity primary key,
  username text not null,
  question jsonb not null,
  hour timestamptz not null default date_trunc('hour', now()),
  asked timestamptz not null default now(),
  unique (username, hour, question)
);
create trigger kept before update or delete on access_inquiry for each row execute function keep_history();
create trigger kept_whole before truncate on access_inquiry for each statement execute function keep_history();
