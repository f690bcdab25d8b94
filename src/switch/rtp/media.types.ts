/**
 * What the RTP part offers to the channel part: one media session per leg. It sends and receives
 * G.711 in 20 ms packets (RFC 3550, RFC 3551) and telephone events (RFC 4733), plays and records
 * WAV files, and relays or mixes to other media sessions. It knows nothing of SIP.
 */
import type { RtpPacket } from './packet.ts';
import type { SrtpSuite } from '../sdp/sdes.ts';

export type AudioCodec = 'PCMU' | 'PCMA';
/** Whether the ticks that send and receive for all calls come: in time, late enough to be heard, or not at all. */
export type AudioState = 'flowing' | 'late' | 'stopped';
export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** The far end as its description says it (RFC 4566, RFC 3264). */
export interface RemoteMedia {
  host: string;
  port: number;
  codec: AudioCodec;
  payloadType: number;
  /** Payload type of telephone-event, if offered. */
  dtmfPayloadType: number | undefined;
  /** As the far end sees it: `sendonly` means that we only listen. */
  direction: MediaDirection;
  /** Length of the packets that it would like, in milliseconds. */
  ptimeMs?: number;
  /** Keys of SRTP (RFC 4568), 16 bytes and 14 of salt each; absent where the audio is not encrypted by them. */
  srtp?: { suite: SrtpSuite; remoteKey: Buffer; localKey: Buffer };
  /** Where the signalling comes from: a NAT mostly gives the audio the same address. */
  signalHost?: string;
}

export interface MediaOptions {
  host: string;
  ports: { from: number; to: number };
  /** No packet for so long ends the session through `onTimeout`; not while held. */
  timeoutMs: number;
  /** An address from which nothing comes is sent to for so long; by default 5 s. */
  unheardMs?: number;
}

/** What happened to the audio of all calls since the start. */
export interface MediaHealth {
  state: AudioState;
  /** How often audio of all calls had stopped or was late enough to be heard. */
  stalls: number;
  /** Legs that ended because their audio threw. */
  failedLegs: number;
  /** Packets that the system refused to send. */
  sendErrors: number;
  /** Legs to whose address nothing was sent any more, since nothing had come from there. */
  unheardLegs: number;
}

export interface MediaSession {
  readonly localPort: number;
  /** Opens or changes the far end; who else may count as it, see `SourceLock`. */
  setRemote(remote: RemoteMedia): void;
  /**
   * Sends nothing, and lets what it plays wait, until `release` or until the far end is heard: an
   * address that only a description named may be anybody's.
   */
  holdBack(): void;
  release(): void;

  /** What it plays to the far end. */
  readonly playback: MediaPlayback;
  /** Who listens to its audio, speaks into it or records it. */
  readonly taps: MediaTaps;
  sendDtmf(digits: string, durationMs: number): void;

  /** Each key once, at its end or after its third packet, however often it was repeated. */
  onDigit: (digit: string, durationMs: number) => void;
  onTimeout: () => void;
  /** Something threw while this session worked: it is closed already, and no other is concerned. */
  onFailed: (error: unknown) => void;
  /** Each packet of audio as it comes, before it is put in order. */
  onAudio: (packet: RtpPacket) => void;

  /** Silence instead of what the far end says (`read`) or hears (`write`); undefined ends it. */
  mute(direction: 'read' | 'write' | undefined): void;

  /** Milliseconds since the last packet from the far end. */
  readonly silentMs: number;

  /** Relays packets both ways; mixes only when one side records, listens, or speaks another codec. */
  bridge(other: MediaSession): void;
  unbridge(): void;

  readonly stats: MediaStats;
  close(): void;
}

export interface PlayEnd {
  reason: 'finished' | 'stopped';
  samples: number;
}

export interface MediaPlayback {
  /** Plays until it ends or is stopped; a second call replaces the first. Resolves with how it ended. */
  start(source: AudioSource): Promise<PlayEnd>;
  stop(): void;
  /** What the far end hears when nothing plays, e.g. music; undefined is silence packets. */
  setBackground(source: AudioSource | undefined): void;
}

