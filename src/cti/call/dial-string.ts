import { AppError } from '../../core/errors.ts';
import { customerVariables, partyVariables } from './after-bridge.ts';
import type { DialCallOptions, DialLegOptions, Endpoint } from './dial.types.ts';
import type { LegRole } from '../leg/leg.types.ts';
import { writeRecord } from './recovery.ts';

/** What is dialled: a further leg of a call, or a customer. */
export type DialledLeg =
  | (DialLegOptions & { legId: string })
  | (Omit<DialCallOptions, 'before'> & { legId: string; role: 'customer' });

/**
 * The arguments of `originate` for a leg. Nothing that came from outside gets in unchecked: a name or
 * number with any other character would be read by the switch as another variable or another leg.
 */
export function originateArguments(options: DialledLeg): string {
  const { callId, legId, role, callerId, ringSec, data = {} } = options;
  const all: Record<string, string> = {
    origination_uuid: legId,
    origination_caller_id_number: safe('callerId', callerId),
    originate_timeout: String(ringSec),
    ignore_early_media: 'true',
    // Whoever is called does not decide whom we call instead: an answer 3xx ends the leg as REQUESTED_CHAN_UNAVAIL.
    outbound_redirect_fatal: 'true',
    ...(options.endpoint.kind === 'user' ? registeredVariables : {}),
    ...writeRecord({ call: callId, role, ...data }),
    ...variablesFor(options),
  };
  const list = Object.entries(all)
    .map(([name, value]) => `${name}=${safe(name, value)}`)
    .join(',');
  const heard = 'eavesdropOn' in options ? options.eavesdropOn : undefined;
  const application = heard === undefined ? 'park()' : `eavesdrop(${safe('eavesdropOn', heard)})`;
  return `{${list}}${dialString(options.endpoint)} &${application}`;
}

/**
 * Else FreeSWITCH would refresh the session (RFC 4028) every 45 s at the address of the socket that the
 * telephone had when it was called, and end the talk when that socket has broken since. Browsers refresh it
 * themselves; desk telephones that fall silent are seen by their audio.
 */
const registeredVariables = { sofia_session_timeout: '0' } as const;

/** What the switch does with that leg by itself. */
function variablesFor(options: DialledLeg): Readonly<Record<string, string>> {
  if (options.role === 'customer') return options.isForAgent === true ? customerVariables : {};
  return {
    ...ofRole[options.role],
    ...(options.isAutoAnswered === true ? { sip_auto_answer: 'true' } : {}),
  };
}

const ofRole: Readonly<Record<LegRole, Readonly<Record<string, string>>>> = {
  agent: partyVariables,
  outside: partyVariables,
  // A supervisor speaks, or listens only, by keys.
  supervisor: { eavesdrop_enable_dtmf: 'true' },
};

/** `user/agent1`, `sofia/gateway/trunk1/02155550119`. */
export function dialString(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'user':
      return `user/${safe('user', endpoint.user)}`;
    case 'gateway':
      return `sofia/gateway/${safe('gateway', endpoint.gateway)}/${safe('number', endpoint.number)}`;
  }
}

export class UnsafeDialError extends AppError {
  constructor(field: string) {
    super({
      code: 'dial.unsafe',
      status: 400,
      message: `${field} may hold only letters, digits and _ . : / @ + - to be dialled.`,
      details: { field },
    });
  }
}

function safe(field: string, value: string): string {
  if (!/^[\w.:/@+-]*$/.test(value)) throw new UnsafeDialError(field);
  return value;
}
