import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { hangup, type Call, type Cti } from '../../cti/index.ts';
import type { AttemptRow, Pool } from '../../db/index.ts';
import type { FlowRunner, OutboundGuide } from '../../ivr/index.ts';
import { readCampaign, type Campaign, type Campaigns } from '../campaigns/campaigns.ts';
import { markAnswered, settleAttempt, type Ending } from './attempts.ts';
import { excludePaid, stopWaiting } from './bulk.ts';
import { claim, type Claimed } from './claim.ts';
import { linesNow, noteTrunk } from './lines.ts';
import { callsToStart, type AbandonCounts } from './pacing.ts';
import { endingOf, unfinished } from './recover.ts';
import { isTrunkFailure, resultOfCause } from './results.ts';
import { fullBucket, take, type Bucket } from './token-bucket.ts';

/** Agents of campaigns whose people are connected with somebody. */
export interface AgentPool {
  /** Of that queue: ready now, and since when the others are busy. */
  state(queueId: string): Promise<{ free: number; busyMs: number[] }>;
}

export interface DialerParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'dialCall' | 'call' | 'nodes'>;
  runner: Pick<FlowRunner, 'run' | 'prepare'>;
  guide: OutboundGuide;
  campaigns: Campaigns;
  agents: AgentPool;
  /** Asks for the contacts of a campaign to be written. */
  prepare: (campaignId: string) => Promise<void>;
  /** Asks for the next channel for a contact that nobody reached. */
  fallBack: (contactId: string) => Promise<void>;
  /** Listens for answering machines; resolves once it knows. Undefined: no listening. */
  watchMachine?: (call: Call, attempt: AttemptRow, campaign: Campaign) => Promise<void>;
  /** Of all campaigns together. */
  callsPerSecond: number;
}

const busyMs = 100;
const idleMs = 3000;
const sweepEveryMs = 3000;
/** Whoever hangs up sooner has not heard what it is about. */
const earlyMs = 6000;

/**
 * Makes the calls of running campaigns. What it knows is in the rows: killed at any instant, the next
 * process finds each attempt, compares it with the calls that the switch has, and goes on.
 */
export class Dialer {
  readonly #parts: DialerParts;
  /** Attempts that this process follows, by id. */
  readonly #followed = new Map<string, Call | undefined>();
  readonly #buckets = new Map<string, Bucket>();
  readonly #stopping = new AbortController();
  #bucket: Bucket;
  #wake = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #sweptAt = 0;
  #lastComplaint = 0;

  constructor(parts: DialerParts) {
    this.#parts = parts;
    this.#bucket = fullBucket(parts.callsPerSecond, performance.now());
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Dials nothing more. Calls under way stay on the switch for the next process. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.wake();
    await this.#running;
  }

  /** Something changed: look again now. */
  wake(): void {
    this.#wake.abort();
  }

