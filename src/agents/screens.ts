import type { DeskView, OrderDraft } from '../contract/agents.ts';
import type { Pop } from '../contract/pop.ts';
import type { Call } from '../cti/index.ts';
import { messageOf } from '../core/errors.ts';
import { whenAborted } from '../core/concurrency/wait.ts';
import type { Desk } from './agents.types.ts';
import type { Conversation } from './conversation/conversation.ts';
import { agentView, type Seat } from './presence/seat.ts';
import { queueFigures } from './queue/figures.ts';
import type { Ring } from './queue/ringing.ts';
import type { LineEntry } from './routing/index.ts';
import { deskView, liveCallView, liveState } from './views.ts';
import type { WrapUp, WrapUps } from './wrap-ups.ts';

/**
 * Lines and figures of queues are shown at once and then this long not again: with hundreds of people
 * waiting each of a dozen changes a second would write all of them anew.
 */
const pauseMs = 250;

/** Keeps the board true: what concerns a person is shown in the same turn, queues a moment later. */
export class Screens {
  readonly #desk: Desk;
  readonly #wrapUps: WrapUps;
  readonly #drafts = new Map<string, OrderDraft>();
  readonly #since = new Map<string, { state: string; at: Date }>();
  /** Staff on whose screens a call is. */
  readonly #viewers = new Map<string, Set<string>>();
  /** The same by member of staff. */
  readonly #watched = new Map<string, Set<string>>();
  /** Queues that changed since they were shown; true when their line did, too. */
  readonly #stale = new Map<string, boolean>();
  /** By queue and call: whose telephones rang when it was shown last. */
  readonly #lines = new Map<string, ReadonlyMap<string, string>>();
  #pause: NodeJS.Timeout | undefined;

  constructor(desk: Desk, wrapUps: WrapUps) {
    this.#desk = desk;
    this.#wrapUps = wrapUps;
  }

