import { backoffMs } from '../../core/concurrency/backoff.ts';
import { aborted, pause } from '../../core/concurrency/wait.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ExecuteMessage } from '../call/link.ts';
import { EslConnection, type EslAddress, type EslEvent } from '../esl/connection.ts';
import { SwitchDownError } from '../esl/esl.errors.ts';
import type { Lease } from './lease.ts';
import { isRepeatable } from './repeatable.ts';

/** What a node does at each turn of its connection. */
export interface Follower {
  onEvent(event: EslEvent): void;
  /** This service drives the switch; awaited before anybody on it is met. */
  onDriving(): Promise<void>;
  /**
   * A new connection that is ours, before commands of others use it: subscribes first and compares what is known with
   * what is there then, so that nothing falls between the two.
   */
  onConnect(connection: EslConnection): Promise<void>;
  /** Commands of others use it from here on. */
  onReady(): void;
  /** The switch has answered, and the lease is ours. */
  onBeat(connection: EslConnection): Promise<void>;
  onTick(connection: EslConnection): void;
  /** Before an orderly end. */
  onLeave(): void;
  /** Another service drives the switch; its calls go on there. */
  onLetGo(): void;
  callCount(): number;
}

export interface ConnectionParts {
  name: string;
  address: EslAddress;
  /** Who drives this switch, when several services want to. */
  lease: Lease;
  log: Log;
  follower: Follower;
}

/** How often the lease is renewed, and the legs are counted. */
const beatMs = 3000;
/** How often the dead-man timers are looked at. */
const tickMs = 1000;
/** How long a command waits for a lost connection to come back. */
const patienceMs = 30_000;

/** The way to one switch: connected again whenever it is lost, driven while the lease is ours. */
export class SwitchConnection {
  readonly #parts: ConnectionParts;
  readonly #stopping = new AbortController();
  readonly #waiters = new Set<() => void>();
  /** The connection, from the moment on at which it is ours; `#ready` is set when all is compared. */
  #early: EslConnection | undefined;
  #ready: EslConnection | undefined;
  #isStandby = false;
  #coreUuid = '';

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  /** Connected, but another service drives. */
  get isStandby(): boolean {
    return this.#isStandby;
  }

  /** For commands that do not wait for a reconnect; undefined while it is lost or not yet looked through. */
  get now(): EslConnection | undefined {
    return this.#ready;
  }

  /** As `now`, and while what is there is being compared. */
  get early(): EslConnection | undefined {
    return this.#early;
  }

  /** Connects, and reconnects for ever; resolves when stopped, and holds nothing then. */
  async run(): Promise<void> {
    await this.#keepConnected();
    // One that stood by, or whose switch is away, has not left in order.
    await this.#parts.lease.release(undefined);
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Waits for a reconnect. Throws `switch.down` when there is none in time. */
  async api(command: string): Promise<string> {
    const connection = await this.#up();
    try {
      return await connection.api(command);
    } catch (error) {
      if (!(error instanceof SwitchDownError) || !isRepeatable(command)) throw error;
      return (await this.#up()).api(command);
    }
  }

  /** @param onSent told once the command is on its way. */
  async background(command: string, jobUuid: string, onSent?: () => void): Promise<void> {
    const done = (await this.#up()).background(command, jobUuid);
    // The connection writes at the end of this turn.
    if (onSent !== undefined) setImmediate(onSent);
    await done;
  }

  async send(messages: readonly ExecuteMessage[]): Promise<string> {
    const connection = await this.#up();
    const replies = await Promise.all(messages.map((one) => connection.sendMessage(one)));
    return replies[0] ?? '';
  }

  #up(): Promise<EslConnection> {
    if (this.#ready !== undefined) return Promise.resolve(this.#ready);
    return new Promise((resolve, reject) => {
      const done = () => {
        if (this.#ready === undefined) return;
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve(this.#ready);
      };
      const timer = setTimeout(() => {
        this.#waiters.delete(done);
        reject(new SwitchDownError());
      }, patienceMs);
      this.#waiters.add(done);
    });
  }

  async #keepConnected(): Promise<void> {
    const { log, address, name, follower } = this.#parts;
    let failures = 0;
    while (!this.#isStopping()) {
      try {
        const connection = await EslConnection.open(address, (event) => follower.onEvent(event));
        try {
          await this.#claim(connection);
          await this.#lookThrough(connection);
          log.info({ node: name, calls: follower.callCount() }, 'switch connected');
          failures = 0;
          await this.#serve(connection);
        } finally {
          this.#ready = undefined;
          this.#early = undefined;
          connection.close();
        }
        if (this.#isStopping()) return;
        log.warn({ node: name, calls: follower.callCount() }, 'switch connection lost');
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
    const { lease, follower } = this.#parts;
    const signal = AbortSignal.any([connection.closed, this.#stopping.signal]);
    this.#isStandby = true;
    try {
      const api = (command: string) => connection.api(command);
      await lease.claim(api, signal, () => follower.onLetGo());
    } finally {
      this.#isStandby = false;
    }
    await follower.onDriving();
  }

  async #lookThrough(connection: EslConnection): Promise<void> {
    const { log, name, follower } = this.#parts;
    const coreUuid = await connection.api('global_getvar core_uuid');
    if (this.#coreUuid !== '' && this.#coreUuid !== coreUuid) {
      log.warn({ node: name }, 'switch restarted; its calls are gone');
    }
    this.#coreUuid = coreUuid;
    this.#early = connection;
    await follower.onConnect(connection);
    this.#ready = connection;
    follower.onReady();
    for (const waiter of [...this.#waiters]) waiter();
  }

  /** Until the connection is lost or the service ends. */
  async #serve(connection: EslConnection): Promise<void> {
    const { lease, follower } = this.#parts;
    const timers = [
      setInterval(() => void this.#beat(connection), beatMs),
      setInterval(() => follower.onTick(connection), tickMs),
    ];
    await aborted(AbortSignal.any([connection.closed, this.#stopping.signal]));
    for (const timer of timers) clearInterval(timer);
    if (!this.#isStopping()) return;
    // An orderly end: the next service finds timers that are whole, and need not wait for ours.
    follower.onLeave();
    await lease.release((command) => connection.api(command));
  }

  async #beat(connection: EslConnection): Promise<void> {
    const { lease, follower, log } = this.#parts;
    try {
      if (await lease.renew((command) => connection.api(command))) {
        await follower.onBeat(connection);
      } else this.#stepDown(connection);
    } catch (error) {
      log.debug({ reason: messageOf(error) }, 'beat failed');
    }
  }

  /** Another service took the switch, for instance while this one was stopped for a while. */
  #stepDown(connection: EslConnection): void {
    const { log, lease, name, follower } = this.#parts;
    log.error(
      { node: name, calls: follower.callCount() },
      'another service took this switch; this one lets go of its calls and stands by',
    );
    lease.drop();
    connection.close();
    follower.onLetGo();
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}
