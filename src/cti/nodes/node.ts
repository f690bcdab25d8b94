import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { CallStore } from '../call/call-store.ts';
import type { Call } from '../call/call.types.ts';
import { originateArguments } from '../call/dial-string.ts';
import type { LegStore } from '../leg/leg-store.ts';
import type { SwitchLink } from '../call/link.ts';
import type { LiveCall } from '../call/live-call.ts';
import {
  hotlineOf,
  isVouchedFor,
  readRecord,
  unattendedByEvent,
  writeRecord,
} from '../call/recovery.ts';
import type { EslAddress, EslEvent } from '../esl/connection.ts';
import { SwitchDownError } from '../esl/esl.errors.ts';
import type { DialCallOptions, DialLegOptions } from '../call/dial.types.ts';
import type { Leg } from '../leg/leg.types.ts';
import { SwitchAudio } from './audio.ts';
import { SwitchConnection, type Follower } from './connection.ts';
import { Reconciler } from './reconcile.ts';
import { NodeCalls } from './calls.ts';
import { callerOf, dialledNumber, legFacts, type LegFacts } from './channels.ts';
import { Legs, roleOf } from './legs.ts';
import { DeadMan, type LastWish } from './dead-man.ts';
import type { Lease } from './lease.ts';
import { refusalCounts } from './refusals.ts';
import { refusalsCommand, type SwitchVariables } from './switch-names.ts';
import { eventFilters, watchedEvents } from './watched-events.ts';
import { ignore } from '../../core/ignore.ts';

export interface NodeOptions {
  name: string;
  address: EslAddress;
  store: CallStore;
  legStore: LegStore;
  clock: Clock;
  log: Log;
  /** `new`: just parked; `adopted`: a predecessor had it. */
  onCall: (call: Call, how: 'new' | 'adopted') => void;
  /** A call whose leg went while nobody watched. */
  onLost: (callId: string) => Promise<void>;
  /** After each connect, and when events were lost: everything that lives on the switch is known. */
  onReconciled: (switchNode: string) => void;
  /** This service drives that switch; awaited before anybody on it is met. */
  onDriving: (switchNode: string) => Promise<void>;
  /** Another service drives it. Told before its calls are let go. */
  onDefeat: (switchNode: string) => void;
  /** Who drives this switch, when several services want to. */
  lease: Lease;
  /** Seconds that a leg which waits for us survives without us. */
  deadManSec: number;
  /** Variables of the switch itself, set on every connect and again when they change. */
  switchVariables: () => Promise<Partial<SwitchVariables>>;
  /** The switch may hold messages and faxes that it took without us, see `unattendedBecause`. */
  onUnattended: () => void;
  /** The last look at a number outside before the switch is asked to dial it: throws when it may not be. */
  checkNumber?: ((number: string) => void) | undefined;
}

