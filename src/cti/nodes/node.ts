import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { NewCall } from '../call/begin-call.ts';
import type { CallStore } from '../call/call-store.ts';
import type { Call } from '../call/call.types.ts';
import { originateArguments } from '../call/dial-string.ts';
import type { LegStore } from '../call/leg-store.ts';
import { LiveCall, type Line, type LineMessage } from '../call/live-call.ts';
import { decodeVariable, encodeVariable } from '../call/variables.ts';
import { EslConnection, type EslAddress, type EslEvent } from '../esl/connection.ts';
import { SwitchDownError } from '../esl/esl.errors.ts';
import type { DialCallOptions, DialLegOptions, Leg } from '../call/leg.types.ts';
import { backoffMs } from '../../core/backoff.ts';
import { legFacts, listedLegs, type LegFacts } from './channels.ts';
import { Legs, roleOf } from './legs.ts';

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
}

const events = [
  'CHANNEL_PARK',
  'CHANNEL_ANSWER',
  'CHANNEL_EXECUTE_COMPLETE',
  'CHANNEL_HANGUP_COMPLETE',
  'CHANNEL_BRIDGE',
  'CHANNEL_UNBRIDGE',
  'BACKGROUND_JOB',
  'DTMF',
  'HEARTBEAT',
] as const;

/** How long a command waits for a lost connection to come back. */
const patienceMs = 30_000;

/** One switch: keeps the connection, knows the calls that live there, sets right what was missed. */
export class SwitchNode {
  readonly #options: NodeOptions;
  readonly #calls = new Map<string, LiveCall>();
  readonly #starting = new Set<string>();
  readonly #stopping = new AbortController();
  readonly legs: Legs;
  #connection: EslConnection | undefined;
  #waiters = new Set<() => void>();
  #coreUuid = '';
  /** Rows of lost calls could not be set right. */
  #mustLookAgain = false;

