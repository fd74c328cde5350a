-- Where a share stands, which follows from the request and the decision about it: written with either of them.
alter table share_request add column state text not null default 'Submitted';
create index on share_request (state, created desc, uid);
