import { performance } from 'node:perf_hooks';
import { randomBytes, randomInt } from 'node:crypto';
import { messageOf } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { DtmfReceiver } from '../dtmf-receiver.ts';
import { dtmfPackets, type DtmfPacket } from '../dtmf.ts';
import { codecs, type Codec } from '../g711.ts';
import type {
  AudioSource,
  FrameListener,
  MediaSession,
  MediaStats,
  Recorder,
  RecordOptions,
  RemoteMedia,
  Tap,
} from '../media.types.ts';
import { rtpHeaderBytes, writeRtpHeader, type RtpHeaderFields, type RtpPacket } from '../packet.ts';
import { maxPacketSamples, PlayoutBuffer } from '../playout.ts';
import { FileRecorder } from '../recorder.ts';
import { mixInto } from '../mix.ts';
import { RelayNumbers } from './relay-numbers.ts';
import { tickMs, type Ticker } from '../ticker.ts';
import { UnheardBudget } from './unheard-budget.ts';
import type { Wire } from '../media.types.ts';

const frameSamples = 160;
/** Of G.711. */
const bytesPerMs = 8;
const quiet = new Int16Array(frameSamples);
/** The payload type of keys in our own offers. */
const ownKeyType = 101;
/** Frames that the other side of a mixed bridge may be ahead. */
const maxAhead = 3;

export interface SessionContext {
  ticker: Ticker;
  log: Log;
  timeoutMs: number;
  /** Of all sessions together. */
  counts: { failedLegs: number; sendErrors: number; unheardLegs: number };
  unheardMs: number;
  onClosed: (session: RtpSession) => void;
}

type PlayEnd = { reason: 'finished' | 'stopped'; samples: number };

export class RtpSession implements MediaSession {
  readonly localPort: number;
  onDigit: MediaSession['onDigit'] = () => undefined;
  onTimeout: MediaSession['onTimeout'] = () => undefined;
  onFailed: MediaSession['onFailed'] = () => undefined;
  onAudio: MediaSession['onAudio'] = () => undefined;
  readonly stats: MediaStats = {
    packetsSent: 0,
    packetsReceived: 0,
    packetsLost: 0,
    packetsLate: 0,
    maxSendGapMs: 0,
  };

  readonly #wire: Wire;
  readonly #context: SessionContext;
  readonly #dtmf = new DtmfReceiver();
  readonly #playout = new PlayoutBuffer();
  readonly #listeners = new Set<FrameListener>();
  readonly #recorders = new Set<FileRecorder>();
  readonly #taps = new Set<Tap>();
  readonly #packet = Buffer.alloc(rtpHeaderBytes + frameSamples);
  readonly #ssrc = randomBytes(4).readUInt32BE(0);
  readonly #incoming = new Int16Array(frameSamples);
  readonly #toPeer: Int16Array[] = [];
  readonly #tick = () => this.#onTick();
  readonly #relayed = new RelayNumbers();
  #remote: RemoteMedia | undefined;
  #codec: Codec = codecs.PCMU;
  /** Of the last packet. */
  #heardCodec: Codec = codecs.PCMU;
  #sequence = randomInt(0x8000);
  #timestamp = randomBytes(4).readUInt32BE(0);
  #dtmfQueue: (DtmfPacket | undefined)[] = [];
  #dtmfTimestamp = 0;
  #playing: { source: AudioSource; samples: number; end: (end: PlayEnd) => void } | undefined;
  #background: AudioSource | undefined;
  #muted: 'read' | 'write' | undefined;
  #peer: RtpSession | undefined;
  /** Since the last packet. A time in which this process stood still is not the far end's silence. */
  #silentTicks = 0;
  #lastSentAt = 0;
  #isHeldBack = false;
  readonly #unheard: UnheardBudget;
  #isUnheardTold = false;
  #isClosed = false;

