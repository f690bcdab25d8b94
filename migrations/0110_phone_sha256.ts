import type { Kysely } from 'kysely';

/** SHA-256 of `<username>:lingting:<password>`; unknown of passwords that were given out before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('phone_account').addColumn('ha1_sha256', 'text').execute();
}
