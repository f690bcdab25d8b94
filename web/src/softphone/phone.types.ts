import type { Quality } from './quality.ts';

/**
 * `elsewhere`: another tab of this browser has the telephone. `failed`: see `failure`; it tries again
 * by itself when the cause may pass.
 */
export type PhoneStatus = 'off' | 'elsewhere' | 'connecting' | 'ready' | 'failed';
export type PhoneFailure = 'microphone' | 'refused' | 'network';

export interface PhoneCall {
  state: 'ringing' | 'dialling' | 'connecting' | 'talking';
  direction: 'incoming' | 'outgoing';
  number: string;
  sinceMs: number;
  isMuted: boolean;
  quality: Quality | undefined;
}

export interface PhoneState {
  status: PhoneStatus;
  failure: PhoneFailure | undefined;
  call: PhoneCall | undefined;
  /** Why the last call ended, in the words of SIP (`Busy`, `Canceled` …). */
  lastCause: string | undefined;
}

export const phoneOff: PhoneState = {
  status: 'off',
  failure: undefined,
  call: undefined,
  lastCause: undefined,
};