  /** A call of ours that a former process made and that still rings or talks. */
  async onAdopted(call: Call): Promise<boolean> {
    const attempt = await this.#parts.db
      .selectFrom('attempt')
      .selectAll()
      .where('callId', '=', call.id)
      .executeTakeFirst();
    if (attempt === undefined) return false;
    if (!this.#followed.has(attempt.id)) void this.#follow(attempt, call, false);
    return true;
  }

  async onBillPaid(billId: string): Promise<void> {
    const bill = await this.#parts.db
      .selectFrom('bill')
      .select('roomId')
      .where('id', '=', billId)
      .executeTakeFirst();
    if (bill !== undefined) await this.onPaid([bill.roomId]);
  }

  /** A payment came in: what rings at that home stops, and nothing more is dialled there. */
  async onPaid(roomIds: readonly string[]): Promise<void> {
    const { db, clock, log } = this.#parts;
    const ringing = await excludePaid(db, roomIds, clock.now());
    for (const { attemptId, callId } of ringing) {
      const call = this.#followed.get(attemptId) ?? this.#parts.cti.call(callId);
      if (call === undefined || call.isAnswered) continue;
      log.info({ callId }, 'paid while it rang: the call is taken back');
      await hangup(call, 'ORIGINATOR_CANCEL');
    }
    this.wake();
  }

  /** A campaign was stopped: nobody who waits is called, and what only rings is taken back. */
  async onStopped(campaignId: string): Promise<void> {
    const { db, clock, cti } = this.#parts;
    await stopWaiting(db, campaignId, clock.now());
    const ringing = await db
      .selectFrom('attempt')
      .select(['id', 'callId'])
      .where('campaignId', '=', campaignId)
      .where('state', '=', 'committed')
      .execute();
    for (const { id, callId } of ringing) {
      const call = this.#followed.get(id) ?? cti.call(callId);
      if (call !== undefined && !call.isAnswered) await hangup(call, 'ORIGINATOR_CANCEL');
    }
  }

  // -- the loop ------------------------------------------------------------------------------------

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let isBusy = false;
      try {
        await this.#sweep();
        isBusy = await this.#tick();
      } catch (error) {
        this.#complain(error);
      }
      this.#wake = new AbortController();
      const { signal } = this.#wake;
      await delay(isBusy ? busyMs : idleMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** True while there is something to dial soon. */
  async #tick(): Promise<boolean> {
    const { db, clock, cti } = this.#parts;
    const now = clock.now();
    const rows = await db
      .selectFrom('campaign')
      .selectAll()
      .where('state', 'in', ['approved', 'running'])
      .orderBy('priority')
      .orderBy('startedAt')
      .execute();
    if (rows.length === 0) return false;
    const lines = await linesNow(db, now);
    let { free } = lines;
    for (const row of rows) {
      const campaign = readCampaign(row);
      if (!(await this.#isOpen(campaign, now))) continue;
      if (!cti.nodes.some((node) => node.isConnected)) continue;
      const inUse = lines.byCampaign.get(campaign.id) ?? 0;
      const room = Math.min(free, campaign.settings.maxLines - inUse);
      const wanted = await this.#pace(campaign, room, inUse);
      const got = this.#takeTokens(campaign, wanted);
      if (got > 0) {
        const { claimed, looked, needFallback } = await claim(
          db,
          campaign,
          got,
          lines.trunks,
          clock.now(),
        );
        free -= claimed.length;
        for (const one of claimed) void this.#dial(campaign, one);
        for (const id of needFallback) await this.#parts.fallBack(id);
        if (looked < got) await this.#finishIfDone(campaign);
      } else if (wanted <= 0 && inUse === 0) await this.#finishIfDone(campaign);
    }
    return rows.some(({ state }) => state === 'running');
  }

  /** Whether it may dial now; starts what is due, asks for contacts, ends what is over. */
  async #isOpen(campaign: Campaign, now: Date): Promise<boolean> {
    const { campaigns, prepare } = this.#parts;
    const { id, state, startsAt, endsAt, isPrepared } = campaign;
    if (endsAt !== null && endsAt <= now && state === 'running') {
      await campaigns.stop(id, 'system');
      return false;
    }
    if (!isPrepared) await prepare(id);
    if (state === 'approved') {
      if (startsAt === null || startsAt > now) return false;
      await campaigns.start(id, 'system');
    }
    return isPrepared;
  }

  async #pace({ id, settings }: Campaign, room: number, inUse: number): Promise<number> {
    if (settings.mode === 'automatic') return room;
    if (settings.queueId === null) return 0;
    const { free, busyMs: busy } = await this.#parts.agents.state(settings.queueId);
    const figures = await this.#figures(id);
    return callsToStart({
      mode: settings.mode,
      freeAgents: free,
      busyMs: busy,
      ringingMs: Array.from({ length: Math.max(0, inUse - figures.talking) }, () => 0),
      waiting: 0,
      ...figures,
      meanRingMs: 10_000,
      meanBusyMs: 130_000,
      cap: settings.abandonCap,
      formula: settings.abandonFormula,
      linesFree: room,
    });
  }

  async #figures(
    campaignId: string,
  ): Promise<{ talking: number; answerRate: number; counts: AbandonCounts }> {
    const rows = await this.#parts.db
      .selectFrom('attempt')
      .select(['state', 'result', ({ fn }) => fn.countAll<number>().as('count')])
      .where('campaignId', '=', campaignId)
      .groupBy(['state', 'result'])
      .execute();
    const sum = (holds: (row: { state: string; result: string | null }) => boolean) =>
      rows.filter(holds).reduce((total, row) => total + row.count, 0);
    const ended = sum((row) => row.state === 'ended');
    const unheard = ['busy', 'no_answer', 'off', 'invalid', 'rejected', 'no_line', 'cancelled'];
    const counts = {
      abandoned: sum((row) => row.result === 'abandoned'),
      connected: sum((row) => row.result === 'agent'),
      machines: sum((row) => row.result === 'machine'),
    };
    const answered = sum((row) => row.state === 'ended' && !unheard.includes(row.result ?? ''));
    return {
      talking: sum((row) => row.state === 'answered'),
      answerRate: ended < 20 ? 0.5 : answered / ended,
      counts,
    };
  }

  #takeTokens({ id, settings }: Campaign, wanted: number): number {
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

