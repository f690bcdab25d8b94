import type { Log } from '../core/log.ts';
import { createEventBus, createTrunkList, Switchboard } from './channel/index.ts';
import type { SwitchConfig } from './config.ts';
import { createDirectory, type DirectoryOptions } from './directory/index.ts';
import { openEventSocket } from './esl/server.ts';
import { createMedia } from './rtp/index.ts';
import { createUserAgent, defaultSipLimits, noSipLimits, Refusals } from './sip/index.ts';
import { openPeer, warmUp } from './webrtc/index.ts';

export interface Switch {
  readonly sipPort: number;
  readonly eslPort: number;
  readonly wsPort: number | undefined;
  readonly tlsPort: number | undefined;
  readonly board: Switchboard;
  /** As `reloadxml`: who is a trunk, hotlines, directory, and which pages may connect. */
  reload(): void;
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
  const refusals = new Refusals(log);
  const directory = createDirectory(directoryOf(config));
  const pages = config.ws === undefined ? undefined : { ...config.ws };
  const agent = await createUserAgent(
    {
      host: config.sip.host,
      port: config.sip.port,
      ...(pages === undefined ? {} : { webSocket: pages }),
      ...(config.tls === undefined ? {} : { tls: config.tls }),
      directory,
      realm: config.sip.realm ?? defaultRealm,
      userAgent: 'Lingting',
      maxSessions: config.maxSessions,
      limits: config.limits === undefined ? noSipLimits : { ...defaultSipLimits, ...config.limits },
      refusals,
    },
    log,
  );
  const media = createMedia(
    {
      host: config.rtp.host,
      ports: { from: config.rtp.from, to: config.rtp.to },
      timeoutMs: config.rtp.timeoutSec * 1000,
      ...(config.rtp.unheardSec === undefined ? {} : { unheardMs: config.rtp.unheardSec * 1000 }),
    },
    log,
  );
  const openBrowser = () =>
    openPeer({ host: config.rtp.host, nextPair: () => media.nextPair(), log });
  if (config.ws !== undefined) await warmUp();
  const bus = createEventBus();
  const board = new Switchboard({
    agent,
    media,
    bus,
    log,
    host: config.sip.host,
    domain: config.sip.domain,
    directory,
    openPeer: openBrowser,
    ...(config.srtp === undefined ? {} : { srtp: config.srtp }),
  });
  board.numbering = numberingOf(config);
  agent.isTrunk = (host) => board.isTrunk(host);
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
  const reload = (): void => {
    const fresh = options.reread();
    board.numbering = numberingOf(fresh);
    directory.reload(directoryOf(fresh));
    const { origins = [], hosts } = fresh.ws ?? {};
    if (pages !== undefined) Object.assign(pages, { origins, hosts });
  };
  const socket = await openEventSocket(
    {
      ...config.esl,
      refusals,
      api: {
        board,
        bus,
        refusals,
        maxSessions: config.maxSessions,
        shutdown: options.onShutdown,
        reload,
      },
    },
    log,
  ).catch(async (error: unknown) => {
    media.close();
    await agent.close();
    throw error;
  });
  media.onStateChange = (state) => {
    log.warn({ audio: state }, 'audio state changed');
    socket.beat();
  };
  return {
    sipPort: agent.port,
    eslPort: socket.port,
    wsPort: agent.webSocketPort,
    tlsPort: agent.tlsPort,
    board,
    reload,
    async close() {
      board.close();
      socket.close();
      await agent.close();
      media.close();
    },
  };
}

/** The same on every switch, so that a stored digest stays good when an address changes. */
const defaultRealm = 'lingting';

function directoryOf({ users, directory, sip }: SwitchConfig): DirectoryOptions {
  return {
    users,
    service:
      directory === undefined
        ? undefined
        : { url: directory.url, credentials: directory.credentials, domain: sip.domain },
  };
}

function numberingOf(config: SwitchConfig) {
  return {
    hotlines: new Set(config.hotlines),
    gateways: new Map(Object.entries(config.gateways)),
    trunks: createTrunkList(config.trunks ?? {}),
    testTrunk: config.testTrunk,
  };
}
