import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { randomInt } from 'node:crypto';
import { silentLog } from '../../src/core/log.ts';
import { createUserAgent, noDirectory } from '../../src/switch/index.ts';
import { answerTo, offerFor, parseSdp } from '../../src/switch/rtp/index.ts';
import type { InboundSession, OutboundSession } from '../../src/switch/sip/user-agent.types.ts';

/**
 * Telephones that speak SIP and let audio fall into a socket that nobody reads: hundreds of them leave the
 * machine to what is measured. Keys go by SIP INFO.
 */
export interface SilentPhones {
  /** Where a trunk leads to them. */
  readonly port: number;
  dial(number: string, from: string, port: number): SilentCall;
  /** Somebody calls a number of theirs; it is answered at once. */
  onTaken: (session: InboundSession) => void;
  close(): Promise<void>;
}

export interface SilentCall {
  readonly session: OutboundSession;
  readonly isAnswered: boolean;
  readonly isOver: boolean;
  /** Resolves when either side has hung up. */
  readonly ended: Promise<void>;
  press(key: string): void;
}

export async function openSilentPhones(): Promise<SilentPhones> {
  const sink = createSocket('udp4');
  sink.bind(0, '127.0.0.1');
  await once(sink, 'listening');
  const localPort = sink.address().port;
  const agent = await createUserAgent(
    {
      ...{ host: '127.0.0.1', port: 0, directory: noDirectory, realm: 'phone' },
      ...{ userAgent: 'Lingting bench phone', maxSessions: 2000, maxRequestsPerSecond: 10_000 },
    },
    silentLog(),
  );
  agent.isOpenDestination = () => true;
  const media = () => ({
    host: '127.0.0.1',
    port: localPort,
    sessionId: randomInt(1e9),
    version: 1,
  });
  const self: SilentPhones = {
    port: agent.port,
    onTaken: () => undefined,
    dial(number, from, port) {
      const session = agent.invite({
        ...{ uri: `sip:${number}@127.0.0.1:${port}`, from: { user: from } },
        sdp: offerFor(media()),
      });
      session.onReoffer = (sdp) => answerTo(parseSdp(sdp), media());
      let isAnswered = false;
      let isOver = false;
      session.onAnswer = () => {
        isAnswered = true;
      };
      const ended = new Promise<void>((resolve) => {
        session.onEnded = () => {
          isOver = true;
          resolve();
        };
      });
      return {
        session,
        ended,
        get isAnswered() {
          return isAnswered;
        },
        get isOver() {
          return isOver;
        },
        press: (key) => session.info('application/dtmf-relay', `Signal=${key}\r\nDuration=160\r\n`),
      };
    },
    async close() {
      await agent.close();
      sink.close();
    },
  };
  agent.onInvite = (session) => {
    session.onReoffer = (sdp) => answerTo(parseSdp(sdp), media());
    session.ring();
    session.answer(answerTo(parseSdp(session.remoteSdp ?? ''), media()));
    self.onTaken(session);
  };
  return self;
}
