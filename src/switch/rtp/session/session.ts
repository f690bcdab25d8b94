import { performance } from 'node:perf_hooks';
import type { Log } from '../../../core/log.ts';
import { DtmfReceiver } from '../dtmf-receiver.ts';
import { codecs, type Codec } from '../g711.ts';
import type { MediaSession, MediaStats, RemoteMedia, Wire } from '../media.types.ts';
import type { RtpPacket } from '../packet.ts';
import { PlayoutBuffer } from '../playout.ts';
import { tickMs, type Ticker } from '../ticker.ts';
import { AudioTaps } from './audio-taps.ts';
import { bytesPerMs, frameSamples, quiet } from './frame.ts';
import { codecOf, isKey } from './payload-types.ts';
import { Playback } from './playback.ts';
import { RtpSender } from './rtp-sender.ts';
import { SendGate } from './send-gate.ts';

/** Frames that the other side of a mixed bridge may be ahead. */
const maxAhead = 3;
/** While packets are relayed the tick is silent, unless the other side has sent nothing for so long. */
const relayPauseMs = 60;

export interface SessionContext {
  ticker: Ticker;
  log: Log;
  timeoutMs: number;
  /** Of all sessions together. */
  counts: { failedLegs: number; sendErrors: number; unheardLegs: number };
  unheardMs: number;
  onClosed: (session: RtpSession) => void;
}

/** Audio of one leg: what comes is put in order and given on, and every 20 ms a frame goes out. */
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
  readonly playback = new Playback();
  readonly taps: AudioTaps;

  readonly #wire: Wire;
  readonly #context: SessionContext;
  readonly #gate: SendGate;
  readonly #sender: RtpSender;
  readonly #dtmf = new DtmfReceiver();
  readonly #playout = new PlayoutBuffer();
  readonly #incoming = new Int16Array(frameSamples);
  readonly #toPeer: Int16Array[] = [];
  readonly #tick = () => this.#onTick();
  #remote: RemoteMedia | undefined;
  /** Of the last packet. */
  #heardCodec: Codec = codecs.PCMU;
  #muted: 'read' | 'write' | undefined;
  #peer: RtpSession | undefined;
  /** Since the last packet. A time in which this process stood still is not the far end's silence. */
  #silentTicks = 0;
  #isClosed = false;

  constructor(wire: Wire, context: SessionContext) {
    const { log, counts, unheardMs } = context;
    this.#wire = wire;
    this.#context = context;
    this.localPort = wire.localPort;
    this.taps = new AudioTaps(log);
    this.#gate = new SendGate(wire, unheardMs, () => this.#onUnheard());
    this.#sender = new RtpSender({ wire, gate: this.#gate, log, stats: this.stats, counts });
    wire.onPacket = (packet) => this.#guardPacket(packet);
    wire.onSign = () => (this.#silentTicks = 0);
    context.ticker.add(this.#tick, (error) => this.#fail(error));
  }

  setRemote(remote: RemoteMedia): void {
    const isMoved = this.#remote?.host !== remote.host || this.#remote.port !== remote.port;
    this.#remote = remote;
    this.#sender.aim(remote);
    this.#heardCodec = this.#sender.codec;
    this.#silentTicks = 0;
    // Also when nothing moved: after an offer a new source may be expected (RFC 7362 section 4).
    this.#wire.aim(remote);
    if (isMoved) this.#playout.reset();
  }

  holdBack(): void {
    this.#gate.holdBack();
  }

  release(): void {
    this.#gate.release();
  }

  sendDtmf(digits: string, durationMs: number): void {
    this.#sender.queueKeys(digits, durationMs);
  }

  get silentMs(): number {
    return this.#silentTicks * tickMs;
  }

  mute(direction: 'read' | 'write' | undefined): void {
    this.#muted = direction;
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
    this.playback.close();
    this.taps.close();
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

  #onUnheard(): void {
    this.#context.counts.unheardLegs += 1;
    this.#context.log.info(
      { port: this.localPort, toPort: this.#remote?.port },
      'nothing came from where audio is sent to; it waits until something does',
    );
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
    this.#gate.onHeard(packet.payload.length / bytesPerMs);
    this.#heardCodec = codec;
    const peer = this.#peer;
    if (peer?.isRelaying === true && this.isRelaying && peer.#sender.codec === codec) {
      peer.#relay(packet);
    } else this.#playout.push(packet, codec);
  }

  /** Nothing looks at the samples: packets may pass untouched. */
  get isRelaying(): boolean {
    return this.taps.isEmpty && this.#muted === undefined;
  }

  #relay(packet: RtpPacket): void {
    if (!this.playback.isPlaying && !this.#sender.hasKeys) this.#sender.relay(packet);
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
      if (this.#peer !== undefined) {
        this.#peer.#hear(this.taps.withVoices(this.#incoming, 'toOthers'));
      }
      this.taps.onFrame(this.#incoming, outgoing ?? quiet);
    }
    this.#checkTimeout();
  }

  /** A frame from the other side of a mixed bridge. */
  #hear(frame: Int16Array): void {
    const peer = this.#peer;
    if (this.isRelaying && peer?.isRelaying === true && peer.#heardCodec === this.#sender.codec) {
      return;
    }
    this.#toPeer.push(frame.slice());
    if (this.#toPeer.length > maxAhead) this.#toPeer.shift();
  }

  /** What we send this tick: sends it, and returns it for those who listen. */
  #nextOutgoing(now: number): Int16Array | undefined {
    const heard = this.#toPeer.shift();
    // What is played waits with it: nothing of an announcement is lost.
    if (this.#gate.isHeldBack) return undefined;
    if (this.#sender.hasKeys) {
      this.#sender.sendKey();
      return undefined;
    }
    const frame = this.playback.next() ?? heard;
    const isRelayed = this.#peer !== undefined && frame === undefined && !this.taps.hasVoices;
    if (isRelayed && now - this.#sender.lastSentAt < relayPauseMs) return undefined;
    const wanted = frame ?? this.playback.nextOfBackground() ?? quiet;
    const samples = this.#muted === 'write' ? quiet : wanted;
    this.#sender.sendFrame(this.taps.withVoices(samples, 'toFarEnd'), now);
    return samples;
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
