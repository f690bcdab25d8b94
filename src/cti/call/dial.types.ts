import type { Call } from './call.types.ts';
import type { LegRole } from '../leg/leg.types.ts';
import type { LegRecord } from './recovery.ts';

/** Where to dial. */
export type Endpoint =
  /** A telephone of the directory, wherever it is registered. */
  | { kind: 'user'; user: string }
  /** A number through a trunk. */
  | { kind: 'gateway'; gateway: string; number: string };

interface DialOptions {
  callId: string;
  endpoint: Endpoint;
  /** Shown to the far end. */
  callerId: string;
  /** How long it rings, in seconds. */
  ringSec: number;
  /** Kept on the leg, for whoever takes it up: `recovery.ts`. */
  data?: Readonly<Partial<LegRecord>>;
}

/** A further leg of a call, on the switch that the call lives on: legs of two switches cannot be bridged. */
export interface DialLegOptions extends DialOptions {
  role: LegRole;
  /** What has to be done before the telephone rings, while the leg's row is written. */
  before?: Promise<unknown> | undefined;
  /** Asked in the last instant. */
  isWanted?: (() => boolean) | undefined;
  /** Told when the command to ring has been written to the switch. */
  onSent?: (() => void) | undefined;
  /** Listens to that leg instead of being parked, as a supervisor does. */
  eavesdropOn?: string | undefined;
  /** The telephone takes the call by itself: whoever it belongs to has asked for it. */
  isAutoAnswered?: boolean | undefined;
}

/** An outbound call: the leg dialled is the customer's. */
export interface DialCallOptions extends DialOptions {
  /** The number dialled, as it is written to the call. */
  number: string;
  /** The hotline or caller id that the call belongs to. */
  did: string;
  /** What the switch must have that dials; nothing by itself. */
  needs?: 'nothing' | 'modem';
  /** An agent is led to them when they answer: should nobody drive the switch then, they wait for us. */
  isForAgent?: boolean;
  /** What has to be so before the customer's telephone rings, e.g. that the agent's is answered. */
  before?: (call: Call) => Promise<boolean>;
}
