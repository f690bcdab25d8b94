import type { Log } from '../core/log.ts';
import { createEventBus, Switchboard } from './channel/index.ts';
import type { SwitchConfig } from './config.ts';
import { openEventSocket } from './esl/server.ts';
import { createMedia } from './rtp/index.ts';
import { createUserAgent } from './sip/index.ts';

export interface Switch {
  readonly sipPort: number;
  readonly eslPort: number;
  readonly board: Switchboard;
  close(): Promise<void>;
}

export interface SwitchOptions {
  config: SwitchConfig;
  /** Reads the settings again, for `reloadxml`. */
  reread: () => SwitchConfig;
  /** Asked for over the event socket. */
  onShutdown: () => void;
}

/** Opens SIP, RTP and the event socket. Rejects with EADDRINUSE and the like. */
export async function openSwitch(options: SwitchOptions, log: Log): Promise<Switch> {
  const { config } = options;
  const agent = await createUserAgent(
    {
      host: config.sip.host,
      port: config.sip.port,
      users: config.users,
      realm: config.sip.domain,
      userAgent: 'Lingting',
      maxSessions: config.maxSessions,
    },
    log,
  );
  const media = createMedia(
    {
      host: config.rtp.host,
      ports: { from: config.rtp.from, to: config.rtp.to },
      timeoutMs: config.rtp.timeoutSec * 1000,
    },
    log,
  );
  const bus = createEventBus();
  const board = new Switchboard({
    agent,
    media,
    bus,
    log,
    host: config.sip.host,
    domain: config.sip.domain,
  });
  board.numbering = numberingOf(config);
  agent.onRegistration = ({ username, contact, isGone }) => {
    bus.publish('CUSTOM', [
      ['Event-Subclass', isGone ? 'sofia::unregister' : 'sofia::register'],
      ['profile-name', 'internal'],
      ['from-user', username],
      ['from-host', config.sip.domain],
      ['contact', contact],
      ['username', username],
    ]);
  };
  const socket = await openEventSocket(
    {
      ...config.esl,
      api: {
        board,
        bus,
        globals: new Map(),
        maxSessions: config.maxSessions,
        shutdown: options.onShutdown,
        reload() {
          const fresh = options.reread();
          board.numbering = numberingOf(fresh);
          agent.setUsers(fresh.users);
        },
      },
    },
    log,
  ).catch(async (error: unknown) => {
    media.close();
    await agent.close();
    throw error;
  });
  return {
    sipPort: agent.port,
    eslPort: socket.port,
    board,
    async close() {
      board.close();
      socket.close();
      await agent.close();
      media.close();
    },
  };
}

function numberingOf(config: SwitchConfig) {
  return {
    hotlines: new Set(config.hotlines),
    users: new Set(config.users.map((user) => user.username)),
    gateways: new Map(Object.entries(config.gateways)),
  };
}
