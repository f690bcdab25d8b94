import type { LegRecord, LegRecordName, LegRole } from '../call/recovery.ts';

export type { LegRole } from '../call/recovery.ts';

/** Where to reach a leg. */
export interface LegAddress {
  /** Channel UUID, known before it is dialled. */
  readonly id: string;
  readonly switchNode: string;
}

export interface Leg extends LegAddress {
  readonly callId: string;
  readonly role: LegRole;
  /** Who is at the other end: a user of the directory, or a number. */
  readonly number: string;
  readonly isAnswered: boolean;
  /** The leg it talks to. */
  readonly bridgedTo: string | undefined;
  /** Resolves when the far end answers and the leg is parked; rejects with `LegFailedError`. */
  readonly answered: Promise<void>;
  /** Aborted when the leg is gone. */
  readonly gone: AbortSignal;
  readonly hangupCause: string | undefined;
  /** Hears of the keys that are pressed while it is parked. Returns how to stop. */
  onKey(listener: (key: string) => void): () => void;
  /** What was kept on it when it was dialled: `recovery.ts`. */
  recall<Name extends LegRecordName>(name: Name): LegRecord[Name] | undefined;
}

/** What happened to a leg's audio path. `parked` also comes when the other side of a bridge has left. */
export interface LegSignal {
  kind: 'parked' | 'bridged' | 'unbridged' | 'held' | 'unheld' | 'referred';
  legId: string;
  /** The leg it talks to, or talked to. */
  otherLegId: string | undefined;
  /** Of `referred`: the user part of where the partner's telephone sent this leg (REFER). */
  target?: string;
}
