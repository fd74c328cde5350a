-- Who is signed in by a cookie. No part of the read model: a rebuild leaves it. Dropped, everybody signs in again and nothing else is lost.

create table session (
  -- SHA-256 of what the cookie holds: who reads this table signs in as nobody.
  id_hash bytea primary key,
  -- By which people see and end their sessions.
  public_id uuid not null unique,
  sign_in text not null check (sign_in in ('login', 'token-exchange')),
  user_name text not null,
  groups text[] not null,
  email text,
  display_name text,
  -- Their browser, as it calls itself: so that people know which session is which.
  user_agent text,
  authenticated timestamptz not null,
  created timestamptz not null,
  seen timestamptz not null,
  -- Whatever happens, no longer than this.
  expires timestamptz not null,
  -- Until then the provider's word stands; then it is asked again.
  fresh_until timestamptz not null,
  -- Refresh token and ID token, encrypted (JWE) with a key that is not in the database.
  tokens text not null
);
create index on session (user_name);
create index on session (expires);
create index on session (seen);
