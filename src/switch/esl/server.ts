import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ApiContext } from './api.types.ts';
import { channelCommands } from './api-channel.ts';
import { switchCommands } from './api-switch.ts';
import { Connection } from './connection.ts';
import { frame } from './frames.ts';
import type { Refusals } from '../sip/index.ts';

export interface EventSocketOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  password: string;
  /** A client must have logged in after so long. */
  loginSec?: number;
  /** Clients that may be about to log in at a time; of more the oldest makes room. */
  unproven?: number;
  refusals: Refusals;
  api: Omit<ApiContext, 'run'>;
}

export interface EventSocket {
  readonly port: number;
  /** Tells at once what the next heartbeat would. */
  beat(): void;
  close(): void;
}

/** Clients that have logged in; more are refused in words, as FreeSWITCH does. */
const maxClients = 64;
const defaultLoginSec = 5;
const defaultUnproven = 16;
/** What mod_event_socket says to a client that it does not let in. */
const goAway = 'Access Denied, go away.\n';
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
  const { refusals, loginSec = defaultLoginSec, unproven = defaultUnproven } = options;
  /** Who has not logged in yet, the oldest first. */
  const visitors = new Set<Connection>();
  const server = createServer((socket) => {
    const source = socket.remoteAddress ?? '';
    if (connections.size - visitors.size >= maxClients) {
      refusals.count('event_socket_clients', source);
      socket.on('error', () => socket.destroy());
      socket.end(rejection(goAway));
      return;
    }
    const [oldest] = visitors;
    if (visitors.size >= unproven && oldest !== undefined) {
      refusals.count('event_socket_login', source);
      oldest.drop();
    }
    const patience = setTimeout(() => {
      refusals.count('event_socket_login', source);
      connection.drop();
    }, loginSec * 1000);
    const connection = new Connection(socket, {
      password: options.password,
      api,
      log,
      onTrusted() {
        clearTimeout(patience);
        visitors.delete(connection);
      },
      onClosed() {
        clearTimeout(patience);
        visitors.delete(connection);
        connections.delete(connection);
      },
    });
    connections.add(connection);
    visitors.add(connection);
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

function rejection(text: string): string {
  const length = String(Buffer.byteLength(text));
  return frame(
    [
      ['Content-Type', 'text/rude-rejection'],
      ['Content-Length', length],
    ],
    text,
  );
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
