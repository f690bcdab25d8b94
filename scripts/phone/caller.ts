import { randomInt } from 'node:crypto';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../../src/core/concurrency/wait.ts';
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
import { Received } from './received.ts';

export interface CallerOptions {
  number: string;
  from: string;
  host: string;
  port: number;
  /** Further headers of the INVITE. */
  headers?: readonly (readonly [name: string, value: string])[];
  /** Address of this machine that it calls from; 127.0.0.1 by default. */
  localHost?: string;
  /** WAV file of what is heard. */
  record?: string;
  /** Longest time for an answer. */
  answerTimeoutMs?: number;
}

/** One SIP phone in one call: what a person with a telephone can do. */
export interface Caller {
  readonly ear: Ear;
  readonly received: Received;
  readonly end: SessionEnd | undefined;
  /** Presses keys, one after the other (RFC 4733, 100 ms each). */
  press(keys: string): Promise<void>;
  /** Speaks to the end. */
  say(source: AudioSource): Promise<void>;
  openWav(path: string): Promise<AudioSource>;
  ended(timeoutMs: number): Promise<SessionEnd>;
  hangup(): void;
  /** Leaves without a word, like a phone whose battery is pulled; so do all calls of its telephone. */
  vanish(): Promise<void>;
  close(): Promise<void>;
}

/** Many calls at once from one process, on one SIP port and one clock. */
export interface Telephone {
  /** Dials and resolves when answered. Rejects with the final status when it is not. */
  dial(options: CallerOptions): Promise<Caller>;
  close(): Promise<void>;
}

type Media = ReturnType<typeof createMedia>;
type UserAgent = Awaited<ReturnType<typeof createUserAgent>>;

interface Line {
  media: Media;
  agent: UserAgent;
}

export async function openTelephone(maxCalls = 1000): Promise<Telephone> {
  const line = await openLine(maxCalls);
  return {
    dial: (options) => dialOn(line, options, () => Promise.resolve()),
    close: () => closeLine(line),
  };
}

/** Dials from a telephone of its own; see {@link Telephone}. */
export async function dial(options: CallerOptions): Promise<Caller> {
  const line = await openLine(4, options.localHost);
  return dialOn(line, options, () => closeLine(line));
}

async function openLine(maxSessions: number, host = '127.0.0.1'): Promise<Line> {
  const log = silentLog();
  // Above the ports of either switch: FreeSWITCH, which finds one of its own taken, gives the call up.
  const media = createMedia(
    { host: '127.0.0.1', ports: { from: 33_000, to: 49_998 }, timeoutMs: 600_000 },
    log,
  );
  const agent = await createUserAgent(
    {
      host,
      port: 0,
      directory: noDirectory,
      realm: 'phone',
      userAgent: 'Lingting scripted phone',
      maxSessions,
    },
    log,
  );
  return { media, agent };
}

async function closeLine({ media, agent }: Line): Promise<void> {
  media.close();
  await agent.close();
}

async function dialOn(
  { media, agent }: Line,
  options: CallerOptions,
  closeOwn: () => Promise<void>,
): Promise<Caller> {
  const audio = await media.open();
  const ear = new Ear();
  audio.taps.addListener((incoming) => ear.hear(incoming));
  const received = new Received();
  audio.onAudio = (packet) => received.take(packet);
  let recorder: Recorder | undefined;
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= (async () => {
      recorder?.stop();
      if (end === undefined) session.hangup();
      audio.close();
      await closeOwn();
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
    ...(options.headers === undefined ? {} : { headers: options.headers }),
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
      recorder = audio.taps.record({ path: options.record, mode: 'incoming' });
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
    received,
    get end() {
      return end;
    },
    press: (keys) => press(audio, keys, () => end !== undefined),
    async say(source) {
      await audio.playback.start(source);
    },
    openWav: (path) => media.openWav(path),
    async ended(timeoutMs) {
      await until('the far end to hang up', () => end !== undefined, { timeoutMs, everyMs: 20 });
      return end as unknown as SessionEnd;
    },
    hangup: () => session.hangup(),
    async vanish() {
      session.onEnded = () => undefined;
      closing = Promise.resolve();
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

export async function press(
  audio: MediaSession,
  keys: string,
  isOver: () => boolean,
): Promise<void> {
  for (const key of keys) {
    if (isOver()) return;
    audio.sendDtmf(key, keyMs);
    await new Promise((resolve) => setTimeout(resolve, keyMs + pauseMs));
  }
}
