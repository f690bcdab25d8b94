import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { espeakProvider } from './providers/espeak.ts';
import { googleProvider } from './providers/google.ts';
import { httpProvider, type HttpVoice } from './providers/http.ts';
import type { Provider } from './providers/provider.types.ts';
import { sherpaProvider } from './providers/sherpa.ts';
import type { Tts, Utterance } from './tts.types.ts';
import { sampleRate, toTelephone, wavOf } from './wav.ts';

export interface TtsOptions {
  /** In order of preference; eSpeak NG is the last resort, named or not. */
  providers: readonly string[];
  http: HttpVoice | undefined;
  googleHost: string;
  sherpaDir: string | undefined;
  /** `<sha256 of language and text>.wav` here wins over synthesis. */
  recordedDir: string | undefined;
  cacheDir: string;
  log: Log;
}

/** While a caller waits: leaves eSpeak NG time enough that they hear something within a second. */
const callerPatienceMs = 700;
/** Ahead of need a better voice is worth waiting for; what comes later than that never comes. */
const longestMs = 30_000;
const restAfterFailureMs = 30_000;

class TooSlowError extends Error {
  constructor() {
    super('it did not answer in time; its answer is kept for the next caller');
  }
}

/** Renders through the first provider that works; throws when one that was asked for cannot load. */
export async function createTts(options: TtsOptions): Promise<Tts & { beep(): Promise<string> }> {
  const { cacheDir, recordedDir, log } = options;
  await mkdir(cacheDir, { recursive: true });
  const providers = await providersOf(options);
  const rests = new Map<Provider, number>();
  const running = new Map<string, Promise<string>>();

  async function keep(path: string, wav: Buffer): Promise<string> {
    const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    await writeFile(draft, wav);
    await rename(draft, path);
    return path;
  }

  /** Goes on after the patience is over, so that the next caller finds the better voice. */
  function ask(provider: Provider, utterance: Utterance, patienceMs: number): Promise<string> {
    const answer = provider
      .render(utterance, AbortSignal.timeout(longestMs))
      .then((raw) => keep(pathOf(cacheDir, utterance, provider), toTelephone(raw)));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new TooSlowError()), patienceMs);
      answer.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  async function make(utterance: Utterance, isAhead: boolean): Promise<string> {
    let reason: unknown;
    for (const [at, provider] of providers.entries()) {
      const isLast = at === providers.length - 1;
      if (!isLast && (rests.get(provider) ?? 0) > Date.now()) continue;
      try {
        return await ask(provider, utterance, isLast || isAhead ? longestMs : callerPatienceMs);
      } catch (error) {
        reason = error;
        rests.set(provider, Date.now() + restAfterFailureMs);
        log.warn({ provider: provider.name, reason: messageOf(error) }, 'speech provider failed');
      }
    }
    throw new AppError({
      code: 'tts.failed',
      status: 503,
      message: 'No speech provider could render the text; see TTS_PROVIDERS.',
      retryable: true,
      cause: reason,
    });
  }

  function render(utterance: Utterance, isAhead: boolean): Promise<string> {
    const recorded =
      recordedDir === undefined ? undefined : join(recordedDir, `${textHash(utterance)}.wav`);
    if (recorded !== undefined && existsSync(recorded)) return Promise.resolve(recorded);
    // Ahead, only the voice that is preferred counts as done.
    const best = providers.find((one) => !isAhead || (rests.get(one) ?? 0) <= Date.now());
    for (const provider of isAhead && best !== undefined ? [best] : providers) {
      const path = pathOf(cacheDir, utterance, provider);
      if (existsSync(path)) return Promise.resolve(path);
    }
    const key = `${isAhead ? 'ahead ' : ''}${textHash(utterance)}`;
    const already = running.get(key);
    if (already !== undefined) return already;
    const promise = make(utterance, isAhead).finally(() => running.delete(key));
    running.set(key, promise);
    return promise;
  }

  return {
    render: (utterance) => render(utterance, false),
    renderAhead: (utterance) => render(utterance, true),
    async beep() {
      const path = join(cacheDir, 'beep.wav');
      return existsSync(path) ? path : keep(path, wavOf(beepSamples()));
    },
    close: () => Promise.resolve(),
  };
}

async function providersOf(options: TtsOptions): Promise<Provider[]> {
  const found: Provider[] = [];
  for (const name of new Set([...options.providers, 'espeak'])) {
    if (name === 'http' && options.http !== undefined) found.push(httpProvider(options.http));
    if (name === 'google') found.push(await googleProvider(options.googleHost));
    if (name === 'sherpa') found.push(await sherpaProvider(options.sherpaDir ?? ''));
    if (name === 'espeak') found.push(await espeakProvider());
  }
  return found;
}

function textHash({ text, language }: Utterance): string {
  return createHash('sha256').update(`${language}\n${text}`).digest('hex').slice(0, 32);
}

function pathOf(dir: string, utterance: Utterance, { name, voice }: Provider): string {
  const key = `${name}\n${voice}\n${textHash(utterance)}`;
  return join(dir, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.wav`);
}

/** The tone after which one speaks: 800 Hz for a third of a second. */
function beepSamples(): Int16Array {
  const samples = new Int16Array(sampleRate / 3);
  for (let at = 0; at < samples.length; at += 1) {
    const fade = Math.min(1, at / 80, (samples.length - at) / 80);
    samples[at] = Math.round(8000 * fade * Math.sin((2 * Math.PI * 800 * at) / sampleRate));
  }
  return samples;
}
