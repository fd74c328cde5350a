// Whom the gateway has seen, as PostgreSQL keeps it (migrations/0011_known_user.sql).

export interface KnownUserTable {
  user_name: string;
  email: string | null;
  groups: string[];
  seen: Date;
}

export interface KnownGroupTable {
  name: string;
  seen: Date;
}
