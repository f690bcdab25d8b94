import { randomBytes, randomInt } from 'node:crypto';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../../src/core/concurrency/wait.ts';
import { createMedia, createUserAgent, noDirectory } from '../../src/switch/index.ts';
import { answerTo, parseSdp, type Recorder } from '../../src/switch/rtp/index.ts';
import type { InboundSession, SessionEnd } from '../../src/switch/sip/user-agent.types.ts';
import { press, type Caller } from './caller.ts';
import { Ear } from './ear.ts';
import { Received } from './received.ts';

export interface AnsweringOptions {
  /** Whose telephone it is. */
  number: string;
  /** Its own number, or every number that is no other telephone's. */
  answers: 'own' | 'every';
  /** The service, which gives it its account: `http://127.0.0.1:8080`. */
  api: string;
  /** The switch. */
  host: string;
  port: number;
  maxCalls?: number;
  onCall: (call: IncomingCall) => void;
}

/** A call that rings here. */
export interface IncomingCall {
  /** The number that was dialled. */
  readonly number: string;
  readonly from: string;
  readonly end: SessionEnd | undefined;
  /** Picks up; what is heard goes to `record`. */
  answer(options?: { record?: string }): Promise<Caller>;
  /** 486 is busy, 603 declined. */
  refuse(status: number): void;
  onEnded: (end: SessionEnd) => void;
}

export interface AnsweringPhone {
  /** False where the service has a carrier of its own: nothing will ring then. */
  readonly isCalled: boolean;
  close(): Promise<void>;
}

interface Account {
  uri: string;
  username: string;
  password: string;
  isCalled: boolean;
}

/** A telephone of the demo that is called: asks the service for an account, registers, rings. */
export async function openAnswering(options: AnsweringOptions): Promise<AnsweringPhone> {
  const account = await accountOf(options);
  const log = silentLog();
  const media = createMedia(
    { host: '127.0.0.1', ports: { from: 33_000, to: 49_998 }, timeoutMs: 600_000 },
    log,
  );
  const agent = await createUserAgent(
    {
      ...{ host: '127.0.0.1', port: 0, directory: noDirectory, realm: 'phone' },
      userAgent: 'Lingting scripted phone',
      maxSessions: options.maxCalls ?? 200,
    },
    log,
  );
  agent.isOpenDestination = () => true;
  agent.onInvite = (session) => options.onCall(ring(session, media));
  const close = async () => {
    media.close();
    await agent.close();
  };
  try {
    const { username, password, uri } = account;
    const registration = await agent.register({
      address: uri,
      registrar: { transport: 'udp', host: options.host, port: options.port },
      credentials: { username, password },
    });
    return {
      isCalled: account.isCalled,
      async close() {
        await registration.end();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function accountOf({ api, number, answers }: AnsweringOptions): Promise<Account> {
  const phone = randomBytes(4).toString('hex');
  const reply = await fetch(`${api}/api/v1/demo/phone`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ number, answers, phone }),
  });
  if (reply.ok) return (await reply.json()) as Account;
  // A refusal says in its words which setting switched them off.
  throw new Error(`the service gave no telephone: ${reply.status} ${await reply.text()}`);
}

function ring(session: InboundSession, media: ReturnType<typeof createMedia>): IncomingCall {
  let end: SessionEnd | undefined;
  const call: IncomingCall = {
    number: session.to.user,
    from: session.from.user,
    get end() {
      return end;
    },
    answer: (options) => pickUp(session, media, options?.record, () => end),
    refuse: (status) => session.hangup({ status }),
    onEnded: () => undefined,
  };
  session.onEnded = (how) => {
    end = how;
    call.onEnded(how);
  };
  session.ring();
  return call;
}

async function pickUp(
  session: InboundSession,
  media: ReturnType<typeof createMedia>,
  record: string | undefined,
  endOf: () => SessionEnd | undefined,
): Promise<Caller> {
  const audio = await media.open();
  const [ear, received] = [new Ear(), new Received()];
  audio.taps.addListener((incoming) => ear.hear(incoming));
  audio.onAudio = (packet) => received.take(packet);
  const sessionId = randomInt(1e9);
  let version = 0;
  const describe = (offer: string) => {
    const remote = parseSdp(offer);
    audio.setRemote(remote);
    version += 1;
    return answerTo(remote, { host: '127.0.0.1', port: audio.localPort, sessionId, version });
  };
  session.onReoffer = describe;
  session.answer(describe(session.remoteSdp ?? ''));
  const recorder: Recorder | undefined =
    record === undefined ? undefined : audio.taps.record({ path: record, mode: 'incoming' });
  const close = () => {
    recorder?.stop();
    if (endOf() === undefined) session.hangup();
    audio.close();
    return Promise.resolve();
  };
  return {
    ear,
    received,
    get end() {
      return endOf();
    },
    press: (keys) => press(audio, keys, () => endOf() !== undefined),
    async say(source) {
      await audio.playback.start(source);
    },
    openWav: (path) => media.openWav(path),
    async ended(timeoutMs) {
      await until('the far end to hang up', () => endOf() !== undefined, {
        timeoutMs,
        everyMs: 20,
      });
      return endOf() as SessionEnd;
    },
    hangup: () => session.hangup(),
    vanish: close,
    close,
  };
}
