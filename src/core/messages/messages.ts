import { AppError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** Plain data that survives JSON. */
export type MessageHandler = (payload: unknown) => void | Promise<void>;

/**
 * Messages between the processes of one installation, the sender included: at most once, in the
 * order in which one process published them. For screens and caches; what must not be lost goes
 * through the outbox. On Postgres (LISTEN/NOTIFY) or on Redis, with one suite of tests.
 */
export interface Messages {
  readonly store: 'postgres' | 'redis';
  readonly isUp: boolean;
  /** Throws `messages.not_sent` while the store is away; nothing is kept for later. */
  publish(topic: string, payload: unknown): Promise<void>;
  /** Resolves, once it hears, with the way to stop. */
  subscribe(topic: string, handler: MessageHandler): Promise<() => Promise<void>>;
  /** After a gap: messages may have been lost, so ask for a fresh picture. */
  onGap(handler: () => void): void;
  close(): Promise<void>;
}

export class MessageError extends AppError {
  constructor(code: 'messages.bad_topic' | 'messages.not_sent', message: string, cause?: unknown) {
    super({
      code,
      status: code === 'messages.bad_topic' ? 500 : 503,
      message,
      retryable: code === 'messages.not_sent',
      cause,
    });
  }
}

/** The channel of a topic. Both stores take it as it is: Postgres allows 63 bytes. */
export function channelOf(topic: string): string {
  if (!/^[A-Za-z][\w.-]{0,49}$/.test(topic)) {
    throw new MessageError(
      'messages.bad_topic',
      `"${topic}" is no topic: a letter, then up to 49 letters, digits, dots, lines.`,
    );
  }
  return `lingting:${topic}`;
}

/** Who hears what; a handler that throws is logged and does not silence the others. */
export class Subscribers {
  readonly #handlers = new Map<string, Set<MessageHandler>>();
  readonly #gapHandlers: (() => void)[] = [];
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  get channels(): string[] {
    return [...this.#handlers.keys()];
  }

  has(channel: string): boolean {
    return this.#handlers.has(channel);
  }

  add(channel: string, handler: MessageHandler): void {
    const handlers = this.#handlers.get(channel) ?? new Set();
    this.#handlers.set(channel, handlers.add(handler));
  }

  /** True when nobody hears the channel any more. */
  remove(channel: string, handler: MessageHandler): boolean {
    const handlers = this.#handlers.get(channel);
    handlers?.delete(handler);
    return handlers?.size === 0 && this.#handlers.delete(channel);
  }

  onGap(handler: () => void): void {
    this.#gapHandlers.push(handler);
  }

  tellGap(): void {
    for (const handler of this.#gapHandlers) this.#safely('gap', () => handler());
  }

  deliver(channel: string, json: string): void {
    let payload: unknown;
    try {
      payload = JSON.parse(json);
    } catch (error) {
      this.#log.warn({ channel, reason: messageOf(error) }, 'message is not JSON');
      return;
    }
    for (const handler of this.#handlers.get(channel) ?? []) {
      this.#safely(channel, () => handler(payload));
    }
  }

  #safely(channel: string, run: () => void | Promise<void>): void {
    const complain = (error: unknown) =>
      this.#log.error({ err: error, channel }, 'message handler failed');
    try {
      const running = run();
      if (running instanceof Promise) running.catch(complain);
    } catch (error) {
      complain(error);
    }
  }
}
