import wavefile from 'wavefile';
import { resample, sampleRate } from './resample.ts';

export { sampleRate };

/**
 * Any WAV file as 8 kHz mono 16 bit, without the silence around it. Throws when it is no
 * WAV, or holds nothing that could be heard.
 */
export function toTelephone(bytes: Buffer): Buffer {
  const wav = new wavefile.WaveFile();
  wav.fromBuffer(withLengths(bytes));
  if (wav.bitDepth !== '16') wav.toBitDepth('16');
  const { numChannels, sampleRate: rate } = wav.fmt as { numChannels: number; sampleRate: number };
  const data = wav.data as { samples: Uint8Array };
  const bytesOf = Uint8Array.from(data.samples);
  const samples = new Int16Array(bytesOf.buffer, 0, bytesOf.length >> 1);
  const mono = numChannels === 1 ? samples : samples.filter((_, at) => at % numChannels === 0);
  return wavOf(trimmed(resample(mono, rate)));
}

export function wavOf(samples: Int16Array, rate = sampleRate): Buffer {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, rate, '16', samples);
  return Buffer.from(wav.toBuffer());
}

/** Files of ours one after the other, with a breath between them. */
export function joinWavs(files: readonly Buffer[]): Buffer {
  const breath = new Int16Array(sampleRate / 2);
  const parts = files.flatMap((file) => {
    const wav = new wavefile.WaveFile();
    wav.fromBuffer(Buffer.from(file));
    return [[...(wav.getSamples(false, Int16Array) as unknown as Int16Array)], [...breath]];
  });
  return wavOf(Int16Array.from(parts.flat()));
}

/** Programs that write to a pipe do not know the lengths; fill them in. */
function withLengths(bytes: Buffer): Uint8Array {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') throw new Error('not a WAV file');
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(copy.length - 8, 4);
  const data = copy.indexOf('data', 12, 'latin1');
  if (data > 0) copy.writeUInt32LE(copy.length - data - 8, data + 4);
  return copy;
}

const quiet = 150;
const marginMs = 120;

function trimmed(samples: Int16Array): Int16Array {
  const isLoud = (sample: number) => Math.abs(sample) > quiet;
  const first = samples.findIndex(isLoud);
  if (first < 0) throw new Error('the speech is silent');
  const last = samples.findLastIndex(isLoud);
  const margin = (marginMs * sampleRate) / 1000;
  return samples.slice(Math.max(0, first - margin / 4), Math.min(samples.length, last + margin));
}
