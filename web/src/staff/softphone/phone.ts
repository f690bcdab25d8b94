/** A SIP telephone in the browser: registers, rings, talks. Knows nothing of desks and queues. */
import type { DTMF_TRANSPORT } from 'jssip/lib/Constants';
import type { RTCSession } from 'jssip/lib/RTCSession';
import type { RTCSessionEvent, UA } from 'jssip/lib/UA';
import type { PhoneAccount } from '../../../../src/contract/agents/agents.ts';
import { closeStream, openMicrophone, storedChoice } from './sound/devices.ts';
import type { PhoneCall, PhoneFailure, PhoneState } from './phone.types.ts';
import { phoneOff } from './phone.types.ts';
import { QualityMeter } from './sound/quality-meter.ts';
import { Speaker } from './sound/speaker.ts';
import { carriesKeys } from './carries-keys.ts';
import { ring, type Tone } from './sound/ringtone.ts';
import { microphoneFault, watchMicrophone, type MicrophoneWatch } from './sound/microphone.ts';
import { watchSound } from './sound/sound.ts';
import { isStillThere } from './still-there.ts';
import { userAgent } from './user-agent.ts';
import { isSilent, watchSession } from './watch-session.ts';

const retryMs = 5000;
/** A phone that was told to expect its call picks up by itself, for so long. */
const expectMs = 30_000;

interface SoftphoneOptions {
  /**
   * A fresh account: the one before stops working. `elsewhere` when another browser has the telephone;
   * it is taken from there only with `isTaking`.
   */
  account: (isTaking: boolean) => Promise<PhoneAccount | 'elsewhere'>;
  /** The demo's caller has no ringing of its own. */
  isRinging?: boolean;
  /** Whether the service knows of a talk of ours. */
  isInCall?: () => boolean;
}

