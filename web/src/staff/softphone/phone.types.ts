import type { MicrophoneState } from './sound/microphone.ts';
import type { Quality } from './sound/quality.ts';
import type { SoundState } from './sound/sound.ts';

/**
 * `elsewhere`: another tab, or another browser, has the telephone. `failed`: see `failure`; it tries again
 * by itself when the cause may pass.
 */
export type PhoneStatus = 'off' | 'elsewhere' | 'connecting' | 'ready' | 'failed';
export type PhoneFailure = 'refused' | 'network';

export interface PhoneCall {
  state: 'ringing' | 'dialling' | 'connecting' | 'talking';
  direction: 'incoming' | 'outgoing';
  number: string;
  /** Of a call that comes in: the number that was dialled. */
  dialled?: string;
  sinceMs: number;
  isMuted: boolean;
  quality: Quality | undefined;
}

export interface PhoneState {
  status: PhoneStatus;
  failure: PhoneFailure | undefined;
  call: PhoneCall | undefined;
  microphone: MicrophoneState;
  /** Whether its ringing will be heard. */
  sound: SoundState;
  /** Why the last call ended, in the words of SIP (`Busy`, `Canceled` …). */
  lastCause: string | undefined;
}

export const phoneOff: PhoneState = {
  status: 'off',
  failure: undefined,
  call: undefined,
  microphone: 'unknown',
  sound: 'ok',
  lastCause: undefined,
};
