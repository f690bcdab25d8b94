import { RtpHeader, type RTCPeerConnection, type RTCRtpSender, type RtpPacket } from 'werift';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { parseRtp, type Wire } from '../rtp/index.ts';

/** Packets to and from a browser. The keys of the way are agreed on by DTLS, after the answer. */
export class PeerWire implements Wire {
  readonly localPort: number;
  onPacket: Wire['onPacket'] = () => undefined;
  onSign: Wire['onSign'] = () => undefined;
  /** ICE sends nowhere without the browser's consent (RFC 7675). */
  readonly isHeard = true;
  readonly #connection: RTCPeerConnection;
  readonly #sender: RTCRtpSender;
  readonly #log: Log;
  #isOpen = false;
  #isClosed = false;

  constructor(connection: RTCPeerConnection, sender: RTCRtpSender, localPort: number, log: Log) {
    this.#connection = connection;
    this.#sender = sender;
    this.localPort = localPort;
    this.#log = log;
  }

  /** Listens, once there is a transport to listen to. Packets are told by their payload type alone:
   * browsers need not say their source in the description. */
  open(): void {
    const [transport] = this.#connection.dtlsTransports;
    if (this.#isOpen || transport === undefined) return;
    this.#isOpen = true;
    transport.onRtp.subscribe(({ header, payload }: RtpPacket) => {
      this.onPacket({
        payloadType: header.payloadType,
        marker: header.marker,
        sequence: header.sequenceNumber,
        timestamp: header.timestamp,
        ssrc: header.ssrc,
        payload,
      });
    });
  }

  /** Where the browser is, is found out by ICE. */
  aim(): void {
    // Nothing to do.
  }

  send(datagram: Buffer): void {
    const [transport] = this.#connection.dtlsTransports;
    const packet = parseRtp(datagram);
    if (this.#isClosed || packet === undefined || transport?.state !== 'connected') return;
    const sent =
      packet.payloadType === this.#sender.codec?.payloadType
        ? this.#sender.sendRtp(datagram)
        : // The sender would write its own payload type over a key's.
          transport.sendRtp(packet.payload, headerOf(packet, this.#sender.ssrc));
    sent.catch((error: unknown) => {
      this.#log.debug({ reason: messageOf(error) }, 'SRTP packet to a browser not sent');
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#connection.close().catch((error: unknown) => {
      this.#log.debug({ reason: messageOf(error) }, 'DTLS connection not closed cleanly');
    });
  }
}

function headerOf(
  packet: { payloadType: number; marker: boolean; sequence: number; timestamp: number },
  ssrc: number,
): RtpHeader {
  return new RtpHeader({
    payloadType: packet.payloadType,
    marker: packet.marker,
    sequenceNumber: packet.sequence,
    timestamp: packet.timestamp,
    ssrc,
  });
}
