import type { Log } from '../log.ts';

/** An event as it stands in the outbox. */
export interface StoredEvent {
  /** Grows; the same event always has the same. */
  id: number;
  name: string;
  payload: unknown;
  at: Date;
}

export type EventHandler<Payload> = (
  payload: Payload,
  meta: { id: number; at: Date },
) => void | Promise<void>;

type AnyHandler = EventHandler<never>;
type Handlers = Map<string, Set<AnyHandler>>;

/** One slow subscriber must not hold up the events behind it for ever. */
const handlerLimitMs = 10_000;

/**
 * Hands events that have happened to those who want to know, typed by an event map.
 * A subscriber that throws is logged and does not silence the others.
 */
export class EventBus<Events> {
  readonly #durable: Handlers = new Map();
  readonly #watching: Handlers = new Map();
  readonly #gapHandlers: (() => void)[] = [];
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * For consequences (a reminder, a statistic): called in one process, at least once, in order, so
   * it must bear a repetition. Keep it short; work that may fail belongs in a job.
   */
  on<Name extends keyof Events & string>(
    name: Name,
    handler: EventHandler<Events[Name]>,
  ): () => void {
    return add(this.#durable, name, handler);
  }

  /** For screens and caches: called in every process, at most once. */
  watch<Name extends keyof Events & string>(
    name: Name,
    handler: EventHandler<Events[Name]>,
  ): () => void {
    return add(this.#watching, name, handler);
  }

  /** After this, watchers may have missed events: they ask for a fresh picture. */
  onGap(handler: () => void): void {
    this.#gapHandlers.push(handler);
  }

  /** Calls the subscribers of `on`; resolves when all are done, failed or too slow. */
  async deliver(event: StoredEvent): Promise<void> {
    await Promise.all(this.#run(this.#durable, event));
  }

  /** Calls the subscribers of `watch`, without waiting for them. */
  tell(event: StoredEvent): void {
    void Promise.all(this.#run(this.#watching, event));
  }

  tellGap(): void {
    for (const handler of this.#gapHandlers) {
      try {
        handler();
      } catch (error) {
        this.#log.error({ err: error }, 'event subscriber failed after a gap');
      }
    }
  }

  #run(handlers: Handlers, event: StoredEvent): Promise<void>[] {
    return [...(handlers.get(event.name) ?? [])].map((handler) => this.#call(handler, event));
  }

  async #call(handler: AnyHandler, { id, name, payload, at }: StoredEvent): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new Error(`it took longer than ${handlerLimitMs} ms`);
      timer = setTimeout(() => reject(error), handlerLimitMs);
    });
    try {
      await Promise.race([Promise.resolve(handler(payload as never, { id, at })), late]);
    } catch (error) {
      this.#log.error({ err: error, event: name, eventId: id }, 'event subscriber failed');
    } finally {
      clearTimeout(timer);
    }
  }
}

function add(handlers: Handlers, name: string, handler: AnyHandler): () => void {
  const set = handlers.get(name) ?? new Set();
  handlers.set(name, set.add(handler));
  return () => void set.delete(handler);
}
