import type { Input } from '../leg/keys.ts';

/** Keys that were pressed before they were asked for. */
export interface KeysAhead {
  digits: string;
  /** Ended by the terminator, or as many as were wanted. */
  isComplete: boolean;
}

export interface CallCommands {
  /** Takes, once, what was typed ahead for an input of that shape. */
  takeKeysAhead(max: number, terminator: string): KeysAhead;
  /**
   * Runs an application on the caller's leg and waits until it has ended. `step` makes it
   * resumable: when this process was restarted while the step ran, the same call with the same
   * step does not start it again but waits for it, or returns at once what it left behind.
   * Resolves with the channel variables after the application.
   */
  execute(options: ExecuteOptions): Promise<ExecuteResult>;
  /** An API command about this leg, e.g. `uuid_record <leg> start …`. Throws `call.gone` after hang-up. */
  api(command: string, args: readonly string[]): Promise<string>;
  /** A whole command that moves legs, behind what was remembered before; sent also after hang-up. */
  move(command: string): Promise<string>;
  /** Stops what plays or runs now. */
  break(): Promise<void>;
}

export interface ExecuteOptions {
  application: string;
  argument: string;
  step: string;
  /** How long it may take in all before it is an error. */
  timeoutMs: number;
  /** Channel variables to set just before, in the same breath. */
  variables?: Readonly<Record<string, string>>;
  /**
   * What the application makes of keys. A switch forgets keys of the instant before it began to read;
   * when it goes on waiting though they are whole, it is given them again, and what is behind a whole
   * input is kept for the next one.
   */
  input?: (keys: string) => Input;
}

export interface ExecuteResult {
  /** `Application-Response` of CHANNEL_EXECUTE_COMPLETE; `_none_` when there was none. */
  response: string;
  variables: Readonly<Record<string, string>>;
  /** True when it ran while no service was there to see it. */
  wasResumed: boolean;
  /** Keys told of meanwhile, also those that came before the application could read them. */
  keys: string;
}