  async #finishIfDone({ id }: Campaign): Promise<void> {
    const { db, campaigns } = this.#parts;
    const open = await db
      .selectFrom('campaignContact')
      .select('id')
      .where('campaignId', '=', id)
      .where('state', 'in', ['waiting', 'dialling'])
      .limit(1)
      .executeTakeFirst();
    if (open === undefined) await campaigns.finish(id);
  }

  // -- one call ------------------------------------------------------------------------------------

  async #dial(campaign: Campaign, { attempt, way, hasOtherTrunk }: Claimed): Promise<void> {
    const { cti, log } = this.#parts;
    this.#followed.set(attempt.id, undefined);
    try {
      const call = await cti.dialCall({
        callId: attempt.callId,
        number: attempt.number,
        did: way.callerId,
        callerId: way.callerId,
        endpoint: { kind: 'gateway', gateway: way.gateway, number: attempt.number },
        ringSec: campaign.settings.ringSec,
        data: { attempt: attempt.id },
      });
      await this.#follow(attempt, call, hasOtherTrunk, campaign);
    } catch (error) {
      log.warn({ reason: messageOf(error), callId: attempt.callId }, 'could not dial');
      await this.#settle({
        attemptId: attempt.id,
        result: 'no_line',
        hangupCause: null,
        isRepeatable: hasOtherTrunk,
      });
    }
  }

  /** From ringing to the end, whoever began it. */
  async #follow(
    attempt: AttemptRow,
    call: Call,
    hasOtherTrunk: boolean,
    campaign?: Campaign,
  ): Promise<void> {
    const { db, clock, runner, watchMachine, log } = this.#parts;
    this.#followed.set(attempt.id, call);
    try {
      // While it rings there is time to render the first words.
      const preparing = this.#prepareWords(call.id);
      await Promise.race([call.answered, ended(call)]);
      let isAnswered = call.isAnswered;
      let talkedMs = 0;
      if (isAnswered) {
        const answeredAt = attempt.answeredAt ?? clock.now();
        await markAnswered(this.#parts, attempt.id).catch((error: unknown) =>
          this.#complain(error),
        );
        await preparing;
        if (campaign !== undefined && watchMachine !== undefined) {
          void watchMachine(call, attempt, campaign).catch((error: unknown) => {
            log.debug({ reason: messageOf(error), callId: call.id }, 'machine detection failed');
          });
        }
        await runner.run(call);
        await ended(call);
        talkedMs = clock.now().getTime() - answeredAt.getTime();
      } else isAnswered = attempt.state === 'answered';
      const cause = call.hangupCause ?? 'NORMAL_CLEARING';
      const isTrunk = !isAnswered && isTrunkFailure(cause);
      await noteTrunk(db, clock, attempt.trunkId, isTrunk ? 'failed' : 'worked').catch(
        () => undefined,
      );
      await this.#settle({
        attemptId: attempt.id,
        result: isAnswered
          ? talkedMs < earlyMs
            ? 'hung_up_early'
            : 'unconfirmed'
          : resultOfCause(cause),
        hangupCause: cause,
        isRepeatable: isTrunk && hasOtherTrunk,
      });
    } finally {
      this.#followed.delete(attempt.id);
    }
  }

  async #prepareWords(callId: string): Promise<void> {
    const script = await this.#parts.guide.script(callId).catch(() => undefined);
    if (script !== undefined) await this.#parts.runner.prepare(script).catch(() => undefined);
  }

  /** The result must not be lost when the database is away for a while. */
  async #settle(ending: Ending): Promise<void> {
    for (let tries = 0; !this.#stopping.signal.aborted; tries += 1) {
      try {
        const settled = await settleAttempt(this.#parts, ending);
        if (settled?.needsFallback === true) await this.#parts.fallBack(settled.contactId);
        break;
      } catch (error) {
        this.#complain(error);
        await delay(Math.min(5000, 200 * 2 ** tries));
      }
    }
    this.#followed.delete(ending.attemptId);
    this.wake();
  }

  // -- setting right -------------------------------------------------------------------------------

  /** Attempts that nobody follows: of a former process, or lost in a fault of the database. */
  async #sweep(): Promise<void> {
    const { db, cti } = this.#parts;
    if (performance.now() - this.#sweptAt < sweepEveryMs && this.#sweptAt > 0) return;
    this.#sweptAt = performance.now();
    for (const row of await unfinished(db)) {
      if (this.#followed.has(row.attempt.id)) continue;
      const call = cti.call(row.attempt.callId);
      if (call !== undefined) {
        void this.#follow(row.attempt, call, false);
        continue;
      }
      const ending = endingOf(row, { isConnected: cti.nodes.every((node) => node.isConnected) });
      if (ending !== undefined) await this.#settle(ending);
    }
  }

  #complain(error: unknown): void {
    if (Date.now() - this.#lastComplaint < 5000) return;
    this.#lastComplaint = Date.now();
    this.#parts.log.error({ reason: messageOf(error) }, 'the dialler met a fault and goes on');
  }
}

function ended(call: Call): Promise<void> {
  if (call.gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    call.gone.addEventListener('abort', () => resolve(), { once: true });
  });
}
