import { Redis } from 'ioredis';
import { backoffMs } from '../concurrency/backoff.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { channelOf, MessageError, Subscribers, type Messages } from './messages.ts';

/** Messages by Redis pub/sub: one connection speaks, one listens. */
export async function openRedisMessages(url: string, log: Log): Promise<Messages> {
  const subscribers = new Subscribers(log);
  const options = {
    lazyConnect: true,
    enableOfflineQueue: false,
    // We subscribe again ourselves, to know when every topic is heard.
    autoResubscribe: false,
    keepAlive: 10_000,
    retryStrategy: (times: number) => backoffMs(times, Math.random()),
  };
  const speaker = new Redis(url, options);
  const listener = new Redis(url, options);
  let isHearing = false;
  let wasHearing = false;
  let lastComplaint = 0;
  const complain = (error: unknown) => {
    if (Date.now() - lastComplaint < 5000) return;
    lastComplaint = Date.now();
    log.warn({ reason: messageOf(error) }, 'redis error');
  };
  const hear = async () => {
    const { channels } = subscribers;
    if (channels.length > 0) await listener.subscribe(...channels);
    isHearing = true;
    if (wasHearing) subscribers.tellGap();
    wasHearing = true;
  };
  speaker.on('error', complain);
  listener.on('error', complain);
  listener.on('close', () => (isHearing = false));
  listener.on('ready', () => void hear().catch(complain));
  listener.on('message', (channel: string, json: string) => subscribers.deliver(channel, json));
  await Promise.all([speaker, listener].map((one) => one.connect().catch(complain)));

  return {
    store: 'redis',
    get isUp() {
      return isHearing && speaker.status === 'ready';
    },
    async publish(topic, payload) {
      const channel = channelOf(topic);
      try {
        await speaker.publish(channel, JSON.stringify(payload));
      } catch (error) {
        throw new MessageError('messages.not_sent', `Redis is away: ${messageOf(error)}`, error);
      }
    },
    async subscribe(topic, handler) {
      const channel = channelOf(topic);
      const isNew = !subscribers.has(channel);
      subscribers.add(channel, handler);
      // While Redis is away, `hear` does it with the next connect.
      if (isNew && listener.status === 'ready') await listener.subscribe(channel);
      return async () => {
        const isLast = subscribers.remove(channel, handler);
        if (isLast && listener.status === 'ready') await listener.unsubscribe(channel);
      };
    },
    onGap: (handler) => subscribers.onGap(handler),
    close() {
      speaker.disconnect();
      listener.disconnect();
      return Promise.resolve();
    },
  };
}
