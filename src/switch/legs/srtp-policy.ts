import type { PlainOptions } from './negotiation.ts';
import type { SipAddress } from '../sip/index.ts';

/** `SIP_SRTP`: whether audio is encrypted by keys in the description (RFC 4568). */
export const srtpPolicies = ['off', 'offered', 'required'] as const;
export type SrtpPolicy = (typeof srtpPolicies)[number];

/**
 * How one leg's audio is agreed on. Only signalling over TLS keeps keys secret, so only there do we offer encryption
 * or insist on it; whoever offers it elsewhere is answered in kind.
 */
export function srtpFor(policy: SrtpPolicy, transport: SipAddress['transport']): PlainOptions {
  if (policy === 'off') return { withSrtp: false };
  const isSecret = transport === 'tls';
  return {
    withSrtp: true,
    isSecret,
    offersSrtp: isSecret,
    needsSrtp: isSecret && policy === 'required',
  };
}

/** A telephone that refuses encrypted audio may take it plain, where that is allowed (RFC 3261 section 21.4.26). */
export function mayTryPlain(
  { offersSrtp = false, needsSrtp = false }: PlainOptions,
  status: number,
): boolean {
  return offersSrtp && !needsSrtp && [415, 488, 606].includes(status);
}
