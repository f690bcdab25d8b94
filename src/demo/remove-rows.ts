import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../db/index.ts';
import { hasDemoId } from './demo-ids.ts';

export interface Removed {
  calls: number;
  orders: number;
  campaigns: number;
}

/**
 * Deletes the demo history with what was since hung on it: a note on an order of the demo, a payment on a bill of the
 * demo. What is somebody's own and only points at it, as an order that was raised from an old call, stays and points
 * at nothing.
 */
export async function removeRows(trx: Db): Promise<Removed> {
  await forget(trx, 'work_order', 'call_id');
  await forget(trx, 'recording', 'work_order_id');
  await forget(trx, 'fax', 'work_order_id');
  await forget(trx, 'incoming_message', 'message_id');
  await forget(trx, 'incoming_message', 'campaign_id');
  await forget(trx, 'campaign', 'copied_from');
  await forget(trx, 'campaign', 'series_id');
  const messages = sql`SELECT id FROM outbound_message WHERE ${anyOf('id', 'campaign_id', 'contact_id')}`;
  const faxes = sql`SELECT id FROM fax_sending WHERE message_id IN (${messages})`;
  await remove(trx, 'fax_try', sql`fax_id IN (${faxes})`);
  await remove(trx, 'fax_sending', sql`message_id IN (${messages})`);
  await remove(trx, 'survey_answer', anyOf('id', 'call_id', 'campaign_id'));
  await remove(trx, 'payment_promise', anyOf('id', 'call_id'));
  await remove(trx, 'debt_dispute', anyOf('id', 'call_id', 'work_order_id'));
  await remove(trx, 'do_not_call', anyOf('id'));
  await remove(trx, 'outside_call', anyOf('id'));
  await remove(trx, 'outbound_message', anyOf('id', 'campaign_id', 'contact_id'));
  for (const table of ['attempt', 'campaign_outcome', 'campaign_test', 'campaign_event'] as const) {
    await remove(trx, table, anyOf('campaign_id'));
  }
  await remove(trx, 'campaign_contact', anyOf('campaign_id'));
  const campaigns = await remove(trx, 'campaign', anyOf('id'));
  await remove(trx, 'payment', anyOf('id', 'bill_id'));
  await remove(trx, 'bill', anyOf('id'));
  await remove(trx, 'work_order_event', anyOf('work_order_id'));
  const orders = await remove(trx, 'work_order', anyOf('id'));
  for (const table of ofCalls) await remove(trx, table, anyOf('call_id'));
  const calls = await remove(trx, 'call', anyOf('id'));
  // Days of which nothing is left begin at 1 again; they are over.
  await sql`
    DELETE FROM work_order_counter AS day
    WHERE NOT EXISTS (SELECT 1 FROM work_order WHERE number LIKE day.day || '-%')
  `.execute(trx);
  return { calls, orders, campaigns };
}

const ofCalls = [
  ...['offer', 'engagement', 'alarm', 'order_draft', 'queue_wait', 'queue_entry', 'call_leg'],
  'call_event',
] as const;

function anyOf(...columns: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`(${sql.join(columns.map(hasDemoId), sql` OR `)})`;
}

async function remove(trx: Db, table: string, where: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows } = await sql`
    DELETE FROM ${sql.table(table)} WHERE ${where}
  `.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** Rows of others that only point at the demo. */
async function forget(trx: Db, table: string, column: string): Promise<void> {
  await sql`
    UPDATE ${sql.table(table)} SET ${sql.ref(column)} = NULL
    WHERE ${hasDemoId(column)} AND NOT ${hasDemoId('id')}
  `.execute(trx);
}
