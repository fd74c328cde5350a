-- What is told on channel dataall_changes beside the rows of objects (changes-channel.ts), by whatever hand it was changed: by the gateway, by the
-- indexer, or by an administrator who ends somebody's sessions with psql.

create function tell_session() returns trigger language plpgsql as $$
begin
  perform pg_notify('dataall_changes', 'Session ' || old.public_id);
  return null;
end
$$;
create trigger told_end after delete on session for each row execute function tell_session();
create trigger told_groups after update of groups on session for each row
  when (old.groups is distinct from new.groups) execute function tell_session();

-- Where a share stands follows from the request and the decision about it.
create function tell_share_of_approval() returns trigger language plpgsql as $$
begin
  perform pg_notify('dataall_changes', 'ShareRequest ' || uri) from share_request
  where (tg_op <> 'INSERT' and (namespace, name) = (old.request_namespace, old.request))
    or (tg_op <> 'DELETE' and (namespace, name) = (new.request_namespace, new.request));
  return null;
end
$$;
create trigger told after insert or update or delete on share_approval for each row execute function tell_share_of_approval();
