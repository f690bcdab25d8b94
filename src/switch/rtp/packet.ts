/** An RTP packet (RFC 3550 section 5.1), its payload a view into the datagram. */
export interface RtpPacket {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Buffer;
}

export const rtpHeaderBytes = 12;

/** Undefined for anything that is not RTP version 2, RTCP included. */
export function parseRtp(datagram: Buffer): RtpPacket | undefined {
  if (datagram.length < rtpHeaderBytes) return undefined;
  const first = datagram[0] ?? 0;
  if (first >> 6 !== 2) return undefined;
  const second = datagram[1] ?? 0;
  if (isRtcp(datagram)) return undefined;
  const from = headerBytesOf(datagram);
  if (from === undefined) return undefined;
  let to = datagram.length;
  if ((first & 0x20) !== 0) {
    const padding = datagram[to - 1] ?? 0;
    // It counts itself: 0 is no length.
    if (padding === 0) return undefined;
    to -= padding;
  }
  if (to < from) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: datagram.readUInt16BE(2),
    timestamp: datagram.readUInt32BE(4),
    ssrc: datagram.readUInt32BE(8),
    payload: datagram.subarray(from, to),
  };
}

/** RTCP that shares the port: 64–95 with the marker bit are its types 192–223 (RFC 5761 section 4). */
export function isRtcp(datagram: Buffer): boolean {
  const type = datagram[1] ?? 0;
  return datagram.length >= 8 && (datagram[0] ?? 0) >> 6 === 2 && type >= 192 && type <= 223;
}

/** Header, contributing sources and extension; undefined when the packet is shorter than they say. */
export function headerBytesOf(datagram: Buffer): number | undefined {
  if (datagram.length < rtpHeaderBytes) return undefined;
  const first = datagram[0] ?? 0;
  let bytes = rtpHeaderBytes + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (datagram.length < bytes + 4) return undefined;
    bytes += 4 + datagram.readUInt16BE(bytes + 2) * 4;
  }
  return bytes > datagram.length ? undefined : bytes;
}

export type RtpHeaderFields = Omit<RtpPacket, 'payload'>;

/** Writes the header in place; the payload follows at `rtpHeaderBytes`. */
export function writeRtpHeader(into: Buffer, header: RtpHeaderFields): void {
  into[0] = 0x80;
  into[1] = (header.marker ? 0x80 : 0) | header.payloadType;
  into.writeUInt16BE(header.sequence & 0xffff, 2);
  into.writeUInt32BE(header.timestamp >>> 0, 4);
  into.writeUInt32BE(header.ssrc >>> 0, 8);
}

/** How far `sequence` lies after `reference`, wrap included: −32768 … 32767. */
export function sequenceDistance(sequence: number, reference: number): number {
  return ((sequence - reference + 0x8000) & 0xffff) - 0x8000;
}
