import { sql } from 'kysely';
import type { Clock } from '../../../core/clock.ts';
import { messageOf } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import type { Cti } from '../../../cti/index.ts';
import type { Pool } from '../../../db/index.ts';

export interface EndedPhonesParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'endRegistrations'> & { readonly nodes: readonly { isConnected: boolean }[] };
  /** Otherwise telephones of the demo end, too. */
  areDemoPhonesOpen?: boolean;
  /** Nobody of theirs is logged in any more: no call is offered to them. */
  onGone: (staffId: string) => Promise<void>;
}

const everyMs = 500;

/**
 * Ends the registrations of softphones whose session is over, however it ended and in whichever process: log-out,
 * another password, a closed account, revoked, expired. The process that drives the switch asks twice a second;
 * an account is marked only after the switch was told, so that nothing is lost with a process.
 */
export function watchEndedPhones(parts: EndedPhonesParts): () => void {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy || !parts.cti.nodes.some((node) => node.isConnected)) return;
    isBusy = true;
    Promise.all([endPhones(parts), endTestPhones(parts)])
      .catch((error: unknown) => {
        parts.log.warn(
          { reason: messageOf(error) },
          'softphones of ended sessions stay registered',
        );
      })
      .finally(() => {
        isBusy = false;
      });
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Once; resolves with the names of the telephones that ended. */
export async function endPhones({
  db,
  clock,
  log,
  cti,
  onGone,
}: EndedPhonesParts): Promise<string[]> {
  const now = clock.now();
  const { rows } = await sql<{ username: string; staffId: string; isAway: boolean }>`
    SELECT phone.username, phone.staff_id AS "staffId", NOT EXISTS (
        SELECT FROM staff_session AS other JOIN staff ON staff.id = other.staff_id
        WHERE other.staff_id = phone.staff_id AND other.expires_at > ${now} AND NOT staff.is_disabled
      ) AS "isAway"
    FROM phone_account AS phone
    WHERE phone.staff_id IS NOT NULL AND phone.ended_at IS NULL AND NOT EXISTS (
      SELECT FROM staff_session AS session JOIN staff ON staff.id = session.staff_id
      WHERE session.id = phone.session_id AND session.expires_at > ${now} AND NOT staff.is_disabled)
    LIMIT 100`.execute(db);
  for (const { username, staffId, isAway } of rows) {
    await cti.endRegistrations(username);
    if (isAway) await onGone(staffId);
    await db
      .updateTable('phoneAccount')
      .set({ endedAt: now })
      .where('username', '=', username)
      .where('endedAt', 'is', null)
      .execute();
    log.info({ username }, 'softphone ended with its session');
  }
  return rows.map((row) => row.username);
}

/**
 * Those that a demo which is over has left, and those that `npm run admin -- --disable-demo` shut out. Dropped only
 * after the switch was told; resolves with their names.
 */
export async function endTestPhones({
  db,
  log,
  cti,
  areDemoPhonesOpen = false,
}: EndedPhonesParts): Promise<string[]> {
  const names = await db
    .selectFrom('phoneAccount')
    .select('username')
    .where('staffId', 'is', null)
    .$if(areDemoPhonesOpen, (query) => query.where('endedAt', 'is not', null))
    .limit(100)
    .execute();
  for (const { username } of names) {
    await cti.endRegistrations(username);
    await db
      .deleteFrom('phoneAccount')
      .where('username', '=', username)
      .where('staffId', 'is', null)
      .$if(areDemoPhonesOpen, (query) => query.where('endedAt', 'is not', null))
      .execute();
  }
  if (names.length > 0) log.info({ count: names.length }, 'demo telephones unregistered');
  return names.map(({ username }) => username);
}
