import { Counter } from 'prom-client';
import { sql, type RawBuilder } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import type { Log } from '../core/log.ts';
import type { Db, Pool } from '../db/index.ts';
import { localDay } from '../property/index.ts';
import { audit, can } from '../organisation/index.ts';
import { DialRefusedError } from './dialling.errors.ts';
import { dialledNumber } from './numbers.ts';
import {
  countedPurposes,
  isLimited,
  mayDial,
  refusalOf,
  type DialCounts,
  type DialPolicy,
  type DialPurpose,
} from './policy.ts';

export interface DialWish {
  number: string;
  purpose: DialPurpose;
  /** The call that it belongs to. */
  callId: string | null;
  /** Who wants it; null for what the program does by itself. */
  staffId: string | null;
}

export interface SpendAlarm {
  /** In an hour, campaigns apart. */
  callsPerHour: number;
  minutesPerHour: number;
}

export interface Spend {
  calls: number;
  minutes: number;
}

export interface DiallingParts {
  db: Pool;
  clock: Clock;
  log: Log;
  policy: DialPolicy;
  spendAlarm: SpendAlarm;
}

/** Days of every limit are those of the mainland. */
export const limitZone = 'Asia/Shanghai';
const hourMs = 3600_000;
const checkEveryMs = 60_000;
/** Rows of `outside_call` that limits count; the day's sum leaves campaigns out, which have a pace of their own. */
const countsForLimits = sql`refusal IS NULL AND purpose = ANY(${[...countedPurposes]}::text[])`;
const none: DialCounts = { byAgent: 0, toNumber: 0, inAll: 0 };

/** What was dialled today as often as it may be. */
export interface UsedUp {
  numbers: ReadonlySet<string>;
  isAgent: boolean;
}

/**
 * Every call to a number outside asks here first; what is dialled and what is refused is written down. Single calls by
 * `permit`; campaigns by `isOpen` and `usedUp` for as many as they take at once, and `noteCampaign` for those they make.
 */
