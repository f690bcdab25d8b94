import { Acd } from '../../src/agents/acd/queues/acd.ts';
import type { WaitEnd } from '../../src/agents/acd/queues/waiting.types.ts';
import { queueCounts, Waits } from '../../src/agents/acd/queues/figures.ts';
import { createQueueAdmin } from '../../src/agents/acd/queues/queue-admin.ts';
import { createQueueStore, seedQueues } from '../../src/agents/acd/queues/queue-store.ts';
import type { PhoneKind } from '../../src/contract/agents/agents.ts';
import type { WaitingCaller } from '../../src/agents/acd/routing/index.ts';
import { createEngagementStore } from '../../src/agents/acd/sessions/engagement-store.ts';
import { createSeatStore } from '../../src/agents/acd/sessions/seat-store.ts';
import { Seats } from '../../src/agents/acd/sessions/seats.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { Latencies } from '../../src/core/latencies.ts';
import { silentLog } from '../../src/core/log.ts';
import { createCallStore } from '../../src/cti/call/call-store.ts';
import { LiveCall } from '../../src/cti/call/live-call.ts';
import { LiveLeg } from '../../src/cti/leg/live-leg.ts';
import type { DialLegOptions } from '../../src/cti/call/dial.types.ts';
import type { SwitchLink } from '../../src/cti/call/link.ts';
import { seedDemo } from '../../src/property/index.ts';
import { seedDemoStaff } from '../../src/organisation/index.ts';
import { createTestDatabase } from './database.ts';

/** A telephone of the script: it has rung, and its owner or the switch does the rest. */
export interface Ringing {
  readonly staffId: string;
  readonly callId: string;
  readonly leg: LiveLeg;
  answers(): void;
  ends(cause: string): void;
}

/** The queues on a real database; callers and telephones are the test's. */
export async function openAcd() {
  const log = silentLog();
  const database = await createTestDatabase();
  const { db } = database;
  await seedDemo(db, clock.now());
  await seedDemoStaff(db, 'a-test-password');
  await seedQueues(db, true);
  const calls = createCallStore(db, clock, log);
  const rung: Ringing[] = [];
  const killed: string[] = [];
  /** Numbers of people who are on the line. */
  const live: string[] = [];
  const callbacks: { callId: string; staffId: string }[] = [];
  const seats = new Seats({ store: createSeatStore(db, clock), clock, log });
  const engagements = createEngagementStore(db, clock, () => undefined);
  const store = createQueueStore(db, clock);
  const ringAgent = ({ callId, data, before, isWanted }: DialLegOptions): LiveLeg => {
    const leg = new LiveLeg({
      link,
      ...{ id: newId(), callId, role: 'agent', switchNode: 'a', number: '', variables: {} },
      ...{ isAnswered: false, onAnswered: () => undefined, onGone: () => undefined },
    });
    void Promise.resolve(before).then(
      () => {
        if (isWanted?.() === false) leg.end('ORIGINATOR_CANCEL');
        else {
          rung.push({
            ...{ staffId: data?.['staff'] ?? '', callId, leg },
            answers: () => leg.onEvent({ 'Event-Name': 'CHANNEL_PARK', 'Unique-ID': leg.id }),
            ends: (cause) => leg.end(cause),
          });
        }
      },
      () => leg.end('NORMAL_TEMPORARY_FAILURE'),
    );
    return leg;
  };
  /** What the switch is told of legs, and to ring. */
  const link: SwitchLink = {
    api(command) {
      if (command.startsWith('uuid_kill ')) killed.push(command);
      return Promise.resolve('+OK');
    },
    run: () => Promise.resolve('+OK'),
    dial: ringAgent,
  };
  const waits = new Waits();
  const acd = new Acd({
    ...{ seats, store, clock, log },
    figures: queueCounts(waits, { averageSec: () => 60 }, () => false),
    telephony: {
      endpointOf: (seat) => ({ kind: 'user', user: seat.username }),
      hasDutyPhones: false,
      liveNumbers: () => live,
    },
    latencies: new Latencies(),
    listeners: {
      onChange: () => undefined,
      onCallback: (caller, staffId) => callbacks.push({ callId: caller.callId, staffId }),
    },
  });
  seats.onChange = (staffId, seat) => acd.onSeat(staffId, seat);
  for (const queue of await createQueueAdmin(db, clock).all()) acd.setQueue(queue);
  const queueId = acd.queues.find((one) => one.code === 'general')!.queueId;
  const staff = new Map(
    (await db.selectFrom('staff').select(['id', 'username']).execute()).map((one) => [
      one.username,
      one.id,
    ]),
  );
  return {
    ...{ db, acd, seats, engagements, store, rung, killed, callbacks, live, queueId, waits },
    staffId: (who: string) => staff.get(who) ?? '',
    /** The seats as a service that starts now would have them. */
    async seatsAnew(): Promise<Seats> {
      const anew = new Seats({ store: createSeatStore(db, clock), clock, log });
      await anew.load();
      return anew;
    },
    async seat(who: string, phone: PhoneKind = 'sip') {
      const id = staff.get(who) ?? '';
      await seats.take(id, phone, null);
      seats.setPresence(id, 'available', null);
    },
    /** A call with its row, as the switch would have brought it. */
    async comes(more: Partial<SwitchLink> = {}): Promise<LiveCall> {
      const base = {
        ...{ id: newId(), legId: newId(), direction: 'inbound' as const, did: '4000' },
        ...{
          callerNumber: '13712345678',
          isNumberVerified: true,
          isNumberPrivate: false,
          startedAt: clock.now(),
          switchNode: 'a',
        },
      };
      await calls.begin(base);
      const all = { ...base, isAnswered: true, variables: {}, store: calls, log };
      return new LiveCall({ ...all, link: { ...link, ...more } });
    },
    callerOf: (call: LiveCall): WaitingCaller => ({
      ...{ callId: call.id, queueId, enteredAt: Date.now(), waitingSince: Date.now() },
      ...{ priority: 0, isEmergency: false, isVip: false, preferred: [], resting: [] },
      ...{ siteId: null, isAdmitted: false, visited: [], isVirtual: false },
    }),
    waiter(call: LiveCall) {
      const ends: WaitEnd[] = [];
      return { call, fromStaffId: null, onEnd: (end: WaitEnd) => void ends.push(end), ends };
    },
    entry: (call: LiveCall) =>
      db
        .selectFrom('queueEntry')
        .where('callId', '=', call.id)
        .select(['state', 'leftAt'])
        .executeTakeFirst(),
    async close() {
      acd.stop();
      await calls.close();
      await database.drop();
    },
  };
}
