import { sql } from 'kysely';
import type { Db } from '../db/index.ts';
import { historyTables, type History } from './rows.ts';

/** A statement carries so many rows; each is one round trip, and a few megabytes. */
const rowsAtOnce = 4000;

/**
 * Writes all rows in few statements. Postgres reads them from JSON with the types of the table itself: a builder's
 * parameters, one for each cell, would take ten times as long. Nothing is put into the outbox: it is all long past.
 */
export async function writeRows(trx: Db, history: History): Promise<void> {
  for (const table of historyTables) {
    const rows: readonly Record<string, unknown>[] = history[table];
    const [first] = rows;
    if (first === undefined) continue;
    const name = sql.table(table);
    const columns = sql.join(Object.keys(first).map((column) => sql.ref(column)));
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const chunk = JSON.stringify(rows.slice(from, from + rowsAtOnce).map(snakeCased));
      await sql`
        INSERT INTO ${name} (${columns})
        SELECT ${columns} FROM jsonb_populate_recordset(NULL::${name}, ${chunk}::jsonb)
      `.execute(trx);
    }
  }
  await countNumbers(trx, history);
}

/** Names of columns as tables have them; what stands in a column of JSON stays as it is. */
function snakeCased(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

/** The next order of a day has the next number, whoever raises it. */
async function countNumbers(trx: Db, { workOrder }: History): Promise<void> {
  const last = new Map<string, number>();
  for (const { number } of workOrder) {
    const [day = '', serial = '0'] = number.split('-');
    last.set(day, Math.max(last.get(day) ?? 0, Number(serial)));
  }
  if (last.size === 0) return;
  await trx
    .insertInto('workOrderCounter')
    .values([...last].map(([day, serial]) => ({ day, last: serial })))
    .onConflict((conflict) =>
      conflict.column('day').doUpdateSet((row) => ({
        last: sql<number>`greatest(${sql.ref('work_order_counter.last')}, ${row.ref('excluded.last')})`,
      })),
    )
    .execute();
}
