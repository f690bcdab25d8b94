import { messageOf } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { whenAborted, pause } from '../../../core/concurrency/wait.ts';
import type { Call } from '../../../cti/index.ts';
import type { Pool } from '../../../db/index.ts';
import type { Language } from '../../../core/language.ts';
import type { Alarms } from './alarms.ts';
import { askDutyPhone, type DutyPhone, type DutyPhoneParts } from './duty-phone.ts';
import type { Seats } from '../sessions/seats.ts';
import type { Acd } from '../queues/acd.ts';

/** Agents have this long before the duty phones ring. */
const agentsFirstMs = 15_000;
/** Between two rounds through all duty phones; longer after each that reached nobody. */
const pausesMs = [2000, 5000, 10_000, 20_000] as const;

export interface EmergenciesParts extends DutyPhoneParts {
  acd: Pick<Acd, 'handTo' | 'queues'>;
  seats: Pick<Seats, 'all'>;
  db: Pool;
  /** Without one there is nobody to ring. */
  trunks: readonly string[];
}

/** What of a caller the ladder needs. */
export interface Emergency {
  estateId: string | null;
  language: Language;
}

/**
 * Calls for help: an alarm on every supervisor's screen at once, and when no agent answers, the duty phones
 * one after the other, again and again, until a person has said with a key that they take it. A round that reaches
 * nobody is an alarm of its own. What happens on the way stands in the call's timeline and in the log.
 */
export class Emergencies {
  readonly #parts: EmergenciesParts;
  readonly #alarms: Alarms;
  /** By call. */
  readonly #climbing = new Map<string, AbortController>();
  /** Calls that a person has taken. */
  readonly #taken = new WeakSet<AbortSignal>();
  /** By estate, `''` for none: when the database is away, those of the last time are rung. */
  readonly #lastPhones = new Map<string, readonly DutyPhone[]>();

  constructor(parts: EmergenciesParts, alarms: Alarms) {
    this.#parts = parts;
    this.#alarms = alarms;
  }

  stop(): void {
    for (const one of this.#climbing.values()) one.abort();
  }

  async raise(call: Call, request: Emergency): Promise<void> {
    if (this.#alarms.find('emergency', call.id) === undefined) {
      const { estateId } = request;
      const alarm = await this.#alarms.raise({
        ...{ kind: 'emergency', callId: call.id, estateId, details: {} },
      });
      call.record('alarm.raised', { alarmId: alarm.alarmId });
    }
    if (this.#climbing.has(call.id)) return;
    const climbing = new AbortController();
    this.#climbing.set(call.id, climbing);
    whenAborted(call.gone, () => climbing.abort());
    void this.#climb(call, request, climbing.signal).catch(async (error: unknown) => {
      const reason = messageOf(error);
      this.#parts.log.error({ callId: call.id, reason }, 'duty ladder failed');
      await this.#nobody(call, request, { reason });
    });
  }

  /** Somebody talks to the caller, or the call is over. */
  end(callId: string, by?: string): void {
    const climbing = this.#climbing.get(callId);
    if (climbing !== undefined && by !== undefined) this.#taken.add(climbing.signal);
    climbing?.abort();
    this.#climbing.delete(callId);
    if (by === undefined) return;
    for (const kind of ['emergency', 'nobody_reached'] as const) {
      const alarm = this.#alarms.find(kind, callId);
      if (alarm === undefined) continue;
      void this.#alarms.acknowledge(alarm.alarmId, by).catch((error: unknown) => {
        this.#parts.log.error({ reason: messageOf(error) }, 'alarm not written');
      });
    }
  }

  async #climb(call: Call, request: Emergency, signal: AbortSignal): Promise<void> {
    if (this.#isAnybodyFree(call)) {
      await pause(agentsFirstMs, signal);
    }
    let rung = 0;
    for (let round = 0; !signal.aborted; round += 1) {
      const phones = await this.#phones(call, request);
      for (const phone of phones) {
        if (signal.aborted) break;
        rung += 1;
        if (await this.#ask(call, request, phone, signal)) return;
      }
      if (this.#isTaken(signal)) return;
      await this.#nobody(call, request, { count: rung });
      const pauseMs = pausesMs[Math.min(round, pausesMs.length - 1)];
      if (pauseMs !== undefined) await pause(pauseMs, signal);
    }
    if (this.#isTaken(signal) || !call.gone.aborted) return;
    this.#parts.log.warn({ callId: call.id, rung }, 'emergency caller abandoned');
    await this.#nobody(call, request, { count: rung });
  }

  /** Rings one phone; true when its holder took the call. */
  async #ask(
    call: Call,
    request: Emergency,
    phone: DutyPhone,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { place } = phone;
    call.record('duty.rung', { place });
    call.log.info({ place }, 'duty phone ringing');
    const result = await askDutyPhone(this.#parts, call, request, phone, signal);
    if (result === 'taken') {
      call.record('duty.confirmed', { place });
      call.log.info({ place }, 'duty phone answered');
      this.end(call.id, phone.name);
      return true;
    }
    call.record('duty.missed', { place, cause: result.missed });
    call.log.warn({ place, why: result.missed }, 'duty phone did not answer');
    return false;
  }

  async #nobody(
    call: Call,
    { estateId }: Emergency,
    details: Record<string, string | number>,
  ): Promise<void> {
    if (this.#alarms.find('nobody_reached', call.id) !== undefined) return;
    call.log.error(details, 'duty ladder exhausted: nobody reached');
    call.record('duty.exhausted', details);
    await this.#alarms.raise({ kind: 'nobody_reached', callId: call.id, estateId, details });
  }

  #isTaken(signal: AbortSignal): boolean {
    return this.#taken.has(signal);
  }

  /** Without a trunk, or a phone, there is nobody to ring; a round with nobody in it says so. */
  async #phones(call: Call, { estateId }: Emergency): Promise<readonly DutyPhone[]> {
    const { db, trunks, log } = this.#parts;
    if (trunks.length === 0) return [];
    const key = estateId ?? '';
    try {
      const phones = await db
        .selectFrom('dutyPhone')
        .select(['place', 'number', 'name', 'ringSec'])
        .where((where) =>
          where.or([where('estateId', 'is', null), where('estateId', '=', estateId)]),
        )
        .orderBy('place')
        .execute();
      this.#lastPhones.set(key, phones);
      return phones;
    } catch (error) {
      log.error({ callId: call.id, reason: messageOf(error) }, 'duty phones not read');
      return this.#lastPhones.get(key) ?? [];
    }
  }

  /** Who talks or wraps up cannot take it; a telephone that rings for this call can. */
  #isAnybodyFree(call: Call): boolean {
    const { acd, seats } = this.#parts;
    const queueId = acd.queues.find((queue) => queue.code === 'emergency')?.queueId ?? '';
    return seats.all.some(
      ({ presence, engagement, callId, isPhoneReady, queueIds }) =>
        presence === 'available' &&
        isPhoneReady &&
        queueIds.includes(queueId) &&
        (engagement === 'idle' || (engagement === 'offered' && callId === call.id)),
    );
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
