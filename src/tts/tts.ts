import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { espeakProvider } from './providers/espeak.ts';
import { httpProvider, type HttpVoice } from './providers/http.ts';
import type { Provider } from './providers/provider.types.ts';
import type { Tts, Utterance } from './tts.types.ts';
import { sampleRate, toTelephone, wavOf } from './wav.ts';

export interface TtsOptions {
  providers: readonly string[];
  http: HttpVoice | undefined;
  /** `<sha256 of language and text>.wav` here wins over synthesis. */
  recordedDir: string | undefined;
  cacheDir: string;
  log: Log;
}

const slowMs = 3000;
const lastResortMs = 30_000;
const restAfterFailureMs = 30_000;

/** Renders through the first provider that works, one process at a time for each core. */
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

  async function make(utterance: Utterance, signal: AbortSignal | undefined): Promise<string> {
    let reason: unknown;
    for (const [at, provider] of providers.entries()) {
      const isLast = at === providers.length - 1;
      if (!isLast && (rests.get(provider) ?? 0) > Date.now()) continue;
      const limit = AbortSignal.timeout(isLast ? lastResortMs : slowMs);
      try {
        const raw = await provider.render(
          utterance,
          signal === undefined ? limit : AbortSignal.any([limit, signal]),
        );
        return await keep(pathOf(cacheDir, utterance, provider), toTelephone(raw));
      } catch (error) {
        signal?.throwIfAborted();
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

  return {
    render(utterance, { signal } = {}) {
      const recorded =
        recordedDir === undefined ? undefined : join(recordedDir, `${textHash(utterance)}.wav`);
      if (recorded !== undefined && existsSync(recorded)) return Promise.resolve(recorded);
      for (const provider of providers) {
        const path = pathOf(cacheDir, utterance, provider);
        if (existsSync(path)) return Promise.resolve(path);
      }
      const key = textHash(utterance);
      const already = running.get(key);
      if (already !== undefined) return already;
      const promise = make(utterance, signal).finally(() => running.delete(key));
      running.set(key, promise);
      return promise;
    },
    async beep() {
      const path = join(cacheDir, 'beep.wav');
      return existsSync(path) ? path : keep(path, wavOf(beepSamples()));
    },
    close: () => Promise.resolve(),
  };
}

async function providersOf({ providers, http }: TtsOptions): Promise<Provider[]> {
  const found: Provider[] = [];
  for (const name of providers) {
    if (name === 'http' && http !== undefined) found.push(httpProvider(http));
    if (name === 'espeak') found.push(await espeakProvider());
  }
  if (found.length === 0) found.push(await espeakProvider());
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