  onSeat(staffId: string, seat: Seat | undefined): void {
    const { board } = this.#desk;
    if (seat === undefined) {
      board.clearDesk(staffId);
      this.#unwatch(staffId);
      for (const { queueId } of this.#desk.floor.queues) this.#showFigures(queueId);
      return;
    }
    board.showAgent(agentView(seat));
    for (const queueId of seat.queueIds) this.#showFigures(queueId);
    this.showDesk(staffId);
    if (seat.callId !== null) this.showCall(seat.callId);
  }

  onCall(call: Call): void {
    this.showCall(call.id);
    whenAborted(call.gone, () => this.#onGone(call));
  }

  #onGone(call: Call): void {
    const { board, clock, pops } = this.#desk;
    board.showCall(
      liveCallView(call, {
        state: 'ended',
        since: clock.now(),
        queueId: null,
        staffIds: [],
        supervisors: [],
        pop: pops.peek(call.id),
      }),
    );
    this.#since.delete(call.id);
    // The switch's side lets go of it in this turn, after everybody has been told.
    setImmediate(() => this.#tidy(call.id));
  }

  /** What is known of a call is dropped once it is over and nobody's screen shows it. */
  #tidy(callId: string): void {
    const { cti, pops } = this.#desk;
    if ((this.#viewers.get(callId)?.size ?? 0) > 0 || cti.call(callId) !== undefined) return;
    this.#drafts.delete(callId);
    this.#viewers.delete(callId);
    pops.forget(callId);
  }

  /**
   * Their screen shows other calls now. Until then the last one stays theirs: a word that was typed as the
   * wrap-up ended still comes in.
   */
  #unwatch(staffId: string, except?: string): void {
    for (const callId of this.#watched.get(staffId) ?? []) {
      const isShown =
        this.#desk.seats.get(staffId)?.callId === callId ||
        this.#wrapUps.of(staffId)?.callId === callId;
      if (callId === except || isShown) continue;
      this.#watched.get(staffId)?.delete(callId);
      this.#viewers.get(callId)?.delete(staffId);
      this.#tidy(callId);
    }
  }

  showConversation(conversation: Conversation): void {
    for (const party of [conversation.agent, conversation.other]) {
      if (party?.staffId != null) this.showDesk(party.staffId);
    }
    for (const staffId of conversation.supervisors.keys()) this.showDesk(staffId);
    this.showCall(conversation.call.id);
  }

  stop(): void {
    clearTimeout(this.#pause);
  }

  showQueue(queueId: string): void {
    this.#stale.set(queueId, true);
    this.#showStale();
  }

  #showFigures(queueId: string): void {
    if (!this.#stale.has(queueId)) this.#stale.set(queueId, false);
    this.#showStale();
  }

  #showStale(): void {
    if (this.#pause !== undefined || this.#stale.size === 0) return;
    const stale = [...this.#stale];
    this.#stale.clear();
    for (const [queueId, hasLine] of stale) {
      if (this.#desk.floor.queue(queueId) === undefined) continue;
      const line = this.#desk.floor.line(queueId);
      if (hasLine) this.#drawLine(queueId, line);
      this.#drawFigures(queueId, line);
    }
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#showStale();
    }, pauseMs);
    this.#pause.unref();
  }

  #drawLine(queueId: string, line: readonly LineEntry[]): void {
    const { board, pops } = this.#desk;
    board.showWaiting(
      queueId,
      line.map(({ caller, position, priority, offeredTo }) => {
        const pop = pops.peek(caller.callId);
        return {
          callId: caller.callId,
          queueId,
          position,
          priority,
          enteredAt: new Date(caller.waitingSince).toISOString(),
          callerNumber: pop?.callerNumber ?? '',
          isNumberVerified: pop?.isNumberVerified ?? true,
          callerName: pop?.candidates.length === 1 ? (pop.candidates[0]?.name ?? null) : null,
          isVip: caller.isVip,
          isEmergency: caller.isEmergency,
          offeredTo: [...offeredTo],
          estateId: caller.siteId,
        };
      }),
    );
    const before = this.#lines.get(queueId);
    const now = new Map(line.map(({ caller, offeredTo }) => [caller.callId, offeredTo.join()]));
    this.#lines.set(queueId, now);
    for (const [callId, offered] of now) {
      if (before?.get(callId) !== offered) this.showCall(callId);
    }
  }

  #drawFigures(queueId: string, line: readonly LineEntry[]): void {
    const { floor, board, seats, waits } = this.#desk;
    const queue = floor.queue(queueId);
    if (queue === undefined) return;
    board.showQueue(queueFigures(queue, line, seats.all, waits.of(queueId)));
  }

  showCall(callId: string): void {
    const { cti, conversations, floor, board, pops, seats, clock } = this.#desk;
    const call = cti.call(callId);
    if (call === undefined || call.gone.aborted) return;
    const conversation = conversations.get(callId);
    const caller = floor.callerOf(callId);
    const offered = seats.all
      .filter((seat) => floor.ringOf(seat.staffId)?.callId === callId)
      .map((seat) => seat.staffId);
    const talking = [conversation?.agent.staffId, conversation?.other?.staffId].filter(
      (one): one is string => one != null,
    );
    const state = liveState(conversation?.mode, caller !== undefined, offered.length > 0);
    const before = this.#since.get(callId);
    const at = before?.state === state ? before.at : clock.now();
    this.#since.set(callId, { state, at });
    board.showCall(
      liveCallView(call, {
        state,
        since: at,
        queueId: caller?.queueId ?? conversation?.queueId ?? null,
        staffIds: talking.length > 0 ? talking : offered,
        supervisors: [...(conversation?.supervisors.keys() ?? [])],
        pop: pops.peek(callId),
      }),
    );
  }

  /** Everything on one agent's screen, again. */
  showDesk(staffId: string): void {
    if (this.#desk.seats.get(staffId) === undefined) return;
    this.#desk.board.showDesk(this.deskOf(staffId));
  }

  deskOf(staffId: string): DeskView {
    const { seats, floor, conversations, pops } = this.#desk;
    const seat = seats.require(staffId);
    const ring = floor.ringOf(staffId);
    const wrapUp = this.#wrapUps.of(staffId);
    const conversation = seat.callId === null ? undefined : conversations.get(seat.callId);
    const shown = (callId: string): { pop: Pop; draft: OrderDraft } | undefined => {
      this.#watch(callId, staffId);
      const pop = pops.peek(callId);
      return pop === undefined ? undefined : { pop, draft: this.#draftOf(callId) };
    };
    const offered = ring === undefined ? undefined : shown(ring.callId);
    const talked = conversation === undefined ? undefined : shown(conversation.call.id);
    const wrapped = wrapUp === undefined ? undefined : shown(wrapUp.callId);
    // One that has ended is kept for a moment; the screen is about the wrap-up by then.
    const isIn =
      conversation?.mode !== 'ended' &&
      (conversation?.agent.staffId === staffId || conversation?.other?.staffId === staffId);
    return deskView({
      seat,
      ring:
        ring === undefined || offered === undefined
          ? undefined
          : { ring, ...offered, ...this.#waiting(ring) },
      talk:
        conversation === undefined || talked === undefined || !isIn
          ? undefined
          : { conversation, ...talked },
      wrapUp:
        wrapUp === undefined || wrapped === undefined
          ? undefined
          : { ...wrapUp, ...wrapped, handedTo: this.#handedTo(wrapUp, staffId) },
      supervising: this.#supervisedBy(staffId),
    });
  }

  /** Also after a restart, which forgets who handed it over while the customer is still there. */
  #handedTo({ callId, handedTo }: WrapUp, staffId: string): string | null {
    return handedTo ?? this.#desk.conversations.get(callId)?.handedTo(staffId) ?? null;
  }

  #supervisedBy(staffId: string): DeskView['supervising'] {
    for (const { call, agent, supervisors } of this.#desk.conversations.values()) {
      const mode = supervisors.get(staffId)?.mode;
      if (mode !== undefined) {
        return { callId: call.id, mode, agentName: agent.staffId === null ? '' : agent.label };
      }
    }
    return null;
  }

  #waiting({ callId, offeredAt }: Ring): { waitingSince: Date; waitedSec: number } {
    const { floor, clock } = this.#desk;
    const since = floor.callerOf(callId)?.waitingSince ?? offeredAt.getTime();
    const waitedSec = Math.max(0, Math.round((clock.now().getTime() - since) / 1000));
    return { waitingSince: new Date(since), waitedSec };
  }

  #watch(callId: string, staffId: string): void {
    const viewers = this.#viewers.get(callId) ?? new Set();
    if (viewers.has(staffId)) return;
    viewers.add(staffId);
    this.#viewers.set(callId, viewers);
    const watched = this.#watched.get(staffId) ?? new Set();
    this.#watched.set(staffId, watched.add(callId));
    this.#unwatch(staffId, callId);
  }

  // -- half-written orders -----------------------------------------------------------------------

  /** Known at once when somebody wrote in this process; read from the rows otherwise, and shown then. */
  #draftOf(callId: string): OrderDraft {
    const known = this.#drafts.get(callId);
    if (known !== undefined) return known;
    const unread: OrderDraft = {};
    this.#drafts.set(callId, unread);
    this.#desk.engagements.draft(callId).then(
      (draft) => {
        // What was written meanwhile is newer.
        if (Object.keys(draft).length === 0 || this.#drafts.get(callId) !== unread) return;
        this.#drafts.set(callId, draft);
        this.showViewers(callId);
      },
      (error: unknown) =>
        this.#desk.log.error({ reason: messageOf(error), callId }, 'draft not read'),
    );
    return {};
  }

  async saveDraft(callId: string, staffId: string, draft: OrderDraft): Promise<void> {
    await this.#desk.engagements.saveDraft(callId, staffId, draft);
    this.#drafts.set(callId, draft);
    this.#watch(callId, staffId);
    this.showViewers(callId);
  }

  /** Whether that call is, or was just now, on their screen. */
  isShownTo(callId: string, staffId: string): boolean {
    return this.#viewers.get(callId)?.has(staffId) === true;
  }

  showViewers(callId: string): void {
    this.showCall(callId);
    for (const staffId of this.#viewers.get(callId) ?? []) this.showDesk(staffId);
  }
}
