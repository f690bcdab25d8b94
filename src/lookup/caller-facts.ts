import type { Clock } from '../core/clock.ts';
import type { Db } from '../db/index.ts';
import { knownNumber } from '../property/index.ts';

/** What the router wants to know of a caller when they join a queue. */
export interface CallerFacts {
  isVip: boolean;
  /** The agent who looks after this owner; null without one, or when several owners share the number. */
  accountStaffId: string | null;
  /** Who talked with this number last, within `lastAgentDays`. */
  lastStaffId: string | null;
}

const lastAgentDays = 7;

/** By the person who was named in the call, else by all who use the number. */
export async function callerFacts(db: Db, clock: Clock, callId: string): Promise<CallerFacts> {
  const call = await db
    .selectFrom('call')
    .where('id', '=', callId)
    .select(['callerNumber', 'isNumberVerified', 'personId'])
    .executeTakeFirst();
  const none = { isVip: false, accountStaffId: null, lastStaffId: null };
  if (call === undefined) return none;
  const number = knownNumber(call);
  if (number === '' && call.personId === null) return none;
  const [people, last] = await Promise.all([
    peopleOf(db, call.personId, number),
    number === '' ? undefined : lastTalk(db, clock, callId, call.callerNumber),
  ]);
  const accounts = new Set(people.map((one) => one.accountStaffId));
  const [account = null] = accounts;
  return {
    isVip: people.some((one) => one.isVip),
    accountStaffId: accounts.size === 1 ? account : null,
    lastStaffId: last?.staffId ?? null,
  };
}

function peopleOf(db: Db, personId: string | null, number: string) {
  const people = db.selectFrom('person').select(['person.isVip', 'person.accountStaffId']);
  if (personId !== null) return people.where('person.id', '=', personId).execute();
  return people
    .innerJoin('personPhone', 'personPhone.personId', 'person.id')
    .where('personPhone.number', '=', number)
    .limit(50)
    .execute();
}

function lastTalk(db: Db, clock: Clock, callId: string, callerNumber: string) {
  return db
    .selectFrom('call')
    .innerJoin('engagement', 'engagement.callId', 'call.id')
    .where('call.callerNumber', '=', callerNumber)
    .where('call.isNumberVerified', '=', true)
    .where('call.startedAt', '>', new Date(clock.now().getTime() - lastAgentDays * 86_400_000))
    .where('call.id', '!=', callId)
    .orderBy('call.startedAt', 'desc')
    .orderBy('engagement.talkSince', 'desc')
    .select('engagement.staffId')
    .limit(1)
    .executeTakeFirst();
}
