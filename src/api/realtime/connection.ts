import type { Socket as NetSocket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Log } from '../../core/log.ts';

export type Socket = Pick<
  WebSocket,
  'send' | 'close' | 'terminate' | 'on' | 'bufferedAmount' | 'readyState' | 'OPEN'
>;

export interface ConnectionLimits {
  /** A client that has not read so many bytes is cut off; it comes back for a snapshot. */
  bufferedBytes: number;
  /** Clients beat every 20 s; one that is silent for so long is gone. */
  silenceMs: number;
}

const beatText = JSON.stringify({ type: 'beat' });
const closeLimitMs = 2000;
/** The TCP connection below a websocket. */
export type Wire = Pick<NetSocket, 'cork' | 'uncork'>;

/** One client. Sends while it keeps up, answers its beats, ends it when it falls silent. */
export class Connection {
  readonly #socket: Socket;
  readonly #limits: ConnectionLimits;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  readonly #wire: Wire;

  constructor(
    { socket, wire }: { socket: Socket; wire: Wire },
    limits: ConnectionLimits,
    log: Log,
    on: { onBeat: () => void; onClosed: () => void },
  ) {
    this.#socket = socket;
    this.#wire = wire;
    this.#limits = limits;
    this.#log = log;
    this.#timer = setTimeout(() => socket.terminate(), limits.silenceMs);
    // Whatever a client says is a sign of life; only a beat is answered.
    socket.on('message', (data: Buffer) => {
      this.#timer.refresh();
      if (!isBeat(data)) return;
      this.beat();
      on.onBeat();
    });
    socket.on('error', () => socket.terminate());
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
      this.#log.warn({ bytes: socket.bufferedAmount }, 'a screen does not keep up and is cut off');
      // A close frame would wait behind everything that it does not read.
      socket.terminate();
      return;
    }
    this.#wire.cork();
    for (const text of texts) socket.send(text);
    this.#wire.uncork();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), closeLimitMs).unref();
  }
}

function isBeat(data: Buffer): boolean {
  try {
    const said: unknown = JSON.parse(data.toString());
    return typeof said === 'object' && said !== null && 'type' in said && said.type === 'beat';
  } catch {
    return false;
  }
}