/** One switch and the calls and legs that live there: dials, meets who comes, hands events on. */
export class SwitchNode {
  readonly #options: NodeOptions;
  readonly #calls: NodeCalls;
  readonly #connection: SwitchConnection;
  readonly legs: Legs;
  /** What verbs use of this switch. */
  readonly #verbLink: SwitchLink = {
    api: (command) => this.#connection.api(command),
    run: (messages) => this.#connection.send(messages),
    dial: (options) => this.#dialLeg(options),
  };
  readonly #deadMan: DeadMan;
  readonly #reconciler: Reconciler;
  readonly audio = new SwitchAudio();

  constructor(options: NodeOptions) {
    this.#options = options;
    const { name, address, lease, legStore, store, log } = options;
    const connection = new SwitchConnection({
      ...{ name, address, lease, log },
      follower: this.#follower(),
    });
    this.#connection = connection;
    const append: CallStore['append'] = (...entry) => store.append(...entry);
    const link = this.#verbLink;
    this.legs = new Legs({
      switchNode: name,
      store: legStore,
      append,
      log,
      link,
      background: (...sent) => connection.background(...sent),
    });
    this.#deadMan = new DeadMan({
      patienceSec: options.deadManSec,
      now: () => performance.now(),
      send: (commands) => {
        for (const command of commands) {
          const sent = connection.early?.api(command);
          if (sent !== undefined) void ignore(sent, 'the pace is told anew after a reconnect');
        }
      },
    });
    this.#calls = new NodeCalls({ store, log, link, legs: this.legs, deadMan: this.#deadMan });
    this.#reconciler = new Reconciler({
      ...{ name, store, log, calls: this.#calls, legs: this.legs, deadMan: this.#deadMan },
      switchVariables: options.switchVariables,
      on: {
        lost: options.onLost,
        stranger: (facts) => this.#meet(facts),
        reconciled: () => options.onReconciled(name),
      },
    });
  }

  /** Connected, but another service drives. */
  get isStandby(): boolean {
    return this.#connection.isStandby;
  }

  get name(): string {
    return this.#options.name;
  }

  get isConnected(): boolean {
    return this.#connection.now !== undefined;
  }

  /** What the switch's limits refused since its start, by reason; nothing where it keeps no such count. */
  async refusals(): Promise<Readonly<Record<string, number>>> {
    const connection = this.#connection.now;
    if (connection === undefined) return {};
    try {
      return refusalCounts(await connection.api(refusalsCommand));
    } catch (error) {
      this.#options.log.debug({ reason: messageOf(error) }, 'refusal counters not read');
      return {};
    }
  }

  get calls(): readonly Call[] {
    return this.#calls.all;
  }

  /** Connects, and reconnects for ever; resolves when stopped, and holds nothing then. */
  run(): Promise<void> {
    return this.#connection.run();
  }

  stop(): void {
    this.#connection.stop();
  }

  /** Waits for a reconnect. Throws `switch.down` when there is none in time. */
  api(command: string): Promise<string> {
    return this.#connection.api(command);
  }

  /** Once, and without waiting for a connection that is lost. */
  async apiNow(command: string): Promise<string> {
    const connection = this.#connection.now;
    if (connection === undefined) throw new SwitchDownError();
    return connection.api(command);
  }

  #follower(): Follower {
    return {
      onEvent: (event) => this.#onEvent(event),
      onDriving: () => this.#options.onDriving(this.name),
      onConnect: async (connection) => {
        await connection.subscribe(watchedEvents, eventFilters);
        await this.#reconciler.publishVariables(connection, true);
        this.legs.onConnect();
        await this.#reconciler.reconcile(connection);
      },
      onReady: () => {
        this.audio.onConnect(performance.now());
        this.#options.onUnattended();
      },
      onBeat: async (connection) => {
        this.audio.onAnswer(performance.now());
        await this.#reconciler.count(connection);
        await this.#reconciler.lookAgain(connection);
      },
      onTick: (connection) => void this.#reconciler.renewTimers(connection),
      onLeave: () => this.#deadMan.armAll(),
      onLetGo: () => this.#letGo(),
      callCount: () => this.#calls.size,
    };
  }

  /** Its calls go on, with another service. */
  #letGo(): void {
    this.#options.onDefeat(this.name);
    this.#calls.letGo();
  }

  // -- dialling ------------------------------------------------------------------------------------

  #dialLeg(options: DialLegOptions): Leg {
    this.#check(options);
    return this.legs.dial(options);
  }

  #check({ endpoint }: Pick<DialLegOptions, 'endpoint'>): void {
    if (endpoint.kind === 'gateway') this.#options.checkNumber?.(endpoint.number);
  }

  /**
   * Calls a customer. The call's row is written before the switch is asked, so that no crash leaves a
   * telephone ringing that nobody knows of. `answered` and `gone` of the call tell how it went.
   */
  async dialCall(options: DialCallOptions): Promise<Call> {
    this.#check(options);
    const legId = newId();
    // A leg that is moved within the switch gets another destination; its own number goes with it.
    const data = { number: options.number, ...options.data };
    const command = originateArguments({ ...options, data, legId, role: 'customer' });
    const base = {
      id: options.callId,
      legId,
      direction: 'outbound' as const,
      did: options.did,
      callerNumber: options.number,
      isNumberVerified: true,
      startedAt: this.#options.clock.now(),
      switchNode: this.name,
    };
    this.#calls.starting.add(legId);
    try {
      await this.#options.store.begin(base);
    } catch (error) {
      this.#calls.starting.delete(legId);
      throw error;
    }
    const variables = writeRecord({ role: 'customer', ...data });
    const call = this.#calls.add(base, { variables, isAnswered: false, isNumberPrivate: false });
    this.#calls.starting.delete(legId);
    const before = options.before?.(call) ?? Promise.resolve(true);
    const isReady = await ignore(before, 'a call whose last look failed is not made');
    if (isReady !== true || call.gone.aborted) {
      call.end('ORIGINATOR_CANCEL');
      this.#calls.forget(call);
      return call;
    }
    await this.legs.originate(legId, command, (cause) => {
      call.end(cause);
      this.#calls.forget(call);
    });
    return call;
  }

  // -- what happens --------------------------------------------------------------------------------

  #onEvent(event: EslEvent): void {
    if (event['Event-Name'] === 'HEARTBEAT') {
      this.audio.onHeartbeat(event);
      const connection = this.#connection.now;
      if (connection !== undefined) void this.#reconciler.check(connection);
      return;
    }
    if (event['Event-Name'] === 'CHANNEL_BRIDGE' || event['Event-Name'] === 'CHANNEL_UNBRIDGE') {
      for (const end of ['Bridge-A-Unique-ID', 'Bridge-B-Unique-ID'] as const) {
        const id = event[end] ?? '';
        const call = this.#calls.of(id);
        if (call !== undefined) this.#guard(id, event['Event-Name'], 'apologise');
        else if (this.legs.get(id) !== undefined) this.#guard(id, event['Event-Name'], 'hang up');
        (call ?? this.legs.get(id))?.onEvent(event);
      }
      return;
    }
    const uuid = event['Unique-ID'] ?? '';
    const call = this.#calls.of(uuid);
    if (call !== undefined) {
      if (this.#isTakenOver(call, event)) return;
      this.#guard(uuid, event['Event-Name'] ?? '', 'apologise');
      call.onEvent(event);
      if (call.gone.aborted) this.#calls.forget(call);
      return;
    }
    const leg = this.legs.get(uuid);
    if (leg !== undefined) this.#guard(uuid, event['Event-Name'] ?? '', 'hang up');
    if (this.legs.onEvent(event)) return;
    if (event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE') {
      if (unattendedByEvent(event) !== undefined || this.#calls.unattended.has(uuid)) {
        this.#calls.unattended.delete(uuid);
        this.#options.onUnattended();
      }
      return;
    }
    if (event['Event-Name'] !== 'CHANNEL_PARK') return;
    const facts = legFacts(event);
    if (facts === undefined) return;
    const connection = this.#connection.now;
    if (connection !== undefined && roleOf(facts) !== undefined) {
      // We have given it up, or our predecessor dialled it as we looked round: nobody is at the other end.
      this.#options.log.info({ legId: facts.uuid }, 'orphan leg released');
      void ignore(
        connection.api(`uuid_kill ${facts.uuid} NORMAL_CLEARING`),
        'the leg may have ended already',
      );
      return;
    }
    void this.#meet(facts);
  }

  /** The switch leads this leg by itself now: its caller sends a fax, or waited for us in vain. */
  #isTakenOver(call: LiveCall, event: EslEvent): boolean {
    const why = unattendedByEvent(event);
    if (why === undefined || event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE') return false;
    if (why === 'fax') call.log.info('fax tone detected; the switch receives the fax');
    else call.log.warn('dead-man timer expired; the switch takes a message');
    this.#calls.unattended.add(call.legId);
    call.end(why === 'fax' ? 'FAX' : 'UNATTENDED');
    this.#calls.forget(call);
    return true;
  }

  /**
   * Two people who talk need no service; whoever comes back from that does. An agent's telephone that waits
   * for a service that is dead is hung up, a customer hears the apology.
   */
  #guard(uuid: string, event: string, wish: LastWish): void {
    if (event === 'CHANNEL_BRIDGE') this.#deadMan.release(uuid);
    else if (event === 'CHANNEL_HANGUP_COMPLETE') this.#deadMan.forget(uuid);
    else if (event === 'CHANNEL_UNBRIDGE' || event === 'CHANNEL_PARK') {
      this.#deadMan.arm(uuid, wish);
    }
  }

  /** A leg that nobody here knows: ours from before, or a new caller. */
  async #meet(facts: LegFacts): Promise<void> {
    if (this.#calls.of(facts.uuid) !== undefined) return;
    if (roleOf(facts) !== undefined) {
      this.legs.adopt(facts);
      return;
    }
    const known = readRecord(facts.variables, 'call');
    if (known === undefined && facts.direction !== 'inbound') return;
    const { store, onCall } = this.#options;
    const id = known ?? newId();
    const isOutbound = facts.direction === 'outbound';
    const dialled = dialledNumber(facts);
    const base = {
      id,
      legId: facts.uuid,
      direction: facts.direction,
      // Of a leg that we dialled, the far end is the customer and the caller id is ours.
      did: isOutbound ? facts.callerNumber : dialled,
      callerNumber: isOutbound ? dialled : callerOf(facts),
      // The switch writes it on legs that come from a trunk, and on those of telephones that have logged in.
      isNumberVerified: isOutbound || isVouchedFor(facts.variables),
      startedAt: facts.createdAt,
      switchNode: this.name,
    };
    const call = this.#calls.add(base, facts);
    if (known === undefined) this.#deadMan.watch(facts.uuid);
    // Rows first: whatever happens to this caller from here on has somewhere to be written.
    void call.mailbox.post(() => store.beginWhenAble(base));
    if (facts.isAnswered) {
      void ignore(store.answered(id, facts.uuid), 'the end of the call writes it too');
    }
    await call.mailbox.idle();
    if (known === undefined && !(await this.#mark(call, facts))) return;
    call.log.info(
      { did: call.did, pii: { from: call.callerNumber } },
      known === undefined ? 'call arrived' : 'call adopted',
    );
    onCall(call, known === undefined ? 'new' : 'adopted');
  }

  /**
   * Writes on the leg whose it is; false when its caller left before we looked. Awaited: keys that are
   * pressed right after the answer are ours by then, and not told of while the first menu is under way.
   */
  async #mark(call: LiveCall, { variables, destination }: LegFacts): Promise<boolean> {
    // What a hotline's caller dialled, the dialplan has written on the leg.
    const number = hotlineOf(variables) === undefined ? { number: destination } : {};
    const claim = call.claim({ call: call.id, ...number });
    const isThere = (await ignore(claim, 'written after the reconnect')) ?? true;
    // FreeSWITCH tells what has happened until then right behind the reply, not before it.
    await nextTurn();
    if (isThere) return true;
    call.end('ORIGINATOR_CANCEL');
    this.#calls.forget(call);
    return false;
  }
}
