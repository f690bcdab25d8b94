import { AppError } from '../../core/errors.ts';
import type { DialOptions, Endpoint } from './leg.types.ts';
import { encodeVariable } from './variables.ts';

/**
 * The arguments of `originate` for a leg. Nothing that came from outside gets in unchecked: a name or
 * number with any other character would be read by the switch as another variable or another leg.
 */
export function originateArguments(
  options: DialOptions & { legId: string; role: string; eavesdropOn?: string },
): string {
  const { callId, legId, role, callerId, ringSec, data = {}, variables = {} } = options;
  const kept = Object.fromEntries(
    Object.entries({ call: callId, role, ...data }).map(
      ([name, value]) => [`lt_${name}`, encodeVariable(value)] as const,
    ),
  );
  const all: Record<string, string> = {
    origination_uuid: legId,
    origination_caller_id_number: safe('callerId', callerId),
    originate_timeout: String(ringSec),
    ignore_early_media: 'true',
    // Whoever is called does not decide whom we call instead: an answer 3xx ends the leg as REQUESTED_CHAN_UNAVAIL.
    outbound_redirect_fatal: 'true',
    ...(options.endpoint.kind === 'user' ? registeredVariables : {}),
    ...kept,
    ...variables,
  };
  const list = Object.entries(all)
    .map(([name, value]) => `${name}=${safe(name, value)}`)
    .join(',');
  const application =
    options.eavesdropOn === undefined
      ? 'park()'
      : `eavesdrop(${safe('eavesdropOn', options.eavesdropOn)})`;
  return `{${list}}${dialString(options.endpoint)} &${application}`;
}

/**
 * Else FreeSWITCH would refresh the session (RFC 4028) every 45 s at the address of the socket that the
 * telephone had when it was called, and end the talk when that socket has broken since. Browsers refresh it
 * themselves; desk telephones that fall silent are seen by their audio.
 */
const registeredVariables = { sofia_session_timeout: '0' } as const;

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
