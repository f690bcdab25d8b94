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
/**
 * What colleagues and queues do may come so much later, together: with a hundred agents each call changes
 * a dozen things on each of their screens, and a write costs more than all the rest of it.
 */
const lingerMs = 100;

/** The TCP connection below a websocket. */
export type Wire = Pick<NetSocket, 'cork' | 'uncork'>;

/** One client. Sends while it keeps up, answers its beats, ends it when it falls silent. */
export class Connection {
  readonly #socket: Socket;
  readonly #limits: ConnectionLimits;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  readonly #wire: Wire;
  #lingering: NodeJS.Timeout | undefined;

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
      clearTimeout(this.#lingering);
      on.onClosed();
    });
  }

  beat(): void {
    this.sendText(beatText);
  }

  send(message: object): void {
    this.sendText(JSON.stringify(message));
  }

  /** In order, whatever lingers. */
  sendText(text: string, mayLinger = false): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > this.#limits.bufferedBytes) {
      this.#log.warn({ bytes: socket.bufferedAmount }, 'a screen does not keep up and is cut off');
      // A close frame would wait behind everything that it does not read.
      socket.terminate();
      return;
    }
    if (mayLinger && this.#lingering === undefined) {
      this.#wire.cork();
      this.#lingering = setTimeout(() => this.#flush(), lingerMs);
    }
    socket.send(text);
    if (!mayLinger) this.#flush();
  }

  #flush(): void {
    if (this.#lingering === undefined) return;
    clearTimeout(this.#lingering);
    this.#lingering = undefined;
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
