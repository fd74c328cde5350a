-- The history of consent and access: who could read what, from when to when, and by whose consent. No custom resource keeps it, so it is
-- backed up, and no rebuild touches it. Rows are added, and a span is ended once; nothing else is ever changed.

create table consent_event (
  id bigint generated always as identity primary key,
  -- Decided: a generation of the approval. Deleted: the approval is gone.
  event text not null check (event in ('Decided', 'Deleted')),
  approval_uid text not null,
  generation bigint not null,
  namespace text not null,
  approval text not null,
  dataset text not null,
  request_namespace text not null,
  request text not null,
  requester text not null,
  principal_kind text not null,
  principal text not null,
  decision text not null,
  -- The group in whose name it was decided, and the user who wrote it, where the API server says.
  approver text not null,
  decided_by text,
  automatic boolean not null,
  -- What exactly was consented to.
  spec jsonb not null,
  happened timestamptz not null,
  recorded timestamptz not null default now(),
  unique (approval_uid, generation, event)
);
create index on consent_event (namespace, approval, generation);
create index on consent_event (namespace, dataset, happened);

create table access_span (
  id bigint generated always as identity primary key,
  request_uid text not null,
  request_namespace text not null,
  request text not null,
  requester text not null,
  -- Who: the role or user, and its unique id, which a re-created one does not have.
  principal_kind text not null,
  principal text not null,
  principal_arn text,
  principal_id text,
  -- What.
  dataset_namespace text not null,
  dataset text not null,
  item_kind text not null,
  item text not null,
  filters text[] not null,
  permissions text[] not null,
  -- By whose consent.
  approval text,
  approval_generation bigint,
  approver text,
  decided_by text,
  automatic boolean,
  -- From when to when: when the operator wrote that it had read it in AWS.
  started timestamptz not null,
  ended timestamptz,
  -- The state of the item then, or Deleted; Changed: the next span is by another consent, with other filters or permissions.
  end_reason text,
  recorded timestamptz not null default now(),
  check ((ended is null) = (end_reason is null))
);
-- One open span an item: who records it twice records it once.
create unique index on access_span (request_uid, item_kind, item) where ended is null;
create index on access_span (dataset_namespace, dataset, item_kind, item, started);
create index on access_span (principal_arn, started);

create function keep_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'access_span' then
    if old.ended is null and new.ended is not null
       and (to_jsonb(new) - 'ended' - 'end_reason') = (to_jsonb(old) - 'ended' - 'end_reason') then
      return new;
    end if;
  end if;
  raise exception '% is kept as it was recorded: rows are added, and an open span is ended, nothing else', tg_table_name
    using errcode = 'restrict_violation';
end
$$;
create trigger kept before update or delete on consent_event for each row execute function keep_history();
create trigger kept before update or delete on access_span for each row execute function keep_history();
create trigger kept_whole before truncate on consent_event for each statement execute function keep_history();
create trigger kept_whole before truncate on access_span for each statement execute function keep_history();
