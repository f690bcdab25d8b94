import type { Dialling, DialWish } from '../../../dialling/index.ts';
import { NoTrunkError } from '../../agents.errors.ts';
import type { Endpoint } from '../../../cti/index.ts';
import type { Seat } from './seat.ts';

export type OutsideEndpoint = Extract<Endpoint, { kind: 'gateway' }>;

/** Where an outside number is dialled; throws `dial.*` when it may not be, or there is no trunk. */
export type DialOutside = (wish: DialWish) => Promise<OutsideEndpoint>;

/** Where an agent's telephone is rung. Throws `dial.no_trunk`. */
export type EndpointOf = (seat: Seat) => Endpoint;

export function agentEndpoint(trunks: readonly string[], seat: Seat): Endpoint {
  return seat.phone === 'outside' && seat.number !== null
    ? outsideEndpoint(trunks, seat.number)
    : { kind: 'user', user: seat.username };
}

/** A number behind the preferred trunk. Throws `dial.no_trunk`. */
export function outsideEndpoint(trunks: readonly string[], number: string): OutsideEndpoint {
  const [gateway] = trunks;
  if (gateway === undefined) throw new NoTrunkError();
  return { kind: 'gateway', gateway, number };
}

/** The same for a number that may be dialled. Throws `dial.*`. */
export async function permittedEndpoint(
  dialling: Dialling,
  trunks: readonly string[],
  wish: DialWish,
): Promise<OutsideEndpoint> {
  const endpoint = outsideEndpoint(trunks, wish.number);
  return { ...endpoint, number: await dialling.permit(wish) };
}

/** For the telephone at which an agent answers. */
export function seatWish(staffId: string, number = ''): DialWish {
  return { purpose: 'seat', callId: null, staffId, number };
}
