import { sourceOf } from '../../../core/addresses.ts';
import type { Refusals, SipLimits } from './limits.ts';

/** All connections that others opened to us, over all transports that have connections. */
export const maxConnections = 2000;
/** One that has proved itself says something at least so often: keep-alives, registrations. */
const provenIdleMs = 3_600_000;

/** What a transport tells of one of its connections. */
export interface Admission {
  /** A whole message came. */
  onMessage(): void;
  /** True while a message has begun and is not whole. */
  setUnfinished(isUnfinished: boolean): void;
  /** A telephone logged in on it. */
  prove(): void;
  /** It is closed. */
  release(): void;
}

interface Entry {
  source: string;
  close: () => void;
  isInUse: () => boolean;
  isProven: boolean;
  hasSpoken: boolean;
  lastMessageAt: number;
  unfinishedSince: number | undefined;
}

export interface ConnectionGuardOptions {
  limits: SipLimits;
  refusals: Refusals;
  now?: () => number;
}

/**
 * Who may hold a connection, and for how long. An address has so many on which nobody has logged in; a connection
 * must say something whole within seconds; and when all places are taken, whoever has proved nothing for the
 * longest time makes room.
 */
export class ConnectionGuard {
  readonly #options: ConnectionGuardOptions;
  readonly #now: () => number;
  readonly #entries = new Set<Entry>();
  readonly #unproven = new Map<string, number>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(options: ConnectionGuardOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const everyMs = Math.min(1000, (options.limits.unfinishedSec * 1000) / 2);
    this.#sweeper = setInterval(() => this.sweep(), everyMs);
    this.#sweeper.unref();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Undefined when there is no place for it; the caller closes it. `isInUse`: a call or a registration runs on it. */
  admit(host: string, close: () => void, isInUse: () => boolean): Admission | undefined {
    const { limits, refusals } = this.#options;
    const source = sourceOf(host);
    const held = this.#unproven.get(source) ?? 0;
    if (held >= limits.connections) {
      refusals.count('connections', source);
      return undefined;
    }
    if (this.#entries.size >= maxConnections && !this.#makeRoom()) {
      refusals.count('connections', source);
      return undefined;
    }
    const now = this.#now();
    const entry: Entry = {
      ...{ source, close, isInUse, isProven: false, hasSpoken: false },
      ...{ lastMessageAt: now, unfinishedSince: undefined },
    };
    this.#entries.add(entry);
    this.#unproven.set(source, held + 1);
    return {
      onMessage: () => {
        entry.hasSpoken = true;
        entry.lastMessageAt = this.#now();
        entry.unfinishedSince = undefined;
      },
      setUnfinished: (isUnfinished) => {
        entry.unfinishedSince = isUnfinished ? (entry.unfinishedSince ?? this.#now()) : undefined;
      },
      prove: () => this.#prove(entry),
      release: () => this.#release(entry),
    };
  }

  /** Closes what has been idle or unfinished for too long. */
  sweep(): void {
    const { refusals } = this.#options;
    for (const entry of [...this.#entries]) {
      const reason = this.#overdue(entry);
      if (reason === undefined) continue;
      refusals.count(reason, entry.source);
      this.#release(entry);
      entry.close();
    }
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  #overdue(entry: Entry): 'unfinished' | 'idle' | undefined {
    const { unfinishedSec, idleSec } = this.#options.limits;
    const now = this.#now();
    if (entry.unfinishedSince !== undefined && now - entry.unfinishedSince > unfinishedSec * 1000) {
      return 'unfinished';
    }
    const idleMs = now - entry.lastMessageAt;
    if (entry.isProven) return idleMs > provenIdleMs && !entry.isInUse() ? 'idle' : undefined;
    if (!entry.hasSpoken) return idleMs > unfinishedSec * 1000 ? 'unfinished' : undefined;
    return idleMs > idleSec * 1000 && !entry.isInUse() ? 'idle' : undefined;
  }

  #makeRoom(): boolean {
    for (const entry of this.#entries) {
      if (entry.isProven || entry.isInUse()) continue;
      this.#release(entry);
      entry.close();
      return true;
    }
    return false;
  }

  #prove(entry: Entry): void {
    if (entry.isProven || !this.#entries.has(entry)) return;
    entry.isProven = true;
    this.#countDown(entry.source);
  }

  #release(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    if (!entry.isProven) this.#countDown(entry.source);
  }

  #countDown(source: string): void {
    const held = (this.#unproven.get(source) ?? 1) - 1;
    if (held > 0) this.#unproven.set(source, held);
    else this.#unproven.delete(source);
  }
}
