// Brings a database to the tables that this version needs: plain SQL files in migrations/, each once, in the order of their numbers.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import { StartupError } from '../../operator/kernel/process/start-up.ts';
import { type Database, type DatabaseSettings, openDatabase } from './database.ts';
import { isDatabaseAway } from './database-away.ts';

const FOLDER = join(import.meta.dirname, 'migrations');
/** `NNNN_what.sql`; each part of the gateway has numbers of its own, so a lower one may come later. */
const MIGRATION = /^(\d{4}_[a-z0-9_]+)\.sql$/;

/**
 * Forward only, in one transaction and under an advisory lock: of several that start at once one migrates and the others wait for it.
 * Throws {@link StartupError} with what the database lacks for us. @returns names of the files that were run now
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  const migrator = new Migrator({ db: database, provider: new SqlFiles(FOLDER), allowUnorderedMigrations: true });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName;
    throw new StartupError(failed === undefined ? whyUnusable(error) : `${failed}.sql failed: ${whyUnusable(error)}`);
  }
  return results.map(({ migrationName }) => migrationName);
}

/** {@link migrate} on connections of its own, which wait for as long as a migration takes. */
export async function migrateAt(settings: DatabaseSettings): Promise<void> {
  const database = openDatabase({ ...settings, connections: 2, longStatements: true });
  try {
    await migrate(database);
  } finally {
    await database.destroy();
  }
}

class SqlFiles implements MigrationProvider {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async getMigrations(): Promise<Record<string, Migration>> {
    const migrations: Record<string, Migration> = {};
    for (const file of (await readdir(this.#folder)).toSorted()) {
      const name = MIGRATION.exec(file)?.[1];
      if (name === undefined) throw new Error(`migrations/${file} is not named NNNN_what.sql`);
      const text = await readFile(join(this.#folder, file), 'utf8');
      migrations[name] = {
        async up(database) {
          // An index of a large table takes longer than a query of ours may.
          await sql`set local statement_timeout = 0`.execute(database);
          await sql.raw(text).execute(database);
        },
      };
    }
    return migrations;
  }
}

/** Class 28 of PostgreSQL: who may sign in; 3D: no such database. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LETS_NOBODY_IN = /^(28...|3D000)$/;

function whyUnusable(error: unknown): string {
  const { code = '' } = error as { code?: string };
  if (LETS_NOBODY_IN.test(code))
    return `PostgreSQL does not let the gateway in: ${messageOf(error)}. Correct user, password and name of the database in database.url of the configuration, or in DATABASE_URL`;
  if (isDatabaseAway(error))
    return `PostgreSQL does not answer: ${messageOf(error)}. See to it that it runs, and is where database.url of the configuration, or DATABASE_URL, says`;
  return `the database was left as it was: ${messageOf(error)}. The account of DATABASE_URL must be able to create tables in its schema, and the database must be one of this version or an older one`;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
