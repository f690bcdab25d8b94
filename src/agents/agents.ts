import type {
  DeskView,
  IdentifyRequest,
  PhoneKind,
  Presence,
  WrapUpRequest,
} from '../contract/agents.ts';
import type { Static } from 'typebox';
import type { QueueSettings } from '../contract/queues.ts';
import type { DiskState } from '../core/disk.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { changedFields, UnchangedError } from '../core/changes.ts';
import { messageOf } from '../core/errors.ts';
import type { Call } from '../cti/index.ts';
import type {
  Agents,
  AgentsOptions,
  Desk,
  Member,
  OrderDraft,
  ServeRequest,
  ServeResult,
} from './agents.types.ts';
import {
  AgentBusyError,
  AlreadyPresentError,
  AlreadySeatedError,
  BreakReasonError,
  NotYourCallError,
  OfferNotFoundError,
  OfferOverError,
  PhoneElsewhereError,
  QueueNotFoundError,
  SeatNumberError,
  StandbyError,
} from './agents.errors.ts';
import type { Conversation } from './conversation/conversation.ts';
import { keepPopsFresh } from './desk/fresh-pops.ts';
import { identify } from './desk/identify.ts';
import type { Alarms } from './alarms.ts';
import { setRight, takeUpEngagements } from './after-restart.ts';
import { dialOut, type DialRequest } from './dial-out.ts';
import type { Emergencies } from './emergencies.ts';
import { openDesk, type OpenDesk } from './open-desk.ts';
import { seatWish, watchSpend } from './outside.ts';
import { watchPins } from './pin-alarms.ts';
import { isSamePresence, missedOfferReason } from './presence/seat.ts';
import { occupancy, type Occupancy } from './presence/occupancy.ts';
import { nextDay, startOfDay } from './queue/day.ts';
import { loadWaits } from './queue/figures.ts';
import { loadHandleTimes } from './queue/handle-times.ts';
import type { WaitingCaller } from './routing/index.ts';
import { createQueueAdmin, type QueueAdmin } from './queue/queue-admin.ts';
import type { Screens } from './screens.ts';
import { serve } from './serve.ts';
import { queueStrength, type QueueStrength } from './presence/strength.ts';
import { supervise, type SuperviseMode } from './supervise.ts';
import { checkParty, ringParty, type WantedParty } from './third-party.ts';
import type { WrapUps } from './wrap-ups.ts';

export function buildAgents(options: AgentsOptions): Agents {
  return new AgentsService(options);
}

/** What a take-over waits for the rows at most: callers stand on the switch meanwhile. */
const longestLoadMs = 3000;
const loadAgainMs = 2000;

class AgentsService implements Agents {
  readonly #options: AgentsOptions;
  readonly #queues: QueueAdmin;
  #open!: OpenDesk;
  /** Undefined until this service drives the switch, and after it has lost it. */
  #driving: AbortController | undefined;
  #disk: { state: DiskState; freeMb: number } = { state: 'ok', freeMb: 0 };
  #midnight: NodeJS.Timeout | undefined;
  /** Promised calls of a predecessor, until the switch has told who is on the line. */
  #owed: WaitingCaller[] = [];

  constructor(options: AgentsOptions) {
    this.#options = options;
    this.#queues = createQueueAdmin(options.db, options.clock);
  }

