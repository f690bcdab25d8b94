import type { Static } from 'typebox';
import { isDeepStrictEqual } from 'node:util';
import type { IdentifyRequest, OrderDraft, WrapUpRequest } from '../../contract/agents/agents.ts';
import { UnchangedError } from '../../core/changes.ts';
import type { Cti } from '../../cti/index.ts';
import type { Pool } from '../../db/index.ts';
import { NotYourCallError } from '../agents.errors.ts';
import type { EngagementStore } from '../acd/sessions/engagement-store.ts';
import { identify } from '../../lookup/index.ts';
import type { Pops } from '../../lookup/index.ts';
import type { Screens } from './screens.ts';
import type { Viewers } from './viewers.ts';
import type { WrapUps } from '../conversations/wrap-ups.ts';

export interface CallNotesParts {
  db: Pool;
  cti: Pick<Cti, 'record'>;
  engagements: Pick<EngagementStore, 'draft'>;
  wrapUps: Pick<WrapUps, 'end'>;
  pops: Pick<Pops, 'refresh'>;
  screens: Pick<Screens, 'saveDraft' | 'showViewers'>;
  viewers: Pick<Viewers, 'has'>;
}

/** What agents write down of a call: who called, an order that is half-written, what it came to. */
export class CallNotes {
  readonly #parts: CallNotesParts;

  constructor(parts: CallNotesParts) {
    this.#parts = parts;
  }

  async wrapUp(
    callId: string,
    staffId: string,
    { reasonCode, note, nextContactAt }: Static<typeof WrapUpRequest>,
  ): Promise<void> {
    const { wrapUps, cti } = this.#parts;
    const isDone = await wrapUps.end(staffId, callId, {
      reasonCode,
      note: note ?? '',
      nextContactAt: nextContactAt === undefined ? null : new Date(nextContactAt),
    });
    if (!isDone) throw new NotYourCallError();
    cti.record(callId, 'call.wrappedUp', { staffId, reason: reasonCode });
  }

  async saveDraft(callId: string, staffId: string, draft: OrderDraft): Promise<void> {
    const { engagements, screens } = this.#parts;
    this.#mustSee(callId, staffId);
    if (isDeepStrictEqual(await engagements.draft(callId), draft)) {
      throw new UnchangedError(Object.keys(draft));
    }
    await screens.saveDraft(callId, staffId, draft);
  }

  /** Says who calls; throws `owner.not_found`, `home.bad_room`. */
  async identify(
    callId: string,
    staffId: string,
    who: Static<typeof IdentifyRequest>,
  ): Promise<void> {
    const { db, cti, pops, screens } = this.#parts;
    this.#mustSee(callId, staffId);
    await identify(db, callId, who);
    cti.record(callId, 'call.identified', { staffId, ...who });
    await pops.refresh(callId);
    screens.showViewers(callId);
  }

  /** It is, or was just now, on their screen. */
  #mustSee(callId: string, staffId: string): void {
    if (!this.#parts.viewers.has(callId, staffId)) throw new NotYourCallError();
  }
}
