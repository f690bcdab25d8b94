import type { Language } from '../core/language.ts';
import type { Call } from '../cti/index.ts';
import type { HotlineWithEstate } from '../property/index.ts';
import type { CampaignAction, FlowState, Outcome, Vars } from '../content/index.ts';

/** What a call that we dialled is to say, and for which site. */
export interface OutboundScript {
  flowId: string;
  /** Left out, the one that is live when the call begins. */
  flowVersion?: number;
  language: Language;
  vars: Vars;
  hotline: HotlineWithEstate;
  /** Code of the queue of the campaign's agents; the general one otherwise. */
  queue?: string;
  /** Who is to have this person, when it was decided beforehand. */
  staffId?: string;
}

/** The part that dialled: it knows why, and writes down what the person said. */
export interface OutboundGuide {
  /** Undefined when no attempt belongs to the call. */
  script(callId: string): Promise<OutboundScript | undefined>;
  /** Done once, however often it is asked for the same call and step. */
  act(
    call: Pick<Call, 'id' | 'record'>,
    state: FlowState,
    action: CampaignAction,
  ): Promise<Outcome>;
  /** An agent and the person talk. */
  connected(callId: string): Promise<void>;
}
