import type { PhoneKind, Presence } from '../../../contract/agents/agents.ts';
import type { Clock } from '../../../core/clock.ts';
import { newId } from '../../../core/ids.ts';
import type { Pool } from '../../../db/index.ts';
import { sitesOf, skillsOf } from '../../../organisation/index.ts';
import { startOfDay } from './day.ts';
import type { Seat } from './seat.ts';

const dayMs = 86_400_000;

/** Rows of seats and of what agents did. */
export interface SeatStore {
  /** All seats that are taken, as after a restart: nobody is in a call. */
  load(): Promise<Seat[]>;
  /** The seat of a member of staff who sits down now. */
  take(staffId: string, phone: PhoneKind, number: string | null): Promise<Seat>;
  /** Queues, skills and sites as they are now; undefined for whoever may not answer calls any more. */
  membership(staffId: string): Promise<Membership | undefined>;
  save(seat: Seat): Promise<void>;
  leave(staffId: string): Promise<void>;
  record(staffId: string, kind: string, data: Record<string, unknown>): Promise<void>;
}

export type Membership = Pick<Seat, 'displayName' | 'queueIds' | 'skills' | 'siteIds' | 'place'>;

export function createSeatStore(db: Pool, clock: Clock): SeatStore {
  const read = async (staffId?: string): Promise<Seat[]> => {
    let query = db
      .selectFrom('agentSeat')
      .innerJoin('staff', 'staff.id', 'agentSeat.staffId')
      .selectAll('agentSeat')
      .select(['staff.username', 'staff.displayName']);
    if (staffId !== undefined) query = query.where('agentSeat.staffId', '=', staffId);
    const rows = await query.execute();
    const since = startOfDay(clock.now());
    return Promise.all(
      rows.map(async (row) => ({
        staffId: row.staffId,
        username: row.username,
        displayName: row.displayName,
        phone: row.phone,
        number: row.number,
        // A browser says when it is; the others show it when they ring.
        isPhoneReady: row.phone !== 'browser',
        presence: row.presence,
        reason: row.reason,
        presenceSince: row.presenceSince,
        presenceBy: row.presenceBy,
        phoneBrowser: null,
        engagement: 'idle' as const,
        engagementSince: clock.now(),
        callId: null,
        idleSince: row.idleSince,
        lastOfferedAt: row.lastOfferedAt,
        handledCallIds: await handledSince(db, row.staffId, since),
        ...(await membershipOf(db, row.staffId)),
      })),
    );
  };
  return {
    load: () => read(),
    async take(staffId, phone, number) {
      const now = clock.now();
      const fresh = {
        phone,
        number,
        presence: 'break' as Presence,
        reason: 'setting_up',
        presenceSince: now,
        seatedAt: now,
        idleSince: now,
      };
      await db
        .insertInto('agentSeat')
        .values({ staffId, ...fresh })
        .onConflict((conflict) => conflict.column('staffId').doUpdateSet({ phone, number }))
        .execute();
      const [seat] = await read(staffId);
      if (seat === undefined) throw new Error('the seat that was just taken is gone');
      return seat;
    },
    async membership(staffId) {
      const person = await db
        .selectFrom('staff')
        .select('displayName')
        .where('id', '=', staffId)
        .where('isDisabled', '=', false)
        .where('role', '!=', 'office')
        .executeTakeFirst();
      return person === undefined ? undefined : { ...person, ...(await membershipOf(db, staffId)) };
    },
    async save(seat) {
      await db
        .updateTable('agentSeat')
        .set({
          presence: seat.presence,
          reason: seat.reason,
          presenceSince: seat.presenceSince,
          presenceBy: seat.presenceBy,
          idleSince: seat.idleSince,
          lastOfferedAt: seat.lastOfferedAt,
        })
        .where('staffId', '=', seat.staffId)
        .execute();
    },
    async leave(staffId) {
      await db.deleteFrom('agentSeat').where('staffId', '=', staffId).execute();
    },
    async record(staffId, kind, data) {
      await db
        .insertInto('agentEvent')
        .values({ id: newId(), staffId, at: clock.now(), kind, data: JSON.stringify(data) })
        .execute();
    },
  };
}

/** Calls whose talk is over; one that goes on counts when it ends. */
async function handledSince(db: Pool, staffId: string, since: Date): Promise<Set<string>> {
  const rows = await db
    .selectFrom('engagement')
    .select('callId')
    .distinct()
    .where('staffId', '=', staffId)
    .where('talkUntil', '>=', since)
    // The index goes by the beginning.
    .where('talkSince', '>=', new Date(since.getTime() - dayMs))
    .execute();
  return new Set(rows.map(({ callId }) => callId));
}

async function membershipOf(db: Pool, staffId: string): Promise<Omit<Membership, 'displayName'>> {
  const rows = await db
    .selectFrom('queueMember')
    .select(['queueId', 'place'])
    .where('staffId', '=', staffId)
    .orderBy('queueId')
    .execute();
  const skills = await skillsOf(db, [staffId]);
  return {
    queueIds: rows.map((row) => row.queueId),
    place: Math.min(...rows.map((row) => row.place), 1000),
    skills: skills.get(staffId) ?? {},
    siteIds: await sitesOf(db, staffId),
  };
}
