import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { CallStore } from '../call/call-store.ts';
import type { LegRole } from '../leg/leg.types.ts';
import type { LiveCall } from '../call/live-call.ts';
import { hotlineOf, readRecord, unattendedBecause } from '../call/recovery.ts';
import type { EslConnection } from '../esl/connection.ts';
import type { NodeCalls } from './calls.ts';
import { dumpedFacts, listedCount, listedLegs, type LegFacts } from './channels.ts';
import type { DeadMan } from './dead-man.ts';
import { roleOf, type Legs } from './legs.ts';
import { judge, leftUnwatched, mustLook, noSuspicion, type Suspicion } from './lost-events.ts';
import { switchVariable, type SwitchVariables } from './switch-names.ts';
import { ignore } from '../../core/ignore.ts';

export interface ReconcilerParts {
  name: string;
  store: CallStore;
  log: Log;
  calls: NodeCalls;
  legs: Legs;
  deadMan: DeadMan;
  switchVariables: () => Promise<Partial<SwitchVariables>>;
  on: ReconcilerEvents;
}

export interface ReconcilerEvents {
  /** A call whose leg went while nobody watched; its row has ended. */
  lost(callId: string): Promise<void>;
  /** A leg that is new to us. */
  stranger(facts: LegFacts): Promise<void>;
  /** All legs of the switch were looked at, and everybody who is new to us was met. */
  reconciled(): void;
}

const lostEvents =
  'the switch has other legs than we were told of; events were lost, looking at all of them';

/** A step that takes longer is looked at: its end may have been told to nobody. */
const stuckAfterMs = 15_000;

