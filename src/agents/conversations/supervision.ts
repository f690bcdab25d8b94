import type { SuperviseMode as SpokenMode } from '../../contract/agents/agents.ts';
import { messageOf } from '../../core/errors.ts';
import { hangUpLeg, listen, ring, type Leg } from '../../cti/index.ts';
import { whenAborted } from '../../core/concurrency/wait.ts';
import type { Log } from '../../core/log.ts';
import {
  AgentBusyError,
  AlreadyInCallError,
  AlreadyListeningError,
  ConversationStateError,
  NotListeningError,
} from '../agents.errors.ts';
import type { Conversation } from './conversation.ts';
import { replaceAgent } from './transfer.ts';
import type { EndpointOf } from '../acd/sessions/endpoints.ts';
import type { Seats } from '../acd/sessions/seats.ts';

export type SuperviseMode = SpokenMode | 'take_over';

export interface SupervisionParts {
  seats: Pick<Seats, 'get' | 'require' | 'engage'>;
  endpointOf: EndpointOf;
  /** What screens show of that conversation has changed. */
  onChange: (conversation: Conversation) => void;
  /** They listen no more. */
  onEnd: (staffId: string) => void;
  log: Log;
}

/** Supervisors in somebody else's conversation: they listen to the agent's leg, and may speak. */
export class Supervision {
  readonly #parts: SupervisionParts;

  constructor(parts: SupervisionParts) {
    this.#parts = parts;
  }

  async begin(conversation: Conversation, staffId: string, mode: SuperviseMode): Promise<void> {
    if (isInTalk(conversation, staffId)) throw new AlreadyInCallError('you');
    if (mode === 'take_over') {
      await this.#takeOver(conversation, staffId);
      return;
    }
    const known = conversation.supervisors.get(staffId);
    if (known?.mode === mode) throw new AlreadyListeningError(mode);
    const leg = known?.leg ?? (await this.#listenIn(conversation, staffId));
    await listen(leg, mode);
    const supervisor = conversation.supervisors.get(staffId);
    if (supervisor?.leg === leg) conversation.supervisors.set(staffId, { leg, mode });
    conversation.call.record('supervision.changed', { staffId, mode });
    this.#parts.onChange(conversation);
  }

  /** After a restart: they listen still. */
  keep(conversation: Conversation, leg: Leg): void {
    const staffId = leg.recall('staff') ?? '';
    if (staffId === '') return;
    this.#follow(conversation, staffId, leg);
    // Nobody has written down how: what is shown is made true.
    listen(leg, 'listen').catch((error: unknown) => {
      this.#parts.log.warn({ reason: messageOf(error) }, 'supervisor not muted');
    });
  }

  async end(conversation: Conversation, staffId: string): Promise<void> {
    const supervisor = conversation.supervisors.get(staffId);
    if (supervisor === undefined || supervisor.leg.gone.aborted) throw new NotListeningError();
    await hangUpLeg(supervisor.leg);
  }

  async #listenIn(conversation: Conversation, staffId: string): Promise<Leg> {
    if (conversation.mode === 'ended' || conversation.mode === 'dialling') {
      throw new ConversationStateError('listen', conversation.mode);
    }
    const { call, agent } = conversation;
    const { seats, endpointOf } = this.#parts;
    const leg = ring(call, {
      role: 'supervisor',
      endpoint: endpointOf(seats.require(staffId)),
      ringSec: 20,
      listensTo: agent.leg,
      data: { staff: staffId },
    });
    await leg.answered;
    if (conversation.hasEnded) {
      await hangUpLeg(leg);
      throw new ConversationStateError('listen', 'ended');
    }
    call.record('supervision.began', { staffId });
    this.#follow(conversation, staffId, leg);
    return leg;
  }

  #follow(conversation: Conversation, staffId: string, leg: Leg): void {
    const { call } = conversation;
    conversation.supervisors.set(staffId, { leg, mode: 'listen' });
    whenAborted(leg.gone, () => {
      if (conversation.supervisors.get(staffId)?.leg === leg) {
        conversation.supervisors.delete(staffId);
      }
      call.record('supervision.ended', { staffId });
      this.#parts.onChange(conversation);
      this.#parts.onEnd(staffId);
    });
  }

  async #takeOver(conversation: Conversation, staffId: string): Promise<void> {
    const { call } = conversation;
    const { seats, endpointOf } = this.#parts;
    const listening = conversation.supervisors.get(staffId);
    const seat = seats.require(staffId);
    if (seat.engagement === 'talking' || seat.engagement === 'offered') throw new AgentBusyError();
    if (listening !== undefined) await hangUpLeg(listening.leg);
    // Nobody else is offered to them while their telephone rings.
    seats.engage(staffId, 'offered', call.id);
    const free = (): void => {
      const now = seats.get(staffId);
      if (now?.engagement === 'offered' && now.callId === call.id) {
        seats.engage(staffId, 'idle', null);
      }
    };
    const leg = ring(call, {
      role: 'agent',
      endpoint: endpointOf(seat),
      ringSec: 20,
      data: { staff: staffId, queue: conversation.queueId ?? '' },
    });
    try {
      await leg.answered;
      await replaceAgent(conversation, { staffId, label: seat.displayName, leg });
    } finally {
      free();
    }
  }
}

/** Whoever talks in it has nothing to listen to. */
function isInTalk({ mode, agent, other }: Conversation, staffId: string): boolean {
  return mode !== 'ended' && [agent.staffId, other?.staffId].includes(staffId);
}
