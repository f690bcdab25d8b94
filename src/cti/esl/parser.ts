import type { Socket } from 'node:net';
import Parser from 'modesl/lib/esl/Parser.js';

/** One message of the switch: its outer headers in lower case, and its body as text. */
export interface SwitchMessage {
  headers: ReadonlyMap<string, string>;
  body: string;
}

/**
 * modesl's parser decodes every header as a URL part and throws on a lone `%`; ours takes such a
 * header as it is. Installed on a subclass, so that modesl itself stays as it is.
 */
class SafeParser extends Parser {
  _parseHeaderText(text: string): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const line of text.split('\n')) {
      const at = line.indexOf(':');
      if (at > 0) headers[line.slice(0, at)] = decoded(line.slice(at + 1).trim());
    }
    return headers;
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
export function readMessages(
  socket: Socket,
  onMessage: (message: SwitchMessage) => void,
  onError: (error: Error) => void,
): void {
  const parser = new SafeParser(socket);
  parser.on('error', onError);
  parser.on('esl::event', (_event, headers, body) => {
    const lower = Object.entries(headers).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    );
    onMessage({ headers: new Map(lower), body: typeof body === 'string' ? body : '' });
  });
}
