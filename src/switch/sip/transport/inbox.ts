import type { Flow } from './transport.types.ts';

/** So long may messages be worked on before timers, which send the audio, have their turn. */
const turnMs = 4;
/** Messages of strangers, and of trunks and telephones, that wait for a turn. */
const maxWaiting = 2000;

interface Waiting {
  bytes: Buffer;
  flow: Flow;
}

export interface InboxOptions {
  handle: (bytes: Buffer, flow: Flow) => void;
  /** A trunk or a telephone, which goes first. */
  isKnown: (flow: Flow) => boolean;
  /** There are too many. */
  onDropped: (flow: Flow) => void;
  now?: () => number;
  /** Calls back once timers had their turn. */
  later?: (work: () => void) => void;
}

/**
 * What comes in, in turns: a few milliseconds of work at a time, so that audio is not late for a flood of messages.
 * What is left waits, trunks and telephones before strangers; of too much that waits the newest is dropped.
 */
export class Inbox {
  readonly #handle: InboxOptions['handle'];
  readonly #options: InboxOptions;
  readonly #now: () => number;
  readonly #later: (work: () => void) => void;
  readonly #known: Waiting[] = [];
  readonly #strangers: Waiting[] = [];
  readonly #drain = () => this.#onTurn();
  #spentMs = 0;
  #isArmed = false;
  #isClosed = false;

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#handle = options.handle;
    this.#now = options.now ?? (() => performance.now());
    this.#later = options.later ?? setImmediate;
  }

  push(bytes: Buffer, flow: Flow): void {
    this.#arm();
    const isFree = this.#known.length + this.#strangers.length === 0;
    if (isFree && this.#spentMs < turnMs) this.#work({ bytes, flow });
    else this.#wait({ bytes, flow });
  }

  close(): void {
    this.#isClosed = true;
    this.#known.length = 0;
    this.#strangers.length = 0;
  }

  #wait(one: Waiting): void {
    const { isKnown, onDropped } = this.#options;
    const queue = isKnown(one.flow) ? this.#known : this.#strangers;
    if (queue.length >= maxWaiting) onDropped(one.flow);
    else queue.push(one);
  }

  #work({ bytes, flow }: Waiting): void {
    const since = this.#now();
    this.#handle(bytes, flow);
    this.#spentMs += this.#now() - since;
  }

  #arm(): void {
    if (this.#isArmed || this.#isClosed) return;
    this.#isArmed = true;
    this.#later(this.#drain);
  }

  #onTurn(): void {
    this.#isArmed = false;
    this.#spentMs = 0;
    for (const queue of [this.#known, this.#strangers]) {
      let done = 0;
      while (done < queue.length && this.#spentMs < turnMs) {
        const next = queue[done];
        done += 1;
        if (next !== undefined) this.#work(next);
      }
      queue.splice(0, done);
    }
    if (this.#known.length + this.#strangers.length > 0) this.#arm();
  }
}
