import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { aborted, pause } from '../../core/concurrency/wait.ts';
import type { NewCall } from '../call/begin-call.ts';
import type { CallStore } from '../call/call-store.ts';
import type { Call } from '../call/call.types.ts';
import { originateArguments } from '../call/dial-string.ts';
import type { LegStore } from '../call/leg-store.ts';
import type { ExecuteMessage, SwitchLink } from '../call/link.ts';
import { LiveCall } from '../call/live-call.ts';
import {
  hotlineOf,
  isVouchedFor,
  readRecord,
  unattendedByEvent,
  writeRecord,
} from '../call/recovery.ts';
import { EslConnection, type EslAddress, type EslEvent } from '../esl/connection.ts';
import { SwitchDownError } from '../esl/esl.errors.ts';
import type { DialCallOptions, DialLegOptions } from '../call/dial.types.ts';
import type { Leg } from '../call/leg.types.ts';
import { backoffMs } from '../../core/concurrency/backoff.ts';
import { SwitchAudio } from './audio.ts';
import { Reconciler } from './reconcile.ts';
import { callerOf, dialledNumber, legFacts, type LegFacts } from './channels.ts';
import { Legs, roleOf } from './legs.ts';
import { DeadMan, type LastWish } from './dead-man.ts';
import type { Lease } from './lease.ts';
import { refusalCounts } from './refusals.ts';
import { isRepeatable } from './repeatable.ts';
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

/** How often the lease is renewed, and the legs are counted. */
const beatMs = 3000;
/** How often the dead-man timers are looked at. */
const tickMs = 1000;

/** How long a command waits for a lost connection to come back. */
const patienceMs = 30_000;