  get #desk(): Desk {
    return this.#open.desk;
  }

  get #screens(): Screens {
    return this.#open.screens;
  }

  get #wrapUps(): WrapUps {
    return this.#open.wrapUps;
  }

  get #emergencies(): Emergencies {
    return this.#open.emergencies;
  }

  get #alarms(): Alarms {
    return this.#open.alarms;
  }

  // -- life --------------------------------------------------------------------------------------

  async start(): Promise<void> {
    const { db, clock, events } = this.#options;
    this.#open = this.#openDesk(AbortSignal.abort(new StandbyError()));
    watchPins({ db, clock, events }, { raise: (alarm) => this.#alarms.raise(alarm) });
    keepPopsFresh({
      ...{ db, events, log: this.#options.log },
      pops: () => this.#desk.pops,
      show: (callId) => this.#screens.showViewers(callId),
    });
    events.watch('staff.changed', ({ staffId }) => this.#onStaffChanged(staffId));
    events.onGap(() => void this.#rereadSeats());
    await this.#reload();
  }

  #openDesk(over: AbortSignal): OpenDesk {
    return openDesk(this.#options, (call) => this.onCall(call, 'new'), over);
  }

  async lead(): Promise<void> {
    if (this.#driving !== undefined) return;
    const { log, dialling, clock } = this.#options;
    const driving = new AbortController();
    this.#driving = driving;
    this.#open.close();
    this.#open = this.#openDesk(driving.signal);
    this.#awaitMidnight();
    watchSpend(dialling, this.#alarms, clock);
    const loaded = this.#load(this.#open, clock.now()).catch((error: unknown) => {
      log.error({ reason: messageOf(error) }, 'agent sessions not read; trying again');
      void this.#loadLater(driving.signal);
    });
    await Promise.race([loaded, delay(longestLoadMs, undefined, { ref: false })]);
  }

  /** What a predecessor left. Safe to repeat until it has succeeded. */
  async #load(open: OpenDesk, since: Date): Promise<void> {
    const { db, clock } = this.#options;
    const { desk, queues, handleTimes, alarms } = open;
    await loadHandleTimes(db, clock, handleTimes);
    await queues.endOpenOffers(since);
    await this.#reload();
    this.#owed = [];
    desk.waits.clear();
    await loadWaits(db, startOfDay(since), desk.waits);
    await desk.seats.load();
    await takeUpEngagements(desk, open.wrapUps);
    await alarms.load();
    await this.#tellDisk();
    for (const caller of await queues.waiting()) {
      // Those who wait on the line come back by themselves, through `serve`.
      if (caller.isVirtual) desk.floor.keep(caller);
      if (caller.isVirtual) this.#owed.push(caller);
    }
    if (this.#options.cti.nodes.some(({ isConnected }) => isConnected)) this.#callOwed();
  }

  /** A database that was away as the switch became ours keeps nobody from the flows. */
  async #loadLater(signal: AbortSignal): Promise<void> {
    const since = this.#options.clock.now();
    while (!signal.aborted) {
      try {
        await delay(loadAgainMs, undefined, { signal, ref: false });
        await this.#load(this.#open, since);
        return;
      } catch (error) {
        this.#options.log.debug({ reason: messageOf(error) }, 'agent sessions not read yet');
      }
    }
  }

  standBy(): void {
    const { board, clock, log, dialling } = this.#options;
    if (this.#driving === undefined) return;
    this.#driving.abort(new StandbyError());
    this.#driving = undefined;
    this.#owed = [];
    clearTimeout(this.#midnight);
    dialling.stop();
    this.#open.close();
    board.clear(clock.now());
    this.#open = this.#openDesk(AbortSignal.abort(new StandbyError()));
    this.#reload().catch((error: unknown) => {
      log.warn({ reason: messageOf(error) }, 'queue figures not published');
    });
  }

  /** Throws `service.standby`: what is asked for would be true in this process alone. */
  #mustLead(): void {
    if (this.#driving === undefined) throw new StandbyError();
  }

  /** Figures «today» begin anew without a restart. */
  #awaitMidnight(): void {
    const now = this.#options.clock.now();
    const inMs = nextDay(now).getTime() - now.getTime();
    this.#midnight = setTimeout(() => {
      this.#desk.waits.clear();
      this.#desk.seats.beginDay();
      for (const { queueId } of this.#desk.floor.queues) this.#screens.showQueue(queueId);
      this.#awaitMidnight();
    }, inMs);
    this.#midnight.unref();
  }

  stop(): void {
    clearTimeout(this.#midnight);
    this.#open.close();
    this.#options.dialling.stop();
  }

  /** On every supervisor's screen while the disk has too little room, whoever confirms it or not. */
  async onDisk(disk: { state: DiskState; freeMb: number }): Promise<void> {
    this.#disk = disk;
    // One that stands by tells it when it leads; its log and its health have it at once.
    if (this.#driving !== undefined) await this.#tellDisk();
  }

  async #tellDisk(): Promise<void> {
    const { state, freeMb } = this.#disk;
    if (state === 'ok') return this.#alarms.clear('disk_low', null);
    const facts = { kind: 'disk_low', callId: null, estateId: null, details: { freeMb } } as const;
    await this.#alarms.raise(facts);
  }

  /** The service that drives would not hear of another queue before it is started again. */
  #mustNotStandBy(): void {
    if (this.#options.cti.nodes.some(({ isStandby }) => isStandby)) this.#mustLead();
  }

  /** Queues as the rows have them now. */
  async #reload(): Promise<void> {
    const { floor } = this.#desk;
    const queues = await this.#queues.all();
    for (const queue of queues) {
      floor.setQueue(queue);
      this.#screens.showQueue(queue.queueId);
    }
    for (const { queueId } of floor.queues) {
      if (queues.some((queue) => queue.queueId === queueId)) continue;
      floor.removeQueue(queueId);
      this.#options.board.clearQueue(queueId);
    }
  }

  onCall(call: Call, how: 'new' | 'adopted'): void {
    this.#screens.onCall(call);
    if (how === 'adopted') this.#desk.adoptions.begin(this.#desk, call);
    call.gone.addEventListener('abort', () => void this.#onCallGone(call), { once: true });
  }

  leadOn(call: Call, how: 'new' | 'adopted'): void {
    if (how === 'adopted') void dialOut.adopt(this.#desk, call);
  }

  async onReconciled(switchNode: string): Promise<void> {
    await setRight(this.#desk, this.#wrapUps, this.#open.queues, switchNode);
    this.#callOwed();
  }

  #callOwed(): void {
    for (const caller of this.#owed.splice(0)) this.#desk.floor.callKept(caller);
  }

  async #onCallGone(call: Call): Promise<void> {
    // Without a cause they have not left: another service leads them, and records.
    if (call.hangupCause === undefined) return;
    // Most callers of a menu never wait for anybody: nothing of them is recorded here.
    const mayHaveTalked = call.recall('waiting') !== undefined || call.recall('purpose') === 'desk';
    if (!mayHaveTalked) return;
    for (const row of await this.#options.recordings.unfinished(call.id)) {
      if (row.purpose !== 'call') continue;
      await this.#options.recordings.finish(row.id).catch((error: unknown) => {
        this.#options.log.error(
          { reason: messageOf(error), callId: call.id },
          'recording not sealed',
        );
      });
    }
  }

  async serve(call: Call, request: ServeRequest): Promise<ServeResult> {
    if (request.isEmergency) await this.#emergencies.raise(call, request);
    try {
      return await serve(this.#desk, call, request);
    } finally {
      if (request.isEmergency) this.#emergencies.settle(call.id);
    }
  }

  strengthOf(queueId: string): QueueStrength {
    const { seats, clock } = this.#desk;
    return queueStrength(seats.all, queueId, clock.now());
  }

  // -- seats -------------------------------------------------------------------------------------

  async takeSeat(member: Member, phone: PhoneKind, number: string | undefined): Promise<DeskView> {
    this.#mustLead();
    if (phone === 'outside' && !/^\+?[0-9]{3,20}$/.test(number ?? '')) throw new SeatNumberError();
    const outside =
      phone === 'outside' ? await this.#desk.outside(seatWish(member.id, number)) : null;
    const wanted = { phone, number: outside?.number ?? null };
    const before = this.#desk.seats.get(member.id);
    if (before !== undefined && changedFields(before, wanted).length === 0) {
      throw new AlreadySeatedError(phone);
    }
    await this.#desk.seats.take(member.id, phone, wanted.number);
    return this.#screens.deskOf(member.id);
  }

  async leaveSeat(staffId: string, isForced = false): Promise<void> {
    const seat = this.#desk.seats.require(staffId);
    if (seat.engagement === 'talking' && !isForced) throw new AgentBusyError();
    if (seat.engagement === 'offered') await this.#desk.floor.decline(staffId);
    const wrapUp = this.#wrapUps.of(staffId);
    if (wrapUp !== undefined) await this.#wrapUps.end(staffId, wrapUp.callId);
    await this.#desk.seats.leave(staffId);
  }

  async setPresence(
    staffId: string,
    presence: Presence,
    reason: string | undefined,
    by?: string,
  ): Promise<DeskView> {
    const given = reason?.trim() ?? '';
    if (presence === 'break' && (given === '' || given === missedOfferReason)) {
      throw new BreakReasonError();
    }
    const seat = this.#desk.seats.require(staffId);
    const wanted = presence === 'break' ? given : null;
    // A desk phone that could not be reached gets another chance.
    const isAnotherChance = presence === 'available' && seat.phone !== 'browser';
    const isSame = isSamePresence(seat, { presence, reason: wanted, by });
    if (isSame && !(isAnotherChance && !seat.isPhoneReady)) {
      throw new AlreadyPresentError(presence, seat.reason);
    }
    this.#desk.seats.setPresence(staffId, presence, wanted, by);
    if (isAnotherChance) {
      this.#desk.seats.setPhoneReady(staffId, true);
    }
    await this.#desk.seats.written(staffId);
    return this.#screens.deskOf(staffId);
  }

  usePhone(staffId: string, browser: string, isTaking: boolean): void {
    const seat = this.#desk.seats.get(staffId);
    const isElsewhere = seat !== undefined && ![null, browser].includes(seat.phoneBrowser);
    if (isElsewhere && !isTaking) throw new PhoneElsewhereError();
    this.#desk.seats.setPhoneBrowser(staffId, browser);
  }

  setPhoneReady(staffId: string, isReady: boolean): void {
    const { isPhoneReady } = this.#desk.seats.require(staffId);
    if (isPhoneReady === isReady) throw new UnchangedError(['isRegistered']);
    this.#desk.seats.setPhoneReady(staffId, isReady);
    if (!isReady) void this.#desk.floor.phoneGone(staffId);
  }

  desk(staffId: string): DeskView | undefined {
    return this.#desk.seats.get(staffId) === undefined ? undefined : this.#screens.deskOf(staffId);
  }

  async decline(staffId: string, offerId: string): Promise<void> {
    const { floor } = this.#desk;
    if (floor.ringOf(staffId)?.offerId === offerId) return floor.decline(staffId);
    const end = await this.#open.queues.offerEnd(staffId, offerId);
    throw end === undefined ? new OfferNotFoundError() : new OfferOverError(end);
  }

  // -- calls -------------------------------------------------------------------------------------

  #conversation(callId: string): Conversation {
    const conversation = this.#desk.conversations.get(callId);
    if (conversation === undefined) throw new NotYourCallError();
    return conversation;
  }

  dial(staffId: string, request: DialRequest): Promise<{ callId: string }> {
    return dialOut.dial(this.#desk, staffId, request);
  }

  hold(callId: string, staffId: string): Promise<void> {
    return this.#conversation(callId).hold(staffId);
  }

  resume(callId: string, staffId: string): Promise<void> {
    return this.#conversation(callId).resume(staffId);
  }

  hangUp(callId: string, staffId: string): Promise<void> {
    return this.#conversation(callId).hangUp(staffId);
  }

  async transfer(callId: string, staffId: string, to: WantedParty): Promise<void> {
    const conversation = this.#conversation(callId);
    checkParty(this.#desk, conversation, staffId, to);
    if ('number' in to) {
      await conversation.consult(staffId, (signal) =>
        ringParty(this.#desk, conversation, staffId, to, signal),
      );
      await conversation.completeConsult(staffId);
      return;
    }
    const queueId = 'queueId' in to ? to.queueId : this.#queueFor(conversation);
    await conversation.send(staffId, {
      queueId,
      staffId: 'staffId' in to ? to.staffId : null,
    });
  }

  #queueFor(conversation: Conversation): string {
    const general = this.#desk.floor.queues.find((queue) => queue.code === 'general');
    const queueId = conversation.queueId ?? general?.queueId;
    if (queueId === undefined) throw new QueueNotFoundError();
    return queueId;
  }

  async consult(callId: string, staffId: string, to: WantedParty): Promise<void> {
    const conversation = this.#conversation(callId);
    checkParty(this.#desk, conversation, staffId, to);
    await conversation.consult(staffId, (signal) =>
      ringParty(this.#desk, conversation, staffId, to, signal),
    );
  }

  cancelConsult(callId: string, staffId: string): Promise<void> {
    return this.#conversation(callId).cancelConsult(staffId);
  }

  completeConsult(callId: string, staffId: string): Promise<void> {
    return this.#conversation(callId).completeConsult(staffId);
  }

  confer(callId: string, staffId: string): Promise<void> {
    return this.#conversation(callId).confer(staffId);
  }

  async wrapUp(
    callId: string,
    staffId: string,
    { reasonCode, note, nextContactAt }: Static<typeof WrapUpRequest>,
  ): Promise<void> {
    const isDone = await this.#wrapUps.end(staffId, callId, {
      reasonCode,
      note: note ?? '',
      nextContactAt: nextContactAt === undefined ? null : new Date(nextContactAt),
    });
    if (!isDone) throw new NotYourCallError();
    this.#options.cti.record(callId, 'call.wrappedUp', { staffId, reason: reasonCode });
  }

  async saveDraft(callId: string, staffId: string, draft: OrderDraft): Promise<void> {
    if (!this.#screens.isShownTo(callId, staffId)) throw new NotYourCallError();
    if (isDeepStrictEqual(await this.#desk.engagements.draft(callId), draft)) {
      throw new UnchangedError(Object.keys(draft));
    }
    await this.#screens.saveDraft(callId, staffId, draft);
  }

  async identify(
    callId: string,
    staffId: string,
    who: Static<typeof IdentifyRequest>,
  ): Promise<void> {
    if (!this.#screens.isShownTo(callId, staffId)) throw new NotYourCallError();
    await identify(this.#options.db, callId, who);
    this.#options.cti.record(callId, 'call.identified', { staffId, ...who });
    await this.#desk.pops.refresh(callId);
    this.#screens.showViewers(callId);
  }

  supervise(callId: string, staffId: string, mode: SuperviseMode): Promise<void> {
    return supervise.begin(this.#desk, this.#conversation(callId), staffId, mode);
  }

  stopSupervising(callId: string, staffId: string): Promise<void> {
    return supervise.end(this.#conversation(callId), staffId);
  }

  async acknowledge(alarmId: string, by: string): Promise<void> {
    this.#mustLead();
    return this.#alarms.acknowledge(alarmId, by);
  }

  // -- administration ----------------------------------------------------------------------------

  occupancy(queueId: string): Occupancy {
    return occupancy(this.#desk.seats.all, queueId, this.#options.clock.now());
  }

  async addQueue(actor: string, code: string, settings: QueueSettings): Promise<string> {
    this.#mustNotStandBy();
    const queueId = await this.#queues.add(actor, code, settings);
    await this.#reload();
    return queueId;
  }

  async changeQueue(actor: string, queueId: string, change: Partial<QueueSettings>): Promise<void> {
    this.#mustNotStandBy();
    await this.#queues.change(actor, queueId, change);
    await this.#reload();
  }

  async removeQueue(actor: string, queueId: string): Promise<void> {
    this.#mustNotStandBy();
    await this.#queues.remove(actor, queueId);
    await this.#reload();
  }

  async setQueueMembers(
    actor: string,
    queueId: string,
    staffIds: readonly string[],
  ): Promise<void> {
    this.#mustNotStandBy();
    await this.#queues.setMembers(actor, queueId, staffIds);
    await this.#rereadSeats();
  }

  /** An account, its sites or skills are not what they were. */
  async #onStaffChanged(staffId: string): Promise<void> {
    const { seats } = this.#desk;
    if (seats.get(staffId) === undefined || (await seats.reread(staffId))) return;
    // They may have left by themselves meanwhile.
    if (seats.get(staffId) !== undefined) await this.leaveSeat(staffId, true);
  }

  async #rereadSeats(): Promise<void> {
    for (const { staffId } of this.#desk.seats.all) await this.#onStaffChanged(staffId);
  }
}
