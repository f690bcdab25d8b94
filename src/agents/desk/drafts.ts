import type { OrderDraft } from '../../contract/agents/agents.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { EngagementStore } from '../acd/sessions/engagement-store.ts';

export interface DraftsParts {
  engagements: Pick<EngagementStore, 'draft' | 'saveDraft'>;
  /** One was found in the rows: screens show it. */
  onRead: (callId: string) => void;
  log: Log;
}

/** Half-written orders, by call. */
export class Drafts {
  readonly #parts: DraftsParts;
  readonly #known = new Map<string, OrderDraft>();

  constructor(parts: DraftsParts) {
    this.#parts = parts;
  }

  /** Known at once when somebody wrote in this process; read from the rows otherwise, and shown then. */
  of(callId: string): OrderDraft {
    const known = this.#known.get(callId);
    if (known !== undefined) return known;
    const { engagements, onRead, log } = this.#parts;
    const unread: OrderDraft = {};
    this.#known.set(callId, unread);
    engagements.draft(callId).then(
      (draft) => {
        // What was written meanwhile is newer.
        if (Object.keys(draft).length === 0 || this.#known.get(callId) !== unread) return;
        this.#known.set(callId, draft);
        onRead(callId);
      },
      (error: unknown) => log.error({ reason: messageOf(error), callId }, 'draft not read'),
    );
    return {};
  }

  async save(callId: string, staffId: string, draft: OrderDraft): Promise<void> {
    await this.#parts.engagements.saveDraft(callId, staffId, draft);
    this.#known.set(callId, draft);
  }

  forget(callId: string): void {
    this.#known.delete(callId);
  }
}