/** Keeps what we believe of a switch in step with what it says: after a reconnect, and when events were lost. */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  #variables: Partial<SwitchVariables> = {};
  readonly #lookedAt = new WeakMap<LiveCall, number>();
  #isLooking = false;
  /** Rows of lost calls could not be set right. */
  #mustLookAgain = false;
  /** Legs in which the switch and we differed at the last heartbeat, and those that were looked into. */
  #odd: ReadonlySet<string> = new Set();
  #toldOf: ReadonlySet<string> = new Set();
  #suspicion: Suspicion = noSuspicion;
  /** Legs that are none of ours, as of the last look at all of them. */
  #knownSurplus = 0;

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
  }

  async reconcile(connection: EslConnection): Promise<void> {
    // Whoever comes while we look is not in the list, and not gone for that; nor is one that is being
    // dialled and may not be there yet: its job tells.
    const calls = this.#parts.calls.all.filter(
      (call) =>
        call.isAnswered || call.direction === 'inbound' || this.#parts.legs.isInDoubt(call.legId),
    );
    const legs = this.#parts.legs.all.filter(
      (leg) => leg.isAnswered || this.#parts.legs.isInDoubt(leg.id),
    );
    const unattended = [...this.#parts.calls.unattended];
    const listed = listedLegs(await connection.api('show channels as json'));
    const alive = new Set<string>();
    const met: Promise<void>[] = [];
    const strangers: LegFacts[] = [];
    const look = async (uuid: string) => {
      const facts = dumpedFacts(await connection.api(`uuid_dump ${uuid} json`));
      if (facts === undefined) return;
      alive.add(facts.uuid);
      // Of a call that we lead as soon as it is told: what we write on its leg afterwards is newer. The
      // others together, so that a caller who is met finds the telephones that belong to the call.
      if (this.#parts.calls.of(uuid) !== undefined) met.push(this.#look(facts));
      else strangers.push(facts);
    };
    await Promise.all(listed.map(look));
    for (const facts of strangers) met.push(this.#look(facts));
    for (const call of calls) {
      if (alive.has(call.legId) || call.gone.aborted) continue;
      call.end('LOST_WHILE_DISCONNECTED');
      this.#parts.calls.forget(call);
    }
    this.#parts.legs.lose(legs.filter((leg) => !alive.has(leg.id)));
    for (const uuid of unattended) if (!alive.has(uuid)) this.#parts.calls.unattended.delete(uuid);
    // A database that is away must not keep us from the callers who are there.
    await this.#endLost(alive).then(
      () => void (this.#mustLookAgain = false),
      (error: unknown) => {
        this.#mustLookAgain = true;
        const reason = messageOf(error);
        this.#parts.log.warn({ reason }, 'reconcile postponed');
      },
    );
    void Promise.allSettled(met).then(() => {
      this.#dropStrays(connection);
      this.#parts.on.reconciled();
    });
  }

  /** A telephone that outlived its caller while nobody watched is parked by the switch, for ever. */
  #dropStrays(connection: EslConnection): void {
    const { calls, legs, log } = this.#parts;
    const live = new Set(calls.all.map((call) => call.id));
    for (const { id, callId, role } of legs.all) {
      if (live.has(callId)) continue;
      log.info({ callId, legId: id, role }, 'orphan leg released');
      void ignore(
        connection.api(`uuid_kill ${id} NORMAL_CLEARING`),
        'the leg may have ended already',
      );
    }
  }

  /** What a dump says of a leg: ours goes on, one that was given up is left to the switch. */
  async #look(facts: LegFacts): Promise<void> {
    const call = this.#parts.calls.of(facts.uuid);
    if (unattendedBecause(facts.variables) !== undefined) {
      this.#parts.calls.unattended.add(facts.uuid);
      if (call === undefined) return;
      call.log.warn('dead-man timer expired; the switch takes a message');
      call.end('UNATTENDED');
      this.#parts.calls.forget(call);
      return;
    }
    // A new caller whom no event told of has waited a while, and the first timer is short.
    const isOurs =
      call !== undefined || readRecord(facts.variables, 'call') !== undefined || isNewCaller(facts);
    if (isOurs) this.#guard(facts, roleOf(facts));
    if (call === undefined) await this.#parts.on.stranger(facts);
    else call.refresh(facts.variables);
  }

  #guard({ uuid, isAnswered, variables }: LegFacts, role: LegRole | undefined): void {
    const { deadMan } = this.#parts;
    if (variables['signal_bond'] !== undefined) deadMan.release(uuid);
    else if (isAnswered) deadMan.arm(uuid, role === undefined ? 'apologise' : 'hang up');
  }

  /** Steps whose end may have been told to nobody: the leg itself knows. Each is asked now and then only. */
  async lookAgain(connection: EslConnection): Promise<void> {
    const now = performance.now();
    for (const call of this.#parts.calls.all) {
      const since = now - (this.#lookedAt.get(call) ?? -stuckAfterMs);
      if (since < stuckAfterMs || !call.commands.isWaitingSince(stuckAfterMs)) continue;
      this.#lookedAt.set(call, now);
      const facts = dumpedFacts(await connection.api(`uuid_dump ${call.legId} json`));
      if (facts !== undefined) await this.#look(facts);
    }
  }

  /** A leg whose dead-man timer may have run out is looked at before anything is done to it. */
  async renewTimers(connection: EslConnection): Promise<void> {
    if (this.#parts.deadMan.beat().length === 0 || this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.reconcile(connection);
    } catch (error) {
      this.#parts.log.debug({ reason: messageOf(error) }, 'look at late legs failed');
    } finally {
      this.#isLooking = false;
    }
  }

  async publishVariables(connection: EslConnection, isNew = false): Promise<void> {
    if (isNew) this.#variables = {};
    const wanted = await this.#parts.switchVariables().catch((error: unknown) => {
      this.#parts.log.warn({ reason: messageOf(error) }, 'hotlines of the switch left as they are');
      return this.#variables;
    });
    for (const name of Object.keys(switchVariable) as (keyof SwitchVariables)[]) {
      const value = wanted[name];
      if (value === undefined || this.#variables[name] === value) continue;
      await connection.api(`global_setvar ${switchVariable[name]}=${value}`);
    }
    this.#variables = wanted;
  }

  async #endLost(alive: ReadonlySet<string>): Promise<void> {
    const { store, calls, on, log } = this.#parts;
    for (const row of await store.open(this.#parts.name)) {
      const isOurs = calls.of(row.legId) !== undefined || calls.starting.has(row.legId);
      if (alive.has(row.legId) || isOurs) continue;
      if (await store.end(row.id, 'LOST_WHILE_DISCONNECTED')) {
        log.warn({ callId: row.id }, leftUnwatched[row.direction]);
        await on.lost(row.id);
      }
    }
  }

  /** Every heartbeat: legs that we believe in must exist, and those that exist must be known. */
  async check(connection: EslConnection): Promise<void> {
    const { log } = this.#parts;
    try {
      await this.publishVariables(connection);
      const odd = await this.#oddLegs(connection);
      // Once may be a call that comes or goes at this moment.
      const isLasting = [...odd].some((uuid) => this.#odd.has(uuid));
      const isNews = [...odd].some((uuid) => this.#odd.has(uuid) && !this.#toldOf.has(uuid));
      this.#odd = odd;
      if (isNews) log.warn({ node: this.#parts.name }, lostEvents);
      if (isLasting) this.#toldOf = odd;
      if (isNews || this.#mustLookAgain) await this.reconcile(connection);
    } catch (error) {
      log.debug({ reason: messageOf(error) }, 'heartbeat check failed');
    }
  }

  /** Legs in which the switch and we differ: calls that it has not, and legs of which we know nothing. */
  async #oddLegs(connection: EslConnection): Promise<ReadonlySet<string>> {
    const { calls, legs } = this.#parts;
    const before = calls.all.map(({ legId }) => legId);
    const listed = new Set(listedLegs(await connection.api('show channels as json')));
    const isKnown = (uuid: string) =>
      calls.of(uuid) !== undefined || calls.unattended.has(uuid) || legs.get(uuid) !== undefined;
    return new Set([
      ...before.filter((uuid) => !listed.has(uuid) && calls.of(uuid) !== undefined),
      ...[...listed].filter((uuid) => !isKnown(uuid)),
    ]);
  }

  /**
   * The cheapest look for events that never came: Event-Sequence cannot tell, since it counts every event
   * of the switch and we take a few of them. See `lost-events.ts` for what counts as lost.
   */
  async count(connection: EslConnection): Promise<void> {
    const listed = listedCount(await connection.api('show channels count'));
    const surplus =
      listed -
      this.#parts.calls.size -
      this.#parts.legs.ids.length -
      this.#parts.calls.unattended.size;
    const before = this.#suspicion;
    const isDue = mustLook(before, surplus, this.#knownSurplus);
    const odd = isDue ? await this.#oddLegs(connection) : new Set<string>();
    const { lost, ...suspicion } = judge(before, { surplus, odd });
    this.#suspicion = suspicion;
    if (lost.length === 0) return;
    const { name, log } = this.#parts;
    log.warn({ node: name, listed, known: listed - surplus, legs: lost.length }, lostEvents);
    await this.reconcile(connection);
    this.#knownSurplus = surplus;
  }
}

function isNewCaller(facts: LegFacts): boolean {
  return facts.direction === 'inbound' && hotlineOf(facts.variables) !== undefined;
}