/** One switch: keeps the connection, knows the calls that live there, sets right what was missed. */
export class SwitchNode {
  readonly #options: NodeOptions;
  readonly #calls = new Map<string, LiveCall>();
  /** Legs of customers whom we are about to call. */
  readonly #starting = new Set<string>();
  readonly #stopping = new AbortController();
  readonly legs: Legs;
  /** What verbs use of this switch. */
  readonly #verbLink: SwitchLink = {
    api: (command) => this.api(command),
    run: (messages) => this.send(messages),
    dial: (options) => this.#dialLeg(options),
  };
  readonly #deadMan: DeadMan;
  readonly #reconciler: Reconciler;
  /** Legs that hear the apology or send a fax: nobody drives them. */
  readonly #unattended = new Set<string>();
  /** The connection, from its first moment on; `#connection` is set when all is looked through. */
  #link: EslConnection | undefined;
  #connection: EslConnection | undefined;
  #isStandby = false;
  #waiters = new Set<() => void>();
  #coreUuid = '';
  readonly audio = new SwitchAudio();

  constructor(options: NodeOptions) {
    this.#options = options;
    const background = async (command: string, jobUuid: string, onSent?: () => void) => {
      const done = (await this.#up()).background(command, jobUuid);
      // The connection writes at the end of this turn.
      if (onSent !== undefined) setImmediate(onSent);
      await done;
    };
    const { legStore, store, log } = options;
    const append: CallStore['append'] = (...entry) => store.append(...entry);
    const link = this.#verbLink;
    this.legs = new Legs({
      switchNode: options.name,
      store: legStore,
      append,
      log,
      link,
      background,
    });
    this.#deadMan = new DeadMan({
      patienceSec: options.deadManSec,
      now: () => performance.now(),
      send: (commands) => {
        for (const command of commands) {
          const sent = this.#link?.api(command);
          if (sent !== undefined) void ignore(sent, 'the pace is told anew after a reconnect');
        }
      },
    });
    this.#reconciler = new Reconciler({
      ...options,
      calls: this.#calls,
      starting: this.#starting,
      legs: this.legs,
      unattended: this.#unattended,
      deadMan: this.#deadMan,
      meet: (facts) => this.#meet(facts),
      forget: (call) => this.#forget(call),
      onReconciled: () => options.onReconciled(options.name),
    });
  }

  /** Connected, but another service drives. */
  get isStandby(): boolean {
    return this.#isStandby;
  }

  get name(): string {
    return this.#options.name;
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** What the switch's limits refused since its start, by reason; nothing where it keeps no such count. */
  async refusals(): Promise<Readonly<Record<string, number>>> {
    const link = this.#connection;
    if (link === undefined) return {};
    try {
      return refusalCounts(await link.api(refusalsCommand));
    } catch (error) {
      this.#options.log.debug({ reason: messageOf(error) }, 'refusal counters not read');
      return {};
    }
  }

  get calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  /** Connects, and reconnects for ever; resolves when stopped, and holds nothing then. */
  async run(): Promise<void> {
    await this.#keepConnected();
    // One that stood by, or whose switch is away, has not left in order.
    await this.#options.lease.release(undefined);
  }

  async #keepConnected(): Promise<void> {
    const { log, address, name } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        const connection = await EslConnection.open(address, (event) => this.#onEvent(event));
        try {
          await this.#claim(connection);
          await this.#catchUp(connection);
          log.info({ node: name, calls: this.#calls.size }, 'switch connected');
          failures = 0;
          this.audio.onConnect(performance.now());
          const timers = [
            setInterval(() => void this.#beat(connection), beatMs),
            setInterval(() => void this.#reconciler.renewTimers(connection), tickMs),
          ];
          await aborted(AbortSignal.any([connection.closed, this.#stopping.signal]));
          for (const timer of timers) clearInterval(timer);
          if (this.#isStopping()) await this.#leave(connection);
        } finally {
          this.#connection = undefined;
          this.#link = undefined;
          connection.close();
        }
        if (this.#isStopping()) return;
        log.warn({ node: name, calls: this.#calls.size }, 'switch connection lost');
      } catch (error) {
        if (failures === 0 || failures % 20 === 0) {
          log.warn({ node: name, reason: messageOf(error) }, 'switch cannot be reached');
        }
        failures += 1;
      }
      await pause(backoffMs(failures, Math.random()), this.#stopping.signal);
    }
  }

  /** Waits, connected, until this service is the one that drives. */
  async #claim(connection: EslConnection): Promise<void> {
    const signal = AbortSignal.any([connection.closed, this.#stopping.signal]);
    this.#isStandby = true;
    try {
      const api = (command: string) => connection.api(command);
      await this.#options.lease.claim(api, signal, () => this.#letGo());
    } finally {
      this.#isStandby = false;
    }
    await this.#options.onDriving(this.name);
  }

  /** An orderly end: the next service finds timers that are whole, and need not wait for ours. */
  async #leave(connection: EslConnection): Promise<void> {
    this.#deadMan.armAll();
    await this.#options.lease.release((command) => connection.api(command));
  }

  async #beat(connection: EslConnection): Promise<void> {
    try {
      if (!(await this.#options.lease.renew((command) => connection.api(command)))) {
        this.#stepDown(connection);
        return;
      }
      this.audio.onAnswer(performance.now());
      await this.#reconciler.count(connection);
      await this.#reconciler.lookAgain(connection);
    } catch (error) {
      this.#options.log.debug({ reason: messageOf(error) }, 'beat failed');
    }
  }

  /** Another service took the switch, for instance while this one was stopped for a while. */
  #stepDown(connection: EslConnection): void {
    const { log, lease } = this.#options;
    log.error(
      { node: this.name, calls: this.#calls.size },
      'another service took this switch; this one lets go of its calls and stands by',
    );
    lease.drop();
    connection.close();
    this.#letGo();
  }

  /** Its calls go on, with another service. */
  #letGo(): void {
    this.#options.onDefeat(this.name);
    for (const call of this.#calls.values()) {
      this.#deadMan.forget(call.legId);
      call.letGo();
    }
    this.#calls.clear();
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  stop(): void {
    this.#stopping.abort();
  }

  // -- the line ------------------------------------------------------------------------------------

  async api(command: string): Promise<string> {
    const connection = await this.#up();
    try {
      return await connection.api(command);
    } catch (error) {
      if (!(error instanceof SwitchDownError) || !isRepeatable(command)) throw error;
      return (await this.#up()).api(command);
    }
  }

  /** Once, and without waiting for a connection that is lost. */
  async apiNow(command: string): Promise<string> {
    if (this.#connection === undefined) throw new SwitchDownError();
    return this.#connection.api(command);
  }

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
    this.#starting.add(legId);
    try {
      await this.#options.store.begin(base);
    } catch (error) {
      this.#starting.delete(legId);
      throw error;
    }
    const variables = writeRecord({ role: 'customer', ...data });
    const call = this.#newCall(base, {
      ...{ variables, isAnswered: false, isNumberPrivate: false },
    });
    this.#starting.delete(legId);
    const before = options.before?.(call) ?? Promise.resolve(true);
    const isReady = await ignore(before, 'a call whose last look failed is not made');
    if (isReady !== true || call.gone.aborted) {
      call.end('ORIGINATOR_CANCEL');
      this.#forget(call);
      return call;
    }
    await this.legs.originate(legId, command, (cause) => {
      call.end(cause);
      this.#forget(call);
    });
    return call;
  }

  async send(messages: readonly ExecuteMessage[]): Promise<string> {
    const connection = await this.#up();
    const replies = await Promise.all(messages.map((one) => connection.sendMessage(one)));
    return replies[0] ?? '';
  }

  #up(): Promise<EslConnection> {
    if (this.#connection !== undefined) return Promise.resolve(this.#connection);
    return new Promise((resolve, reject) => {
      const done = () => {
        if (this.#connection === undefined) return;
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve(this.#connection);
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(done);
        reject(new SwitchDownError());
      }, patienceMs);
      this.#waiters.add(done);
    });
  }

  // -- what happens --------------------------------------------------------------------------------

  #onEvent(event: EslEvent): void {
    if (event['Event-Name'] === 'HEARTBEAT') {
      this.audio.onHeartbeat(event);
      if (this.#connection !== undefined) void this.#reconciler.check(this.#connection);
      return;
    }
    if (event['Event-Name'] === 'CHANNEL_BRIDGE' || event['Event-Name'] === 'CHANNEL_UNBRIDGE') {
      for (const end of ['Bridge-A-Unique-ID', 'Bridge-B-Unique-ID'] as const) {
        const id = event[end] ?? '';
        const call = this.#calls.get(id);
        if (call !== undefined) this.#guard(id, event['Event-Name'], 'apologise');
        else if (this.legs.get(id) !== undefined) this.#guard(id, event['Event-Name'], 'hang up');
        (call ?? this.legs.get(id))?.onEvent(event);
      }
      return;
    }
    const uuid = event['Unique-ID'] ?? '';
    const call = this.#calls.get(uuid);
    if (call !== undefined) {
      if (this.#isTakenOver(call, event)) return;
      this.#guard(uuid, event['Event-Name'] ?? '', 'apologise');
      call.onEvent(event);
      if (call.gone.aborted) this.#forget(call);
      return;
    }
    const leg = this.legs.get(uuid);
    if (leg !== undefined) this.#guard(uuid, event['Event-Name'] ?? '', 'hang up');
    if (this.legs.onEvent(event)) return;
    if (event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE') {
      if (unattendedByEvent(event) !== undefined || this.#unattended.has(uuid)) {
        this.#unattended.delete(uuid);
        this.#options.onUnattended();
      }
      return;
    }
    if (event['Event-Name'] !== 'CHANNEL_PARK') return;
    const facts = legFacts(event);
    if (facts === undefined) return;
    if (this.#connection !== undefined && roleOf(facts) !== undefined) {
      // We have given it up, or our predecessor dialled it as we looked round: nobody is at the other end.
      this.#options.log.info({ legId: facts.uuid }, 'orphan leg released');
      void ignore(
        this.#connection.api(`uuid_kill ${facts.uuid} NORMAL_CLEARING`),
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
    this.#unattended.add(call.legId);
    call.end(why === 'fax' ? 'FAX' : 'UNATTENDED');
    this.#forget(call);
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
    if (this.#calls.has(facts.uuid)) return;
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
    const call = this.#newCall(base, facts);
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
    this.#forget(call);
    return false;
  }

  #newCall(
    base: NewCall,
    facts: Pick<LegFacts, 'isAnswered' | 'isNumberPrivate'> & {
      variables: Readonly<Record<string, string>>;
    },
  ): LiveCall {
    const { store, log } = this.#options;
    const { variables, isAnswered, isNumberPrivate } = facts;
    const all = {
      ...base,
      variables,
      isAnswered,
      isNumberPrivate,
      link: this.#verbLink,
      store,
      log,
    };
    const call = new LiveCall(all);
    this.#calls.set(base.legId, call);
    return call;
  }

  #forget(call: LiveCall): void {
    if (!this.#calls.delete(call.legId)) return;
    this.#deadMan.forget(call.legId);
    this.legs.forget(call.legId);
    const cause = call.hangupCause ?? 'NORMAL_CLEARING';
    void call.mailbox.post(async () => {
      await this.#options.store.end(call.id, cause);
      call.log.info({ cause }, 'call ended');
    });
  }

  // -- reconcile -------------------------------------------------------------------------------------

  /** Subscribes first and looks around then, so that nothing falls between the two. */
  async #catchUp(connection: EslConnection): Promise<void> {
    await connection.subscribe(watchedEvents, eventFilters);
    const coreUuid = await connection.api('global_getvar core_uuid');
    if (this.#coreUuid !== '' && this.#coreUuid !== coreUuid) {
      this.#options.log.warn({ node: this.name }, 'switch restarted; its calls are gone');
    }
    this.#coreUuid = coreUuid;
    await this.#reconciler.publishVariables(connection, true);
    this.#link = connection;
    this.legs.onConnect();
    await this.#reconciler.reconcile(connection);
    this.#connection = connection;
    this.#options.onUnattended();
    for (const waiter of [...this.#waiters]) waiter();
  }
}
