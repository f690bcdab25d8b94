import { sql, type Kysely } from 'kysely';

/** Faxes that came in: files lie in the faxes folder as <id>.tiff and <id>.pdf. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE fax (
      id uuid PRIMARY KEY,
      call_id uuid NOT NULL,
      work_order_id uuid,
      did text NOT NULL,
      number text NOT NULL,
      pages integer NOT NULL CHECK (pages > 0),
      received_at timestamptz(3) NOT NULL
    );
    CREATE INDEX fax_received ON fax (received_at DESC, id DESC);
    CREATE INDEX fax_call ON fax (call_id);
  `.execute(db);
}
