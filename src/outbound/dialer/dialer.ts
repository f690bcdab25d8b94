import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Pool } from '../../db/index.ts';
import { hangup, SwitchDownError, type Call, type Cti } from '../../cti/index.ts';
import type { Campaign, Campaigns } from '../campaigns/campaigns.ts';
import { readCampaign } from '../campaigns/read-campaign.ts';
import { AttemptCalls } from './attempt-calls.ts';
import { AttemptEndings } from './attempt-endings.ts';
import { AttemptTalk, type AttemptSpeech } from './attempt-talk.ts';
import { excludePaid, givingWay, paidWhileRinging, stopWaiting } from './bulk.ts';
import { claim, claimReserved, type OutsidePolicy } from './claim.ts';
import { dueOf } from './due.ts';
import { trunkChannelsNow, type TrunkChannels } from './trunk-channels.ts';
import { Pace, type AgentPool } from './pace.ts';
import { endingOf, unfinished } from './recover.ts';
import { pause } from '../../core/concurrency/wait.ts';

export interface DialerParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'dialCall' | 'call' | 'nodes' | 'isDriving'>;
  campaigns: Campaigns;
  /** What people who are called hear, and what is kept of it. */
  speech: AttemptSpeech;
  limits: DialLimits;
  jobs: {
    /** Asks for the contacts of a campaign to be written. */
    prepare: (campaignId: string) => Promise<void>;
    /** Asks for the next channel for a contact that nobody reached. */
    fallBack: (contactId: string) => Promise<void>;
  };
}

/** How many calls are made, and to which numbers. */
export interface DialLimits {
  agents: AgentPool;
  /** Of all campaigns together. */
  callsPerSecond: number;
  /** The policy of all calls outside. */
  dialling: OutsidePolicy;
}

const busyMs = 100;
const idleMs = 3000;
const sweepEveryMs = 3000;
/** A hundred thousand homes take minutes to write down. */
const prepareAheadMs = 15 * 60_000;
/** Events of payments may queue behind thousands of others; who rings is not to wait for them. */
const ledgerEveryMs = 400;

/**
 * Makes the calls of running campaigns. What it knows is in the rows: killed at any instant, the next
 * process finds each attempt, compares it with the calls that the switch has, and goes on.
 */
export class Dialer {
  readonly #parts: DialerParts;
  readonly #calls: AttemptCalls;
  readonly #pace: Pace;
  readonly #stopping = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #sweptAt = 0;
  #ledgerReadAt = 0;
  #lastComplaint = 0;

