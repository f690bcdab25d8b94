import type { Db } from '../../db/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { callsToStart, type AbandonCounts } from './pacing.ts';
import { fullBucket, take, type Bucket } from '../../core/concurrency/token-bucket.ts';

/** Agents of campaigns whose people are connected with somebody. */
export interface AgentPool {
  /** Of that queue: ready now, for how long the others are busy, and how many of them are being rung. */
  state(queueId: string): Promise<{ free: number; busyMs: number[]; offered: number }>;
}

/** Attempts that never reached a person's ear. */
const unheard = ['busy', 'no_answer', 'off', 'invalid', 'rejected', 'no_line', 'cancelled', 'lost'];

/** How many calls of a campaign may start now: by its agents, then by calls a second. */
export class Pace {
  readonly #db: Db;
  readonly #agents: AgentPool;
  readonly #buckets = new Map<string, Bucket>();
  #bucket: Bucket;

  /** `callsPerSecond` is of all campaigns together. */
  constructor(db: Db, agents: AgentPool, callsPerSecond: number) {
    this.#db = db;
    this.#agents = agents;
    this.#bucket = fullBucket(callsPerSecond, performance.now());
  }

  /** At most `room`, as many as the mode wants. */
  async wanted({ id, settings }: Campaign, room: number): Promise<number> {
    if (settings.mode === 'automatic') return room;
    // The agent sees the person first, and starts the call by hand.
    if (settings.queueId === null || settings.mode === 'preview') return 0;
    const { free, busyMs, offered } = await this.#agents.state(settings.queueId);
    const { unserved, ...figures } = await this.#figures(id);
    return callsToStart({
      mode: settings.mode,
      freeAgents: free,
      busyMs,
      // Whoever has answered and for whom no telephone rings yet takes the next free agent.
      waiting: Math.max(0, unserved - offered),
      ...figures,
      cap: settings.abandonCap,
      formula: settings.abandonFormula,
      linesFree: room,
    });
  }

  /** What the rates allow of it; what is taken is spent. */
  takeTokens({ id, settings }: Campaign, wanted: number): number {
    const now = performance.now();
    const known = this.#buckets.get(id);
    const own =
      known?.perSecond === settings.callsPerSecond
        ? known
        : fullBucket(settings.callsPerSecond, now);
    const mine = take(own, Math.max(0, wanted), now);
    const all = take(this.#bucket, mine.got, now);
    this.#bucket = all.bucket;
    // What the others' share did not allow is not lost for this campaign.
    this.#buckets.set(id, { ...mine.bucket, tokens: mine.bucket.tokens + mine.got - all.got });
    return all.got;
  }

  async #figures(campaignId: string): Promise<{
    ringingMs: number[];
    /** They have answered, and talk with nobody yet. */
    unserved: number;
    answerRate: number;
    meanRingMs: number;
    meanBusyMs: number;
    counts: AbandonCounts;
  }> {
    const rows = await this.#db
      .selectFrom('attempt')
      .select(['state', 'result', ({ fn }) => fn.countAll<number>().as('count')])
      .where('campaignId', '=', campaignId)
      .groupBy(['state', 'result'])
      .execute();
    const sum = (holds: (row: { state: string; result: string | null }) => boolean) =>
      rows.filter(holds).reduce((total, row) => total + row.count, 0);
    const ended = sum((row) => row.state === 'ended');
    const answered = sum((row) => row.state === 'ended' && !unheard.includes(row.result ?? ''));
    return {
      ringingMs: await this.#ringing(campaignId),
      unserved: sum((row) => row.state === 'answered' && row.result === null),
      answerRate: ended < 20 ? 0.5 : answered / ended,
      counts: {
        abandoned: sum((row) => row.result === 'abandoned'),
        connected: sum((row) => row.result === 'agent'),
        machines: sum((row) => row.result === 'machine'),
      },
      ...(await this.#means(campaignId)),
    };
  }

  async #ringing(campaignId: string): Promise<number[]> {
    const rows = await this.#db
      .selectFrom('attempt')
      .select('createdAt')
      .where('campaignId', '=', campaignId)
      .where('state', '=', 'committed')
      .execute();
    return rows.map(({ createdAt }) => Math.max(0, Date.now() - createdAt.getTime()));
  }

  /** Of the last hundred who talked with an agent; the figures of a usual day before. */
  async #means(campaignId: string): Promise<{ meanRingMs: number; meanBusyMs: number }> {
    const rows = await this.#db
      .selectFrom('attempt')
      .leftJoin('engagement', 'engagement.callId', 'attempt.callId')
      .select(['attempt.createdAt', 'attempt.answeredAt', 'attempt.endedAt'])
      .select('engagement.endedAt as freeAt')
      .where('attempt.campaignId', '=', campaignId)
      .where('attempt.result', '=', 'agent')
      .where('attempt.state', '=', 'ended')
      .orderBy('attempt.createdAt', 'desc')
      .limit(100)
      .execute();
    if (rows.length < 10) return { meanRingMs: 10_000, meanBusyMs: 130_000 };
    const mean = (of: (row: (typeof rows)[number]) => number) =>
      rows.reduce((total, row) => total + of(row), 0) / rows.length;
    const answeredAt = (row: (typeof rows)[number]) => (row.answeredAt ?? row.createdAt).getTime();
    // An agent is free again when the wrap-up is over; where that is not known, half a minute later.
    const freeAt = ({ freeAt: free, endedAt, ...row }: (typeof rows)[number]) =>
      free?.getTime() ?? (endedAt ?? row.answeredAt ?? row.createdAt).getTime() + 30_000;
    return {
      meanRingMs: mean((row) => answeredAt(row) - row.createdAt.getTime()),
      meanBusyMs: mean((row) => freeAt(row) - answeredAt(row)),
    };
  }
}
