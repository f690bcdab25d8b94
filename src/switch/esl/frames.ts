import { ByteQueue } from '../../core/byte-queue.ts';

/** A command as a client of the event socket sends it: a line, header lines, an optional body. */
export interface CommandFrame {
  line: string;
  headers: ReadonlyMap<string, string>;
  body: string;
}

export class FrameError extends Error {}

const maxHeadBytes = 128 * 1024;
const maxBodyBytes = 4 * 1024 * 1024;
/** Of a client that has not logged in: enough for `auth` and a long password. */
const maxStrangerBytes = 4096;

/** Cuts a byte stream into commands, however the bytes arrive. Throws `FrameError` on nonsense. */
export class FrameReader {
  readonly #queue = new ByteQueue();
  /** Bytes from the start in which no head ends. */
  #searched = 0;
  #isTrusted: boolean;

  /** @param isTrusted commands may be long from the first one on. */
  constructor({ isTrusted = false } = {}) {
    this.#isTrusted = isTrusted;
  }

  /** The client has logged in: its commands may be long. */
  trust(): void {
    this.#isTrusted = true;
  }

  push(bytes: Buffer): CommandFrame[] {
    this.#queue.push(bytes);
    const frames: CommandFrame[] = [];
    for (;;) {
      const frame = this.#take();
      if (frame === undefined) return frames;
      if (frame.line !== '') frames.push(frame);
    }
  }

  #take(): CommandFrame | undefined {
    const { bytes } = this.#queue;
    const end = endOfHead(bytes, this.#searched);
    const maxHead = this.#isTrusted ? maxHeadBytes : maxStrangerBytes;
    if ((end?.head ?? bytes.length) > maxHead) throw new FrameError('command head too long');
    if (end === undefined) {
      this.#searched = Math.max(0, bytes.length - 3);
      return undefined;
    }
    const [line = '', ...rest] = bytes
      .toString('utf8', 0, end.head)
      .split(/\r?\n/)
      .filter((one) => one !== '');
    const headers = new Map<string, string>();
    for (const one of rest) {
      const at = one.indexOf(':');
      if (at > 0) headers.set(one.slice(0, at).trim().toLowerCase(), one.slice(at + 1).trim());
    }
    const text = headers.get('content-length') ?? '0';
    const length = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(length <= (this.#isTrusted ? maxBodyBytes : maxStrangerBytes))) {
      throw new FrameError('bad content-length');
    }
    if (bytes.length < end.next + length) {
      // The head is read again when its body is whole; the search for its end is not.
      this.#searched = end.head;
      return undefined;
    }
    const body = bytes.toString('utf8', end.next, end.next + length);
    this.#queue.drop(end.next + length);
    this.#searched = 0;
    return { line: line.trim(), headers, body };
  }
}

/** At the first empty line, whether lines end with LF or CR LF. */
function endOfHead(bytes: Buffer, from: number): { head: number; next: number } | undefined {
  for (let at = bytes.indexOf(10, from); at >= 0; at = bytes.indexOf(10, at + 1)) {
    const next = bytes[at + 1] === 13 ? at + 2 : at + 1;
    if (bytes[next] === 10) return { head: bytes[at - 1] === 13 ? at - 1 : at, next: next + 1 };
  }
  return undefined;
}

/** Header lines, an empty line, the body; the length of the body counts bytes, not characters. */
export function frame(headers: readonly (readonly [string, string])[], body?: string): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\n`).join('');
  return body === undefined ? `${lines}\n` : `${lines}\n${body}`;
}

export function reply(text: string, extra: readonly (readonly [string, string])[] = []): string {
  return frame([['Content-Type', 'command/reply'], ['Reply-Text', text], ...extra]);
}

export function apiResponse(text: string): string {
  return frame(
    [
      ['Content-Type', 'api/response'],
      ['Content-Length', String(Buffer.byteLength(text))],
    ],
    text,
  );
}
