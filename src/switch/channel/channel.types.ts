export interface CallerProfile {
  username: string;
  callerName: string;
  callerNumber: string;
  networkAddress: string;
  destination: string;
  context: string;
  /** The caller asked that their number be shown to nobody further (RFC 3323, RFC 3325 section 7). */
  isNumberPrivate?: boolean;
}

/** One application to run. */
export interface Step {
  application: string;
  argument: string;
  /** What it does, for steps of the switch's own that no controller can name. */
  task?: (run: Run) => Promise<string>;
  /** The state in which it runs; CS_EXECUTE unless told. */
  state?: ChannelState;
  /** No event tells of it. */
  isQuiet?: boolean;
  /** Its end is not told. */
  isEndless?: boolean;
  /** Told when something else takes its place before it has begun. */
  onDropped?: () => void;
}

/** A step that a controller sent with `sendmsg`. */
export interface Message extends Step {
  uuid: string | undefined;
  /** Nothing else of the queue runs beside it. */
  isLocked: boolean;
  loops: number;
}

export type ChannelState =
  | 'CS_NEW'
  | 'CS_INIT'
  | 'CS_ROUTING'
  | 'CS_SOFT_EXECUTE'
  | 'CS_EXECUTE'
  | 'CS_EXCHANGE_MEDIA'
  | 'CS_PARK'
  | 'CS_CONSUME_MEDIA'
  | 'CS_HANGUP'
  | 'CS_REPORTING'
  | 'CS_DESTROY';
export type CallState =
  'DOWN' | 'DIALING' | 'RINGING' | 'EARLY' | 'ACTIVE' | 'HELD' | 'UNHELD' | 'HANGUP';

export const stateNumbers: Readonly<Record<ChannelState, number>> = {
  CS_NEW: 0,
  CS_INIT: 1,
  CS_ROUTING: 2,
  CS_SOFT_EXECUTE: 3,
  CS_EXECUTE: 4,
  CS_EXCHANGE_MEDIA: 5,
  CS_PARK: 6,
  CS_CONSUME_MEDIA: 7,
  CS_HANGUP: 10,
  CS_REPORTING: 11,
  CS_DESTROY: 12,
};

/** One running application: aborted by a hang-up, a transfer or `uuid_break`. */
export interface Run {
  readonly signal: AbortSignal;
}
