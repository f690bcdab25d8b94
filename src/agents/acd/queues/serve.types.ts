import type { Language } from '../../../core/language.ts';
import type { Utterance } from '../../../tts/index.ts';

/** What a flow asks for when it connects a caller with a person. */
export interface ServeRequest {
  /** Names the place in the flow, so that side effects happen once. */
  step: string;
  /** Code of the queue; one that is closed leads to the one for everybody. */
  queue: string;
  isEmergency: boolean;
  language: Language;
  estateId: string | null;
  /** Somebody whom we called: they are told at once when no agent is free. */
  dialled?: {
    /** Said while a telephone rings, instead of the welcome to the queue. */
    opening: readonly Utterance[];
    /** After this time with no telephone ringing for them the wait is over. */
    patienceMs: number;
    /** Whose call it is, when that was decided beforehand. */
    staffId: string | undefined;
    onConnected: () => void;
  };
}

export type ServeResult =
  /** They talked, and the agent has hung up first; the customer may be asked for a rating. */
  | { result: 'talked'; isAsked: boolean }
  /** Nobody answered: the caller chose, or was sent, to leave a message. */
  | { result: 'message' }
  /** The caller is told that they will be called back. */
  | { result: 'callback' };
