/** The one socket of a tab: connects, resumes after a gap, and holds the state for React to read. */
import type { ServerMessage } from '../../../../src/contract/agents/realtime.ts';
import { api, Problem, queryText } from '../../api/client.ts';
import { reconnectDelayMs } from './backoff.ts';
import { emptyLive, reduceLive, type Connection, type LiveState } from './live-state.ts';

const beatMs = 20_000;
/** Two beats without an answer: the line is dead although nobody closed it. */
const silenceMs = 45_000;

export type LiveEvent = Extract<ServerMessage, { type: 'event' }>;

export class LiveClient {
  #state: LiveState = emptyLive;
  #socket: WebSocket | undefined;
  #attempt = 0;
  #heardAt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #beat: ReturnType<typeof setInterval> | undefined;
  #isWanted = false;
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: LiveEvent) => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): LiveState => this.#state;

  onEvent(listener: (event: LiveEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#beat = setInterval(() => this.#keepAlive(), beatMs);
    window.addEventListener('online', this.#hurry);
    document.addEventListener('visibilitychange', this.#hurry);
    this.#connect();
  }

  stop(): void {
    this.#isWanted = false;
    clearInterval(this.#beat);
    clearTimeout(this.#retry);
    window.removeEventListener('online', this.#hurry);
    document.removeEventListener('visibilitychange', this.#hurry);
    this.#socket?.close();
    this.#socket = undefined;
    this.#set(emptyLive);
  }

  #connect(): void {
    const { epoch, seq } = this.#state;
    const query = queryText(epoch === undefined ? {} : { epoch, after: seq });
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/events${query}`);
    this.#socket = socket;
    this.#heardAt = Date.now();
    socket.onmessage = ({ data }: MessageEvent<string>) => this.#hear(socket, data);
    socket.onclose = () => this.#lost(socket);
  }

  #hear(socket: WebSocket, data: string): void {
    if (socket !== this.#socket) return;
    this.#heardAt = Date.now();
    this.#attempt = 0;
    if (this.#state.connection !== 'open') this.#connection('open');
    // The service alone writes to this socket, and its messages are checked there.
    const message = JSON.parse(data) as ServerMessage | { type: 'beat' };
    if (message.type === 'beat') return;
    this.#set(reduceLive(this.#state, message, Date.now()));
    if (message.type === 'event') this.#eventListeners.forEach((tell) => tell(message));
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    if (!this.#isWanted) return;
    this.#connection('lost');
    this.#retry = setTimeout(
      () => void this.#comeBack(),
      reconnectDelayMs(this.#attempt, Math.random()),
    );
    this.#attempt += 1;
  }

  /** A browser is not told why a websocket was refused; REST tells whether the log-in has ended. */
  async #comeBack(): Promise<void> {
    if (this.#attempt > 1) {
      const isOut = await api.get('/session').then(
        () => false,
        (error: unknown) => error instanceof Problem && error.status === 401,
      );
      if (isOut) return;
    }
    if (this.#isWanted && this.#socket === undefined) this.#connect();
  }

  #keepAlive(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    if (Date.now() - this.#heardAt > silenceMs) {
      socket.close();
      this.#lost(socket);
    } else if (socket.readyState === WebSocket.OPEN) {
      socket.send('{"type":"beat"}');
    }
  }

  /** The network or the tab is back: do not wait out the delay. */
  readonly #hurry = (): void => {
    if (!this.#isWanted || document.visibilityState === 'hidden') return;
    if (this.#socket === undefined) {
      clearTimeout(this.#retry);
      this.#connect();
    } else {
      this.#keepAlive();
    }
  };

  #connection(connection: Connection): void {
    this.#set({ ...this.#state, connection });
  }

  #set(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listeners.forEach((tell) => tell());
  }
}
