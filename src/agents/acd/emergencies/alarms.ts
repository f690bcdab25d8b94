import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../../core/clock.ts';
import { AlarmNotFoundError, AlarmOverError } from '../../agents.errors.ts';
import { messageOf } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { InOrder } from '../../../core/concurrency/in-order.ts';
import type { Log } from '../../../core/log.ts';
import type { Pool } from '../../../db/index.ts';
import type { AlarmView } from '../../../contract/agents/realtime.ts';

/** The site decides who may see it; it is not sent. */
export type LiveAlarm = AlarmView & { estateId: string | null };

/** Where supervisors see them. */
export interface AlarmBoard {
  showAlarm(alarm: LiveAlarm): void;
}

export interface AlarmsParts {
  db: Pool;
  clock: Clock;
  log: Log;
  board: AlarmBoard;
}

export type NewAlarm = Pick<LiveAlarm, 'kind' | 'callId' | 'estateId' | 'details'>;

/** A database that does not answer keeps nobody from help. */
const longestWriteMs = 500;

/** What supervisors must see until a human has: on their screens first, in the rows right behind. */
export class Alarms {
  readonly #parts: AlarmsParts;
  readonly #open = new Map<string, LiveAlarm>();
  /** By alarm: somebody may take it while it is being written. */
  readonly #writes = new InOrder();

  constructor(parts: AlarmsParts) {
    this.#parts = parts;
  }

  async load(): Promise<void> {
    const rows = await this.#parts.db
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

  find(kind: LiveAlarm['kind'], callId: string | null): LiveAlarm | undefined {
    return [...this.#open.values()].find((one) => one.kind === kind && one.callId === callId);
  }

  /** One of a kind and call stands at a time. Resolves when it is written, or the database took too long. */
  async raise({ kind, callId, estateId, details }: NewAlarm): Promise<LiveAlarm> {
    const known = this.find(kind, callId);
    if (known !== undefined) return known;
    const { db, clock, log } = this.#parts;
    const raisedAt = clock.now();
    const alarm: LiveAlarm = {
      ...{ alarmId: newId(), kind, raisedAt: raisedAt.toISOString(), callId, queueId: null },
      ...{ estateId, details, acknowledgedBy: null, acknowledgedAt: null, clearedAt: null },
    };
    log.warn({ callId, alarmId: alarm.alarmId, kind }, 'alarm raised');
    this.#show(alarm);
    const { alarmId: id } = alarm;
    const facts = { id, kind, raisedAt, callId, queueId: null, estateId, acknowledgedBy: null };
    const write = () =>
      db
        .insertInto('alarm')
        .values({ ...facts, details: JSON.stringify(details) })
        .execute();
    // Help is called whether or not it can be written down.
    const written = this.#writes.run(id, write).catch((error: unknown) => {
      log.error({ callId, kind, reason: messageOf(error) }, 'alarm not written');
    });
    await Promise.race([written, delay(longestWriteMs, undefined, { ref: false })]);
    return alarm;
  }

  /** A human has seen it; it leaves the screens. Throws `alarm.not_found`, `alarm.over`. */
  async acknowledge(alarmId: string, by: string): Promise<void> {
    const { db, clock, board } = this.#parts;
    const alarm = this.#open.get(alarmId);
    if (alarm === undefined) throw await this.#whyNot(alarmId);
    const now = clock.now();
    const at = now.toISOString();
    this.#open.delete(alarmId);
    board.showAlarm({ ...alarm, acknowledgedBy: by, acknowledgedAt: at, clearedAt: at });
    await this.#writes.run(alarmId, () =>
      db
        .updateTable('alarm')
        .set({ acknowledgedBy: by, acknowledgedAt: now, clearedAt: now })
        .where('id', '=', alarmId)
        .execute(),
    );
  }

  /** What it told of is over; nobody needs to confirm it. */
  async clear(kind: LiveAlarm['kind'], callId: string | null): Promise<void> {
    const { db, clock, board } = this.#parts;
    const alarm = this.find(kind, callId);
    if (alarm === undefined) return;
    const clearedAt = clock.now();
    this.#open.delete(alarm.alarmId);
    board.showAlarm({ ...alarm, clearedAt: clearedAt.toISOString() });
    await this.#writes.run(alarm.alarmId, () =>
      db.updateTable('alarm').set({ clearedAt }).where('id', '=', alarm.alarmId).execute(),
    );
  }

  async #whyNot(alarmId: string): Promise<Error> {
    const row = await this.#parts.db
      .selectFrom('alarm')
      .select('acknowledgedBy')
      .where('id', '=', alarmId)
      .executeTakeFirst();
    return row === undefined ? new AlarmNotFoundError() : new AlarmOverError(row.acknowledgedBy);
  }

  #show(alarm: LiveAlarm): void {
    this.#open.set(alarm.alarmId, alarm);
    this.#parts.board.showAlarm(alarm);
  }
}
