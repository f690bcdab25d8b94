/**
 * Browsers' audio: ICE, DTLS and SRTP through `werift`, whose only user this folder is. It offers a wire
 * and a negotiation to the rest, as a plain RTP socket does. It knows nothing of SIP.
 */
export { openPeer, warmUp, type Peer, type PeerOptions } from './peer.ts';
