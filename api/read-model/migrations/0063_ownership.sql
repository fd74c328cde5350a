-- The owner's own right to a dataset, from when to when: beside access_span, the other way in which data can be read.

create table ownership_span (
  id bigint generated always as identity primary key,
  dataset_uid text not null,
  dataset_namespace text not null,
  dataset text not null,
  -- Whose role it is: that of the dataset, that of the owner's environment, that of the owner's team.
  holder text not null check (holder in ('Dataset', 'Environment', 'Team')),
  holder_name text not null,
  -- The group that owns the dataset.
  owner text not null,
  principal_arn text not null,
  -- When it was recorded, a moment after it was written.
  started timestamptz not null default now(),
  ended timestamptz
);
create unique index on ownership_span (dataset_uid, holder, holder_name, owner, principal_arn) where ended is null;
create index on ownership_span (dataset_namespace, dataset, started);
create index on ownership_span (principal_arn, started);

-- What holds now, as the operator gives it (ownerRoleArns of dataset-baseline.ts): the oldest team of a group counts, while its organization invites it.
create view current_ownership as
select uid as dataset_uid, namespace as dataset_namespace, name as dataset, 'Dataset' as holder, name as holder_name, owner, role_arn as principal_arn
from dataset where role_arn is not null
union all
select dataset.uid, dataset.namespace, dataset.name, 'Environment', environment.name, dataset.owner, environment.role_arn
from dataset join environment on environment.name = dataset.namespace and environment.owner = dataset.owner
where environment.role_arn is not null
union all
select dataset.uid, dataset.namespace, dataset.name, 'Team', team.name, dataset.owner, team.role_arn
from dataset
join lateral (
  select * from team where team.namespace = dataset.namespace and team.group_name = dataset.owner order by created, name limit 1
) as team on true
where team.role_arn is not null and not coalesce(team.object @> '{"status": {"conditions": [{"type": "Ready", "reason": "NotInvited"}]}}', false);

-- What was there before this table was is recorded from now on.
insert into ownership_span (dataset_uid, dataset_namespace, dataset, holder, holder_name, owner, principal_arn)
select dataset_uid, dataset_namespace, dataset, holder, holder_name, owner, principal_arn from current_ownership;

create or replace function keep_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name in ('access_span', 'ownership_span') then
    if to_jsonb(old)->>'ended' is null and to_jsonb(new)->>'ended' is not null
       and (to_jsonb(new) - 'ended' - 'end_reason') = (to_jsonb(old) - 'ended' - 'end_reason') then
      return new;
    end if;
  end if;
  raise exception '% is kept as it was recorded: rows are added, and an open span is ended, nothing else', tg_table_name
    using errcode = 'restrict_violation';
end
$$;
create trigger kept before update or delete on ownership_span for each row execute function keep_history();
create trigger kept_whole before truncate on ownership_span for each statement execute function keep_history();
