import type { Reader } from './reader.ts';

export interface TtsConfig {
  providers: readonly TtsProviderName[];
  http: { url: string; key: string | undefined; voice: string; model: string } | undefined;
  googleHost: string;
  sherpaDir: string | undefined;
  recordedDir: string | undefined;
}

export const ttsProviderNames = ['espeak', 'google', 'sherpa', 'http'] as const;
export type TtsProviderName = (typeof ttsProviderNames)[number];

export const ttsVariables = {
  TTS_PROVIDERS: 'espeak',
  TTS_HTTP_URL: '',
  TTS_HTTP_KEY: '',
  TTS_HTTP_VOICE: 'alloy',
  TTS_HTTP_MODEL: 'tts-1',
  TTS_GOOGLE_HOST: 'https://translate.google.com',
  TTS_SHERPA_DIR: '',
  TTS_RECORDED_DIR: '',
} as const;

type TtsReader = Pick<Reader<keyof typeof ttsVariables>, 'text' | 'optional' | 'url' | 'fault'>;

export function readTts(read: TtsReader): TtsConfig {
  const names = read
    .text('TTS_PROVIDERS')
    .split(',')
    .map((name) => name.trim());
  const providers = ttsProviderNames.filter((name) => names.includes(name));
  for (const name of names) {
    if (!ttsProviderNames.some((known) => known === name)) {
      read.fault('TTS_PROVIDERS', `knows no "${name}"; use ${ttsProviderNames.join(', ')}`);
    }
  }
  const url = read.url('TTS_HTTP_URL', ['http:', 'https:']);
  if (providers.includes('http') && url === undefined) {
    read.fault('TTS_HTTP_URL', 'must be set when TTS_PROVIDERS contains http');
  }
  const sherpaDir = read.optional('TTS_SHERPA_DIR');
  if (providers.includes('sherpa') && sherpaDir === undefined) {
    read.fault('TTS_SHERPA_DIR', 'must be set when TTS_PROVIDERS contains sherpa');
  }
  return {
    providers: names.filter((name): name is TtsProviderName =>
      providers.some((known) => known === name),
    ),
    http:
      url === undefined
        ? undefined
        : {
            url,
            key: read.optional('TTS_HTTP_KEY'),
            voice: read.text('TTS_HTTP_VOICE'),
            model: read.text('TTS_HTTP_MODEL'),
          },
    googleHost: read.text('TTS_GOOGLE_HOST'),
    sherpaDir,
    recordedDir: read.optional('TTS_RECORDED_DIR'),
  };
}
