import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { SwitchDownError } from '../esl/esl.errors.ts';
import { hostVariable } from './switch-names.ts';

/** What of a switch is needed to end registrations there. */
export interface Registrar {
  name: string;
  isConnected: boolean;
  /** Throws `switch.down` at once while it is away. */
  apiNow(command: string): Promise<string>;
}

/**
 * Ends the registrations of that user on every switch at a time. One that is away is passed over: the directory knows
 * the account as ended by the time it registers there again. Rejects when one that is there did not do it, after all
 * the others were told.
 */
export async function endRegistrations(
  nodes: readonly Registrar[],
  username: string,
  log: Log,
): Promise<void> {
  const connected = nodes.filter(({ isConnected }) => isConnected);
  const told = await Promise.allSettled(connected.map((node) => tell(node, username)));
  const faults: unknown[] = [];
  for (const [at, one] of told.entries()) {
    if (one.status === 'fulfilled') continue;
    const reason = messageOf(one.reason);
    log.warn({ node: connected[at]?.name, username, reason }, 'registrations not ended');
    if (!(one.reason instanceof SwitchDownError)) faults.push(one.reason);
  }
  if (faults.length > 0) throw faults[0];
}

async function tell(node: Registrar, username: string): Promise<void> {
  const host = (await node.apiNow(`global_getvar ${hostVariable}`)).trim();
  for (const command of endingRegistrations(username, host)) await node.apiNow(command);
}

/** Profiles at which telephones register; the embedded switch has one list for all and takes both names. */
const profiles = ['internal', 'phones-tls'] as const;

/** Ends every registration of a telephone. `host` is what the switch calls its own domain (`lt_host`). */
export function endingRegistrations(username: string, host: string): string[] {
  return profiles.map(
    (profile) => `sofia profile ${profile} flush_inbound_reg ${username}@${host}`,
  );
}
