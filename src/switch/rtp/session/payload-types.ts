import { codecs, type Codec } from '../g711.ts';
import type { RemoteMedia } from '../media.types.ts';

/** The payload type of keys in our own offers. */
const ownKeyType = 101;

/** Keys come as the far end's description numbers them, or as ours does (RFC 3264 section 5.1). */
export function isKey(payloadType: number, remote: RemoteMedia): boolean {
  const { dtmfPayloadType } = remote;
  if (dtmfPayloadType === undefined || payloadType === remote.payloadType) return false;
  return payloadType === dtmfPayloadType || payloadType === ownKeyType;
}

/** Either law of G.711 may come once both were offered; anything else is no audio. */
export function codecOf(payloadType: number, remote: RemoteMedia): Codec | undefined {
  if (payloadType === remote.payloadType) return codecs[remote.codec];
  if (payloadType === codecs.PCMU.payloadType) return codecs.PCMU;
  return payloadType === codecs.PCMA.payloadType ? codecs.PCMA : undefined;
}
