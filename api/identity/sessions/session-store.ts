// Sessions in PostgreSQL: any gateway finds them, and each is refreshed by one at a time.

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import type { Database } from '../../read-model/database.ts';
import type { Tables } from '../../read-model/tables.ts';
import type { SessionTable } from './session-table.ts';

export type StoredSession = Selectable<SessionTable>;
export type NewSession = Omit<StoredSession, 'id_hash' | 'public_id'>;
export type RefreshedSession = Pick<StoredSession, 'groups' | 'email' | 'display_name' | 'fresh_until' | 'tokens'>;

/** What a session's refresh came to. */
export type Refresh =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'refreshed'; readonly changes: RefreshedSession }
  /** The provider ends it. */
  | { readonly outcome: 'ended' };

const ID_BYTES = 32;
const ID = /^[\w-]{43}$/;
const PUBLIC_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const SWEPT_AT_ONCE = 100;

/** A secret as the cookie holds it, and the key of its row. */
export interface SessionId {
  readonly secret: string;
  readonly hash: Buffer;
}

export const newSessionId = (): SessionId => {
  const secret = randomBytes(ID_BYTES).toString('base64url');
  return { secret, hash: hashOf(secret) };
};

/** Undefined: no id of ours. */
export const readSessionId = (secret: string): SessionId | undefined =>
  ID.test(secret) ? { secret, hash: hashOf(secret) } : undefined;

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export class SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert({ hash }: SessionId, session: NewSession): Promise<void> {
    await this.#database
      .insertInto('session')
      .values({ ...session, id_hash: hash, public_id: randomUUID() })
      .execute();
  }

  async find({ hash }: SessionId): Promise<StoredSession | undefined> {
    return this.#database.selectFrom('session').selectAll().where('id_hash', '=', hash).executeTakeFirst();
  }

  async saw({ hash }: SessionId, now: Date): Promise<void> {
    await this.#database.updateTable('session').set({ seen: now }).where('id_hash', '=', hash).execute();
  }

  /** Nothing of it is left, on any gateway, once this resolves. */
  async end({ hash }: SessionId): Promise<StoredSession | undefined> {
    return this.#database.deleteFrom('session').where('id_hash', '=', hash).returningAll().executeTakeFirst();
  }

  /** @returns whether there was one */
  async endOf(user: string, publicId: string): Promise<boolean> {
    if (!PUBLIC_ID.test(publicId)) return false;
    const ended = await this.#database
      .deleteFrom('session')
      .where('user_name', '=', user)
      .where('public_id', '=', publicId)
      .returning('public_id')
      .execute();
    return ended.length > 0;
  }

  /** The newest first. */
  async listOf(user: string): Promise<readonly StoredSession[]> {
    return this.#database
      .selectFrom('session')
      .selectAll()
      .where('user_name', '=', user)
      .orderBy('created', 'desc')
      .limit(100)
      .execute();
  }

  /** Removes some that are over: called when one begins, so that as many go as come. */
  async sweep(now: Date, idleSince: Date): Promise<void> {
    const over = this.#database
      .selectFrom('session')
      .select('id_hash')
      .where((where) => where.or([where('expires', '<', now), where('seen', '<', idleSince)]))
      .limit(SWEPT_AT_ONCE);
    await this.#database.deleteFrom('session').where('id_hash', 'in', over).execute();
  }

  /**
   * Holds the row while the provider is asked: a refresh token is good once, and two gateways that use it at once would end the session.
   * Who waited finds what the other has made of it.
   * @returns the session as it is now; undefined if it is over
   */
  async refresh(
    { hash }: SessionId,
    ask: (session: StoredSession) => Promise<Refresh>,
  ): Promise<StoredSession | undefined> {
    return this.#database.transaction().execute(async (transaction) => {
      const session = await transaction
        .selectFrom('session')
        .selectAll()
        .where('id_hash', '=', hash)
        .forUpdate()
        .executeTakeFirst();
      if (session === undefined) return undefined;
      return write(transaction, session, await ask(session));
    });
  }
}

const write = async (
  transaction: Transaction<Tables>,
  session: StoredSession,
  refresh: Refresh,
): Promise<StoredSession | undefined> => {
  const { id_hash: hash } = session;
  switch (refresh.outcome) {
    case 'unchanged':
      return session;
    case 'ended':
      await transaction.deleteFrom('session').where('id_hash', '=', hash).execute();
      return undefined;
    case 'refreshed':
      await transaction.updateTable('session').set(refresh.changes).where('id_hash', '=', hash).execute();
      return { ...session, ...refresh.changes };
  }
};
