import type { Log } from '../../core/log.ts';
import type { Language } from '../../core/language.ts';
import type { CallDirection, CallState } from '../../db/schema.ts';
import type { LegSignal } from '../leg/leg.types.ts';
import type { LegRecord, LegRecordName } from './recovery.ts';

/**
 * One contact, whatever its legs. Made when a channel parks or when we dial, kept until the last
 * leg is gone. Verbs (`cti/verbs`) act on it; it never grows verbs as methods.
 */
export interface Call {
  readonly id: string;
  readonly direction: CallDirection;
  /** Channel UUID of the caller's leg. */
  readonly legId: string;
  readonly did: string;
  readonly callerNumber: string;
  /**
   * A trunk vouched for the number, one of our own telephones showed whose it is, or we dialled it. Else it is
   * what a stranger claims: it identifies nobody, opens nothing and is never called back by itself.
   */
  readonly isNumberVerified: boolean;
  /** The caller asked that their number be shown to nobody outside (RFC 3323): we know it, others shall not. */
  readonly isNumberPrivate: boolean;
  readonly startedAt: Date;
  readonly switchNode: string;
  readonly log: Log;
  /** Aborted when the caller's leg hangs up; its reason is a `CallGoneError`. */
  readonly gone: AbortSignal;
  readonly isAnswered: boolean;
  /** Resolves when the customer's leg is up; never rejects: look at `gone` too. */
  readonly answered: Promise<void>;
  /** The leg that the customer talks to as the switch tells it, for whoever adopts the call. */
  readonly bridgedTo: string | undefined;
  /** Hears of the customer's leg being bridged, unbridged, parked. Returns how to stop. */
  onSignal(listener: (signal: LegSignal) => void): () => void;
  /** When the switch last told that an application had ended on this leg; monotonic milliseconds. */
  readonly steppedAt: number;
  /** Hang-up cause, once known. */
  readonly hangupCause: string | undefined;

  /** Kept on the leg, and read back after a restart: `recovery.ts`. */
  remember(data: Readonly<Partial<LegRecord>>): Promise<void>;
  recall<Name extends LegRecordName>(name: Name): LegRecord[Name] | undefined;

  /** Appends to the call's timeline (`call_event`). Never throws; order is kept. */
  record(kind: string, data: Record<string, unknown>): void;
  /**
   * Changes columns of the `call` row (person, room, language, outcome …). Resolves when stored, in
   * a tenth of a second or so; never rejects, a failure is logged. Order is kept without waiting.
   */
  update(change: CallChange): Promise<void>;
}

export interface CallChange {
  personId?: string | null;
  roomId?: string | null;
  language?: Language;
  flowId?: string;
  flowVersion?: number;
  outcome?: string;
  estateId?: string;
  state?: Exclude<CallState, 'ended'>;
}
