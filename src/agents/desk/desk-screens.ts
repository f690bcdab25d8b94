import type { DeskView, OrderDraft } from '../../contract/agents/agents.ts';
import type { Pop } from '../../contract/agents/pop.ts';
import type { Clock } from '../../core/clock.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { MemoryBoard } from './live-board.ts';
import type { Seats } from '../acd/sessions/seats.ts';
import type { Acd } from '../acd/queues/acd.ts';
import type { Offers } from '../acd/queues/offers.ts';
import type { Ring } from '../acd/queues/ringing.ts';
import type { WrapUp, WrapUps } from '../conversations/wrap-ups.ts';
import { deskView } from './views.ts';

export interface DeskScreensParts {
  board: Pick<MemoryBoard, 'showDesk'>;
  seats: Pick<Seats, 'get' | 'require'>;
  acd: Pick<Acd, 'callerOf'>;
  offers: Pick<Offers, 'of'>;
  conversations: Pick<Conversations, 'get' | 'all'>;
  wrapUps: Pick<WrapUps, 'of'>;
  /** What is known of a call that is on their screen from now on; undefined until it has been read. */
  shown: (callId: string, staffId: string) => { pop: Pop; draft: OrderDraft } | undefined;
  clock: Clock;
}

/** Everything that one agent has before them. */
export class DeskScreens {
  readonly #parts: DeskScreensParts;

  constructor(parts: DeskScreensParts) {
    this.#parts = parts;
  }

  show(staffId: string): void {
    const { seats, board } = this.#parts;
    if (seats.get(staffId) !== undefined) board.showDesk(this.of(staffId));
  }

  /** Throws `agent.not_seated`. */
  of(staffId: string): DeskView {
    const { seats, offers, conversations, wrapUps } = this.#parts;
    const seat = seats.require(staffId);
    const ring = offers.of(staffId);
    const wrapUp = wrapUps.of(staffId);
    const conversation = seat.callId === null ? undefined : conversations.get(seat.callId);
    const shown = (callId: string) => this.#parts.shown(callId, staffId);
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
    return handedTo ?? this.#parts.conversations.get(callId)?.handedTo(staffId) ?? null;
  }

  #supervisedBy(staffId: string): DeskView['supervising'] {
    for (const { call, agent, supervisors } of this.#parts.conversations.all) {
      const mode = supervisors.get(staffId)?.mode;
      if (mode !== undefined) {
        return { callId: call.id, mode, agentName: agent.staffId === null ? '' : agent.label };
      }
    }
    return null;
  }

  #waiting({ callId, offeredAt }: Ring): { waitingSince: Date; waitedSec: number } {
    const { acd, clock } = this.#parts;
    const since = acd.callerOf(callId)?.waitingSince ?? offeredAt.getTime();
    const waitedSec = Math.max(0, Math.round((clock.now().getTime() - since) / 1000));
    return { waitingSince: new Date(since), waitedSec };
  }
}
