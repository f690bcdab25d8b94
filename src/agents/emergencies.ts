import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { InOrder } from '../core/in-order.ts';
import { whenAborted } from '../core/wait.ts';
import { partyVariables, type Call, type Leg } from '../cti/index.ts';
import type { Pool } from '../db/index.ts';
import type { Desk, ServeRequest } from './agents.types.ts';
import type { LiveAlarm } from './live.types.ts';
import { dutyQuestion } from './queue/announcements.ts';

/** Agents have this long before the duty phones ring. */
const agentsFirstMs = 15_000;
/** A database that does not answer keeps nobody from help. */
const longestWriteMs = 500;

/**
 * Calls for help: an alarm on every supervisor's screen at once, and when no agent answers, the duty phones
 * in turn, again and again, until a person has said with a key that they take it.
 */
export class Emergencies {
  readonly #desk: Desk;
  readonly #alarms = new Map<string, LiveAlarm>();
  /** By call. */
  readonly #climbing = new Map<string, AbortController>();
  /** By alarm: somebody may take it while it is being written. */
  readonly #writes = new InOrder();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async load(): Promise<void> {
    const rows = await this.#desk.db
      .selectFrom('alarm')
      .selectAll()
      .where('clearedAt', 'is', null)
      .execute();
    for (const row of rows) {
      this.#show({
        alarmId: row.id,
        kind: row.kind,
        raisedAt: row.raisedAt.toISOString(),
        callId: row.callId,
        queueId: row.queueId,
        estateId: row.estateId,
        details: row.details,
        acknowledgedBy: row.acknowledgedBy,
        acknowledgedAt: row.acknowledgedAt?.toISOString() ?? null,
        clearedAt: null,
      });
    }
  }

  stop(): void {
    for (const one of this.#climbing.values()) one.abort();
  }

  async raise(call: Call, request: ServeRequest): Promise<void> {
    const known = [...this.#alarms.values()].find((one) => one.callId === call.id);
    if (known === undefined) await this.#open(call, request);
    if (this.#climbing.has(call.id)) return;
    const climbing = new AbortController();
    this.#climbing.set(call.id, climbing);
    whenAborted(call.gone, () => climbing.abort());
    void this.#climb(call, request, climbing.signal).catch((error: unknown) => {
      this.#desk.log.error({ callId: call.id, reason: messageOf(error) }, 'the duty ladder failed');
    });
  }

  async #open(call: Call, request: ServeRequest): Promise<void> {
    const { db, clock, log } = this.#desk;
    const raisedAt = clock.now();
    const alarm: LiveAlarm = {
      alarmId: newId(),
      kind: 'emergency',
      raisedAt: raisedAt.toISOString(),
      callId: call.id,
      queueId: null,
      estateId: request.estateId,
      details: {},
      acknowledgedBy: null,
      acknowledgedAt: null,
      clearedAt: null,
    };
    log.warn({ callId: call.id, alarmId: alarm.alarmId }, 'emergency call');
    this.#show(alarm);
    call.record('alarm.raised', { alarmId: alarm.alarmId });
    const write = () =>
      db
        .insertInto('alarm')
        .values({
          id: alarm.alarmId,
          kind: 'emergency',
          raisedAt,
          callId: call.id,
          queueId: null,
          estateId: request.estateId,
          details: '{}',
          acknowledgedBy: null,
        })
        .execute();
    // Help is called whether or not it can be written down.
    const written = this.#writes.run(alarm.alarmId, write).catch((error: unknown) => {
      log.error({ callId: call.id, reason: messageOf(error) }, 'an alarm was not written');
    });
    await Promise.race([written, delay(longestWriteMs, undefined, { ref: false })]);
  }

  /** Somebody talks to the caller, or the call is over. */
  settle(callId: string, by?: string): void {
    this.#climbing.get(callId)?.abort();
    this.#climbing.delete(callId);
    const alarm = [...this.#alarms.values()].find((one) => one.callId === callId);
    if (alarm !== undefined && by !== undefined) {
      void this.acknowledge(alarm.alarmId, by).catch((error: unknown) => {
        this.#desk.log.error({ reason: messageOf(error) }, 'an alarm was not written');
      });
    }
  }

  /** A human has seen it; it leaves the screens. */
  async acknowledge(alarmId: string, by: string): Promise<void> {
    const { db, clock } = this.#desk;
    const alarm = this.#alarms.get(alarmId);
    if (alarm === undefined) return;
    const now = clock.now();
    const at = now.toISOString();
    this.#alarms.delete(alarmId);
    this.#desk.board.showAlarm({ ...alarm, acknowledgedBy: by, acknowledgedAt: at, clearedAt: at });
    await this.#writes.run(alarmId, () =>
      db
        .updateTable('alarm')
        .set({ acknowledgedBy: by, acknowledgedAt: now, clearedAt: now })
        .where('id', '=', alarmId)
        .execute(),
    );
  }

  #show(alarm: LiveAlarm): void {
    this.#alarms.set(alarm.alarmId, alarm);
    this.#desk.board.showAlarm(alarm);
  }

  // -- the ladder --------------------------------------------------------------------------------

  async #climb(call: Call, request: ServeRequest, signal: AbortSignal): Promise<void> {
    if (this.#desk.trunks.length === 0) return;
    if (this.#isAnybodyFree()) {
      await delay(agentsFirstMs, undefined, { signal }).catch(() => undefined);
    }
    const phones = await this.#desk.db
      .selectFrom('dutyPhone')
      .selectAll()
      .where((where) =>
        where.or([where('estateId', 'is', null), where('estateId', '=', request.estateId)]),
      )
      .orderBy('place')
      .execute();
    while (!signal.aborted && phones.length > 0) {
      for (const phone of phones) {
        if (signal.aborted) return;
        call.record('duty.rung', { place: phone.place });
        if (await this.#ask(call, request, phone, signal)) return;
      }
      await delay(2000, undefined, { signal }).catch(() => undefined);
    }
  }

  #isAnybodyFree(): boolean {
    const { floor, seats } = this.#desk;
    const queueId = floor.queues.find((queue) => queue.code === 'emergency')?.queueId ?? '';
    return seats.all.some(
      (seat) => seat.presence === 'available' && seat.queueIds.includes(queueId),
    );
  }

  /** Rings one duty phone; true when its holder took the call. */
  async #ask(
    call: Call,
    request: ServeRequest,
    phone: { number: string; name: string; ringSec: number },
    signal: AbortSignal,
  ): Promise<boolean> {
    const { cti, lines } = this.#desk;
    const leg = cti.dialLeg({
      callId: call.id,
      switchNode: call.switchNode,
      role: 'outside',
      endpoint: await this.#desk.outside(phone.number),
      callerId: /^[0-9]{1,20}$/.test(call.did) ? call.did : 'anonymous',
      ringSec: phone.ringSec,
      variables: partyVariables,
      isWanted: () => !signal.aborted,
    });
    const stop = (): void => void lines.hangUp(leg);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await leg.answered;
      if (!(await this.#isConfirmed(leg, request))) {
        await lines.hangUp(leg);
        return false;
      }
      signal.removeEventListener('abort', stop);
      call.record('duty.confirmed', { legId: leg.id });
      const party = { staffId: null, label: phone.name, leg };
      if (!this.#desk.floor.handTo(call.id, party)) await lines.hangUp(leg);
      this.settle(call.id, phone.name);
      return true;
    } catch {
      return false;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** A person presses 1; an answering machine does not. */
  async #isConfirmed(leg: Leg, request: ServeRequest): Promise<boolean> {
    const paths = await Promise.all(
      dutyQuestion(request.language).map((one) => this.#desk.tts.render(one)),
    );
    const pressed = new Promise<string>((resolve) => leg.onKey(resolve));
    for (let round = 0; round < 3 && !leg.gone.aborted; round += 1) {
      for (const path of paths) await this.#desk.cti.run(leg, 'playback', path);
      const key = await Promise.race([pressed, delay(6000, undefined)]);
      if (key === '1') return true;
    }
    return false;
  }
}

/** The duty phone of the settings, unless the site has named its own. */
export async function seedDuty(db: Pool, number: string): Promise<void> {
  const digits = number.replaceAll(/[^0-9+]/g, '');
  const known = await db.selectFrom('dutyPhone').select('id').limit(1).execute();
  if (known.length > 0 || digits === '') return;
  const duty = { id: newId(), estateId: null, place: 1, name: '值班电话', number: digits };
  await db.insertInto('dutyPhone').values(duty).execute();
}
