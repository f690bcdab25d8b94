import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { CallStore } from '../call/call-store.ts';
import type { LiveCall } from '../call/live-call.ts';
import type { EslConnection } from '../esl/connection.ts';
import { legFacts, listedCount, listedLegs, type LegFacts } from './channels.ts';
import type { DeadMan } from './dead-man.ts';
import { roleOf, type Legs } from './legs.ts';

export interface BooksParts {
  name: string;
  store: CallStore;
  log: Log;
  onLost: (callId: string) => Promise<void>;
  switchVariables: () => Promise<Readonly<Record<string, string>>>;
  calls: ReadonlyMap<string, LiveCall>;
  legs: Legs;
  /** Legs that hear the apology or send a fax: nobody drives them. */
  unattended: Set<string>;
  deadMan: DeadMan;
  meet: (facts: LegFacts) => Promise<void>;
  forget: (call: LiveCall) => void;
}

/** A step that takes longer is looked at: its end may have been told to nobody. */
const stuckAfterMs = 15_000;

/** Keeps what we believe of a switch in step with what it says: after a reconnect, and when events were lost. */
export class Books {
  readonly #parts: BooksParts;
  #variables: Readonly<Record<string, string>> = {};
  #surplus = 0;
  /** Legs that are none of ours, as of the last look at all of them. */
  #knownSurplus = 0;

  constructor(parts: BooksParts) {
    this.#parts = parts;
  }

  async reconcile(connection: EslConnection): Promise<void> {
    const listed = listedLegs(await connection.api('show channels as json'));
    const alive = new Set<string>();
    const met: Promise<void>[] = [];
    const dumps = await Promise.all(listed.map((uuid) => connection.api(`uuid_dump ${uuid} json`)));
    for (const dump of dumps) {
      const facts = dumpedFacts(dump);
      if (facts === undefined) continue;
      alive.add(facts.uuid);
      met.push(this.#look(facts));
    }
    for (const call of [...this.#parts.calls.values()]) {
      // One that is being dialled may not be there yet: its job tells.
      if (alive.has(call.legId) || (call.direction === 'outbound' && !call.isAnswered)) continue;
      call.end('LOST_WHILE_DISCONNECTED');
      this.#parts.forget(call);
    }
    this.#parts.legs.keepOnly(alive);
    await this.#endLost(alive);
    void Promise.all(met);
  }

  /** What a dump says of a leg: ours goes on, one that was given up is left to the switch. */
  async #look(facts: LegFacts): Promise<void> {
    const call = this.#parts.calls.get(facts.uuid);
    if (facts.variables['lt_unattended'] !== undefined) {
      this.#parts.unattended.add(facts.uuid);
      if (call === undefined) return;
      call.log.warn('nobody drove this call in time; the switch takes a message');
      call.end('UNATTENDED');
      this.#parts.forget(call);
      return;
    }
    const isOurs = call !== undefined || facts.variables['lt_call'] !== undefined;
    if (isOurs && facts.isAnswered && facts.variables['signal_bond'] === undefined) {
      this.#parts.deadMan.arm(facts.uuid, roleOf(facts) === undefined ? 'apologise' : 'hang up');
    }
    if (call === undefined) await this.#parts.meet(facts);
    else call.refresh(facts.variables);
  }

  /** Steps whose end may have been told to nobody: the leg itself knows. */
  async #lookAgain(connection: EslConnection): Promise<void> {
    const slow = [...this.#parts.calls.values()].filter((call) =>
      call.isWaitingSince(stuckAfterMs),
    );
    for (const { legId } of slow) {
      const facts = dumpedFacts(await connection.api(`uuid_dump ${legId} json`));
      if (facts !== undefined) await this.#look(facts);
    }
  }

  async publishVariables(connection: EslConnection, isNew = false): Promise<void> {
    if (isNew) this.#variables = {};
    const wanted = await this.#parts.switchVariables();
    for (const [name, value] of Object.entries(wanted)) {
      if (this.#variables[name] !== value) {
        await connection.api(`global_setvar ${name}=${value}`);
      }
    }
    this.#variables = wanted;
  }

  async #endLost(alive: ReadonlySet<string>): Promise<void> {
    const { store, onLost, log } = this.#parts;
    for (const row of await store.open(this.#parts.name)) {
      if (alive.has(row.legId) || this.#parts.calls.has(row.legId)) continue;
      if (await store.end(row.id, 'LOST_WHILE_DISCONNECTED')) {
        log.warn({ callId: row.id }, 'a caller left while nobody watched');
        await onLost(row.id);
      }
    }
  }

  /** Every heartbeat: legs that we believe in must exist, and parked ones must be known. */
  async check(connection: EslConnection): Promise<void> {
    const before = new Set(this.#parts.calls.keys());
    try {
      await this.publishVariables(connection);
      const listed = new Set(listedLegs(await connection.api('show channels as json')));
      const isMissing = [...before].some(
        (uuid) => !listed.has(uuid) && this.#parts.calls.has(uuid),
      );
      const isNew = [...listed].some(
        (uuid) =>
          !this.#parts.calls.has(uuid) &&
          !this.#parts.unattended.has(uuid) &&
          this.#parts.legs.get(uuid) === undefined,
      );
      if (isMissing || isNew) await this.reconcile(connection);
      else await this.#lookAgain(connection);
    } catch (error) {
      this.#parts.log.debug({ reason: messageOf(error) }, 'heartbeat check failed');
    }
  }

  /**
   * The cheapest look for events that never came: Event-Sequence cannot tell, since it counts every event
   * of the switch and we take a few of them. A difference that stays over two beats is looked into.
   */
  async count(connection: EslConnection): Promise<void> {
    const listed = listedCount(await connection.api('show channels count'));
    const surplus =
      listed - this.#parts.calls.size - this.#parts.legs.ids.length - this.#parts.unattended.size;
    const before = this.#surplus;
    this.#surplus = surplus;
    if (surplus === 0 || surplus !== before || surplus === this.#knownSurplus) return;
    this.#parts.log.warn(
      { node: this.#parts.name, listed, known: listed - surplus },
      'the switch has other legs than we were told of; events were lost, looking at all of them',
    );
    await this.reconcile(connection);
    this.#knownSurplus = surplus;
  }
}

/** Undefined when the leg has gone meanwhile. */
function dumpedFacts(dump: string): LegFacts | undefined {
  return dump.startsWith('{') ? legFacts(JSON.parse(dump) as Record<string, unknown>) : undefined;
}
