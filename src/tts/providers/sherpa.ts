import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { wavOf } from '../wav.ts';
import { pcm } from './google.ts';
import { importOptional } from './optional.ts';
import type { Provider } from './provider.types.ts';

interface OfflineTts {
  generateAsync(request: {
    text: string;
    sid: number;
    speed: number;
  }): Promise<{ samples: Float32Array; sampleRate: number }>;
}

interface SherpaOnnx {
  OfflineTts: { createAsync(config: unknown): Promise<OfflineTts> };
}

/**
 * A sherpa-onnx voice that lies in a folder of its own: VITS (also MeloTTS), Kokoro or Matcha, told
 * apart by their files. Runs on threads of its own, so that calls do not wait for it.
 */
export async function sherpaProvider(dir: string): Promise<Provider> {
  const model = readModel(dir);
  const { OfflineTts } = await importOptional<SherpaOnnx>('sherpa-onnx-node', 'sherpa');
  const voice = await OfflineTts.createAsync({
    model: { ...model.config, numThreads: 1, provider: 'cpu', debug: false },
    ruleFsts: model.rules.join(','),
    maxNumSentences: 1,
  }).catch((error: unknown) => {
    throw broken(dir, 'could not be loaded', error);
  });
  return {
    name: 'sherpa',
    voice: model.name,
    async render({ text }) {
      const { samples, sampleRate } = await voice.generateAsync({ text, sid: 0, speed: 1 });
      return wavOf(pcm(samples), sampleRate);
    },
  };
}

interface Model {
  name: string;
  config: Record<string, unknown>;
  rules: string[];
}

/** Finds the parts of a model. Throws an `AppError` that names TTS_SHERPA_DIR and what is missing. */
export function readModel(dir: string): Model {
  if (!existsSync(dir)) throw broken(dir, 'does not exist');
  const names = readdirSync(dir);
  const file = (name: string) => (names.includes(name) ? join(dir, name) : '');
  const models = names.filter((name) => name.endsWith('.onnx') && !name.includes('vocoder'));
  const [found] = models.includes('model.onnx') ? ['model.onnx'] : models.sort();
  if (found === undefined) throw broken(dir, 'holds no .onnx model');
  if (file('tokens.txt') === '') throw broken(dir, 'holds no tokens.txt');
  const common = {
    tokens: file('tokens.txt'),
    lexicon: names
      .filter((name) => /^lexicon.*\.txt$/.test(name))
      .map((name) => join(dir, name))
      .join(','),
    dictDir: file('dict'),
    dataDir: file('espeak-ng-data'),
  };
  const path = join(dir, found);
  const vocoder = names.find((name) => /vocoder|vocos|hifigan/.test(name));
  const rules = names.filter((name) => name.endsWith('.fst')).map((name) => join(dir, name));
  if (file('voices.bin') !== '') {
    return {
      name: `kokoro ${found}`,
      config: { kokoro: { ...common, model: path, voices: file('voices.bin') } },
      rules,
    };
  }
  if (vocoder !== undefined) {
    return {
      name: `matcha ${found}`,
      config: { matcha: { ...common, acousticModel: path, vocoder: join(dir, vocoder) } },
      rules,
    };
  }
  return { name: `vits ${found}`, config: { vits: { ...common, model: path } }, rules };
}

function broken(dir: string, what: string, cause?: unknown): AppError {
  return new AppError({
    code: 'tts.model_missing',
    status: 500,
    message: `TTS_SHERPA_DIR is ${dir}, which ${what}. It must be the unpacked folder of a sherpa-onnx voice, such as vits-melo-tts-zh_en.`,
    cause,
  });
}
