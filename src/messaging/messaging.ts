import { Counter } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Db, MessageChannel, Pool } from '../db/index.ts';
import type { Author, Purpose, WordsNow } from './authors.ts';
import { Carriers, type CarrierSettings } from './carriers/carriers.ts';
import type { Carrier } from './carriers/carrier.ts';
import {
  deliver,
  deliverSoon,
  type Compose,
  type Delivered,
  type DeliveryParts,
} from './delivery/deliver.ts';
import type { MessageReason } from './delivery/message.states.ts';
import { giveUpOn, withdraw, writeMessage, type OutboundMessage } from './delivery/messages.ts';
import { resumeMessages } from './delivery/resume.ts';
import { Inbox } from './inbox.ts';
import { isAskedFor, limitFacts } from './limits/facts.ts';
import { mayWrite, type LimitSettings } from './limits/limits.ts';

export interface MessagingOptions extends CarrierSettings {
  db: Pool;
  clock: Clock;
  log: Log;
  limits: LimitSettings;
}

/**
 * `new`: deliver it after commit. `known`: the same key wrote it before. `limited`: the person asked for it, and a limit
 * keeps it from going out, so that nothing was written.
 */
export type Written = { is: 'new'; id: string } | { is: 'known' } | { is: 'limited' };

/**
 * The one sender of texts, mails and messages by fax. Whoever writes to people does so by it, and it obeys the same
 * limits for all of them (`limits/limits.ts`): do-not-call list, what people chose, hours, messages to one address in a
 * day, and how much a carrier takes at once.
 */
export class Messaging {
  /** What carriers and people tell us. */
  readonly inbox: Inbox;
  readonly metric = new Counter({
    name: 'lingting_messages_total',
    help: 'Messages that were handed to a carrier, by what came of it, or held back, by the limit',
    labelNames: ['channel', 'result'],
    registers: [],
  });
  readonly #parts: DeliveryParts;
  readonly #authors = new Map<Purpose, Author>();

  constructor({ db, clock, log, limits, mail, sms }: MessagingOptions) {
    const carriers = new Carriers({ mail, sms }, limits.perSecond, log);
    this.#parts = { db, clock, log, limits, carriers, metric: this.metric };
    this.inbox = new Inbox({ db, clock, log, authors: this.#authors });
  }

  /** Whether the channel is set up at all. */
  has(channel: MessageChannel): boolean {
    return this.#parts.carriers.has(channel);
  }

  /** A part above carries this channel. */
  provide(channel: MessageChannel, carrier: Carrier): void {
    this.#parts.carriers.provide(channel, carrier);
  }

  /** A part above has messages of this purpose written, and hears what became of them. */
  register(purpose: Purpose, author: Author): void {
    if (this.#authors.has(purpose)) throw new Error(`two would write messages of "${purpose}"`);
    this.#authors.set(purpose, author);
  }

  /** Writes a message down, once for its key. */
  async write(db: Db, message: OutboundMessage): Promise<Written> {
    const now = this.#parts.clock.now();
    if (isAskedFor(message.purpose)) {
      if (await isKnown(db, message.onceKey)) return { is: 'known' };
      const verdict = mayWrite(await this.#facts(db, message));
      if (!verdict.may) {
        this.metric.inc({ channel: message.channel, result: verdict.limit });
        return { is: 'limited' };
      }
    }
    const id = await writeMessage(db, message, now);
    return id === undefined ? { is: 'known' } : { is: 'new', id };
  }

  /** One try of a message, with the words of this moment. Undefined when there was nothing to try. */
  deliver(id: string, compose?: Compose): Promise<Delivered | undefined> {
    return deliver(this.#parts, id, compose);
  }

  /** A try in the background, further ones by the minute's job. */
  deliverSoon(id: string): void {
    deliverSoon(this.#parts, id);
  }

  /** Whoever sent it died in the middle. */
  giveUpOn(id: string): Promise<void> {
    return giveUpOn(this.#parts, id);
  }

  /** Not sent, and for a reason that lies with us. */
  withdraw(id: string, reason: MessageReason): Promise<void> {
    return withdraw(this.#parts, id, reason);
  }

  /** Every minute: what waits or was left lying, and belongs to no chain. */
  resume(): Promise<void> {
    return resumeMessages(this.#parts);
  }

  /** What a message says at this moment, as whoever had it written knows. */
  async wordsNow(id: string): Promise<WordsNow> {
    const row = await this.#parts.db
      .selectFrom('outboundMessage')
      .select('purpose')
      .where('id', '=', id)
      .executeTakeFirst();
    const author = row === undefined ? undefined : this.#authors.get(row.purpose);
    return author === undefined ? { do: 'drop' } : author.wordsNow(id);
  }

  #facts(db: Db, message: OutboundMessage) {
    const { clock, limits } = this.#parts;
    return limitFacts(db, message, clock.now(), limits.perAddress);
  }
}

async function isKnown(db: Db, onceKey: string): Promise<boolean> {
  const row = await db
    .selectFrom('outboundMessage')
    .select('id')
    .where('onceKey', '=', onceKey)
    .executeTakeFirst();
  return row !== undefined;
}
