import { randomInt } from 'node:crypto';
import { silentLog } from '../../src/core/log.ts';
import {
  createMedia,
  createUserAgent,
  noDirectory,
  type MediaSession,
} from '../../src/switch/index.ts';
import { answerTo, parseSdp, type AudioSource } from '../../src/switch/rtp/index.ts';
import type { InboundSession, SessionEnd } from '../../src/switch/sip/user-agent.types.ts';
import { Ear } from '../../scripts/phone/ear.ts';

/** What a phone does with a call that comes in. */
export type Behaviour = 'answer' | 'ring' | { status: number };

/** A telephone that can be called at an address. */
export interface Callee {
  /** `100@127.0.0.1:port`, for a dial string. */
  readonly address: string;
  readonly port: number;
  behaviour: Behaviour;
  readonly calls: TakenCall[];
  close(): Promise<void>;
}

export interface TakenCall {
  readonly session: InboundSession;
  readonly audio: MediaSession;
  readonly ear: Ear;
  /** Descriptions offered in mid-call, e.g. hold. */
  readonly reoffers: string[];
  end: SessionEnd | undefined;
  answer(): void;
  /** 183 with a description: heard before it is paid for. */
  early(): void;
  say(source: AudioSource): Promise<unknown>;
}

/** As the far end of the trunk `trunk`: its port, where the switch's own settings name it. */
export function openTrunkPhone(behaviour: Behaviour): Promise<Callee> {
  return openCallee(behaviour, Number(process.env['FREESWITCH_CARRIER'] ?? 0));
}

export async function openCallee(behaviour: Behaviour, port = 0): Promise<Callee> {
  const log = silentLog();
  const media = createMedia(
    { host: '127.0.0.1', ports: { from: 50_000, to: 59_998 }, timeoutMs: 600_000 },
    log,
  );
  const agent = await createUserAgent(
    {
      host: '127.0.0.1',
      port,
      directory: noDirectory,
      realm: 'phone',
      userAgent: 'Lingting test phone',
      maxSessions: 200,
    },
    log,
  );
  agent.isOpenDestination = () => true;
  const self: Callee = {
    address: `100@127.0.0.1:${agent.port}`,
    port: agent.port,
    behaviour,
    calls: [],
    async close() {
      for (const { audio } of self.calls) audio.close();
      media.close();
      await agent.close();
    },
  };
  agent.onInvite = (session) => {
    if (typeof self.behaviour === 'object') {
      session.hangup({ status: self.behaviour.status });
      return;
    }
    void take(session, self);
  };
  const take = async (session: InboundSession, callee: Callee) => {
    const audio = await media.open();
    const ear = new Ear();
    audio.taps.addListener((incoming) => ear.hear(incoming));
    const sessionId = randomInt(1e9);
    let version = 1;
    const describe = (offer: string) => {
      const remote = parseSdp(offer);
      audio.setRemote(remote);
      version += 1;
      return answerTo(remote, { host: '127.0.0.1', port: audio.localPort, sessionId, version });
    };
    const call: TakenCall = {
      session,
      audio,
      ear,
      reoffers: [],
      end: undefined,
      answer: () => session.answer(describe(session.remoteSdp ?? '')),
      early: () => session.ring(describe(session.remoteSdp ?? '')),
      say: (source) => audio.playback.start(source),
    };
    session.onReoffer = (sdp) => {
      call.reoffers.push(sdp);
      return describe(sdp);
    };
    session.onEnded = (end) => {
      call.end = end;
    };
    session.ring();
    callee.calls.push(call);
    if (callee.behaviour === 'answer') call.answer();
  };
  return self;
}
