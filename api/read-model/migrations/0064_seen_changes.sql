-- Who is told that something they may see is not as it was: `Seen <Kind> <uri> <group>` on channel dataall_changes, for each group that may see it, or
-- could before. So a page hears of what is on it, and nobody hears of what they may not see.

create function tell_seen(kind text, uri text, viewers int[]) returns void language sql as $$
  select pg_notify('dataall_changes', concat_ws(' ', 'Seen', kind, uri, name))
  from identity_group where id = any(viewers) and length(name) <= 1000
$$;

create function tell_viewers() returns trigger language plpgsql as $$
begin
  perform tell_seen(tg_argv[0], coalesce(new.uri, old.uri), old.viewers || new.viewers);
  -- What is decided is not shown to who asked, but their request is, with where it stands.
  if tg_table_name = 'share_approval' then
    perform tell_seen('ShareRequest', share.uri, share.viewers) from share_request as share
    where (tg_op <> 'INSERT' and (namespace, name) = (old.request_namespace, old.request))
      or (tg_op <> 'DELETE' and (namespace, name) = (new.request_namespace, new.request));
  end if;
  return null;
end
$$;
create trigger told_viewers after insert or update or delete on organization for each row execute function tell_viewers('Organization');
create trigger told_viewers after insert or update or delete on environment for each row execute function tell_viewers('Environment');
create trigger told_viewers after insert or update or delete on team for each row execute function tell_viewers('Team');
create trigger told_viewers after insert or update or delete on dataset for each row execute function tell_viewers('Dataset');
create trigger told_viewers after insert or update or delete on dataset_table for each row execute function tell_viewers('DatasetTable');
create trigger told_viewers after insert or update or delete on consumption_role for each row execute function tell_viewers('ConsumptionRole');
create trigger told_viewers after insert or update or delete on share_request for each row execute function tell_viewers('ShareRequest');
create trigger told_viewers after insert or update or delete on share_approval for each row execute function tell_viewers('ShareApproval');

-- Tables that were found.
create function tell_viewers_of_catalog() returns trigger language plpgsql as $$
begin
  perform tell_seen('Dataset', uri, viewers) from dataset where uid = new.dataset_uid;
  return null;
end
$$;
create trigger told_viewers after insert or update on dataset_catalog for each row execute function tell_viewers_of_catalog();
