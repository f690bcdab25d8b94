import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ApiContext } from './api.types.ts';
import { channelCommands } from './api-channel.ts';
import { switchCommands } from './api-switch.ts';
import { Connection } from './connection.ts';

export interface EventSocketOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  password: string;
  api: Omit<ApiContext, 'run'>;
}

export interface EventSocket {
  readonly port: number;
  /** Tells at once what the next heartbeat would. */
  beat(): void;
  close(): void;
}

const maxClients = 64;
const heartbeatMs = 20_000;
const commands = { ...channelCommands, ...switchCommands };

/** The event socket in inbound mode: clients connect to us, prove the password, listen and command. */
export async function openEventSocket(options: EventSocketOptions, log: Log): Promise<EventSocket> {
  const connections = new Set<Connection>();
  const run = async (line: string): Promise<string> => {
    const at = line.search(/\s/);
    const name = at < 0 ? line : line.slice(0, at);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) return `-ERR ${name} Command not found!\n`;
    try {
      return await command(api, at < 0 ? '' : line.slice(at + 1).trim());
    } catch (error) {
      log.error({ err: error, command: name }, 'API command failed');
      return `-ERR ${messageOf(error).replaceAll('\n', ' ')}\n`;
    }
  };
  const api: ApiContext = { ...options.api, run };
  const server = createServer((socket) => {
    if (connections.size >= maxClients) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, {
      password: options.password,
      api,
      log,
      onClosed: () => connections.delete(connection),
    });
    connections.add(connection);
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const unsubscribe = api.bus.subscribe((event) => {
    for (const connection of connections) connection.send(event);
  });
  const heartbeat = setInterval(() => publishHeartbeat(api), heartbeatMs);
  return {
    port: (server.address() as AddressInfo).port,
    beat: () => publishHeartbeat(api),
    close() {
      clearInterval(heartbeat);
      unsubscribe();
      for (const connection of connections) connection.close();
      server.close();
    },
  };
}

function publishHeartbeat({ bus, board, maxSessions }: ApiContext): void {
  const { state, stalls, failedLegs, sendErrors, unheardLegs } = board.media.health;
  bus.publish('HEARTBEAT', [
    ['Event-Info', 'System Ready'],
    ['Up-Time-Msec', String(Date.now() - bus.startedAt)],
    ['Session-Count', String(board.channels.size)],
    ['Max-Sessions', String(maxSessions)],
    ['Session-Since-Startup', String(board.sessionsSinceStart)],
    ['Heartbeat-Interval', String(heartbeatMs / 1000)],
    ['Audio-State', state],
    ['Audio-Stalls', String(stalls)],
    ['Audio-Failed-Legs', String(failedLegs)],
    ['Audio-Send-Errors', String(sendErrors)],
    ['Audio-Unheard-Legs', String(unheardLegs)],
  ]);
}
