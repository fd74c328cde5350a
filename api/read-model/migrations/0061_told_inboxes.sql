-- Who is told that there is something to decide or to read: `Group <name>` and `User <name>` on channel dataall_changes. And a dataset has changed
-- when something was written about one of its tables.

-- A payload has 8,000 bytes at most; no identity provider has such names.
create function tell_groups(names text[]) returns void language sql as $$
  select pg_notify('dataall_changes', 'Group ' || name) from unnest(names) as name where length(name) <= 1000
$$;

create function tell_deciders(of_namespace text, of_dataset text) returns void language sql as $$
  select tell_groups(owner || stewards) from dataset where namespace = of_namespace and name = of_dataset
$$;

create function tell_inboxes() returns trigger language plpgsql as $$
begin
  case tg_table_name
    when 'notification' then perform tell_groups(array[new.recipient]);
    when 'notification_read' then perform pg_notify('dataall_changes', 'User ' || new.username) where length(new.username) <= 1000;
    when 'dataset' then perform tell_groups(old.owner || old.stewards || new.owner || new.stewards);
    when 'share_request' then
      perform tell_deciders(coalesce(new.dataset_namespace, old.dataset_namespace), coalesce(new.dataset, old.dataset));
    when 'share_approval' then
      perform tell_deciders(coalesce(new.namespace, old.namespace), coalesce(new.dataset, old.dataset));
  end case;
  return null;
end
$$;
create trigger told_inboxes after insert on notification for each row execute function tell_inboxes();
create trigger told_inboxes after insert on notification_read for each row execute function tell_inboxes();
create trigger told_inboxes after update of owner, stewards on dataset for each row
  when ((old.owner, old.stewards) is distinct from (new.owner, new.stewards)) execute function tell_inboxes();
create trigger told_inboxes after insert or update or delete on share_request for each row execute function tell_inboxes();
create trigger told_inboxes after insert or update or delete on share_approval for each row execute function tell_inboxes();

create function tell_dataset_of_table() returns trigger language plpgsql as $$
begin
  perform pg_notify('dataall_changes', 'Dataset ' || uri) from dataset
  where namespace = coalesce(new.namespace, old.namespace) and name = coalesce(new.dataset, old.dataset);
  return null;
end
$$;
create trigger told after insert or update or delete on dataset_table for each row execute function tell_dataset_of_table();
