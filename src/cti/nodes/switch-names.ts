/**
 * What a switch itself knows by name: global variables, places of its dialplan, a command. `freeswitch-conf` and the
 * embedded switch have the same names; `test/unit/recovery.test.ts` compares them.
 */

/** Global variables that a service sets on every connect: what `freeswitch-conf/vars.xml` only has a start for. */
export const switchVariable = {
  /** Numbers of hotlines, `|` between them. */
  hotlines: 'lt_hotlines',
  /** Folders, as the switch sees them. */
  sounds: 'lt_sounds',
  prompts: 'lt_prompts',
  recordings: 'lt_recordings',
  faxes: 'lt_faxes',
  /** Seconds that a leg waits for a service that is dead. */
  wait: 'lt_wait',
  /** Whether telephones over TLS must, may or must not use SRTP. */
  srtp: 'lt_srtp',
} as const;

export type SwitchVariables = Readonly<Record<keyof typeof switchVariable, string>>;

/** Which service drives the switch, see `Lease`. */
export const driverVariable = 'lt_driver';

/** What the switch calls its own domain. */
export const hostVariable = 'lt_host';

/** In which the modem leaves its result; it outlives the leg and the service. */
export function faxNote(callId: string): string {
  return `lt_fax_${callId.replaceAll('-', '_')}`;
}

/** Where a leg waits for us with a dead-man timer. */
export const waitingPlace = { extension: 'lt_wait', context: 'lingting' } as const;

/** Where a caller hears the apology and may leave a message: nobody drives the switch. */
export const unattendedPlace = { extension: 'lt_unattended', context: 'lingting' } as const;

/** Asks the embedded switch what its limits refused; FreeSWITCH has no such command. */
export const refusalsCommand = 'lt_refusals';
