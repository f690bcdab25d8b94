import { STATUS_CODES } from 'node:http';
import type { BodyLimits, FastifyRequest, Server } from '../api.types.ts';

export const usualBodyLimits: BodyLimits = { bodyMs: 10_000, bytesPerSecond: 50_000 };

/**
 * Closes the connection of a body that does not arrive (RFC 9110 section 15.5.9): one that stops half-way or
 * drips holds memory and a socket. Counted by the bytes that came, so that a large list may take its time.
 */
export function installBodyDeadline(
  server: Server,
  { bodyMs, bytesPerSecond }: BodyLimits,
  onSlow: () => void,
): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (hasBody(request)) watch(request);
    done();
  });

  function watch({ raw }: FastifyRequest): void {
    const { socket } = raw;
    const before = socket.bytesRead;
    const began = Date.now();
    const timer = setInterval(
      () => {
        if (raw.complete || socket.destroyed) {
          clearInterval(timer);
          return;
        }
        const allowedMs = bodyMs + ((socket.bytesRead - before) / bytesPerSecond) * 1000;
        if (Date.now() - began < allowedMs) return;
        clearInterval(timer);
        onSlow();
        socket.write(`HTTP/1.1 408 ${STATUS_CODES[408]}\r\nConnection: close\r\n\r\n`);
        socket.destroySoon();
      },
      Math.min(1000, bodyMs),
    );
    timer.unref();
    raw.once('close', () => clearInterval(timer));
  }
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
