import { RTCDtlsTransport, RTCPeerConnection, RTCRtpCodecParameters } from 'werift';
import type { Log } from '../../core/log.ts';
import {
  bindRtp,
  laidOut,
  NoPortError,
  onlyStream,
  oppositeOf,
  parseDescription,
  parseSdp,
  staticNames,
  type AudioCodec,
  type MediaDirection,
  type Negotiation,
  type ParsedMedia,
  type RemoteMedia,
  type Wire,
} from '../rtp/index.ts';
import { PeerWire } from './wire.ts';
import { ignore } from '../../core/ignore.ts';

export interface PeerOptions {
  /** The address that browsers reach us at; 0.0.0.0 offers all that the machine has. */
  host: string;
  /** Two neighbouring ports in turn, of which one is used. */
  nextPair: () => { from: number; to: number };
  log: Log;
}

/** One browser's audio: how it is agreed on, and the way of its packets. */
export interface Peer extends Negotiation {
  readonly wire: Wire;
}

/** The browser's key: 60 to 200 ms of computing, once for the process. */
export async function warmUp(): Promise<void> {
  await RTCDtlsTransport.SetupCertificate();
}

/** Ports that other programs hold are passed over; so many times at most. */
const maxTries = 10;

/** Rejects with `NoPortError` when no port is free. */
export async function openPeer(options: PeerOptions): Promise<Peer> {
  for (let tried = 0; tried < maxTries; tried += 1) {
    const { from } = options.nextPair();
    const probe = await ignore(bindRtp(options.host, from), 'the port is taken; the next is tried');
    if (probe === undefined) continue;
    await new Promise<void>((resolve) => probe.close(() => resolve()));
    return new WebRtcPeer(options.host, from, options.log);
  }
  throw new NoPortError('no port for a browser is free');
}

class WebRtcPeer implements Peer {
  readonly wire: PeerWire;
  readonly #connection: RTCPeerConnection;
  readonly #transceiver;
  /** What was agreed on last: our offers keep its layout. */
  #before: ParsedMedia | undefined;

  constructor(host: string, port: number, log: Log) {
    const isEverywhere = host === '0.0.0.0';
    this.#connection = new RTCPeerConnection({
      codecs: { audio: codecs(), video: [] },
      headerExtensions: { audio: [], video: [] },
      iceServers: [],
      icePortRange: [port, port + 1],
      iceUseIpv6: false,
      // Else it would offer every address of the machine, though it listens at one.
      iceUseIpv4: isEverywhere,
      ...(isEverywhere
        ? {}
        : { iceAdditionalHostAddresses: [host], iceInterfaceAddresses: { udp4: host } }),
    });
    this.#transceiver = this.#connection.addTransceiver('audio', { direction: 'sendrecv' });
    this.wire = new PeerWire(this.#connection, this.#transceiver.sender, port, log);
  }

  async offer({ direction = 'sendrecv' }: { direction?: MediaDirection } = {}): Promise<string> {
    this.#transceiver.setDirection(direction);
    const offer = await this.#publish(await this.#connection.createOffer());
    return this.#before === undefined ? offer : laidOut(offer, this.#before.layout);
  }

  async answer(offer: string): Promise<{ sdp: string; remote: RemoteMedia }> {
    const theirs = parseSdp(offer, 'webrtc');
    if (theirs.port === 0) return { sdp: withoutAudio(theirs), remote: theirs };
    await this.#connection.setRemoteDescription({ type: 'offer', sdp: audioOf(offer, theirs) });
    this.#transceiver.setDirection(oppositeOf(theirs.direction));
    const sdp = await this.#publish(await this.#connection.createAnswer());
    // What we send is the first format of our answer; keys come in as they offered them.
    const { codec, payloadType } = parseSdp(sdp, 'webrtc');
    this.#before = theirs;
    return { sdp: laidOut(sdp, theirs.layout), remote: { ...theirs, codec, payloadType } };
  }

  async accept(answer: string): Promise<RemoteMedia> {
    const remote = parseSdp(answer, 'webrtc');
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: audioOf(answer, remote) });
    this.#before = remote;
    return remote;
  }

  /** Takes the description as ours, and gives it back with our addresses in it. */
  async #publish(
    description: Awaited<ReturnType<RTCPeerConnection['createOffer']>>,
  ): Promise<string> {
    // Without this it asks a public STUN server by name, whatever `iceServers` says, and waits five
    // seconds for it where there is no internet.
    for (const transport of this.#connection.iceTransports) {
      delete transport.connection.stunServer;
    }
    await this.#connection.setLocalDescription(description);
    this.wire.open();
    const sdp = this.#connection.localDescription?.sdp ?? '';
    if (!sdp.includes('a=candidate:')) throw new NoPortError('no port for a browser is free');
    return withOpenPort(sdp);
  }
}

/** The formats that we take part in, best first; payload types of RFC 3551. */
function codecs(): RTCRtpCodecParameters[] {
  const g711 = (['PCMA', 'PCMU'] as const satisfies readonly AudioCodec[]).map(
    (name) =>
      new RTCRtpCodecParameters({
        mimeType: `audio/${name}`,
        clockRate: 8000,
        channels: 1,
        payloadType: name === 'PCMU' ? 0 : 8,
      }),
  );
  const keys = new RTCRtpCodecParameters({
    mimeType: 'audio/telephone-event',
    clockRate: 8000,
    channels: 1,
    payloadType: 101,
    parameters: '0-16',
  });
  return [...g711, keys];
}

/** They stopped the stream: so do we, and nothing else is told to the connection. */
function withoutAudio({ layout }: ParsedMedia): string {
  const session = ['v=0', 'o=lingting 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', ''].join('\r\n');
  return laidOut(session, { ...layout, at: -1 });
}

/** The stream that we take part in, alone: video and whatever else is answered by us. */
function audioOf(sdp: string, { layout, direction }: ParsedMedia): string {
  return withoutNames(spelledOut(onlyStream(parseDescription(sdp), layout.at), direction));
}

/**
 * What a description may leave out and the connection does not know: the names of payload types 0 and 8
 * (RFC 3551 section 6), and that a stream without a direction is sendrecv (RFC 8866 section 6.7).
 */
function spelledOut(sdp: string, direction: MediaDirection): string {
  return sdp.replace(/^m=audio [^\r\n]*/m, (line) => {
    const formats = line.trim().split(' ').slice(3).map(Number);
    const names = formats.flatMap((payloadType) => {
      const name = staticNames.get(payloadType);
      const isSaid = name === undefined || sdp.includes(`\na=rtpmap:${payloadType} `);
      return isSaid ? [] : [`a=rtpmap:${payloadType} ${name}`];
    });
    const isDirected = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.test(sdp);
    const ways = isDirected ? [] : [`a=${direction}`];
    return [line.trim(), ...names, ...ways].join('\r\n') + (line.endsWith('\r') ? '\r' : '');
  });
}

/** The connection writes port 0 for a stream at rest, which would refuse it for good (RFC 3264 section 6). */
function withOpenPort(sdp: string): string {
  return sdp.replace(/^m=audio 0 /m, 'm=audio 9 ');
}

/** Names ending in `.local` would be looked up by multicast; the browser reaches us without. */
function withoutNames(sdp: string): string {
  const isNamed = (line: string) => line.startsWith('a=candidate:') && line.includes('.local ');
  return sdp
    .split('\n')
    .filter((line) => !isNamed(line))
    .join('\n');
}
