import { randomInt } from 'node:crypto';
import { silentLog } from '../../src/core/log.ts';
import { createMedia, createUserAgent, noDirectory } from '../../src/switch/index.ts';

import {
  answerTo,
  parseSdp,
  samplesSource,
  type AudioSource,
  type MediaSession,
} from '../../src/switch/rtp/index.ts';
import type { InboundSession } from '../../src/switch/sip/user-agent.types.ts';
import { Ear } from '../../scripts/phone/ear.ts';

/** What a simulated subscriber does with a call. */
export interface Subscriber {
  /** A SIP status instead of an answer: 486 busy, 404 unknown, 480 off. */
  refuse?: number;
  /** Rings until the test answers, if it does. */
  isAway?: boolean;
  answerAfterMs?: number;
  /** Keys, each pressed after one more second of speech was heard: on cue, however slow the machine is. */
  keys?: string;
  /** Said after the answer, as a machine's greeting. */
  says?: () => AudioSource;
  /** After the last key, or without keys after the answer. */
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
  answer(): void;
  /** Told of every 20 ms. */
  onHeard?: () => void;
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
      // Of the trunk `trunk`: a FreeSWITCH has it in its own settings, see test/support/freeswitch.ts.
      port: Number(process.env['FREESWITCH_CARRIER'] ?? 0),
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
      answer: () => undefined,
    };
    self.calls.push(call);
    if (subscriber.refuse !== undefined) {
      call.endedAt = call.at;
      session.hangup({ status: subscriber.refuse });
      return;
    }
    const audio = await media.open();
    open.add(audio);
    audio.taps.addListener((incoming) => {
      call.ear.hear(incoming);
      call.onHeard?.();
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
    const after = (ms: number, act: () => void) => timers.push(setTimeout(act, ms));
    call.answer = () => {
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
      if (subscriber.says !== undefined) void audio.playback.start(subscriber.says());
      const end = () => {
        if (subscriber.hangUpAfterMs !== undefined) {
          after(subscriber.hangUpAfterMs, () => session.hangup());
        }
      };
      if (subscriber.keys === undefined) end();
      else press(call, audio, subscriber.keys, end);
    };
    if (subscriber.isAway !== true) after(subscriber.answerAfterMs ?? 1000, () => call.answer());
  };
  agent.onInvite = (session) => void take(session);
  return self;
}

const cueMs = 1000;

function press(call: Ringing, audio: MediaSession, keys: string, onDone: () => void): void {
  let left = keys;
  let from = call.ear.soundMs;
  call.onHeard = () => {
    if (left === '' || call.ear.soundMs - from < cueMs) return;
    audio.sendDtmf(left.charAt(0), 100);
    left = left.slice(1);
    from = call.ear.soundMs;
    if (left === '') onDone();
  };
}

/** As machines greet: four seconds of syllables without a pause, then the tone, then silence. */
export function recordedGreeting(): AudioSource {
  const samples = new Int16Array(8000 * 4.6);
  for (let at = 0; at < 8000 * 4; at += 1) {
    const swell = 0.6 + 0.4 * Math.sin((2 * Math.PI * 4 * at) / 8000);
    // A voice: a fundamental that wanders, and its harmonics.
    const pitch = 140 + 25 * Math.sin((2 * Math.PI * at) / 9000);
    let sample = 0;
    for (const harmonic of [1, 2, 3, 5, 7]) {
      sample += Math.sin((2 * Math.PI * pitch * harmonic * at) / 8000) / harmonic;
    }
    samples[at] = Math.round(3500 * swell * sample);
  }
  for (let at = 8000 * 4.2; at < samples.length; at += 1) {
    samples[at] = Math.round(7000 * Math.sin((2 * Math.PI * 950 * at) / 8000));
  }
  return samplesSource(samples);
}