  constructor(parts: DialerParts) {
    this.#parts = parts;
    const { db, clock, log, cti, speech, limits, jobs } = parts;
    this.#pace = new Pace(db, limits.agents, limits.callsPerSecond);
    const complain = (error: unknown): void => this.#complain(error);
    const { signal: stopping } = this.#stopping;
    const { recordings } = speech;
    const { fallBack } = jobs;
    this.#calls = new AttemptCalls({
      ...{ db, clock, log, cti, complain },
      talk: new AttemptTalk({ db, clock, log, speech, complain }),
      endings: new AttemptEndings({ db, clock, log, recordings, fallBack, stopping, complain }),
      onFree: () => this.wake(),
    });
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
    if (this.#calls.isFollowed(attempt.id)) return true;
    // Given up for lost, and ringing after all: the contact has gone on, so this call must not.
    if (attempt.state === 'ended' && !call.isAnswered) await hangup(call, 'ORIGINATOR_CANCEL');
    else void this.#calls.follow(attempt, call, false);
    return true;
  }

  async onBillPaid(billId: string): Promise<void> {
    const bill = await this.#parts.db
      .selectFrom('bill')
      .select('roomId')
      .where('id', '=', billId)
      .executeTakeFirst();
    if (bill !== undefined) await this.onPaid([bill.roomId]);
    this.wake();
  }

  /** A payment came in: what rings at that home stops, and nothing more is dialled there. */
  async onPaid(roomIds: readonly string[]): Promise<void> {
    const { db, clock, log } = this.#parts;
    if (roomIds.length === 0) return;
    const ringing = await excludePaid(db, roomIds, clock.now());
    for (const { attemptId, callId } of ringing) {
      const call = this.#calls.callOf(attemptId) ?? this.#parts.cti.call(callId);
      if (call === undefined || call.isAnswered) continue;
      log.info({ callId }, 'outbound call cancelled: paid while ringing');
      await hangup(call, 'ORIGINATOR_CANCEL');
    }
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
      const call = this.#calls.callOf(id) ?? cti.call(callId);
      if (call !== undefined && !call.isAnswered) await hangup(call, 'ORIGINATOR_CANCEL');
    }
  }

  /** Rings a person whom an agent looked at; the call's id, or why they may not be called. */
  async dialReserved(
    campaign: Campaign,
    by: { contactId: string; staffId: string },
  ): Promise<{ callId: string } | { refused: string }> {
    const { db, clock, cti, limits } = this.#parts;
    // Before the attempt is written: one that cannot be dialled would count as tried.
    if (!cti.nodes.some((node) => node.isConnected)) throw new SwitchDownError();
    const now = clock.now();
    const { trunks } = await trunkChannelsNow(db, now);
    const made = await claimReserved(db, campaign, by, trunks, now, limits.dialling);
    if (typeof made === 'string') return { refused: made };
    void this.#calls.dial(campaign, made);
    return { callId: made.attempt.callId };
  }

  // -- the loop ------------------------------------------------------------------------------------

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      let isBusy = false;
      try {
        // Attempts of the service that drives look lost to every other one.
        if (this.#parts.cti.isDriving) {
          await this.#sweep();
          await this.#readLedger();
          isBusy = await this.#tick();
        }
      } catch (error) {
        this.#complain(error);
      }
      this.#wake = new AbortController();
      const { signal } = this.#wake;
      await pause(isBusy ? busyMs : idleMs, signal);
    }
  }

  async #readLedger(): Promise<void> {
    if (this.#calls.count === 0) return;
    if (performance.now() - this.#ledgerReadAt < ledgerEveryMs) return;
    this.#ledgerReadAt = performance.now();
    await this.onPaid(await paidWhileRinging(this.#parts.db, this.#parts.clock.now()));
  }

  /** True while there is something to dial soon. */
  async #tick(): Promise<boolean> {
    const { db, clock, cti } = this.#parts;
    const now = clock.now();
    const rows = await db
      .selectFrom('campaign')
      .selectAll()
      .where((where) =>
        where.or([
          where('state', 'in', ['approved', 'running']),
          where.and([where('state', '=', 'paused'), where('endsAt', '<=', now)]),
        ]),
      )
      .orderBy('priority')
      .orderBy('startedAt')
      .execute();
    if (rows.length === 0) return false;
    const channels = await trunkChannelsNow(db, now);
    const isConnected = cti.nodes.some((node) => node.isConnected);
    for (const row of rows) {
      const campaign = readCampaign(row);
      if ((await this.#isOpen(campaign, now)) && isConnected) await this.#serve(campaign, channels);
    }
    return rows.some(({ state }) => state === 'running');
  }

  /** Starts as many calls of one campaign as there are channels, agents and tokens for. */
  async #serve(campaign: Campaign, channels: TrunkChannels): Promise<void> {
    const { db, clock, limits, jobs } = this.#parts;
    const inUse = channels.byCampaign.get(campaign.id) ?? 0;
    const own = campaign.settings.maxLines - inUse;
    if (campaign.purpose === 'emergency' && channels.free < own) {
      await this.#makeRoom(campaign, own - channels.free);
    }
    const room = Math.min(channels.free, own);
    const wanted = await this.#pace.wanted(campaign, room);
    const got = this.#pace.takeTokens(campaign, wanted);
    if (got <= 0) {
      if (wanted <= 0 && inUse === 0) await this.#finishIfDone(campaign);
      return;
    }
    const { claimed, looked, needFallback } = await claim(
      db,
      campaign,
      got,
      channels.trunks,
      clock.now(),
      limits.dialling,
    );
    channels.free -= claimed.length;
    for (const one of claimed) void this.#calls.dial(campaign, one);
    for (const id of needFallback) await jobs.fallBack(id);
    if (looked < got) await this.#finishIfDone(campaign);
  }

  /** An emergency does not wait for channels on which others only ring: those are rung again later. */
  async #makeRoom(campaign: Campaign, channels: number): Promise<void> {
    const { db, clock, cti, log } = this.#parts;
    for (const { id, callId } of await givingWay(db, campaign, channels, clock.now())) {
      const call = this.#calls.callOf(id) ?? cti.call(callId);
      if (call === undefined || call.isAnswered) continue;
      log.info(
        { callId, campaignId: campaign.id },
        'outbound call cancelled for an emergency campaign',
      );
      await hangup(call, 'ORIGINATOR_CANCEL');
    }
  }

  /** Whether it may dial now; starts what is due, asks for contacts, ends what is over. */
  async #isOpen(campaign: Campaign, now: Date): Promise<boolean> {
    const { campaigns, jobs } = this.#parts;
    const { id, startsAt, isPrepared } = campaign;
    const due = dueOf(campaign, now);
    if (due === 'stop') await campaigns.stop(id, 'system');
    if (due === 'cancel') await campaigns.cancel(id, 'system');
    if (due === 'stop' || due === 'cancel') return false;
    // Not days ahead: who owes, subscribes or lives there is looked up when it is about to begin.
    const isNear = startsAt === null || startsAt.getTime() - now.getTime() < prepareAheadMs;
    if (!isPrepared && isNear) await jobs.prepare(id);
    if (due === 'wait') return false;
    if (due === 'start') await campaigns.start(id, 'system');
    return isPrepared;
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

  // -- setting right -------------------------------------------------------------------------------

  /** Attempts that nobody follows: of a former process, or lost in a fault of the database. */
  async #sweep(): Promise<void> {
    const { db, cti } = this.#parts;
    if (performance.now() - this.#sweptAt < sweepEveryMs && this.#sweptAt > 0) return;
    this.#sweptAt = performance.now();
    for (const row of await unfinished(db)) {
      if (this.#calls.isFollowed(row.attempt.id)) continue;
      const call = cti.call(row.attempt.callId);
      if (call !== undefined) {
        void this.#calls.follow(row.attempt, call, false);
        continue;
      }
      const ending = endingOf(row, { isConnected: cti.nodes.every((node) => node.isConnected) });
      if (ending !== undefined) await this.#calls.finalise(ending);
    }
  }

  #complain(error: unknown): void {
    if (Date.now() - this.#lastComplaint < 5000) return;
    this.#lastComplaint = Date.now();
    this.#parts.log.error({ reason: messageOf(error) }, 'dialler look failed; it goes on');
  }
}