export class Dialling {
  readonly #parts: DiallingParts;
  /** What was dialled and refused, by purpose. */
  readonly metric = new Counter({
    name: 'lingting_outside_calls_total',
    help: 'Calls to numbers outside that were allowed or refused, by purpose',
    labelNames: ['purpose', 'result'],
    registers: [],
  });
  /** More was spent within the hour than the settings expect. Told again each minute while that is so. */
  onSpend: (spend: Spend) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: DiallingParts) {
    this.#parts = parts;
  }

  /** Looks at what is spent now and then: long calls cost as much as many. */
  start(): void {
    this.#timer = setInterval(() => this.#watchSpend(), checkEveryMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * The kind of number alone, as the last look before the switch. Throws `dial.*`. Whether somebody has the right to
   * call for help was asked before.
   */
  check(number: string): void {
    const refusal = refusalOf(this.#parts.policy, dialledNumber(number), true);
    if (refusal === undefined) return;
    this.#parts.log.warn({ refusal, pii: { number } }, 'number refused by the dial policy');
    this.metric.inc({ purpose: 'unasked', result: refusal });
    throw new DialRefusedError(refusal);
  }

  /** Whether a number may be dialled, or sent something, without anybody's right to it. */
  isOpen(number: string): boolean {
    return refusalOf(this.#parts.policy, dialledNumber(number)) === undefined;
  }

  /** Resolves with the number as it is dialled. Throws `dial.*`, and has written down which. */
  async permit(wish: DialWish): Promise<string> {
    const { policy } = this.#parts;
    const { number: to, kind } = dialledNumber(wish.number);
    const isCounted = isLimited(wish.purpose) && kind !== 'emergency';
    const counts = isCounted ? await this.#counts(to, wish.staffId) : none;
    const mayCallEmergency = kind === 'emergency' && (await this.#mayCallEmergency(wish.staffId));
    const decision = mayDial(policy, { ...wish, mayCallEmergency }, counts);
    if ('refusal' in decision) {
      await this.#refused(wish, decision.refusal);
      throw new DialRefusedError(decision.refusal);
    }
    this.metric.inc({ purpose: wish.purpose, result: 'allowed' });
    await this.#write(wish, decision.number, null);
    this.#watchSpend();
    return decision.number;
  }

  /**
   * What a campaign may not dial any more today: numbers that were dialled as often as a day allows, by whomever; and
   * whether that agent has dialled as often as one person may. Days are those of every limit here.
   */
  async usedUp(db: Db, numbers: readonly string[], staffId: string | null): Promise<UsedUp> {
    const { clock, policy } = this.#parts;
    const from = dayStart(clock.now());
    const asked = new Map(numbers.map((number) => [dialledNumber(number).number, number]));
    const { rows } = await sql<{ number: string }>`
      SELECT number FROM outside_call
      WHERE number = ANY(${[...asked.keys()]}::text[]) AND at >= ${from} AND ${countsForLimits}
      GROUP BY number HAVING count(*) >= ${policy.mostPerNumber}
    `.execute(db);
    return {
      numbers: new Set(rows.map(({ number }) => asked.get(number) ?? number)),
      isAgent:
        staffId !== null && (await this.#dialledBy(db, staffId, from)) >= policy.mostPerAgent,
    };
  }

  async #dialledBy(db: Db, staffId: string, from: RawBuilder<unknown>): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      SELECT count(*)::integer AS count FROM outside_call
      WHERE staff_id = ${staffId} AND at >= ${from} AND ${countsForLimits}
    `.execute(db);
    return rows[0]?.count ?? 0;
  }

  /** Calls of a campaign, in the transaction that commits its attempts: one statement for all of them. */
  async noteCampaign(
    db: Db,
    calls: readonly { number: string; callId: string; staffId: string | null }[],
  ): Promise<void> {
    if (calls.length === 0) return;
    const at = this.#parts.clock.now();
    await db
      .insertInto('outsideCall')
      .values(
        calls.map(({ number, callId, staffId }) => ({
          ...{ id: newId(), at, purpose: 'campaign', refusal: null, callId, staffId },
          number: dialledNumber(number).number,
        })),
      )
      .execute();
    this.metric.inc({ purpose: 'campaign', result: 'allowed' }, calls.length);
  }

  async #refused(wish: DialWish, refusal: string): Promise<void> {
    const { db, clock, log } = this.#parts;
    const { purpose, callId, staffId, number } = wish;
    this.metric.inc({ purpose, result: refusal });
    log.warn(
      { callId, staffId, purpose, refusal, pii: { number } },
      'number refused by the dial policy',
    );
    await this.#write(wish, number.slice(0, 40).replaceAll('\0', ''), refusal);
    if (staffId === null) return;
    const details = { refusal, purpose };
    const entry = { staffId, act: 'dial.refused', subject: callId ?? staffId, details };
    await audit(db, clock, entry).catch((error: unknown) => {
      log.error({ reason: messageOf(error) }, 'refusal not written to the audit');
    });
  }

  /** A call that is permitted goes out though its row fails: help, seats and duty phones have no limit. */
  async #write(wish: DialWish, number: string, refusal: string | null): Promise<void> {
    const { db, clock, log } = this.#parts;
    const { purpose, callId, staffId } = wish;
    await db
      .insertInto('outsideCall')
      .values({ id: newId(), at: clock.now(), purpose, number, staffId, callId, refusal })
      .execute()
      .catch((error: unknown) => {
        log.error({ callId, reason: messageOf(error) }, 'outside call not written');
      });
  }

  /** Undefined when they cannot be read: a limit that cannot be kept lets nothing out. */
  async #counts(number: string, staffId: string | null): Promise<DialCounts | undefined> {
    const { db, clock, log } = this.#parts;
    try {
      const { rows } = await sql<{ byAgent: number; toNumber: number; inAll: number }>`
        SELECT count(*) FILTER (WHERE staff_id = ${staffId}::uuid)::integer AS by_agent,
          count(*) FILTER (WHERE number = ${number})::integer AS to_number,
          count(*) FILTER (WHERE purpose <> 'campaign')::integer AS in_all
        FROM outside_call WHERE at >= ${dayStart(clock.now())} AND ${countsForLimits}
      `.execute(db);
      return rows[0] ?? none;
    } catch (error) {
      log.error({ reason: messageOf(error) }, 'outside calls of today not counted');
      return undefined;
    }
  }

  async #mayCallEmergency(staffId: string | null): Promise<boolean> {
    if (staffId === null) return false;
    const row = await this.#parts.db
      .selectFrom('staff')
      .select('role')
      .where('id', '=', staffId)
      .executeTakeFirst();
    return row !== undefined && can(row.role, 'calls.emergency');
  }

  #watchSpend(): void {
    const { spendAlarm, log } = this.#parts;
    this.spend().then(
      (spend) => {
        const isOver =
          spend.calls > spendAlarm.callsPerHour || spend.minutes > spendAlarm.minutesPerHour;
        if (isOver) this.onSpend(spend);
      },
      (error: unknown) => {
        log.warn({ reason: messageOf(error) }, 'spend of outside calls not counted');
      },
    );
  }

  /** Calls to numbers outside, and the minutes talked on them, in the last hour; campaigns have their own pace. */
  async spend(): Promise<Spend> {
    const { db, clock } = this.#parts;
    const now = clock.now();
    const since = new Date(now.getTime() - hourMs);
    // Nothing that began longer ago still talks.
    const oldest = new Date(now.getTime() - 12 * hourMs);
    const { rows } = await sql<Spend>`
      SELECT
        (SELECT count(*)::integer FROM outside_call
          WHERE at > ${since} AND refusal IS NULL AND purpose <> 'campaign') AS calls,
        (SELECT coalesce(ceil(sum(extract(epoch FROM
            coalesce(leg.ended_at, ${now}) - greatest(leg.answered_at, ${since}))) / 60), 0)::integer
          FROM call_leg leg
          WHERE leg.direction = 'outbound' AND leg.role IN ('caller', 'outside')
            AND leg.answered_at IS NOT NULL AND coalesce(leg.ended_at, ${now}) > ${since}
            AND leg.call_id IN (SELECT call_id FROM outside_call
              WHERE at > ${oldest} AND refusal IS NULL AND purpose <> 'campaign')) AS minutes
    `.execute(db);
    return rows[0] ?? { calls: 0, minutes: 0 };
  }
}

function dayStart(now: Date): RawBuilder<unknown> {
  return sql`(${localDay(now, limitZone)}::date::timestamp AT TIME ZONE ${limitZone})`;
}
