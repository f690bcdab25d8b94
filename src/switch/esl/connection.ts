import { randomUUID } from 'node:crypto';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { applicationNames, causeOf, isTrue, type SwitchEvent } from '../channel/index.ts';
import type { ApiContext } from './api.types.ts';
import { eventFrame } from './event-format.ts';
import { apiResponse, frame, FrameError, FrameReader, reply, type CommandFrame } from './frames.ts';
import { Subscription } from './subscription.ts';

/** Bytes that may wait for a client that reads slowly; then its events are dropped, as FreeSWITCH does. */
const maxWaitingBytes = 32 * 1024 * 1024;
/** Of one application, for one order. */
const maxLoops = 1000;
const goodbye = 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n';

export interface ConnectionOptions {
  password: string;
  api: ApiContext;
  log: Log;
  /** It has logged in. */
  onTrusted: () => void;
  onClosed: () => void;
}

/** One client of the event socket. */
export class Connection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #subscription = new Subscription();
  readonly #reader = new FrameReader();
  readonly #waiting: CommandFrame[] = [];
  #isTrusted = false;
  #isBusy = false;
  #lost = 0;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', options.onClosed);
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    this.#write(frame([['Content-Type', 'auth/request']]));
  }

  send(event: SwitchEvent): void {
    if (!this.#isTrusted || !this.#subscription.wants(event)) return;
    if (this.#socket.writableLength > maxWaitingBytes) {
      this.#lost += 1;
      return;
    }
    if (this.#lost > 0) {
      this.#options.log.warn({ lost: this.#lost }, 'event-socket client reads too slowly');
      this.#lost = 0;
    }
    this.#write(eventFrame(event, this.#subscription.format));
  }

  /** Ends it at once: it has not logged in, and its place is wanted. */
  drop(): void {
    this.#waiting.length = 0;
    this.#options.onClosed();
    this.#socket.destroy();
  }

  close(): void {
    this.#write(disconnectNotice());
    this.#socket.end();
  }

  #write(text: string): void {
    if (this.#socket.writable) this.#socket.write(text);
  }

  #onData(bytes: Buffer): void {
    try {
      this.#waiting.push(...this.#reader.push(bytes));
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#socket.destroy();
      return;
    }
    void this.#work();
  }

  /** Commands are answered one at a time, in order. */
  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      if (this.#socket.destroyed) break;
      try {
        await this.#handle(next);
      } catch (error) {
        this.#options.log.error({ err: error }, 'event-socket command failed');
        this.#write(reply(`-ERR ${messageOf(error).replaceAll('\n', ' ')}`));
      }
    }
    this.#isBusy = false;
  }

  async #handle(command: CommandFrame): Promise<void> {
    const at = command.line.search(/\s/);
    const verb = (at < 0 ? command.line : command.line.slice(0, at)).toLowerCase();
    const rest = at < 0 ? '' : command.line.slice(at).trim();
    if (!this.#isTrusted) {
      this.#authenticate(verb, rest);
      return;
    }
    switch (verb) {
      case 'api':
        this.#write(apiResponse(await this.#options.api.run(rest)));
        return;
      case 'bgapi':
        this.#background(command, rest);
        return;
      case 'sendmsg':
        this.#write(reply(this.#message(rest, command)));
        return;
      case 'exit':
        this.#write(reply('+OK bye'));
        this.close();
        return;
      default:
        this.#write(reply(this.#manage(verb, rest, command)));
    }
  }

  #authenticate(verb: string, rest: string): void {
    if (verb !== 'auth') {
      this.#write(reply('-ERR command not found'));
      return;
    }
    if (isSame(rest, this.#options.password)) {
      this.#isTrusted = true;
      this.#reader.trust();
      this.#options.onTrusted();
      this.#write(reply('+OK accepted'));
      return;
    }
    this.#write(reply('-ERR invalid'));
    this.close();
  }

  /** Commands about the connection itself. */
  #manage(verb: string, rest: string, command: CommandFrame): string {
    const words = rest.split(/\s+/).filter((word) => word !== '');
    switch (verb) {
      case 'event':
        return this.#subscription.add(words)
          ? `+OK event listener enabled ${this.#subscription.format}`
          : '-ERR no keywords supplied';
      case 'nixevent':
        this.#subscription.remove(words);
        return '+OK events nixed';
      case 'noevents':
        this.#subscription.clear();
        return '+OK no longer listening for events';
      case 'filter':
        return this.#filter(words);
      case 'log':
        return `+OK log level ${rest || '7'} [7]`;
      case 'nolog':
        return '+OK no longer logging';
      case 'linger':
      case 'nolinger':
        return '-ERR not controlling a session';
      case 'divert_events':
        return '-ERR not controlling a session.';
      case 'sendevent':
        return this.#publish(rest, command);
      default:
        return '-ERR command not found';
    }
  }

  #filter(words: readonly string[]): string {
    if (words[0] === 'delete') {
      const [, name = '', ...value] = words;
      this.#subscription.unfilter(name, value.join(' '));
      return `+OK filter deleted. [${name}][${value.join(' ')}]`;
    }
    const [name, ...value] = words;
    if (name === undefined || value.length === 0) return '-ERR invalid syntax';
    this.#subscription.filter(name, value.join(' '));
    return `+OK filter added. [${name}]=[${value.join(' ')}]`;
  }

  #publish(name: string, command: CommandFrame): string {
    const uuid = randomUUID();
    this.#options.api.bus.publish(
      name.toUpperCase() || 'CUSTOM',
      [...command.headers, ['Event-UUID', uuid]],
      command.body === '' ? undefined : command.body,
    );
    return `+OK ${uuid}`;
  }

  #background(command: CommandFrame, rest: string): void {
    const uuid = command.headers.get('job-uuid') ?? randomUUID();
    this.#write(reply(`+OK Job-UUID: ${uuid}`, [['Job-UUID', uuid]]));
    const at = rest.search(/\s/);
    void this.#options.api.run(rest).then((result) => {
      this.#options.api.bus.publish(
        'BACKGROUND_JOB',
        [
          ['Job-UUID', uuid],
          ['Job-Command', at < 0 ? rest : rest.slice(0, at)],
          ...(at < 0 ? [] : [['Job-Command-Arg', rest.slice(at + 1)] as const]),
        ],
        result,
      );
    });
  }

  #message(uuid: string, { headers, body }: CommandFrame): string {
    const channel = this.#options.api.board.channels.get(uuid.trim());
    if (channel === undefined || channel.isGone) return `-ERR invalid session id [${uuid}]`;
    const verb = headers.get('call-command');
    if (verb === 'hangup') {
      channel.hangup(causeOf(headers.get('hangup-cause')));
      return '+OK';
    }
    const application = headers.get('execute-app-name');
    if (verb !== 'execute' || application === undefined) return '+OK';
    if (!applicationNames().includes(application)) {
      this.#options.log.warn({ app: application }, 'unknown application requested');
    }
    const isTaken = channel.messages.enqueue({
      application,
      argument: headers.get('execute-app-arg') ?? body,
      uuid: headers.get('event-uuid'),
      isLocked: isTrue(headers.get('event-lock')),
      loops: loopsOf(headers.get('loops')),
    });
    return isTaken ? '+OK' : '-ERR memory error';
  }
}

function disconnectNotice(): string {
  return frame(
    [
      ['Content-Type', 'text/disconnect-notice'],
      ['Content-Length', String(Buffer.byteLength(goodbye))],
    ],
    goodbye,
  );
}

/** How often an application is run; an application that shall go on for ever has a name of its own. */
function loopsOf(text = ''): number {
  return /^\d{1,9}$/.test(text) ? Math.min(maxLoops, Math.max(1, Number(text))) : 1;
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
