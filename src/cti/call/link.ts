import type { CallCommands } from './call-commands.ts';
import type { Call } from './call.types.ts';
import type { DialLegOptions } from './dial.types.ts';
import type { Leg } from '../leg/leg.types.ts';

/** One application for one leg. */
export interface ExecuteMessage {
  application: string;
  argument: string;
  eventUuid: string;
  uuid: string;
}

/** The way from a leg to its switch, which waits for the reconnect when the connection is lost. */
export interface SwitchLink {
  /** Throws `switch.down` when the connection does not come back, `switch.timeout` without an answer. */
  api(command: string): Promise<string>;
  /** All messages in one write, so that one never arrives without the others. */
  run(messages: readonly ExecuteMessage[]): Promise<string>;
  /** Rings a further telephone for a call on that switch. */
  dial(options: DialLegOptions): Leg;
}

/** What verbs use of a call and nobody else sees: `Call` has no commands. */
export function commandsOf(call: Call): CallCommands {
  return (call as Call & { readonly commands: CallCommands }).commands;
}

export function linkOf(party: Call | Leg): SwitchLink {
  return (party as (Call | Leg) & { readonly link: SwitchLink }).link;
}
