import type { Clock } from '../../core/clock.ts';
import type { Call, Cti } from '../../cti/index.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { MemoryBoard } from './live-board.ts';
import type { Pops } from '../../lookup/index.ts';
import type { Acd } from '../acd/queues/acd.ts';
import type { Offers } from '../acd/queues/offers.ts';
import { liveCallView, liveState } from './views.ts';

export interface CallScreensParts {
  board: Pick<MemoryBoard, 'showCall'>;
  cti: Pick<Cti, 'call'>;
  conversations: Pick<Conversations, 'get'>;
  acd: Pick<Acd, 'callerOf'>;
  offers: Pick<Offers, 'agentsOf'>;
  pops: Pick<Pops, 'peek'>;
  clock: Clock;
}

/** The calls that live, as the wall shows them. */
export class CallScreens {
  readonly #parts: CallScreensParts;
  readonly #since = new Map<string, { state: string; at: Date }>();

  constructor(parts: CallScreensParts) {
    this.#parts = parts;
  }

  show(callId: string): void {
    const { cti, conversations, acd, offers, board, pops, clock } = this.#parts;
    const call = cti.call(callId);
    if (call === undefined || call.gone.aborted) return;
    const conversation = conversations.get(callId);
    const caller = acd.callerOf(callId);
    const offered = offers.agentsOf(callId);
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

  /** For the last time. */
  showEnd(call: Call): void {
    const { board, clock, pops } = this.#parts;
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
  }
}
