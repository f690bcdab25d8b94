import type {
  DeskView,
  IdentifyRequest,
  PhoneKind,
  Presence,
  WrapUpRequest,
} from '../api/contract/agents.ts';
import type { Static } from 'typebox';
import type { QueueSettings } from '../api/contract/queues.ts';
import type { DiskState } from '../core/disk.ts';
import { isDeepStrictEqual } from 'node:util';
import { changedFields, UnchangedError } from '../core/changes.ts';
import { messageOf } from '../core/errors.ts';
import type { Call, Endpoint } from '../cti/index.ts';
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
} from './agents.errors.ts';
import type { Conversation } from './conversation/conversation.ts';
import { createLines } from './conversation/lines.ts';
import { identify } from './desk/identify.ts';
import { buildPop } from './desk/pop.ts';
import { Adoptions } from './adoption.ts';
import { Alarms } from './alarms.ts';
import { setRight, takeUpEngagements } from './after-restart.ts';
import { callBack } from './call-back.ts';
import { dialOut, type DialRequest } from './dial-out.ts';
import { Emergencies } from './emergencies.ts';
import { followParty, writeTalk } from './follow-party.ts';
import { keepPops } from './pops.ts';
import { outsideEndpoint, permittedEndpoint, seatWish, watchSpend } from './outside.ts';
import { watchPins } from './pin-alarms.ts';
import { isSamePresence, missedOfferReason, type Seat } from './presence/seat.ts';
import { createSeatStore } from './presence/seat-store.ts';
import { occupancy, type Occupancy } from './presence/occupancy.ts';
import { Seats } from './presence/seats.ts';
import { isThere, knownNumber } from './queue/promises.ts';
import { nextDay, startOfDay } from './queue/day.ts';
import { loadWaits } from './queue/figures.ts';
import { Floor } from './queue/floor.ts';
import { measureHandling } from './queue/handle-times.ts';
import { createQueueAdmin, type QueueAdmin } from './queue/queue-admin.ts';
import { createQueueStore, type QueueStore } from './queue/queue-store.ts';
import { Screens } from './screens.ts';
import { serve } from './serve.ts';
import { queueStrength, type QueueStrength } from './presence/strength.ts';
import { supervise, type SuperviseMode } from './supervise.ts';
import { checkParty, ringParty, type WantedParty } from './third-party.ts';
import { WrapUps } from './wrap-ups.ts';

export function buildAgents(options: AgentsOptions): Agents {
  return new AgentsService(options);
}

class AgentsService implements Agents {
  readonly #options: AgentsOptions;
  #desk!: Desk;
  #screens!: Screens;
  #wrapUps!: WrapUps;
  #emergencies!: Emergencies;
  #alarms!: Alarms;
  #store!: QueueStore;
  #midnight: NodeJS.Timeout | undefined;
  readonly #queues: QueueAdmin;

  constructor(options: AgentsOptions) {
    this.#options = options;
    this.#queues = createQueueAdmin(options.db, options.clock);
  }

  // -- life --------------------------------------------------------------------------------------