export class Softphone {
  #state: PhoneState = phoneOff;
  #agent: UA | undefined;
  #session: RTCSession | undefined;
  #stream: MediaStream | undefined;
  /** Of this session, from its first key on. */
  #carriesKeys: Promise<boolean> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #tone: Tone | undefined;
  #isWanted = false;
  /** The socket broke while this call was up: what was said of it since may be lost. */
  #wasCut = false;
  #expectUntil = 0;
  readonly #options: SoftphoneOptions;
  readonly #speaker = new Speaker();
  readonly #quality = new QualityMeter((quality) => this.#call({ quality }));
  #microphone: MicrophoneWatch | undefined;
  #sound: (() => void) | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(options: SoftphoneOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): PhoneState => this.#state;

  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#devices()?.addEventListener('devicechange', this.#devicesChanged);
    this.#microphone = watchMicrophone(
      () => this.#stream !== undefined,
      (microphone) => this.#set({ ...this.#state, microphone }),
    );
    if (this.#options.isRinging ?? true) {
      this.#sound = watchSound((sound) => this.#set({ ...this.#state, sound }));
    }
    void this.#register(true);
  }

  stop(status: 'off' | 'elsewhere' = 'off'): void {
    this.#isWanted = false;
    this.#expectUntil = 0;
    clearTimeout(this.#retry);
    this.#devices()?.removeEventListener('devicechange', this.#devicesChanged);
    this.#microphone?.stop();
    this.#microphone = undefined;
    this.#sound?.();
    this.#sound = undefined;
    this.#endCall(undefined);
    this.#agent?.stop();
    this.#agent = undefined;
    this.#set({ ...phoneOff, status });
  }

  /** The next call that comes in is one we asked for: pick up without ringing. */
  expectCall(): void {
    this.#expectUntil = Date.now() + expectMs;
    if (this.#state.call?.state === 'ringing') void this.answer();
  }

  expectNothing(): void {
    this.#expectUntil = 0;
  }

  async answer(): Promise<void> {
    const session = this.#session;
    if (session === undefined || this.#state.call?.state !== 'ringing') return;
    this.#silence();
    this.#call({ state: 'connecting' });
    const stream = await this.#openMicrophone();
    if (stream === undefined || session !== this.#session) {
      closeStream(stream);
      if (session === this.#session) session.terminate({ status_code: 480 });
      return;
    }
    this.#stream = stream;
    session.answer({ mediaStream: stream, pcConfig: { iceServers: [] } });
  }

  async dial(number: string): Promise<void> {
    const agent = this.#agent;
    if (agent === undefined || this.#session !== undefined) return;
    const stream = await this.#openMicrophone();
    if (stream === undefined) return;
    this.#stream = stream;
    const session = agent.call(number, {
      mediaStream: stream,
      pcConfig: { iceServers: [] },
      mediaConstraints: { audio: true, video: false },
    });
    this.#adopt(session, { state: 'dialling', direction: 'outgoing', number });
  }

  hangUp(): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#silence();
    const isRinging = this.#state.call?.state === 'ringing';
    session.terminate(isRinging ? { status_code: 486 } : undefined);
  }

  mute(isMuted: boolean): void {
    if (isMuted) this.#session?.mute({ audio: true });
    else this.#session?.unmute({ audio: true });
    this.#call({ isMuted });
  }

  /** A key that is pressed while the line is still being set up is kept: the browser would drop it. */
  sendKey(key: string): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#carriesKeys ??= carriesKeys(session.connection);
    void this.#carriesKeys.then((isUp) => {
      if (!isUp || session !== this.#session) return;
      session.sendDTMF(key, {
        duration: 160,
        interToneGap: 80,
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum would bring its library
        transportType: 'RFC2833' as DTMF_TRANSPORT,
      });
    });
  }

  /** After the person chose other devices or another volume: holds for the running call too. */
  async applyDevices(): Promise<void> {
    const { microphone } = storedChoice();
    await this.#speaker.apply();
    const sender = this.#sender();
    if (sender === undefined) {
      this.#microphone?.check();
      return;
    }
    const stream = await this.#openMicrophone(microphone);
    const [track] = stream?.getAudioTracks() ?? [];
    if (stream === undefined || track === undefined) return;
    track.enabled = !(this.#state.call?.isMuted ?? false);
    await sender.replaceTrack(track);
    closeStream(this.#stream);
    this.#stream = stream;
  }

  async #register(isTaking: boolean): Promise<void> {
    this.#set({ ...this.#state, status: 'connecting', failure: undefined });
    const account = await this.#options.account(isTaking).catch(() => undefined);
    if (!this.#isWanted) return;
    if (account === 'elsewhere') {
      this.stop('elsewhere');
      return;
    }
    if (account === undefined) {
      this.#fail('refused');
      return;
    }
    const agent = await userAgent(account).catch(() => undefined);
    if (!this.#isWanted) return;
    if (agent === undefined) {
      this.#fail('network');
      return;
    }
    this.#agent = agent;
    const isOurs = () => this.#agent === agent;
    let wasLost = false;
    agent.on('registered', () => {
      if (!isOurs()) return;
      this.#set({ ...this.#state, status: 'ready', failure: undefined });
      // Its end may have been told meanwhile, on the socket that broke.
      if (wasLost) void this.#ask();
      wasLost = false;
    });
    agent.on('disconnected', () => {
      wasLost = true;
      this.#wasCut = this.#session !== undefined;
      if (isOurs()) this.#set({ ...this.#state, status: 'connecting', failure: 'network' });
    });
    agent.on('registrationFailed', () => {
      if (isOurs()) this.#fail('refused');
    });
    agent.on('newRTCSession', (event: RTCSessionEvent) => {
      if (isOurs()) this.#incoming(event);
    });
    agent.start();
  }

  #fail(failure: PhoneFailure): void {
    this.#set({ ...this.#state, status: 'failed', failure });
    this.#agent?.stop();
    this.#agent = undefined;
    clearTimeout(this.#retry);
    if (this.#isWanted) this.#retry = setTimeout(() => void this.#register(false), retryMs);
  }

  #incoming({ originator, session }: RTCSessionEvent): void {
    if ((originator as string) === 'local') return;
    const known = this.#session;
    if (known !== undefined) {
      // The switch does not call a telephone that talks, as far as it knows: has that talk gone?
      void isStillThere(known).then((isThere) => {
        if (isThere && known === this.#session && this.#isForgotten()) known.terminate();
        if (session.isEnded()) return;
        if (this.#session !== undefined) session.terminate({ status_code: 486 });
        else this.#ring(session);
      });
      return;
    }
    this.#ring(session);
  }

  #ring(session: RTCSession): void {
    const number = session.remote_identity.uri.user;
    const dialled = session.local_identity.uri.user;
    this.#adopt(session, { state: 'ringing', direction: 'incoming', number, dialled });
    if (Date.now() < this.#expectUntil) {
      this.#expectUntil = 0;
      void this.answer();
    } else if (this.#options.isRinging ?? true) {
      const { ringVolume, speaker } = storedChoice();
      this.#tone = ring(ringVolume, speaker);
    }
  }

  #adopt(
    session: RTCSession,
    call: Pick<PhoneCall, 'state' | 'direction' | 'number' | 'dialled'>,
  ): void {
    this.#session = session;
    this.#set({
      ...this.#state,
      lastCause: undefined,
      call: { ...call, sinceMs: Date.now(), isMuted: false, quality: undefined },
    });
    const isOurs = () => this.#session === session;
    watchSession(session, {
      onSilent: () => isOurs() && void this.#ask(),
      onSound: (stream) => isOurs() && void this.#speaker.play(stream),
      onTalking: () => {
        if (!isOurs()) return;
        this.#call({ state: 'talking', sinceMs: Date.now() });
        this.#quality.start(session);
      },
      onEnd: (cause) => isOurs() && this.#endCall(cause),
    });
  }

  /** Is the call that we have still there? */
  async #ask(): Promise<void> {
    const session = this.#session;
    if (session === undefined || this.#agent?.isRegistered() !== true) return;
    const isThere = await isStillThere(session);
    const isOver = this.#isForgotten() && isSilent(session.connection);
    if (isThere && isOver && session === this.#session) session.terminate();
  }

  /** A switch that cannot say goodbye to a socket that broke has the call for half a minute more. */
  #isForgotten(): boolean {
    return this.#wasCut && this.#options.isInCall?.() === false;
  }

  #endCall(cause: string | undefined): void {
    this.#silence();
    this.#quality.stop();
    this.#carriesKeys = undefined;
    this.#wasCut = false;
    this.#session = undefined;
    closeStream(this.#stream);
    this.#stream = undefined;
    this.#speaker.clear();
    if (this.#state.call !== undefined) {
      this.#set({ ...this.#state, call: undefined, lastCause: cause });
      this.#microphone?.check();
    }
  }

  async #openMicrophone(deviceId = storedChoice().microphone): Promise<MediaStream | undefined> {
    try {
      const stream = this.#watched(await openMicrophone(deviceId));
      this.#set({ ...this.#state, microphone: 'ok' });
      return stream;
    } catch (error) {
      const isInsecure = this.#devices() === undefined;
      this.#set({ ...this.#state, microphone: isInsecure ? 'insecure' : microphoneFault(error) });
      return undefined;
    }
  }

  /** Undefined where the page came over plain HTTP from another machine. */
  #devices(): MediaDevices | undefined {
    return (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
  }

  /** A headset that is pulled out ends its track; the conversation goes on with another. */
  #watched(stream: MediaStream): MediaStream {
    stream.getAudioTracks().forEach((track) => {
      track.addEventListener('ended', () => {
        if (this.#stream === stream) void this.applyDevices();
      });
    });
    return stream;
  }

  readonly #devicesChanged = (): void => {
    const [track] = this.#stream?.getAudioTracks() ?? [];
    if (track?.readyState === 'ended') void this.applyDevices();
  };

  #sender(): RTCRtpSender | undefined {
    const { connection } = (this.#session ?? {}) as { connection?: RTCPeerConnection };
    return connection?.getSenders().find((one) => one.track?.kind === 'audio');
  }

  #silence(): void {
    this.#tone?.stop();
    this.#tone = undefined;
  }

  #call(change: Partial<PhoneCall>): void {
    const { call } = this.#state;
    if (call !== undefined) this.#set({ ...this.#state, call: { ...call, ...change } });
  }

  #set(state: PhoneState): void {
    this.#state = state;
    this.#listeners.forEach((tell) => tell());
  }
}
