-- Who is woken by what others write. A decision concerns the request that it names where it is about that request's dataset: one that lies elsewhere
-- binds to nothing, and whoever writes it tells nobody. Of a draft nobody is asked, so nobody is told of it either.

create function tell_of_decision(decision share_approval) returns void language sql as $$
  select pg_notify('dataall_changes', 'ShareRequest ' || uri), tell_seen('ShareRequest', uri, viewers) from share_request
  where (namespace, name) = (decision.request_namespace, decision.request)
    and (dataset_namespace, dataset) = (decision.namespace, decision.dataset)
$$;

-- Where a share stands follows from the request and the decision about it, which is not shown to who asked.
create or replace function tell_share_of_approval() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then perform tell_of_decision(old); end if;
  if tg_op <> 'DELETE' then perform tell_of_decision(new); end if;
  return null;
end
$$;

create or replace function tell_viewers() returns trigger language plpgsql as $$
begin
  perform tell_seen(tg_argv[0], coalesce(new.uri, old.uri), old.viewers || new.viewers);
  return null;
end
$$;

create or replace function tell_inboxes() returns trigger language plpgsql as $$
begin
  case tg_table_name
    when 'notification' then perform tell_groups(array[new.recipient]);
    when 'notification_read' then perform pg_notify('dataall_changes', 'User ' || new.username) where length(new.username) <= 1000;
    when 'dataset' then perform tell_groups(old.owner || old.stewards || new.owner || new.stewards);
    when 'share_request' then
      if not (coalesce(old.draft, true) and coalesce(new.draft, true)) then
        perform tell_deciders(coalesce(new.dataset_namespace, old.dataset_namespace), coalesce(new.dataset, old.dataset));
      end if;
    when 'share_approval' then
      perform tell_deciders(coalesce(new.namespace, old.namespace), coalesce(new.dataset, old.dataset));
  end case;
  return null;
end
$$;
