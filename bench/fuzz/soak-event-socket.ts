import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { EslConnection } from '../../src/cti/esl/connection.ts';
import { answer, command } from './event-socket.ts';
import { pieces, seldom, type Random } from './random.ts';
import type { SoakSwitch } from './soak-switch.ts';

/** Commands to the switch: of strangers, and of clients that have logged in. A connection lives for a few. */
export async function commands(
  { eslPort, password }: SoakSwitch,
  uuids: readonly string[],
  random: Random,
  count: number,
): Promise<void> {
  for (let sent = 0; sent < count;) {
    const socket = connect(eslPort, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    await told(socket, 'data');
    if (!seldom(random, 4)) socket.write(`auth ${password}\n\n`);
    for (let more = 40; more > 0 && sent < count; more -= 1) {
      sent += 1;
      for (const piece of pieces(random, command(random, uuids))) {
        if (!socket.destroyed) socket.write(piece);
      }
    }
    // It closes when it has read so far; one that waits for the rest of a body does not.
    if (!socket.destroyed) socket.write('\n\nexit\n\n');
    await Promise.race([told(socket, 'close'), pause(300)]);
    socket.destroy();
  }
}

/** Nonsense of a switch to our client, over a socket. */
export async function answers(random: Random, count: number): Promise<void> {
  let left = count;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('Content-Type: auth/request\n\n');
    socket.once('data', () => {
      socket.write('Content-Type: command/reply\nReply-Text: +OK accepted\n\n');
      for (let more = 40; more > 0 && left > 0; more -= 1) {
        left -= 1;
        for (const piece of pieces(random, answer(random))) {
          if (!socket.destroyed) socket.write(piece);
        }
      }
      socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  while (left > 0) {
    const client = await EslConnection.open(
      { host: '127.0.0.1', port, password: 'x' },
      () => undefined,
    ).catch(() => undefined);
    if (client === undefined) continue;
    if (!client.closed.aborted) await once(client.closed, 'abort');
    client.close();
  }
  server.close();
}

/** When it tells that, or is over. */
export function told(socket: Socket, event: 'connect' | 'data' | 'close'): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    socket.once(event, () => resolve());
    socket.once('close', () => resolve());
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
