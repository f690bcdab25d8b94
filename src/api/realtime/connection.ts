import type { Socket as NetSocket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Log } from '../../core/log.ts';
import { parseJson } from '../../core/json.ts';

export type Socket = Pick<
  WebSocket,
  'send' | 'close' | 'terminate' | 'on' | 'bufferedAmount' | 'readyState' | 'OPEN'
>;

export interface ConnectionLimits {
  /** A client that has not read so many bytes is cut off; it comes back for a snapshot. */
  bufferedBytes: number;
  /** Clients beat every 20 s; one that is silent for so long is gone. */
  silenceMs: number;
  /** Frames of one client, beats and pings alike: so many at once, and so many a second. */
  framesAtOnce: number;
  framesPerSecond: number;
}

export type ConnectionEnd = 'flood' | 'too_large' | 'silent' | 'slow';

const beatText = JSON.stringify({ type: 'beat' });
const closeLimitMs = 500;
const policyViolation = 1008;
/** The TCP connection below a websocket. */
export type Wire = Pick<NetSocket, 'cork' | 'uncork'>;

/** One client. Sends while it keeps up, answers its beats, ends it when it falls silent. */
export class Connection {
  readonly #socket: Socket;
  readonly #limits: ConnectionLimits;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  readonly #wire: Wire;
  readonly #onEnd: (why: ConnectionEnd) => void;
  #tokens: number;
  #refilledAt = performance.now();
  #isClosing = false;

  constructor(
    { socket, wire }: { socket: Socket; wire: Wire },
    limits: ConnectionLimits,
    log: Log,
    on: { onEnd: (why: ConnectionEnd) => void; onClosed: () => void },
  ) {
    this.#onEnd = on.onEnd;
    this.#tokens = limits.framesAtOnce;
    this.#socket = socket;
    this.#wire = wire;
    this.#limits = limits;
    this.#log = log;
    this.#timer = setTimeout(() => {
      on.onEnd('silent');
      socket.terminate();
    }, limits.silenceMs);
    // Whatever a client says is a sign of life; only a beat is answered.
    socket.on('message', (data: Buffer) => {
      if (!this.#admits()) return;
      this.#timer.refresh();
      if (isBeat(data)) this.beat();
    });
    socket.on('ping', () => void this.#admits());
    socket.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') on.onEnd('too_large');
      socket.terminate();
    });
    socket.on('close', () => {
      clearTimeout(this.#timer);
      on.onClosed();
    });
  }

  beat(): void {
    this.sendText(beatText);
  }

  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.sendTexts([text]);
  }

  /** All in one write. */
  sendTexts(texts: readonly string[]): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > this.#limits.bufferedBytes) {
      this.#log.warn({ bytes: socket.bufferedAmount }, 'slow screen disconnected');
      this.#onEnd('slow');
      // A close frame would wait behind everything that it does not read.
      socket.terminate();
      return;
    }
    this.#wire.cork();
    for (const text of texts) socket.send(text);
    this.#wire.uncork();
  }

  /** A token bucket: whoever says more than it holds is closed with 1008 (RFC 6455 section 7.4.1). */
  #admits(): boolean {
    if (this.#isClosing) return false;
    const { framesAtOnce, framesPerSecond } = this.#limits;
    const now = performance.now();
    const refill = ((now - this.#refilledAt) / 1000) * framesPerSecond;
    this.#refilledAt = now;
    this.#tokens = Math.min(framesAtOnce, this.#tokens + refill) - 1;
    if (this.#tokens >= 0) return true;
    this.#onEnd('flood');
    this.close(policyViolation, 'too many frames');
    return false;
  }

  close(code: number, reason: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), closeLimitMs).unref();
  }
}

function isBeat(data: Buffer): boolean {
  const said = parseJson(data.toString());
  return typeof said === 'object' && said !== null && 'type' in said && said.type === 'beat';
}
