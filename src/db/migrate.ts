import { promises as fs } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Migrator, type Migration, type MigrationProvider } from 'kysely';
import { AppError, messageOf } from '../core/errors.ts';
import { migrations } from '../core/program.ts';
import type { Pool } from './database.ts';

/**
 * Brings the database to the newest schema; several processes may try at once. Resolves with the
 * names of the migrations that ran. Throws `db.migration_failed`, also when the database is newer
 * than this program.
 */
export async function migrate(pool: Pool): Promise<string[]> {
  // Plugins rename columns, also those of the migrator's own tables.
  const migrator = new Migrator({
    db: pool.withoutPlugins(),
    provider,
    // Parts are made side by side: a lower number may come after a higher one.
    allowUnorderedMigrations: true,
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed = results?.find((result) => result.status === 'Error')?.migrationName;
    throw new AppError({
      code: 'db.migration_failed',
      status: 500,
      message: `The database could not be brought up to date${failed === undefined ? '' : ` (${failed})`}: ${messageOf(error)}`,
      cause: error,
    });
  }
  return (results ?? []).map((result) => result.migrationName);
}

const provider: MigrationProvider = {
  async getMigrations(): Promise<Record<string, Migration>> {
    const { folder, ending } = migrations;
    const files = await fs.readdir(folder);
    const names = files.filter((name) => /^\d{4}_\w+\.[jt]s$/.test(name)).sort();
    const entries = names.map(async (name) => {
      const module = (await import(pathToFileURL(path.join(folder, name)).href)) as Migration;
      return [path.basename(name, ending), module] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  },
};
