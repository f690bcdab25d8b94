import { randomInt } from 'node:crypto';
import { silentLog } from '../../src/core/log.ts';
import { createMedia, createUserAgent, noDirectory } from '../../src/switch/index.ts';

import {
  answerTo,
  parseSdp,
  type AudioSource,
  type MediaSession,
} from '../../src/switch/rtp/index.ts';
import type { InboundSession } from '../../src/switch/sip/user-agent.types.ts';
import { Ear } from '../../scripts/phone/ear.ts';

/** What a simulated subscriber does with a call. */
export interface Subscriber {
  /** A SIP status instead of an answer: 486 busy, 404 unknown, 480 off. */
  refuse?: number;
  /** Rings for ever. */
  isAway?: boolean;
  answerAfterMs?: number;
  /** Keys, each pressed when the sentence before has ended, so long after the answer. */
  keys?: readonly { afterMs: number; key: string }[];
  /** Said after the answer, as a machine's greeting. */
  says?: () => AudioSource;
  hangUpAfterMs?: number;
}

export interface Ringing {
  number: string;
  from: string;
  at: number;
  answeredAt: number | undefined;
  /** When the first sound was heard, after the answer. */
  firstSoundMs: number | undefined;
  endedAt: number | undefined;
  session: InboundSession;
  ear: Ear;
}

/** A carrier with its subscribers, as the far end of a gateway. */
export interface Carrier {
  readonly port: number;
  readonly calls: Ringing[];
  /** By number; what is not named answers `usual`. */
  readonly subscribers: Map<string, Subscriber>;
  usual: Subscriber;
  close(): Promise<void>;
}

export async function openCarrier(usual: Subscriber = {}, maxSessions = 500): Promise<Carrier> {
  const log = silentLog();
  const media = createMedia(
    { host: '127.0.0.1', ports: { from: 40_000, to: 49_998 }, timeoutMs: 600_000 },
    log,
  );
  const agent = await createUserAgent(
    {
      host: '127.0.0.1',
      port: 0,
      directory: noDirectory,
      realm: 'carrier',
      userAgent: 'Lingting test carrier',
      maxSessions,
    },
    log,
  );
  agent.isOpenDestination = () => true;
  const open = new Set<MediaSession>();
  const self: Carrier = {
    port: agent.port,
    calls: [],
    subscribers: new Map(),
    usual,
    async close() {
      for (const audio of open) audio.close();
      media.close();
      await agent.close();
    },
  };
  const take = async (session: InboundSession): Promise<void> => {
    const number = session.to.user;
    const subscriber = self.subscribers.get(number) ?? self.usual;
    const call: Ringing = {
      number,
      from: session.from.user,
      at: Date.now(),
      answeredAt: undefined,
      firstSoundMs: undefined,
      endedAt: undefined,
      session,
      ear: new Ear(),
    };
    self.calls.push(call);
    if (subscriber.refuse !== undefined) {
      session.hangup({ status: subscriber.refuse });
      return;
    }
    const audio = await media.open();
    open.add(audio);
    audio.addListener((incoming) => {
      call.ear.hear(incoming);
      if (
        call.firstSoundMs === undefined &&
        call.answeredAt !== undefined &&
        call.ear.soundMs > 0
      ) {
        call.firstSoundMs = Date.now() - call.answeredAt;
      }
    });
    const timers: NodeJS.Timeout[] = [];
    session.onEnded = () => {
      call.endedAt = Date.now();
      for (const timer of timers) clearTimeout(timer);
      audio.close();
      open.delete(audio);
    };
    session.ring();
    if (subscriber.isAway === true) return;
    const after = (ms: number, act: () => void) => timers.push(setTimeout(act, ms));
    after(subscriber.answerAfterMs ?? 50, () => {
      const remote = parseSdp(session.remoteSdp ?? '');
      audio.setRemote(remote);
      const local = {
        host: '127.0.0.1',
        port: audio.localPort,
        sessionId: randomInt(1e9),
        version: 1,
      };
      session.answer(answerTo(remote, local));
      call.answeredAt = Date.now();
      if (subscriber.says !== undefined) void audio.play(subscriber.says());
      for (const { afterMs, key } of subscriber.keys ?? []) {
        after(afterMs, () => audio.sendDtmf(key, 100));
      }
      if (subscriber.hangUpAfterMs !== undefined) {
        after(subscriber.hangUpAfterMs, () => session.hangup());
      }
    });
  };
  agent.onInvite = (session) => void take(session);
  return self;
}
