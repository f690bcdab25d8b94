import { randomInt } from 'node:crypto';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../../src/core/wait.ts';
import {
  createMedia,
  createUserAgent,
  noDirectory,
  type MediaSession,
} from '../../src/switch/index.ts';
import {
  answerTo,
  offerFor,
  parseSdp,
  type AudioSource,
  type Recorder,
} from '../../src/switch/rtp/index.ts';
import type { SessionEnd } from '../../src/switch/sip/user-agent.types.ts';
import { Ear } from './ear.ts';

export interface CallerOptions {
  number: string;
  from: string;
  host: string;
  port: number;
  /** WAV file of what is heard. */
  record?: string;
  /** Longest time for an answer. */
  answerTimeoutMs?: number;
}

/** One SIP phone in one call: what a person with a telephone can do. */
export interface Caller {
  readonly ear: Ear;
  readonly end: SessionEnd | undefined;
  /** Presses keys, one after the other (RFC 4733, 100 ms each). */
  press(keys: string): Promise<void>;
  /** Speaks to the end. */
  say(source: AudioSource): Promise<void>;
  openWav(path: string): Promise<AudioSource>;
  ended(timeoutMs: number): Promise<SessionEnd>;
  hangup(): void;
  /** Leaves without a word, like a phone whose battery is pulled. */
  vanish(): Promise<void>;
  close(): Promise<void>;
}

/** Dials and resolves when answered. Rejects with the final status when it is not. */
export async function dial(options: CallerOptions): Promise<Caller> {
  const log = silentLog();
  const media = createMedia(
    { host: '127.0.0.1', ports: { from: 30_000, to: 49_998 }, timeoutMs: 600_000 },
    log,
  );
  const agent = await createUserAgent(
    {
      host: '127.0.0.1',
      port: 0,
      directory: noDirectory,
      realm: 'phone',
      userAgent: 'Lingting scripted phone',
      maxSessions: 4,
    },
    log,
  );
  const audio = await media.open();
  const ear = new Ear();
  audio.addListener((incoming) => ear.hear(incoming));
  let recorder: Recorder | undefined;
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      recorder?.stop();
      audio.close();
      media.close();
      await agent.close();
    })();
    return closing;
  };
  let end: SessionEnd | undefined;
  let isAnswered = false;
  const sessionId = randomInt(1e9);
  let version = 1;
  const session = agent.invite({
    uri: `sip:${options.number}@${options.host}:${options.port}`,
    from: { user: options.from },
    sdp: offerFor({
      host: '127.0.0.1',
      port: audio.localPort,
      sessionId,
      version,
    }),
  });
  session.onProgress = (_status, sdp) => {
    if (sdp !== undefined) audio.setRemote(parseSdp(sdp));
  };
  session.onReoffer = (sdp) => {
    const remote = parseSdp(sdp);
    audio.setRemote(remote);
    version += 1;
    return answerTo(remote, { host: '127.0.0.1', port: audio.localPort, sessionId, version });
  };
  session.onAnswer = (sdp) => {
    if (sdp !== '') audio.setRemote(parseSdp(sdp));
    isAnswered = true;
    if (options.record !== undefined) {
      recorder = audio.record({ path: options.record, mode: 'incoming' });
    }
  };
  session.onEnded = (how) => {
    end = how;
    recorder?.stop();
  };
  try {
    await until('the call to be answered', () => isAnswered || end !== undefined, {
      timeoutMs: options.answerTimeoutMs ?? 30_000,
      everyMs: 20,
    });
  } catch (error) {
    session.hangup();
    await close();
    throw error;
  }
  if (!isAnswered) {
    const refusal: SessionEnd | undefined = end;
    await close();
    throw new RefusedError(refusal);
  }
  return {
    ear,
    get end() {
      return end;
    },
    press: (keys) => press(audio, keys, () => end !== undefined),
    async say(source) {
      await audio.play(source);
    },
    openWav: (path) => media.openWav(path),
    async ended(timeoutMs) {
      await until('the far end to hang up', () => end !== undefined, { timeoutMs, everyMs: 20 });
      return end as unknown as SessionEnd;
    },
    hangup: () => session.hangup(),
    async vanish() {
      session.onEnded = () => undefined;
      audio.close();
      media.close();
      await agent.vanish();
    },
    close,
  };
}

export class RefusedError extends Error {
  readonly status: number;
  constructor(end: SessionEnd | undefined) {
    super(`the call was refused: ${end?.status ?? 0} ${end?.reason ?? 'no answer'}`);
    this.status = end?.status ?? 0;
  }
}

const keyMs = 100;
const pauseMs = 80;

async function press(audio: MediaSession, keys: string, isOver: () => boolean): Promise<void> {
  for (const key of keys) {
    if (isOver()) return;
    audio.sendDtmf(key, keyMs);
    await new Promise((resolve) => setTimeout(resolve, keyMs + pauseMs));
  }
}
