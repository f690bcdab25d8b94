import { isLoopback } from '../../core/addresses.ts';
import { AppError } from '../../core/errors.ts';
import { within, type Db } from '../../db/index.ts';

/** In `meta`: accounts that a start with DEMO=false shut out, so that a demo has them again. */
const shutOutKey = 'demo.shut_out';

/** Shuts out the demo accounts for good and ends their sessions; resolves with how many there were. */
export function disableDemoStaff(db: Db): Promise<number> {
  return within(db, async (trx) => {
    await trx.deleteFrom('meta').where('key', '=', shutOutKey).execute();
    return (await disable(trx)).length;
  });
}

/** The same until the service is a demo again. */
export function shutOutDemoStaff(db: Db): Promise<number> {
  return within(db, async (trx) => {
    const ids = await disable(trx);
    if (ids.length === 0) return 0;
    const known = await shutOut(trx);
    const value = JSON.stringify([...new Set([...known, ...ids])]);
    await trx
      .insertInto('meta')
      .values({ key: shutOutKey, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
    return ids.length;
  });
}

/** Lets those in again whom `shutOutDemoStaff` shut out. */
export function letInDemoStaff(db: Db): Promise<void> {
  return within(db, async (trx) => {
    const ids = await shutOut(trx);
    if (ids.length === 0) return;
    await trx
      .updateTable('staff')
      .set({ isDisabled: false })
      .where('id', 'in', ids)
      .where('isDemo', '=', true)
      .execute();
    await trx.deleteFrom('meta').where('key', '=', shutOutKey).execute();
  });
}

async function disable(trx: Db): Promise<string[]> {
  const disabled = await trx
    .updateTable('staff')
    .set({ isDisabled: true })
    .where('isDemo', '=', true)
    .where('isDisabled', '=', false)
    .returning('id')
    .execute();
  const ids = disabled.map((one) => one.id);
  if (ids.length > 0) await trx.deleteFrom('staffSession').where('staffId', 'in', ids).execute();
  return ids;
}

async function shutOut(trx: Db): Promise<string[]> {
  const row = await trx
    .selectFrom('meta')
    .select('value')
    .where('key', '=', shutOutKey)
    .executeTakeFirst();
  return row === undefined ? [] : (JSON.parse(row.value) as string[]);
}

/**
 * Accounts that share a password kept in a file are for one machine. Throws `demo.exposed` when `host`
 * can be reached from others.
 */
export async function refuseExposedDemo(db: Db, host: string): Promise<void> {
  if (isLoopback(host)) return;
  const demo = await db
    .selectFrom('staff')
    .select('username')
    .where('isDemo', '=', true)
    .where('isDisabled', '=', false)
    .limit(1)
    .executeTakeFirst();
  if (demo === undefined) return;
  throw new AppError({
    code: 'demo.exposed',
    status: 500,
    message: `HTTP_HOST is ${host}, but this database has demo accounts that share one password. Shut them out with "npm run admin -- --disable-demo" and start with DEMO=false, or use HTTP_HOST=127.0.0.1.`,
    details: { setting: 'HTTP_HOST' },
  });
}
