import type { Engagement, PhoneKind, Presence } from '../../../contract/agents/agents.ts';
import type { Clock } from '../../../core/clock.ts';
import { InOrder } from '../../../core/concurrency/in-order.ts';
import type { Log } from '../../../core/log.ts';
import { NotSeatedError } from '../../agents.errors.ts';
import { handled, withEngagement, withFoundEngagement, withPresence, type Seat } from './seat.ts';
import { SeatPhones } from './seat-phones.ts';
import type { SeatStore } from './seat-store.ts';

/** Who is at work. The rows follow what is in memory; whoever listens hears of each change in order. */
export class Seats {
  readonly #seats = new Map<string, Seat>();
  /** Whether they can be rung. */
  readonly phones = new SeatPhones({
    get: (staffId) => this.#seats.get(staffId),
    put: (seat) => this.#put(seat),
  });
  readonly #store: SeatStore;
  readonly #clock: Clock;
  readonly #log: Log;
  /** By agent: the row must keep what was true last. */
  readonly #writes = new InOrder();
  /** Told after each change; `undefined` when the seat was left. */
  onChange: (staffId: string, seat: Seat | undefined) => void = () => undefined;

  constructor(parts: { store: SeatStore; clock: Clock; log: Log }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** As after a restart; conversations that go on are told afterwards by `engage`. */
  async load(): Promise<void> {
    for (const seat of await this.#store.load()) this.#put(seat);
  }

  get all(): readonly Seat[] {
    return [...this.#seats.values()];
  }

  get(staffId: string): Seat | undefined {
    return this.#seats.get(staffId);
  }

  /** Throws `agent.not_seated`. */
  require(staffId: string): Seat {
    const seat = this.#seats.get(staffId);
    if (seat === undefined) throw new NotSeatedError();
    return seat;
  }

  /** Sits down, or changes to another telephone. */
  async take(staffId: string, phone: PhoneKind, number: string | null): Promise<Seat> {
    const fresh = await this.#writes.run(staffId, () => this.#store.take(staffId, phone, number));
    const before = this.#seats.get(staffId);
    const seat =
      before === undefined
        ? fresh
        : { ...before, phone, number, isPhoneReady: fresh.isPhoneReady || before.phone === phone };
    this.#put(seat);
    await this.#store.record(staffId, 'seat.taken', { phone });
    return seat;
  }

  /** Their queues, skills or sites may have changed. False when they may not answer calls any more. */
  async reread(staffId: string): Promise<boolean> {
    const membership = await this.#store.membership(staffId);
    const before = this.#seats.get(staffId);
    if (before === undefined || membership === undefined) return membership !== undefined;
    this.#put({ ...before, ...membership });
    return true;
  }

  async leave(staffId: string): Promise<void> {
    if (!this.#seats.delete(staffId)) return;
    this.onChange(staffId, undefined);
    await this.#writes.run(staffId, () => this.#store.leave(staffId));
    await this.#store.record(staffId, 'seat.left', {});
  }

  /** @param by name of the supervisor who sets it. */
  setPresence(staffId: string, presence: Presence, reason: string | null, by?: string): Seat {
    const facts = { now: this.#clock.now(), by };
    const seat = withPresence(this.require(staffId), presence, reason, facts);
    this.#put(seat);
    this.#save(seat, 'presence.changed', { presence, reason: seat.reason });
    return seat;
  }

  /** Who is not there any more is passed over: calls end after people have left. */
  engage(staffId: string, engagement: Engagement, callId: string | null): void {
    const before = this.#seats.get(staffId);
    if (before === undefined) return;
    if (before.engagement === engagement && before.callId === callId) return;
    const seat = withEngagement(before, engagement, callId, this.#clock.now());
    this.#log.debug(
      { staffId, callId },
      `agent ${seat.username}: ${before.engagement} -> ${engagement}`,
    );
    this.#put(seat);
    this.#save(seat, 'engagement.changed', { engagement, callId });
  }

  /** After a restart: what the rows say they are in. It was told and counted when it began. */
  resume(staffId: string, engagement: 'talking' | 'wrap_up', callId: string, since: Date): void {
    const before = this.#seats.get(staffId);
    if (before !== undefined) this.#put(withFoundEngagement(before, engagement, callId, since));
  }

  /** They have talked in that call, and will not wrap it up: their leg was lost. */
  count(staffId: string, callId: string): void {
    const before = this.#seats.get(staffId);
    if (before !== undefined) this.#put({ ...before, ...handled(before, callId) });
  }

  /** Midnight: what is counted by day begins anew. */
  beginDay(): void {
    for (const seat of this.all) this.#put({ ...seat, handledCallIds: new Set() });
  }

  #put(seat: Seat): void {
    this.#seats.set(seat.staffId, seat);
    this.onChange(seat.staffId, seat);
  }

  /** Resolves when the rows say what was set until now, or could not be made to. */
  written(staffId: string): Promise<void> {
    return this.#writes.idle(staffId);
  }

  #save(seat: Seat, kind: string, data: Record<string, unknown>): void {
    const { staffId } = seat;
    const write = () =>
      Promise.all([this.#store.save(seat), this.#store.record(staffId, kind, data)]);
    this.#writes.run(staffId, write).catch((error: unknown) => {
      this.#log.error({ err: error, staffId }, 'agent session not written');
    });
  }
}
