import type { OrderDraft } from '../../contract/agents/agents.ts';
import { whenAborted } from '../../core/concurrency/wait.ts';
import type { Call } from '../../cti/index.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { MemoryBoard } from './live-board.ts';
import { agentView, type Seat } from '../acd/sessions/seat.ts';
import type { CallScreens } from './call-screens.ts';
import type { DeskScreens } from './desk-screens.ts';
import type { Drafts } from './drafts.ts';
import type { QueueScreens } from './queue-screens.ts';
import type { Viewers } from './viewers.ts';

export interface ScreensParts {
  board: Pick<MemoryBoard, 'clearDesk' | 'showAgent'>;
  queues: QueueScreens;
  calls: CallScreens;
  desks: DeskScreens;
  viewers: Viewers;
  drafts: Drafts;
  queueIds: () => readonly string[];
  /** What is known of a call is dropped once it is over and nobody's screen shows it. */
  tidy: (callId: string) => void;
}

/** Keeps the board true: what concerns a person is shown in the same turn, queues a moment later. */
export class Screens {
  readonly #parts: ScreensParts;

  constructor(parts: ScreensParts) {
    this.#parts = parts;
  }

  onSeat(staffId: string, seat: Seat | undefined): void {
    const { board, queues, viewers, queueIds } = this.#parts;
    if (seat === undefined) {
      board.clearDesk(staffId);
      viewers.unwatch(staffId);
      for (const queueId of queueIds()) queues.showFigures(queueId);
      return;
    }
    board.showAgent(agentView(seat));
    for (const queueId of seat.queueIds) queues.showFigures(queueId);
    this.showDesk(staffId);
    if (seat.callId !== null) this.showCall(seat.callId);
  }

  onCall(call: Call): void {
    const { calls, tidy } = this.#parts;
    this.showCall(call.id);
    whenAborted(call.gone, () => {
      calls.showEnd(call);
      // The switch's side lets go of it in this turn, after everybody has been told.
      setImmediate(() => tidy(call.id));
    });
  }

  showConversation(conversation: Conversation): void {
    for (const party of [conversation.agent, conversation.other]) {
      if (party?.staffId != null) this.showDesk(party.staffId);
    }
    for (const staffId of conversation.supervisors.keys()) this.showDesk(staffId);
    this.showCall(conversation.call.id);
  }

  showQueue(queueId: string): void {
    this.#parts.queues.show(queueId);
  }

  showCall(callId: string): void {
    this.#parts.calls.show(callId);
  }

  /** Everything on one agent's screen, again. */
  showDesk(staffId: string): void {
    this.#parts.desks.show(staffId);
  }

  /** On whosever screens that call is. */
  showViewers(callId: string): void {
    this.showCall(callId);
    for (const staffId of this.#parts.viewers.of(callId)) this.showDesk(staffId);
  }

  async saveDraft(callId: string, staffId: string, draft: OrderDraft): Promise<void> {
    const { drafts, viewers } = this.#parts;
    await drafts.save(callId, staffId, draft);
    viewers.watch(callId, staffId);
    this.showViewers(callId);
  }

  stop(): void {
    this.#parts.queues.stop();
  }
}
