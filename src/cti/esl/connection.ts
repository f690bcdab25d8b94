import { connect, type Socket } from 'node:net';
import {
  SwitchDownError,
  SwitchFullError,
  SwitchSilentError,
  SwitchTimeoutError,
  UnsafeTextError,
} from './esl.errors.ts';
import { readMessages, type SwitchMessage } from './parser.ts';
import { parseJson } from '../../core/json.ts';

/** Headers of an event; channel variables have the prefix `variable_`. */
export type EslEvent = Readonly<Record<string, string>>;

export interface EslAddress {
  host: string;
  port: number;
  password: string;
}

export interface SendMessage {
  uuid: string;
  application: string;
  argument: string;
  /** Comes back as `Application-UUID`. */
  eventUuid?: string;
}

interface Pending {
  verb: string;
  resolve: (text: string) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

const replyTimeoutMs = 10_000;
/** From connecting to being logged in. */
const loginTimeoutMs = 10_000;
/** A longer argument of an application takes less as a body than as a header line. */
const longestInHead = 30;

/** One authenticated connection: commands are answered in order, events are handed on in order. */
export class EslConnection {
  readonly #socket: Socket;
  readonly #pending: Pending[] = [];
  readonly #onEvent: (event: EslEvent) => void;
  readonly #closed = new AbortController();
  #outgoing = '';

  private constructor(socket: Socket, onEvent: (event: EslEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
  }

  /** Resolves when authenticated; rejects when the switch is down or refuses the password. */
  static async open(
    address: EslAddress,
    onEvent: (event: EslEvent) => void,
  ): Promise<EslConnection> {
    const socket = connect(address.port, address.host);
    socket.setNoDelay(true);
    const connection = new EslConnection(socket, onEvent);
    await connection.#authenticate(address.password);
    return connection;
  }

  /** Aborted when the connection is gone, whoever closed it. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  #authenticate(password: string): Promise<void> {
    assertSafe(password);
    let isAsked = false;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        clearTimeout(patience);
        this.close();
        reject(error);
      };
      const patience = setTimeout(() => fail(new SwitchSilentError()), loginTimeoutMs);
      this.#socket.on('error', fail);
      this.#socket.on('close', () => {
        this.#fail();
        fail(new SwitchDownError());
      });
      const onMessage = (message: SwitchMessage) => {
        if (message.headers.get('content-type') === 'text/rude-rejection') {
          fail(new SwitchFullError());
          return;
        }
        if (message.headers.get('content-type') !== 'auth/request' || isAsked) {
          this.#onMessage(message);
          return;
        }
        isAsked = true;
        this.#send(`auth ${password}`, 'auth').then((reply) => {
          if (reply.startsWith('+OK')) {
            clearTimeout(patience);
            resolve();
          } else fail(new Error('the switch refused the password of the event socket'));
        }, fail);
      };
      readMessages(this.#socket, onMessage, fail);
    });
  }

  #onMessage({ headers, body }: SwitchMessage): void {
    switch (headers.get('content-type')) {
      case 'command/reply':
        this.#onReply(headers.get('reply-text') ?? '');
        return;
      case 'api/response':
        this.#onReply(body);
        return;
      case 'text/event-json':
        this.#handle(body);
        return;
      case 'text/disconnect-notice':
        this.close();
        return;
      case undefined:
      default:
      // Log lines and the like: nothing that we asked for.
    }
  }

  #handle(body: string): void {
    const event = parseJson(body);
    if (event === undefined) {
      // An event is lost; the next connection compares calls and rows for what it would have told.
      this.close();
      return;
    }
    const fields = fieldsOf(event);
    if (fields !== undefined) this.#onEvent(fields);
  }

  #onReply(text: string): void {
    const next = this.#pending.shift();
    if (next === undefined) return;
    clearTimeout(next.timer);
    next.resolve(text);
  }

  /** An API command; the reply's text, without its last line break. */
  async api(command: string): Promise<string> {
    const text = await this.#send(`api ${assertSafe(command)}`, command.split(' ')[0] ?? '');
    return text.replace(/\n$/, '');
  }

  /** A command whose result comes later, as BACKGROUND_JOB with that `Job-UUID`. */
  async background(command: string, jobUuid: string): Promise<void> {
    await this.#send(
      `bgapi ${assertSafe(command)}\nJob-UUID: ${assertSafe(jobUuid)}`,
      command.split(' ')[0] ?? '',
    );
  }

  /** Events of these names, and of them only what one of the filters lets through. */
  async subscribe(names: readonly string[], filters: readonly string[]): Promise<void> {
    const sent = filters.map((one) => this.#send(`filter ${assertSafe(one)}`, 'filter'));
    await Promise.all([...sent, this.#send(`event json ${names.join(' ')}`, 'event')]);
  }

  /**
   * Queues an application on a leg; resolves with the reply when it is queued, not when it has run. FreeSWITCH
   * reads the head of a command byte by byte and gives way to other threads after each, but a body in one go.
   */
  sendMessage({ uuid, application, argument, eventUuid }: SendMessage): Promise<string> {
    const isLong = argument.length > longestInHead;
    const head = [
      `sendmsg ${uuid}`,
      'call-command:execute',
      `execute-app-name:${application}`,
      ...(argument === '' || isLong ? [] : [`execute-app-arg:${argument}`]),
      ...(eventUuid === undefined ? [] : [`event-uuid:${eventUuid}`]),
      'event-lock:t',
      ...(isLong ? ['content-type:text/plain'] : []),
    ];
    const text = head.map(assertSafe).join('\n');
    if (!isLong) return this.#send(text, application);
    return this.#send(`${text}\ncontent-length:${Buffer.byteLength(argument)}`, application, {
      body: assertSafe(argument),
    });
  }

  #send(text: string, verb: string, { body = '' } = {}): Promise<string> {
    if (this.#closed.signal.aborted) return Promise.reject(new SwitchDownError());
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new SwitchTimeoutError(verb));
        // The replies behind it can no longer be told apart.
        this.close();
      }, replyTimeoutMs);
      this.#pending.push({ verb, resolve, reject, timer });
      this.#write(`${text}\n\n${body}`);
    });
  }

  /** What is sent in one turn of the event loop leaves in one write: a step is three commands. */
  #write(text: string): void {
    if (this.#outgoing === '') {
      setImmediate(() => {
        const outgoing = this.#outgoing;
        this.#outgoing = '';
        if (!this.#socket.destroyed) this.#socket.write(outgoing);
      });
    }
    this.#outgoing += text;
  }

  #fail(): void {
    if (this.#closed.signal.aborted) return;
    for (const { timer, reject } of this.#pending.splice(0)) {
      clearTimeout(timer);
      reject(new SwitchDownError());
    }
    this.#closed.abort();
  }

  close(): void {
    this.#socket.destroy();
    this.#fail();
  }
}

/** Fields of an event are text; what is not, as FreeSWITCH's lists of values, is left out. */
function fieldsOf(value: unknown): EslEvent | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const isWhole = Object.values(value).every((field) => typeof field === 'string');
  if (isWhole) return value as EslEvent;
  const fields = Object.entries(value).filter(([, field]) => typeof field === 'string');
  return Object.fromEntries(fields);
}

function assertSafe(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new UnsafeTextError();
  return text;
}
