import type { EventBus } from '../../../core/messages/bus.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Pool } from '../../../db/index.ts';
import type { EventMap } from '../../../events.ts';
import { audit } from '../../../organisation/index.ts';
import type { Alarms } from './alarms.ts';

export interface PinAlarmsParts {
  db: Pool;
  clock: Clock;
  events: Pick<EventBus<EventMap>, 'on'>;
}

/** The first lock is a slip of memory more often than a thief. */
const locksBeforeAlarm = 2;

/** Writes down each lock of a PIN, and tells supervisors of repeated ones. */
export function watchPins(
  { db, clock, events }: PinAlarmsParts,
  alarms: Pick<Alarms, 'raise'>,
): void {
  events.on('pin.locked', async (locked, { id }) => {
    const { personId, callId, locks, lockedUntil } = locked;
    const details = { eventId: id, locks, lockedUntil };
    const isNew = await db.transaction().execute(async (trx) => {
      const known = await trx
        .selectFrom('auditEntry')
        .select('id')
        .where('act', '=', 'pin.locked')
        .where('subject', '=', personId)
        .where((where) => where(where.ref('details', '->>').key('eventId'), '=', String(id)))
        .executeTakeFirst();
      if (known !== undefined) return false;
      await audit(trx, clock, { staffId: null, act: 'pin.locked', subject: personId, details });
      return true;
    });
    if (!isNew || locks < locksBeforeAlarm) return;
    const call =
      callId === null
        ? undefined
        : await db
            .selectFrom('call')
            .select('estateId')
            .where('id', '=', callId)
            .executeTakeFirst();
    await alarms.raise({
      ...{ kind: 'pin_guessed', callId: call === undefined ? null : callId },
      ...{ estateId: call?.estateId ?? null, details: { locks } },
    });
  });
}
