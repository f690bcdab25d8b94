import type { Utterance } from '../tts.types.ts';
import { wavOf } from '../wav.ts';
import { importOptional } from './optional.ts';
import type { Provider } from './provider.types.ts';

/** What the address takes at once. */
const longestText = 200;
const languages = { 'zh-CN': 'zh-CN', en: 'en' } as const;

interface GoogleTts {
  getAudioUrl: (text: string, options: { lang: string; slow: boolean; host: string }) => string;
}

interface Mp3Decoder {
  ready: Promise<void>;
  decode(mp3: Uint8Array): { channelData: Float32Array[]; sampleRate: number };
  free(): void;
}

/**
 * Google Translate's voice. The package `google-tts-api` only builds the address: its own download
 * evaluates what it receives as code. We fetch the MP3 and turn it into WAV with mpg123-decoder.
 */
export async function googleProvider(host: string): Promise<Provider> {
  const { getAudioUrl } = await importOptional<GoogleTts>('google-tts-api', 'google');
  const { MPEGDecoder } = await importOptional<{ MPEGDecoder: new () => Mp3Decoder }>(
    'mpg123-decoder',
    'google',
  );
  return {
    name: 'google',
    voice: 'translate',
    async render({ text, language }, signal) {
      const parts: Buffer[] = [];
      for (const part of split(text)) {
        const url = getAudioUrl(part, { lang: languages[language], slow: false, host });
        const response = await fetch(url, { signal });
        if (!response.ok) throw new Error(`the speech service answered ${response.status}`);
        parts.push(Buffer.from(await response.arrayBuffer()));
      }
      return decodeMp3(new MPEGDecoder(), Buffer.concat(parts));
    },
  };
}

/** At sentence marks first, then commas, then wherever the limit falls. */
function split(text: Utterance['text']): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > longestText) {
    const head = rest.slice(0, longestText);
    const at = Math.max(
      head.search(/[。！？；.!?;][^。！？；.!?;]*$/),
      head.search(/[，,、][^，,、]*$/),
    );
    parts.push(rest.slice(0, at > 0 ? at + 1 : longestText));
    rest = rest.slice(at > 0 ? at + 1 : longestText);
  }
  return [...parts, rest].filter((part) => part.trim() !== '');
}

async function decodeMp3(decoder: Mp3Decoder, mp3: Buffer): Promise<Buffer> {
  await decoder.ready;
  try {
    const { channelData, sampleRate } = decoder.decode(mp3);
    const [left] = channelData;
    if (left === undefined || left.length === 0) throw new Error('what came is no MP3');
    return wavOf(pcm(left), sampleRate);
  } finally {
    decoder.free();
  }
}

/** −1 … 1 as 16-bit samples. */
export function pcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (one) => Math.round(Math.max(-1, Math.min(1, one)) * 32_767));
}
