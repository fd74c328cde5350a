// Sessions as PostgreSQL keeps them (migrations/0010_session.sql says what each column is).

import type { ColumnType } from 'kysely';
import type { SignIn } from '../identity.ts';

/** Never changed once it is written. */
type Fixed<T> = ColumnType<T, T, never>;

export interface SessionTable {
  id_hash: Fixed<Buffer>;
  public_id: Fixed<string>;
  sign_in: Fixed<Exclude<SignIn, 'bearer-token'>>;
  user_name: Fixed<string>;
  groups: string[];
  email: string | null;
  display_name: string | null;
  user_agent: Fixed<string | null>;
  authenticated: Fixed<Date>;
  created: Fixed<Date>;
  seen: Date;
  expires: Fixed<Date>;
  fresh_until: Date;
  tokens: string;
}
