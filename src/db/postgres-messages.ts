import { sql } from 'kysely';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { channelOf, MessageError, Subscribers, type Messages } from '../core/messages/messages.ts';
import type { Pool } from './database.ts';
import type { DatabaseLink } from './link.ts';
import { ignore } from '../core/ignore.ts';

/** NOTIFY carries less than 8000 bytes; what is longer goes through a table. */
const maxInlineBytes = 7900;
/** A sender who is so far ahead of the database is told. */
const maxPending = 10_000;

/** Messages by LISTEN/NOTIFY: the pool speaks, the link listens. A text begins with `=` or `@`. */
export function openPostgresMessages(db: Pool, link: DatabaseLink, log: Log): Messages {
  const subscribers = new Subscribers(log);
  let wasUp = link.isUp;
  link.onUp(() => {
    if (wasUp) subscribers.tellGap();
    wasUp = true;
  });

  // One after the other, in both directions: that is what keeps the order.
  let speaking: Promise<void> = Promise.resolve();
  let hearing: Promise<void> = Promise.resolve();
  let pending = 0;
  const hear = (channel: string) => (text: string) => {
    hearing = hearing.then(async () => {
      const json = text.startsWith('@') ? await fetchLong(db, text.slice(1)) : text.slice(1);
      if (json === undefined) log.warn({ channel }, 'large message expired before it was read');
      else subscribers.deliver(channel, json);
    });
    hearing = hearing.catch((error: unknown) => {
      log.warn({ channel, reason: messageOf(error) }, 'large message not read');
    });
  };

  return {
    store: 'postgres',
    get isUp() {
      return link.isUp;
    },
    async publish(topic, payload) {
      const channel = channelOf(topic);
      const json = JSON.stringify(payload);
      if (pending >= maxPending) {
        throw new MessageError('messages.not_sent', 'Too many messages wait for the database.');
      }
      pending += 1;
      const sent = speaking.then(() => notify(db, channel, json));
      speaking = ignore(sent, 'told to whoever sent it').finally(() => {
        pending -= 1;
      });
      await sent.catch((error: unknown) => {
        const why = `The database is away: ${messageOf(error)}`;
        throw new MessageError('messages.not_sent', why, error);
      });
    },
    async subscribe(topic, handler) {
      const channel = channelOf(topic);
      const isNew = !subscribers.has(channel);
      subscribers.add(channel, handler);
      if (isNew) await link.listen(channel, hear(channel));
      return async () => {
        if (subscribers.remove(channel, handler)) await link.unlisten(channel);
      };
    },
    onGap: (handler) => subscribers.onGap(handler),
    close: () => hearing,
  };
}

async function notify(db: Pool, channel: string, json: string): Promise<void> {
  if (Buffer.byteLength(json) <= maxInlineBytes) {
    await sql`select pg_notify(${channel}, ${`=${json}`})`.execute(db);
    return;
  }
  await sql`
    with long as (insert into message (payload) values (${json}) returning id)
    select pg_notify(${channel}, '@' || id) from long
  `.execute(db);
}

async function fetchLong(db: Pool, id: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('message')
    .select('payload')
    .where('id', '=', Number(id))
    .executeTakeFirst();
  return row?.payload;
}
