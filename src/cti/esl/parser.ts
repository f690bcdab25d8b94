import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import Parser from 'modesl/lib/esl/Parser.js';
import { ByteQueue } from '../../core/byte-queue.ts';
import { EslStreamError } from './esl.errors.ts';

/** One message of the switch: its outer headers in lower case, and its body as text. */
export interface SwitchMessage {
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** Of the outer headers, which are few and short; an event's own are in the body. */
const maxHeadBytes = 256 * 1024;
/** All channels of a full switch as JSON are some megabytes. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * modesl's parser, of which the place in the stream is used and nothing more (docs/decisions/0002-framing-only.md).
 * It calls itself for each message and copies what has come with each chunk, so that a burst of small messages ends
 * the stack and a long one costs the square of its length; ours cuts in a loop and looks at each byte once. It
 * decodes every header as a URL part and throws on a lone `%`; ours takes such a header as it is. Installed on a
 * subclass, so that modesl itself stays as it is.
 */
class FramingParser extends Parser {
  onMessage: (message: SwitchMessage) => void = () => undefined;
  onFault: (error: EslStreamError) => void = () => undefined;
  readonly #queue = new ByteQueue();
  /** Bytes in which the end of the headers is not. */
  #searched = 0;
  /** The headers of a message whose body is coming. */
  #head: { headers: Map<string, string>; length: number } | undefined;
  #isOver = false;

  override _onData(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#queue.push(chunk);
    try {
      for (let next = this.#take(); next !== undefined; next = this.#take()) this.onMessage(next);
    } catch (error) {
      if (!(error instanceof EslStreamError)) throw error;
      this.#isOver = true;
      this.onFault(error);
    }
  }

  #take(): SwitchMessage | undefined {
    this.#head ??= this.#takeHead();
    if (this.#head === undefined || this.#queue.length < this.#head.length) return undefined;
    const { headers, length } = this.#head;
    const body = this.#queue.bytes.toString('utf8', 0, length);
    this.#queue.drop(length);
    this.#head = undefined;
    return { headers, body };
  }

  #takeHead(): { headers: Map<string, string>; length: number } | undefined {
    const { bytes } = this.#queue;
    const end = bytes.indexOf('\n\n', this.#searched);
    if ((end < 0 ? bytes.length : end) > maxHeadBytes) {
      throw new EslStreamError('headers that do not end');
    }
    if (end < 0) {
      this.#searched = Math.max(0, bytes.length - 1);
      return undefined;
    }
    const headers = headersOf(bytes.toString('utf8', 0, end));
    this.#queue.drop(end + 2);
    this.#searched = 0;
    const written = headers.get('content-length') ?? '0';
    const length = /^\d{1,9}$/.test(written) ? Number(written) : NaN;
    if (!(length <= maxBodyBytes)) throw new EslStreamError('a Content-Length out of bounds');
    return { headers, length };
  }
}

function headersOf(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) headers.set(line.slice(0, at).toLowerCase(), decoded(line.slice(at + 1).trim()));
  }
  return headers;
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Calls back for each message, however the bytes were cut, and once when they cannot be what a switch sends. */
export function readMessages(
  socket: Socket | EventEmitter,
  onMessage: (message: SwitchMessage) => void,
  onFault: (error: EslStreamError) => void,
): void {
  Object.assign(new FramingParser(socket), { onMessage, onFault });
}