  async start(): Promise<void> {
    const { db, clock, log, cti, trunks, dialling, events, board } = this.#options;
    const seats = new Seats({ store: createSeatStore(db, clock), clock, log });
    const { handleTimes, engagements } = await measureHandling(db, clock);
    const store = createQueueStore(db, clock);
    this.#store = store;
    const lines = createLines(cti, log);
    const endpointOf = (seat: Seat): Endpoint =>
      seat.phone === 'outside' && seat.number !== null
        ? outsideEndpoint(trunks, seat.number)
        : { kind: 'user', user: seat.username };
    const waits = await loadWaits(db, startOfDay(clock.now()));
    const floor = new Floor({
      cti,
      isOutgoing: (callId) => cti.call(callId)?.direction === 'outbound',
      seats,
      store,
      clock,
      log,
      waits,
      handleTimes,
      endpointOf,
      latencies: this.#options.latencies,
      hasDutyPhones: trunks.length > 0,
      onChange: ({ queueIds, staffIds }) => {
        for (const queueId of queueIds) this.#screens.showQueue(queueId);
        for (const staffId of staffIds) this.#screens.showDesk(staffId);
      },
      onCallback: (caller, staffId) => void callBack(this.#desk, caller, staffId),
      liveNumbers: () => cti.calls.filter(isThere).map(knownNumber),
    });
    this.#desk = {
      ...this.#options,
      seats,
      floor,
      waits,
      lines,
      engagements,
      endpointOf,
      conversations: new Map(),
      pops: keepPops(async (callId) => {
        const pop = await buildPop(db, clock, callId);
        if (pop === undefined) throw new Error('the call has no row');
        return pop;
      }),
      adoptions: new Adoptions((callId, staffId) => this.#wrapUps.skip(staffId, callId)),
      onCall: (call) => this.onCall(call, 'new'),
      show: (staffId) => this.#screens.showDesk(staffId),
      onConversation: (conversation) => this.#screens.showConversation(conversation),
      onJoining: (conversation, party) => writeTalk(this.#desk, conversation, party),
      onParty: (conversation, party, what) =>
        followParty(
          this.#desk,
          { wrapUps: this.#wrapUps, emergencies: this.#emergencies },
          conversation,
          party,
          what,
        ),
      outside: (wish) => permittedEndpoint(dialling, trunks, wish),
    };
    this.#wrapUps = new WrapUps({
      seats,
      store: engagements,
      clock,
      log,
      onEnd: (_callId, staffId) => this.#screens.showDesk(staffId),
    });
    this.#screens = new Screens(this.#desk, this.#wrapUps);
    this.#alarms = new Alarms({ db, clock, log, board });
    this.#emergencies = new Emergencies(this.#desk, this.#alarms);
    watchSpend(dialling, this.#alarms, clock);
    watchPins({ db, clock, events }, this.#alarms);
    seats.onChange = (staffId, seat) => {
      floor.onSeat(staffId, seat);
      this.#screens.onSeat(staffId, seat);
    };
    events.watch('staff.changed', ({ staffId }) => this.#onStaffChanged(staffId));
    events.onGap(() => void this.#rereadSeats());
    this.#awaitMidnight();
    await store.endOpenOffers();
    await this.#reload();
    await seats.load();
    await takeUpEngagements(this.#desk, this.#wrapUps);
    await this.#alarms.load();
    for (const caller of await store.waiting()) {
      // Those who wait on the line come back by themselves, through `serve`.
      if (caller.isVirtual) floor.promise(caller);
    }
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
    this.#desk.floor.stop();
    this.#wrapUps.stop();
    this.#screens.stop();
    this.#emergencies.stop();
    this.#options.dialling.stop();
  }

  /** On every supervisor's screen while the disk has too little room, whoever confirms it or not. */
  async onDisk({ state, freeMb }: { state: DiskState; freeMb: number }): Promise<void> {
    if (state === 'ok') return this.#alarms.clear('disk_low', null);
    const facts = { kind: 'disk_low', callId: null, estateId: null, details: { freeMb } } as const;
    await this.#alarms.raise(facts);
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
    if (how === 'adopted') {
      this.#desk.adoptions.begin(this.#desk, call);
      // One that an agent dialled: nobody else leads it.
      if (call.recall('purpose') === 'desk') void dialOut.adopt(this.#desk, call);
    }
    call.gone.addEventListener('abort', () => void this.#onCallGone(call), { once: true });
  }

  onReconciled(switchNode: string): Promise<void> {
    return setRight(this.#desk, this.#wrapUps, this.#store, switchNode);
  }

  async #onCallGone(call: Call): Promise<void> {
    // Most callers of a menu never wait for anybody: nothing of them is recorded here.
    const mayHaveTalked = call.recall('waiting') !== undefined || call.recall('purpose') === 'desk';
    if (!mayHaveTalked) return;
    for (const row of await this.#options.recordings.unfinished(call.id)) {
      if (row.purpose !== 'call') continue;
      await this.#options.recordings.finish(row.id).catch((error: unknown) => {
        this.#options.log.error(
          { reason: messageOf(error), callId: call.id },
          'a recording was not sealed',
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
    const end = await this.#store.offerEnd(staffId, offerId);
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
    return supervise.end(this.#desk, this.#conversation(callId), staffId);
  }

  acknowledge(alarmId: string, by: string): Promise<void> {
    return this.#alarms.acknowledge(alarmId, by);
  }

  // -- administration ----------------------------------------------------------------------------

  occupancy(queueId: string): Occupancy {
    return occupancy(this.#desk.seats.all, queueId, this.#options.clock.now());
  }

  async addQueue(actor: string, code: string, settings: QueueSettings): Promise<string> {
    const queueId = await this.#queues.add(actor, code, settings);
    await this.#reload();
    return queueId;
  }

  async changeQueue(actor: string, queueId: string, change: Partial<QueueSettings>): Promise<void> {
    await this.#queues.change(actor, queueId, change);
    await this.#reload();
  }

  async removeQueue(actor: string, queueId: string): Promise<void> {
    await this.#queues.remove(actor, queueId);
    await this.#reload();
  }

  async setQueueMembers(
    actor: string,
    queueId: string,
    staffIds: readonly string[],
  ): Promise<void> {
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
