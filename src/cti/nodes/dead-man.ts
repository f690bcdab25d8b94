import { unattendedPlace } from './switch-names.ts';

/**
 * The dead-man timers of one switch. Each leg that waits for us carries one on the switch itself; when
 * nobody renews it, the switch moves the caller to an apology (`freeswitch-conf/dialplan/lingting.xml`).
 * A bridged leg has none: two people who talk need no service.
 */

const unattended = `${unattendedPlace.extension} XML ${unattendedPlace.context}`;

/** Renewed when so much of it has gone: a lost connection of ten seconds never comes near the end. */
const renewAfterShare = 1 / 3;
/**
 * New legs come with a shorter one, set by the dialplan (`lt_first_wait`, 8 s). Replaced soon, since a service
 * that dies right after a call has come in needs longer than that to start anew; but not at once, since most
 * of the callers who hang up in the first greeting then cost nothing.
 */
const firstRenewAfterMs = 2000;
const firstIsLateAfterMs = 7000;
/** Commands to the switch take their time, and so do its timers. */
const marginMs = 2000;

/** What the switch does to a leg whose timer runs out. */
export type LastWish = 'apologise' | 'hang up';

interface Timer {
  setAt: number;
  isFirst: boolean;
  wish: LastWish;
}

export interface DeadManOptions {
  /** How long a leg survives without us, in seconds; `lt_wait` of the dialplan is the same. */
  patienceSec: number;
  /** Sends commands in one go; their replies do not matter. */
  send: (commands: readonly string[]) => void;
  /** Monotonic milliseconds. */
  now: () => number;
}

export class DeadMan {
  readonly #timers = new Map<string, Timer>();
  readonly #options: DeadManOptions;

  constructor(options: DeadManOptions) {
    this.#options = options;
  }

  /** The dialplan has just set its first timer. */
  watch(uuid: string): void {
    this.#timers.set(uuid, { setAt: this.#options.now(), isFirst: true, wish: 'apologise' });
  }

  /** Sets a whole one. */
  arm(uuid: string, wish: LastWish): void {
    this.#timers.set(uuid, { setAt: this.#options.now(), isFirst: false, wish });
    this.#options.send(armCommands(uuid, wish, this.#options.patienceSec));
  }

  /** Takes it away, whoever set it: the leg talks to somebody. */
  release(uuid: string): void {
    this.#timers.delete(uuid);
    this.#options.send([`sched_del ${uuid}`]);
  }

  /** The leg is gone; the switch drops the timer by itself. */
  forget(uuid: string): void {
    this.#timers.delete(uuid);
  }

  /**
   * Renews what is due; to be called every second. Returns the legs whose timer may have run out because we were late: they must be
   * looked at before anything is done to them.
   */
  beat(): string[] {
    const now = this.#options.now();
    const patienceMs = this.#options.patienceSec * 1000;
    const late: string[] = [];
    for (const [uuid, { setAt, isFirst, wish }] of [...this.#timers]) {
      const age = now - setAt;
      const lateAfterMs = isFirst ? firstIsLateAfterMs : patienceMs - marginMs;
      const renewAfterMs = isFirst ? firstRenewAfterMs : patienceMs * renewAfterShare;
      if (age > lateAfterMs) late.push(uuid);
      else if (age >= renewAfterMs) this.arm(uuid, wish);
    }
    return late;
  }

  /** Before an orderly end: the successor gets all the time there is. */
  armAll(): void {
    for (const [uuid, { wish }] of [...this.#timers]) this.arm(uuid, wish);
  }
}

/** The group of a leg's own timers is its id: everything that was scheduled for it goes first. */
function armCommands(uuid: string, wish: LastWish, patienceSec: number): string[] {
  const timer =
    wish === 'apologise'
      ? `sched_transfer +${patienceSec} ${uuid} ${unattended}`
      : `sched_hangup +${patienceSec} ${uuid} NORMAL_TEMPORARY_FAILURE`;
  return [`sched_del ${uuid}`, timer];
}
