import type { RelayState } from './contract/codes.ts';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { EventBus, type StoredEvent } from './core/messages/bus.ts';
import { Jobs, type JobsState } from './core/jobs/jobs.ts';
import type { Log } from './core/log.ts';
import type { Messages } from './core/messages/messages.ts';
import { openRedisMessages } from './core/messages/redis-messages.ts';
import {
  DatabaseLink,
  openPostgresMessages,
  OutboxRelay,
  type Pool,
  SteadyClient,
} from './db/index.ts';
import type { EventMap } from './events.ts';
import { jobConcurrency, jobDefinitions } from './jobs.ts';

/** What the parts of one installation share: jobs, messages between processes, events. */
export interface Backbone {
  readonly jobs: Jobs<typeof jobDefinitions>;
  readonly messages: Messages;
  readonly events: EventBus<EventMap>;
  /** A connection of this process's own, for locks that end with it. */
  readonly link: DatabaseLink;
  /** Begins to work; whoever wants to hear events or do jobs (`app/job-handlers.ts`) has said so by now. */
  start(): Promise<void>;
  state(): Promise<BackboneState>;
  close(): Promise<void>;
}

export interface BackboneState {
  jobs: JobsState;
  messages: { store: 'postgres' | 'redis'; state: 'up' | 'down' };
  events: { state: RelayState };
}

export interface BackboneOptions {
  db: Pool;
  databaseUrl: string;
  redisUrl: string | undefined;
  log: Log;
}

const topic = 'events';
const storedEvents = Type.Array(
  Type.Object({
    id: Type.Integer(),
    name: Type.String(),
    payload: Type.Unknown(),
    at: Type.String(),
  }),
);

export async function openBackbone(options: BackboneOptions): Promise<Backbone> {
  const { db, databaseUrl, redisUrl, log } = options;
  const link = new DatabaseLink({ url: databaseUrl, name: 'lingting link', log });
  await link.open();
  const messages =
    redisUrl === undefined
      ? openPostgresMessages(db, link, log)
      : await openRedisMessages(redisUrl, log);
  const events = new EventBus<EventMap>(log);
  await messages.subscribe(topic, (payload) => {
    for (const event of decode(payload)) events.tell(event);
  });
  messages.onGap(() => events.tellGap());
  const relay = new OutboxRelay({
    url: databaseUrl,
    log,
    // Screens may miss an event while the messages are away; consequences may not.
    announce: (all) => messages.publish(topic, all),
    deliver: (event) => events.deliver(event),
  });
  const jobs = new Jobs(jobDefinitions, {
    store:
      redisUrl === undefined
        ? { kind: 'postgres', url: databaseUrl, Client: SteadyClient }
        : { kind: 'redis', url: redisUrl },
    log,
    concurrency: jobConcurrency,
  });
  return {
    jobs,
    messages,
    events,
    link,
    async start() {
      await jobs.start();
      await relay.open();
    },
    state: async () => ({
      jobs: await jobs.state(),
      messages: { store: messages.store, state: messages.isUp ? 'up' : 'down' },
      events: { state: relay.state },
    }),
    async close() {
      await relay.close();
      await jobs.close();
      await messages.close();
      await link.close();
    },
  };
}

function decode(payload: unknown): StoredEvent[] {
  return Value.Parse(storedEvents, payload).map((event) => ({ ...event, at: new Date(event.at) }));
}
