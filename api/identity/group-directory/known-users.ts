// Everybody whom the gateway has seen, with the groups that they came with: the directory of an installation that has no other.

import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { Clock } from '../../../operator/kernel/clock.ts';
import type { Database } from '../../read-model/database.ts';
import type { Identity } from '../identity.ts';
import type { DirectoryUser, GroupDirectory } from './group-directory.ts';

const DAY_MS = 86_400_000;
/** Written again when something has changed, and otherwise so seldom. */
const REWRITE_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;
const MAX_LISTED = 10_000;

export interface KnownUsersOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Who has not come for so long is listed no more: nobody would know if they have left. */
  readonly rememberDays: number;
}

interface Written {
  readonly what: string;
  readonly at: number;
}

export class KnownUsers implements GroupDirectory {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #rememberMs: number;
  /** By user, oldest first: what is in the database already. */
  readonly #written = new Map<string, Written>();

  constructor({ database, clock, log, rememberDays }: KnownUsersOptions) {
    this.#database = database;
    this.#clock = clock;
    this.#log = log;
    this.#rememberMs = rememberDays * DAY_MS;
  }

  /** Fails never: somebody who cannot be listed can work all the same. */
  async saw({ user, email, groups }: Pick<Identity, 'user' | 'email' | 'groups'>): Promise<void> {
    const what = JSON.stringify([email, groups]);
    const known = this.#written.get(user);
    const now = this.#clock.now();
    if (known !== undefined && known.what === what && now - known.at < REWRITE_MS) return;
    this.#remember(user, { what, at: now });
    try {
      await this.#write({ user_name: user, email: email ?? null, groups: [...groups], seen: new Date(now) });
    } catch (error) {
      this.#written.delete(user);
      this.#log.warn({ err: error, user }, 'who was seen could not be written down');
    }
  }

  async listGroups(): Promise<readonly string[]> {
    const rows = await this.#database
      .selectFrom('known_group')
      .select('name')
      .where('seen', '>', this.#since())
      .orderBy('name')
      .limit(MAX_LISTED)
      .execute();
    return rows.map(({ name }) => name);
  }

  async groupsOfUser(user: string): Promise<readonly string[]> {
    const row = await this.#database
      .selectFrom('known_user')
      .select('groups')
      .where('user_name', '=', user)
      .where('seen', '>', this.#since())
      .executeTakeFirst();
    return row?.groups.toSorted() ?? [];
  }

  async usersOfGroup(group: string): Promise<readonly DirectoryUser[]> {
    const [users = []] = await this.usersOfGroups([group]);
    return users;
  }

  async usersOfGroups(groups: readonly string[]): Promise<readonly (readonly DirectoryUser[])[]> {
    const rows = await this.#database
      .selectFrom('known_user')
      .select(['user_name', 'email', 'groups'])
      .where(sql<boolean>`groups && ${groups}::text[]`)
      .where('seen', '>', this.#since())
      .orderBy('user_name')
      .limit(MAX_LISTED)
      .execute();
    const users = new Map<string, DirectoryUser[]>(groups.map((group) => [group, []]));
    for (const { user_name: user, email, groups: memberships } of rows)
      for (const group of memberships) users.get(group)?.push({ user, ...(email === null ? {} : { email }) });
    return groups.map((group) => users.get(group) ?? []);
  }

  #since(): Date {
    return new Date(this.#clock.now() - this.#rememberMs);
  }

  #remember(user: string, written: Written): void {
    this.#written.delete(user);
    this.#written.set(user, written);
    const [oldest] = this.#written.keys();
    if (this.#written.size > MAX_REMEMBERED && oldest !== undefined) this.#written.delete(oldest);
  }

  async #write(row: { user_name: string; email: string | null; groups: string[]; seen: Date }): Promise<void> {
    const { email, groups, seen } = row;
    await this.#database
      .insertInto('known_user')
      .values(row)
      .onConflict((conflict) => conflict.column('user_name').doUpdateSet({ email, groups, seen }))
      .execute();
    // In order, so that two who are in the same groups do not wait for each other in a circle.
    const names = groups.toSorted();
    await sql`insert into known_group (name, seen) select name, ${seen} from unnest(${names}::text[]) as name order by name
      on conflict (name) do update set seen = excluded.seen where known_group.seen < excluded.seen - interval '1 hour'`.execute(
      this.#database,
    );
  }
}
