// Brings a database to the tables that this version needs: plain SQL files in migrations/, each once, in the order of their numbers.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type Migration, type MigrationProvider, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';

const FOLDER = join(import.meta.dirname, 'migrations');
/** `NNNN_what.sql`; each part of the gateway has numbers of its own, so a lower one may come later. */
const MIGRATION = /^(\d{4}_[a-z0-9_]+)\.sql$/;

/** What a database lacks for us, and what to do. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
}

/**
 * Forward only, in one transaction and under an advisory lock: of several that start at once one migrates and the others wait for it.
 * @returns names of the files that were run now
 */
export async function migrate(database: Database): Promise<readonly string[]> {
  const migrator = new Migrator({ db: database, provider: new SqlFiles(FOLDER), allowUnorderedMigrations: true });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results.find(({ status }) => status === 'Error')?.migrationName;
    throw new MigrationFailed(
      `the database was left as it was: ${failed === undefined ? '' : `${failed}.sql failed: `}${messageOf(error)}. The account of DATABASE_URL must be able to create tables in its schema, and the database must be one of this version or an older one.`,
      { cause: error },
    );
  }
  return results.map(({ migrationName }) => migrationName);
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

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
