import type { Socket } from 'node:net';
import Parser from 'modesl/lib/esl/Parser.js';

/** One message of the switch: its outer headers in lower case, and its body as text. */
export interface SwitchMessage {
  headers: ReadonlyMap<string, string>;
  body: string;
}

/**
 * modesl's parser, of which only the framing is used. It decodes every header as a URL part and throws on
 * a lone `%`; ours takes such a header as it is. It reads the JSON of an event, makes an object with a
 * list of headers of it and tells it by a wildcard emitter; here the text goes on as it came, which is a
 * fifth of what a call costs (docs/decisions/0002-framing-only.md). Installed on a subclass, so that
 * modesl itself stays as it is.
 */
class FramingParser extends Parser {
  onMessage: (message: SwitchMessage) => void = () => undefined;

  _indexOfHeaderEnd(): number {
    return this.buffer.indexOf('\n\n');
  }

  _parseHeaderText(text: string): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const line of text.split('\n')) {
      const at = line.indexOf(':');
      if (at > 0) headers[line.slice(0, at)] = decoded(line.slice(at + 1).trim());
    }
    // modesl would wait for a body that has no bytes until something else comes.
    if (headers['Content-Length'] === '0') delete headers['Content-Length'];
    return headers;
  }

  _parseEvent(headers: Readonly<Record<string, string>>, body?: string): void {
    const lower = Object.entries(headers).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    );
    this.onMessage({ headers: new Map(lower), body: body ?? '' });
  }
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Calls back for each message, however the bytes were cut. */
export function readMessages(socket: Socket, onMessage: (message: SwitchMessage) => void): void {
  new FramingParser(socket).onMessage = onMessage;
}