  constructor(options: NodeOptions) {
    this.#options = options;
    const background = async (command: string, jobUuid: string) => {
      await (await this.#up()).background(command, jobUuid);
    };
    const { legStore, store, log } = options;
    const append: CallStore['append'] = (...entry) => store.append(...entry);
    this.legs = new Legs({ switchNode: options.name, store: legStore, append, log, background });
  }

  get name(): string {
    return this.#options.name;
  }

  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  get calls(): readonly Call[] {
    return [...this.#calls.values()];
  }

  /** Connects, and reconnects for ever; resolves when stopped. */
  async run(): Promise<void> {
    const { log, address, name } = this.#options;
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        const connection = await EslConnection.open(address, (event) => this.#onEvent(event));
        try {
          await this.#settle(connection);
          log.info({ node: name, calls: this.#calls.size }, 'switch connected');
          failures = 0;
          await ended(connection.closed, this.#stopping.signal);
        } finally {
          this.#connection = undefined;
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
      await delay(backoffMs(failures, Math.random()), undefined, {
        signal: this.#stopping.signal,
      }).catch(() => undefined);
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  stop(): void {
    this.#stopping.abort();
    this.#connection?.close();
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

  /** Rings a further telephone for a call that lives here. */
  dialLeg(options: DialLegOptions): Leg {
    return this.legs.dial(options);
  }

  /**
   * Calls a customer. The call's row is written before the switch is asked, so that no crash leaves a
   * telephone ringing that nobody knows of. `answered` and `gone` of the call tell how it went.
   */
  async dialCall(options: DialCallOptions): Promise<Call> {
    const legId = newId();
    const command = originateArguments({ ...options, legId, role: 'customer' });
    const base = {
      id: options.callId,
      legId,
      direction: 'outbound' as const,
      did: options.did,
      callerNumber: options.number,
      startedAt: this.#options.clock.now(),
      switchNode: this.name,
    };
    await this.#options.store.begin(base);
    const variables = Object.fromEntries(
      Object.entries({ role: 'customer', ...options.data }).map(
        ([name, value]) => [`lt_${name}`, encodeVariable(value)] as const,
      ),
    );
    const call = this.#newCall(base, { variables, isAnswered: false });
    const isReady = await (options.before?.(call) ?? Promise.resolve(true)).catch(() => false);
    if (!isReady || call.gone.aborted) {
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

  async send(messages: readonly LineMessage[]): Promise<string> {
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
      void this.#check();
      return;
    }
    if (event['Event-Name'] === 'CHANNEL_BRIDGE' || event['Event-Name'] === 'CHANNEL_UNBRIDGE') {
      for (const end of ['Bridge-A-Unique-ID', 'Bridge-B-Unique-ID'] as const) {
        this.#calls.get(event[end] ?? '')?.onEvent(event);
      }
      return;
    }
    const uuid = event['Unique-ID'] ?? '';
    const call = this.#calls.get(uuid);
    if (call !== undefined) {
      call.onEvent(event);
      if (call.gone.aborted) this.#forget(call);
      return;
    }
    if (this.legs.onEvent(event)) return;
    if (event['Event-Name'] !== 'CHANNEL_PARK') return;
    const facts = legFacts(event);
    if (facts !== undefined) void this.#meet(facts);
  }

  /** A leg that nobody here knows: ours from before, or a new caller. */
  async #meet(facts: LegFacts): Promise<void> {
    if (this.#starting.has(facts.uuid) || this.#calls.has(facts.uuid)) return;
    if (roleOf(facts) !== undefined) {
      this.legs.adopt(facts);
      return;
    }
    const known = facts.variables['lt_call'];
    if (known === undefined && facts.direction !== 'inbound') return;
    this.#starting.add(facts.uuid);
    const { store, onCall } = this.#options;
    const id = known === undefined ? newId() : decodeVariable(known);
    const isOutbound = facts.direction === 'outbound';
    const base = {
      id,
      legId: facts.uuid,
      direction: facts.direction,
      // Of a leg that we dialled, the far end is the customer and the caller id is ours.
      did: isOutbound ? facts.callerNumber : facts.destination,
      callerNumber: isOutbound ? facts.destination : facts.callerNumber,
      startedAt: facts.createdAt,
      switchNode: this.name,
    };
    const call = this.#newCall(base, facts);
    this.#starting.delete(facts.uuid);
    // Rows first: whatever happens to this caller from here on has somewhere to be written.
    void call.mailbox.post(() => store.beginWhenAble(base));
    if (facts.isAnswered) void store.answered(id, facts.uuid).catch(() => undefined);
    await call.mailbox.idle();
    if (known === undefined) {
      const reply = await this.api(`uuid_setvar ${facts.uuid} lt_call ${encodeVariable(id)}`).catch(
        () => '',
      );
      if (reply.startsWith('-ERR')) {
        call.end('ORIGINATOR_CANCEL');
        this.#forget(call);
        return;
      }
    }
    call.log.info(
      { did: call.did, pii: { from: call.callerNumber } },
      known === undefined ? 'call arrived' : 'call adopted',
    );
    onCall(call, known === undefined ? 'new' : 'adopted');
  }

  #newCall(
    base: NewCall,
    facts: { variables: Readonly<Record<string, string>>; isAnswered: boolean },
  ): LiveCall {
    const { store, log } = this.#options;
    const line: Line = { api: (command) => this.api(command), run: (list) => this.send(list) };
    const { variables, isAnswered } = facts;
    const call = new LiveCall({ ...base, variables, isAnswered, line, store, log });
    this.#calls.set(base.legId, call);
    return call;
  }

  #forget(call: LiveCall): void {
    if (!this.#calls.delete(call.legId)) return;
    const cause = call.hangupCause ?? 'NORMAL_CLEARING';
    void call.mailbox.post(async () => {
      await this.#options.store.end(call.id, cause);
      call.log.info({ cause }, 'call ended');
    });
  }

  // -- setting right -------------------------------------------------------------------------------

  /** Subscribes first and looks around then, so that nothing falls between the two. */
  async #settle(connection: EslConnection): Promise<void> {
    await connection.subscribe(events);
    const coreUuid = await connection.api('global_getvar core_uuid');
    if (this.#coreUuid !== '' && this.#coreUuid !== coreUuid) {
      this.#options.log.warn({ node: this.name }, 'the switch was restarted; its calls are gone');
    }
    this.#coreUuid = coreUuid;
    await this.#reconcile(connection);
    this.#connection = connection;
    for (const waiter of [...this.#waiters]) waiter();
  }

  async #reconcile(connection: EslConnection): Promise<void> {
    const { log } = this.#options;
    const listed = listedLegs(await connection.api('show channels as json'));
    const alive = new Set<string>();
    const met: Promise<void>[] = [];
    for (const uuid of listed) {
      const dump = await connection.api(`uuid_dump ${uuid} json`);
      const facts = dump.startsWith('{')
        ? legFacts(JSON.parse(dump) as Record<string, unknown>)
        : undefined;
      if (facts === undefined) continue;
      alive.add(uuid);
      const call = this.#calls.get(uuid);
      if (call === undefined) met.push(this.#meet(facts));
      else call.refresh(facts.variables);
    }
    for (const call of [...this.#calls.values()]) {
      // One that is being dialled may not be there yet: its job tells.
      if (alive.has(call.legId) || (call.direction === 'outbound' && !call.isAnswered)) continue;
      call.end('LOST_WHILE_DISCONNECTED');
      this.#forget(call);
    }
    this.legs.keepOnly(alive);
    // A database that is away must not keep us from the callers who are there.
    await this.#endLost(alive).then(
      () => void (this.#mustLookAgain = false),
      (error: unknown) => {
        this.#mustLookAgain = true;
        log.warn({ reason: messageOf(error) }, 'lost calls are looked for again later');
      },
    );
    void Promise.all(met);
  }

  async #endLost(alive: ReadonlySet<string>): Promise<void> {
    const { store, onLost, log } = this.#options;
    for (const row of await store.open(this.name)) {
      if (alive.has(row.legId) || this.#calls.has(row.legId)) continue;
      if (await store.end(row.id, 'LOST_WHILE_DISCONNECTED')) {
        log.warn({ callId: row.id }, 'a caller left while nobody watched');
        await onLost(row.id);
      }
    }
  }

  /** Every heartbeat: legs that we believe in must exist, and parked ones must be known. */
  async #check(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined) return;
    const before = new Set(this.#calls.keys());
    try {
      const listed = new Set(listedLegs(await connection.api('show channels as json')));
      const isMissing = [...before].some((uuid) => !listed.has(uuid) && this.#calls.has(uuid));
      const isNew = [...listed].some(
        (uuid) => !this.#calls.has(uuid) && this.legs.get(uuid) === undefined,
      );
      if (isMissing || isNew || this.#mustLookAgain) await this.#reconcile(connection);
    } catch (error) {
      this.#options.log.debug({ reason: messageOf(error) }, 'heartbeat check failed');
    }
  }
}

function isRepeatable(command: string): boolean {
  return /^(uuid_setvar|uuid_setvar_multi|uuid_exists|uuid_dump|uuid_getvar|show) /.test(command);
}

function ended(...signals: AbortSignal[]): Promise<void> {
  const signal = AbortSignal.any(signals);
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
