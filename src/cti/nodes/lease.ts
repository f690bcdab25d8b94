import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../core/log.ts';
import { isUnreachable, type HeldLock } from '../../db/index.ts';
import { ignore } from '../../core/ignore.ts';
import { pause } from '../../core/concurrency/wait.ts';
import { driverVariable } from './switch-names.ts';

const lostLock = 'the connection that held the lock is gone, and the lock with it';

/**
 * One service drives one switch. Services of one installation settle it by a lock in their database, which
 * is free the moment its holder dies. Services that share a switch but no database (a test system with
 * the address of the real one) settle it by a variable on the switch, `lt_driver`: installation, then a
 * number that counts up while its owner lives. See docs/protocol/driving.md.
 */
export interface LeaseOptions {
  node: string;
  /** Differs between installations, stays over restarts; letters, digits and `-`. */
  installation: string;
  takeLock: (name: string, onWait: () => void, signal: AbortSignal) => Promise<HeldLock>;
  log: Log;
}

type Api = (command: string) => Promise<string>;

/** Another installation's mark that has not changed for so long is that of a dead service. */
const deadAfterMs = 15_000;
const lookEveryMs = 2000;

export class Lease {
  readonly #options: LeaseOptions;
  #lock: HeldLock | undefined;
  #mark = '';
  /** The switch that the lock is for, whatever name or address it was reached by. */
  #coreUuid = '';
  /** Of the latest claim: the lock outlives the connection for which it was taken. */
  #signal: AbortSignal = AbortSignal.abort();

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /**
   * Resolves when this service is the one that drives; until then it stands by.
   *
   * @param onStandby told when another one is found to drive.
   */
  async claim(api: Api, signal: AbortSignal, onStandby: () => void): Promise<void> {
    const { log, node } = this.#options;
    this.#signal = signal;
    const coreUuid = await api('global_getvar core_uuid');
    if (coreUuid !== this.#coreUuid) {
      const old = this.#lock;
      this.#lock = undefined;
      if (old !== undefined) await ignore(old.release(), lostLock);
      this.#coreUuid = coreUuid;
    }
    this.#lock ??= await this.#takeIfAble(signal, () => {
      log.warn({ node }, 'another service drives this switch; this one stands by');
      onStandby();
    });
    let seen = '';
    let since = Date.now();
    let isTold = false;
    for (;;) {
      signal.throwIfAborted();
      const mark = await api(`global_getvar ${driverVariable}`);
      if (mark !== seen) {
        seen = mark;
        since = Date.now();
      }
      const isFree = mark === '' || mark === 'none' || this.#isOurs(mark);
      if ((isFree || Date.now() - since >= deadAfterMs) && (await this.#set(api, mark))) {
        if (this.#lock === undefined) void this.#again(signal);
        return;
      }
      if (!isFree && !isTold) {
        isTold = true;
        log.warn({ node }, 'another installation drives this switch; this one stands by');
        onStandby();
      }
      await delay(lookEveryMs, undefined, { signal });
    }
  }

  /** False when somebody else drives now. */
  async renew(api: Api): Promise<boolean> {
    return this.#set(api, this.#mark);
  }

  /** Lets the next one in at once. */
  async release(api: Api | undefined): Promise<void> {
    if (api !== undefined && this.#mark !== '') {
      await ignore(
        api(`global_setvar ${driverVariable}=none=${this.#mark}`),
        'the next service takes over when the lease has run out',
      );
    }
    this.#mark = '';
    if (this.#lock !== undefined) await ignore(this.#lock.release(), lostLock);
    this.#lock = undefined;
  }

  /** After a defeat: the next `claim` begins anew. */
  drop(): void {
    this.#mark = '';
    if (this.#lock !== undefined) void ignore(this.#lock.release(), lostLock);
    this.#lock = undefined;
  }

  #isOurs(mark: string): boolean {
    return mark.startsWith(`${this.#options.installation}.`);
  }

  /** Compare and set, in one command of the switch; whether it held is seen by reading it back. */
  async #set(api: Api, from: string): Promise<boolean> {
    const count = Number(from.split('.').at(-1)) || 0;
    const mark = `${this.#options.installation}.${process.pid}.${count + 1}`;
    const condition = from === '' ? '' : `=${from}`;
    await api(`global_setvar ${driverVariable}=${mark}${condition}`);
    if ((await api(`global_getvar ${driverVariable}`)) !== mark) return false;
    this.#mark = mark;
    return true;
  }

  /** When the database drops the lock, it is taken again quietly; whoever got in between shows in `renew`. */
  async #take(signal: AbortSignal, onWait: () => void): Promise<HeldLock> {
    const lock = await this.#options.takeLock(`lingting switch ${this.#coreUuid}`, onWait, signal);
    lock.lost.addEventListener(
      'abort',
      () => {
        if (this.#lock !== lock) return;
        this.#lock = undefined;
        this.#options.log.warn({ node: this.#options.node }, 'lease lock lost; taking it again');
        void this.#again(this.#signal);
      },
      { once: true },
    );
    return lock;
  }

  /** Without a database the mark on the switch decides alone: callers must not wait for both. */
  async #takeIfAble(signal: AbortSignal, onWait: () => void): Promise<HeldLock | undefined> {
    try {
      return await this.#take(signal, onWait);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      return undefined;
    }
  }

  async #again(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#mark !== '' && this.#lock === undefined) {
      const lock = await ignore(
        this.#take(signal, () => undefined),
        'the database is away; asked again soon',
      );
      // One that a newer claim has taken meanwhile stays.
      if (lock === undefined) await pause(lookEveryMs, signal);
      else this.#lock = lock;
    }
  }
}
