import type { Call } from './call.types.ts';

/** A leg beside the customer's: an agent's phone, an outside number, a supervisor. */
export type LegRole = 'agent' | 'outside' | 'supervisor';

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
  /** Recovery data that was given when it was dialled. */
  recall(name: string): string | undefined;
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

/** Where to dial. */
export type Endpoint =
  /** A telephone of the directory, wherever it is registered. */
  | { kind: 'user'; user: string }
  /** A number through a trunk. */
  | { kind: 'gateway'; gateway: string; number: string };

export interface DialOptions {
  callId: string;
  endpoint: Endpoint;
  /** Shown to the far end. */
  callerId: string;
  /** How long it rings, in seconds. */
  ringSec: number;
  /** Kept on the switch as `lt_<name>`. */
  data?: Readonly<Record<string, string>>;
  /** Further channel variables; values of letters, digits and `_.:/@+-` only. */
  variables?: Readonly<Record<string, string>>;
}

export interface DialLegOptions extends DialOptions {
  role: LegRole;
  /** The node that the call lives on: legs of two switches cannot be bridged. */
  switchNode: string;
  /** What has to be done before the telephone rings, while the leg's row is written. */
  before?: Promise<unknown>;
  /** Asked in the last instant. */
  isWanted?: () => boolean;
  /** Told when the order to ring has been written to the switch. */
  onSent?: () => void;
  /** Listens to that leg instead of being parked, as a supervisor does. */
  eavesdropOn?: string;
}

/** An outbound call: the leg dialled is the customer's. */
export interface DialCallOptions extends DialOptions {
  /** The number dialled, as it is written to the call. */
  number: string;
  /** The hotline or caller id that the call belongs to. */
  did: string;
  /** Undefined for any node that is connected. */
  switchNode?: string;
  /** What has to be so before the customer's telephone rings, e.g. that the agent's is answered. */
  before?: (call: Call) => Promise<boolean>;
}