export interface MediaTaps {
  /** Someone who listens to both directions and may speak into them: supervision, mixing. */
  add(tap: Tap): void;
  remove(tap: Tap): void;
  /** Decoded incoming audio, 160 samples of 8 kHz signed 16 bit, once per 20 ms tick. */
  addListener(listener: FrameListener): void;
  removeListener(listener: FrameListener): void;
  /**
   * Records to a WAV file of 8 kHz signed 16 bit. `stereo`: left is what we hear, right what we
   * send; `mixed` is their sum, `incoming` the far end alone. Gaps are silence, so that duration is time. The header is valid at every moment to within
   * a second, so that a killed process leaves a playable file.
   */
  record(options: RecordOptions): Recorder;
}

/** Frames are 160 samples, once per 20 ms tick. */
export interface Tap {
  /** What it says to the far end takes the place of everything else. */
  readonly isAlone?: boolean;
  onFrame(incoming: Int16Array, outgoing: Int16Array): void;
  /** Heard by the far end besides what it hears anyway. */
  toFarEnd(): Int16Array | undefined;
  /** Heard by the leg that this one talks to, as if the far end had said it. */
  toOthers(): Int16Array | undefined;
}

export type FrameListener = (incoming: Int16Array, outgoing: Int16Array) => void;

export interface Media {
  open(): Promise<MediaSession>;
  /** A session over packets that travel another way than by a socket of ours. */
  attach(wire: Wire): MediaSession;
  /** The ports whose turn it is; another program may hold them. */
  nextPair(): { from: number; to: number };
  /** Calls that every 20 ms until the returned function is called, or until it throws (`onError`). */
  every20Ms(tick: () => void, onError: (error: unknown) => void): () => void;
  /** A WAV file as a source of 8 kHz; rejects with ENOENT or when it is no audio. */
  openWav(path: string): Promise<AudioSource>;
  readonly health: MediaHealth;
  /** Told when `health.state` changes. */
  onStateChange: (state: AudioState) => void;
  close(): void;
}

export interface AudioSource {
  /** The next 160 samples; a shorter array or undefined ends the source. */
  next(): Int16Array | undefined;
}

export interface RecordOptions {
  path: string;
  mode: 'incoming' | 'mixed' | 'stereo';
  /** Stops by itself after so long. */
  limitMs?: number;
  /** Stops by itself when the incoming audio stayed below `level` (mean of absolute samples) for so long. */
  silence?: { level: number; durationMs: number };
  onStopped?: (result: RecordResult) => void;
}

export interface RecordResult {
  path: string;
  durationMs: number;
  samples: number;
  reason: 'stopped' | 'limit' | 'silence' | 'closed' | 'failed';
}

export interface Recorder {
  readonly path: string;
  /** Silence on both channels until `unmask`: the time goes on, the words do not. */
  mask(): void;
  unmask(): void;
  stop(): RecordResult;
}

export interface MediaStats {
  packetsSent: number;
  packetsReceived: number;
  packetsLost: number;
  packetsLate: number;
  /** Longest gap between two packets that we sent, in milliseconds. */
  maxSendGapMs: number;
}

export type WireAim = Pick<
  RemoteMedia,
  'host' | 'port' | 'payloadType' | 'dtmfPayloadType' | 'direction' | 'signalHost' | 'srtp'
>;

/** How packets of one leg travel: a UDP socket of its own, or the encrypted way to a browser. */
export interface Wire {
  readonly localPort: number;
  /** Set by the media session that uses the wire. */
  onPacket: (packet: RtpPacket) => void;
  /** The far end lives, but sent no audio. */
  onSign: () => void;
  /** Whether the far end was heard from where packets go. */
  readonly isHeard: boolean;
  /** Where the far end says that it is, and what it sends. */
  aim(remote: WireAim): void;
  /** A whole packet, header included. Dropped while the far end is unknown. */
  send(datagram: Buffer): void;
  close(): void;
}