  constructor(wire: Wire, context: SessionContext) {
    this.#wire = wire;
    this.#context = context;
    this.localPort = wire.localPort;
    this.#unheard = new UnheardBudget(context.unheardMs);
    wire.onPacket = (packet) => this.#guardPacket(packet);
    wire.onSign = () => (this.#silentTicks = 0);
    context.ticker.add(this.#tick, (error) => this.#fail(error));
  }

  setRemote(remote: RemoteMedia): void {
    const isMoved = this.#remote?.host !== remote.host || this.#remote.port !== remote.port;
    this.#remote = remote;
    this.#codec = codecs[remote.codec];
    this.#heardCodec = this.#codec;
    this.#silentTicks = 0;
    // Also when nothing moved: after an offer a new source may be expected (RFC 7362 section 4).
    this.#wire.aim(remote);
    if (isMoved) this.#playout.reset();
  }

  holdBack(): void {
    this.#isHeldBack = true;
  }

  release(): void {
    this.#isHeldBack = false;
  }

  /** An address is sent to once it was heard, or for a while after it was confirmed. */
  #maySend(now: number): boolean {
    if (this.#wire.isHeard) {
      this.#isHeldBack = false;
      this.#isUnheardTold = false;
      return true;
    }
    if (this.#isHeldBack) return false;
    if (this.#unheard.spend(now)) return true;
    this.#tellUnheard();
    return false;
  }

  #tellUnheard(): void {
    if (this.#isUnheardTold) return;
    this.#isUnheardTold = true;
    this.#context.counts.unheardLegs += 1;
    this.#context.log.info(
      { port: this.localPort, toPort: this.#remote?.port },
      'nothing came from where audio is sent to; it waits until something does',
    );
  }

  play(source: AudioSource): Promise<PlayEnd> {
    this.stopPlaying();
    return new Promise((resolve) => {
      if (this.#isClosed) resolve({ reason: 'stopped', samples: 0 });
      else this.#playing = { source, samples: 0, end: resolve };
    });
  }

  stopPlaying(): void {
    this.#endPlaying('stopped');
  }

  setBackground(source: AudioSource | undefined): void {
    this.#background = source;
  }

  sendDtmf(digits: string, durationMs: number): void {
    this.#dtmfQueue.push(...dtmfPackets(digits, durationMs));
  }

  addListener(listener: FrameListener): void {
    this.#listeners.add(listener);
  }

  removeListener(listener: FrameListener): void {
    this.#listeners.delete(listener);
  }

  get silentMs(): number {
    return this.#silentTicks * tickMs;
  }

  addTap(tap: Tap): void {
    this.#taps.add(tap);
  }

  removeTap(tap: Tap): void {
    this.#taps.delete(tap);
  }

  mute(direction: 'read' | 'write' | undefined): void {
    this.#muted = direction;
  }

  record(options: RecordOptions): Recorder {
    const recorder = new FileRecorder(options, this.#context.log, (gone) =>
      this.#recorders.delete(gone),
    );
    this.#recorders.add(recorder);
    return recorder;
  }

  bridge(other: MediaSession): void {
    if (!(other instanceof RtpSession)) throw new TypeError('both sides must be RTP sessions');
    this.unbridge();
    other.unbridge();
    this.#peer = other;
    other.#peer = this;
  }

  unbridge(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    this.#toPeer.length = 0;
    if (peer !== undefined) peer.unbridge();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // What costs others comes first: the rest calls back, and may throw.
    this.#context.ticker.remove(this.#tick);
    this.#context.onClosed(this);
    this.#wire.close();
    this.unbridge();
    this.stopPlaying();
    for (const recorder of [...this.#recorders]) recorder.finish('closed');
  }

  #guardPacket(packet: RtpPacket): void {
    if (this.#isClosed) return;
    try {
      this.#onPacket(packet);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whatever threw while this leg worked ends this leg, and nothing else. */
  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#context.counts.failedLegs += 1;
    this.#context.log.error({ err: error, port: this.localPort }, 'audio of a leg failed');
    for (const step of [() => this.close(), () => this.onFailed(error)]) {
      try {
        step();
      } catch (second) {
        this.#context.log.error({ err: second }, 'failed leg not ended in order');
      }
    }
  }

  #onPacket(packet: RtpPacket): void {
    const remote = this.#remote;
    if (remote === undefined) return;
    this.#silentTicks = 0;
    this.stats.packetsReceived += 1;
    if (isKey(packet.payloadType, remote)) {
      for (const key of this.#dtmf.onPacket(packet, performance.now())) {
        this.onDigit(key.digit, key.durationMs);
      }
      return;
    }
    const codec = codecOf(packet.payloadType, remote);
    if (codec === undefined || packet.payload.length === 0) return;
    this.onAudio(packet);
    this.#unheard.onHeard(packet.payload.length / bytesPerMs);
    this.#heardCodec = codec;
    const peer = this.#peer;
    if (peer?.isRelaying === true && this.isRelaying && peer.#codec === codec) {
      peer.#relay(packet);
    } else this.#playout.push(packet, codec);
  }

  /** Nothing looks at the samples: packets may pass untouched. */
  get isRelaying(): boolean {
    const watchers = this.#listeners.size + this.#recorders.size + this.#taps.size;
    return watchers === 0 && this.#muted === undefined;
  }

  #relay(packet: RtpPacket): void {
    if (this.#playing !== undefined || this.#dtmfQueue.length > 0) return;
    const size = packet.payload.length;
    if (size > maxPacketSamples) return;
    const place = this.#relayed.place(packet, this.#sequence, this.#timestamp);
    if (place === undefined) return;
    const datagram = Buffer.allocUnsafe(rtpHeaderBytes + size);
    packet.payload.copy(datagram, rtpHeaderBytes);
    const { isNewest, sequence, timestamp } = place;
    const payloadType = this.#remote?.payloadType ?? this.#codec.payloadType;
    const { marker } = packet;
    this.#write(datagram, { payloadType, marker, sequence, timestamp, ssrc: this.#ssrc });
    if (!isNewest) return;
    this.#sequence = (sequence + 1) & 0xffff;
    // The next packet of our own begins behind this one.
    this.#timestamp = (timestamp + size - frameSamples) >>> 0;
  }

  #onTick(): void {
    const now = performance.now();
    const key = this.#dtmf.onTick(now);
    if (key !== undefined) this.onDigit(key.digit, key.durationMs);
    const needsSamples = this.#peer !== undefined || !this.isRelaying;
    this.#playout.pull(this.#incoming);
    if (this.#muted === 'read') this.#incoming.fill(0);
    const outgoing = this.#nextOutgoing(now);
    if (needsSamples) {
      this.#peer?.hear(this.#withTaps(this.#incoming, 'toOthers'));
      for (const tap of this.#taps) tap.onFrame(this.#incoming, outgoing ?? quiet);
      for (const listener of [...this.#listeners]) listener(this.#incoming, outgoing ?? quiet);
      for (const recorder of [...this.#recorders]) {
        recorder.onFrame(this.#incoming, outgoing ?? quiet);
      }
    }
    this.#checkTimeout();
  }

  /** A frame from the other side of a mixed bridge. */
  hear(frame: Int16Array): void {
    const peer = this.#peer;
    if (this.isRelaying && peer?.isRelaying === true && peer.#heardCodec === this.#codec) {
      return;
    }
    this.#toPeer.push(frame.slice());
    if (this.#toPeer.length > maxAhead) this.#toPeer.shift();
  }

  /** What we send this tick: sends it, and returns it for those who listen. */
  #nextOutgoing(now: number): Int16Array | undefined {
    const heard = this.#toPeer.shift();
    // What is played waits with it: nothing of an announcement is lost.
    if (this.#isHeldBack && !this.#wire.isHeard) return undefined;
    if (this.#dtmfQueue.length > 0) {
      this.#sendKey(this.#dtmfQueue.shift());
      return undefined;
    }
    const frame = this.#nextPlayed() ?? heard;
    const isRelayed = this.#peer !== undefined && frame === undefined && this.#taps.size === 0;
    // While packets are relayed the tick is silent, unless the other side sends nothing.
    if (isRelayed && now - this.#lastSentAt < 60) return undefined;
    const wanted = frame ?? this.#background?.next() ?? quiet;
    const samples = this.#muted === 'write' ? quiet : wanted;
    this.#sendFrame(this.#withTaps(samples, 'toFarEnd'), now);
    return samples;
  }

  /** What is heard with those who whisper. */
  #withTaps(frame: Int16Array, to: 'toFarEnd' | 'toOthers'): Int16Array {
    let mixed = frame;
    for (const tap of this.#taps) {
      const said = tap[to]();
      if (said === undefined) continue;
      if (tap.isAlone === true) return padded(said);
      const sum = new Int16Array(frameSamples);
      mixInto(sum, mixed, said);
      mixed = sum;
    }
    return mixed;
  }

  #nextPlayed(): Int16Array | undefined {
    const playing = this.#playing;
    if (playing === undefined) return undefined;
    const frame = playing.source.next();
    if (frame === undefined) {
      this.#endPlaying('finished');
      return undefined;
    }
    playing.samples += frame.length;
    return frame;
  }

  #endPlaying(reason: PlayEnd['reason']): void {
    const playing = this.#playing;
    this.#playing = undefined;
    playing?.end({ reason, samples: playing.samples });
  }

  #sendFrame(samples: Int16Array, now: number): void {
    this.#timestamp = (this.#timestamp + frameSamples) >>> 0;
    if (this.#lastSentAt > 0) {
      this.stats.maxSendGapMs = Math.max(this.stats.maxSendGapMs, now - this.#lastSentAt);
    }
    if (!this.#isOpen || !this.#maySend(now)) return;
    this.#codec.encode(samples, this.#packet, rtpHeaderBytes);
    if (samples.length < frameSamples) {
      this.#packet.fill(this.#codec.silence, rtpHeaderBytes + samples.length);
    }
    const payloadType = this.#remote?.payloadType ?? this.#codec.payloadType;
    this.#send(Buffer.from(this.#packet), payloadType, false, this.#timestamp);
  }

  #sendKey(packet: DtmfPacket | undefined): void {
    const payloadType = this.#remote?.dtmfPayloadType;
    this.#timestamp = (this.#timestamp + frameSamples) >>> 0;
    if (packet === undefined || payloadType === undefined) return;
    if (packet.isFirst) this.#dtmfTimestamp = this.#timestamp;
    const datagram = Buffer.alloc(rtpHeaderBytes + packet.payload.length);
    packet.payload.copy(datagram, rtpHeaderBytes);
    this.#send(datagram, payloadType, packet.marker, this.#dtmfTimestamp);
  }

  /** The far end takes audio, as it said. */
  get #isOpen(): boolean {
    const direction = this.#remote?.direction;
    return direction === 'sendrecv' || direction === 'recvonly';
  }

  #send(datagram: Buffer, payloadType: number, marker: boolean, timestamp: number): void {
    this.#relayed.interrupt();
    const header = { payloadType, marker, sequence: this.#sequence, timestamp, ssrc: this.#ssrc };
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#write(datagram, header);
  }

  #write(datagram: Buffer, header: RtpHeaderFields): void {
    const now = performance.now();
    if (!this.#isOpen || !this.#maySend(now)) return;
    writeRtpHeader(datagram, header);
    this.#lastSentAt = now;
    this.stats.packetsSent += 1;
    try {
      this.#wire.send(datagram);
    } catch (error) {
      // The system refuses an address or is out of buffers: this packet is lost, no more.
      this.#context.counts.sendErrors += 1;
      this.#context.log.debug({ reason: messageOf(error) }, 'RTP packet not sent');
    }
  }

  #checkTimeout(): void {
    this.stats.packetsLost = this.#playout.lost;
    this.stats.packetsLate = this.#playout.late;
    if (this.#remote === undefined) return;
    // On hold in either direction the far end owes us nothing (RFC 3264 section 8.4).
    this.#silentTicks = this.#remote.direction === 'sendrecv' ? this.#silentTicks + 1 : 0;
    if (this.silentMs <= this.#context.timeoutMs) return;
    this.#silentTicks = 0;
    this.onTimeout();
  }
}

/** Keys come as the far end's description numbers them, or as ours does (RFC 3264 section 5.1). */
function isKey(payloadType: number, remote: RemoteMedia): boolean {
  const { dtmfPayloadType } = remote;
  if (dtmfPayloadType === undefined || payloadType === remote.payloadType) return false;
  return payloadType === dtmfPayloadType || payloadType === ownKeyType;
}

/** Either law of G.711 may come once both were offered; anything else is no audio. */
function codecOf(payloadType: number, remote: RemoteMedia): Codec | undefined {
  if (payloadType === remote.payloadType) return codecs[remote.codec];
  if (payloadType === codecs.PCMU.payloadType) return codecs.PCMU;
  return payloadType === codecs.PCMA.payloadType ? codecs.PCMA : undefined;
}

/** The end of a file may be shorter than a frame. */
function padded(frame: Int16Array): Int16Array {
  if (frame.length === frameSamples) return frame;
  const full = new Int16Array(frameSamples);
  full.set(frame);
  return full;
}
