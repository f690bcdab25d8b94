import type { Alarms } from '../acd/emergencies/alarms.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { SuperviseMode, Supervision } from '../conversations/supervision.ts';

export interface SupervisorActsParts {
  conversations: Pick<Conversations, 'require'>;
  supervision: Pick<Supervision, 'begin' | 'end'>;
  alarms: Pick<Alarms, 'acknowledge'>;
  /** Throws `service.standby`. */
  mustLead: () => void;
}

/** What supervisors do in others' calls, and with alarms. */
export class SupervisorActs {
  readonly #parts: SupervisorActsParts;

  constructor(parts: SupervisorActsParts) {
    this.#parts = parts;
  }

  async begin(callId: string, staffId: string, mode: SuperviseMode): Promise<void> {
    const { conversations, supervision } = this.#parts;
    await supervision.begin(conversations.require(callId), staffId, mode);
  }

  async end(callId: string, staffId: string): Promise<void> {
    const { conversations, supervision } = this.#parts;
    await supervision.end(conversations.require(callId), staffId);
  }

  async acknowledge(alarmId: string, by: string): Promise<void> {
    this.#parts.mustLead();
    await this.#parts.alarms.acknowledge(alarmId, by);
  }
}
