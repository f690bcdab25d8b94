/** A command as a client of the event socket sends it: a line, header lines, an optional body. */
export interface CommandFrame {
  line: string;
  headers: ReadonlyMap<string, string>;
  body: string;
}

export class FrameError extends Error {}

const maxHeadBytes = 128 * 1024;
const maxBodyBytes = 4 * 1024 * 1024;

/** Cuts a byte stream into commands, however the bytes arrive. Throws `FrameError` on nonsense. */
export class FrameReader {
  #buffer: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): CommandFrame[] {
    this.#buffer = this.#buffer.length === 0 ? bytes : Buffer.concat([this.#buffer, bytes]);
    const frames: CommandFrame[] = [];
    for (;;) {
      const frame = this.#take();
      if (frame === undefined) return frames;
      if (frame.line !== '') frames.push(frame);
    }
  }

  #take(): CommandFrame | undefined {
    const end = endOfHead(this.#buffer);
    if (end === undefined) {
      if (this.#buffer.length > maxHeadBytes) throw new FrameError('command head too long');
      return undefined;
    }
    const [line = '', ...rest] = this.#buffer
      .toString('utf8', 0, end.head)
      .split(/\r?\n/)
      .filter((one) => one !== '');
    const headers = new Map<string, string>();
    for (const one of rest) {
      const at = one.indexOf(':');
      if (at > 0) headers.set(one.slice(0, at).trim().toLowerCase(), one.slice(at + 1).trim());
    }
    const length = Number(headers.get('content-length') ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > maxBodyBytes) {
      throw new FrameError('bad content-length');
    }
    if (this.#buffer.length < end.next + length) return undefined;
    const body = this.#buffer.toString('utf8', end.next, end.next + length);
    this.#buffer = this.#buffer.subarray(end.next + length);
    return { line: line.trim(), headers, body };
  }
}

function endOfHead(buffer: Buffer): { head: number; next: number } | undefined {
  const bare = buffer.indexOf('\n\n');
  const carried = buffer.indexOf('\r\n\r\n');
  if (bare < 0 && carried < 0) return undefined;
  return carried >= 0 && (bare < 0 || carried < bare)
    ? { head: carried, next: carried + 4 }
    : { head: bare, next: bare + 2 };
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
