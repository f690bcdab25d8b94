import { closeSync, openSync, promises as fs, writeSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import wavefile from 'wavefile';

export const wavHeaderBytes = 44;
const rate = 8000;

/** Header of 16-bit PCM at 8 kHz (RIFF WAVE, format 1). */
export function wavHeader(dataBytes: number, channels: number): Buffer {
  const header = Buffer.alloc(wavHeaderBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * channels * 2, 28);
  header.writeUInt16LE(channels * 2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}

/** Writes as it goes: whole at every second, so that a killed process leaves a playable file. */
export class WavWriter {
  readonly #file: number;
  readonly #channels: number;
  readonly #buffer: Buffer;
  #filled = 0;
  #written = 0;

  constructor(filePath: string, channels: number) {
    mkdirSync(path.dirname(filePath), { recursive: true });
    this.#file = openSync(filePath, 'w', 0o600);
    this.#channels = channels;
    this.#buffer = Buffer.alloc((rate / 2) * channels * 2);
    try {
      writeWhole(this.#file, wavHeader(0, channels), wavHeaderBytes, 0);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  /** Samples of one channel, written and waiting. */
  get samples(): number {
    return (this.#written + this.#filled) / 2 / this.#channels;
  }

  /** One frame a channel, all of one length. */
  write(...frames: Int16Array[]): void {
    const [first] = frames;
    if (first === undefined) return;
    for (let index = 0; index < first.length; index += 1) {
      for (const frame of frames) {
        this.#filled = this.#buffer.writeInt16LE(frame[index] ?? 0, this.#filled);
      }
      if (this.#filled === this.#buffer.length) this.#flush();
    }
  }

  /** The file is closed whether or not its last samples could be written. */
  close(): void {
    try {
      this.#flush();
    } finally {
      closeSync(this.#file);
    }
  }

  #flush(): void {
    const filled = this.#filled;
    // Gone either way: what could not be written is not tried again with each further frame.
    this.#filled = 0;
    writeWhole(this.#file, this.#buffer, filled, wavHeaderBytes + this.#written);
    this.#written += filled;
    writeWhole(this.#file, wavHeader(this.#written, this.#channels), wavHeaderBytes, 0);
  }
}

/** A full disk may take a part of what is written and say nothing; the next write says ENOSPC. */
function writeWhole(file: number, bytes: Buffer, length: number, position: number): void {
  for (let done = 0; done < length;) {
    done += writeSync(file, bytes, done, length - done, position + done);
  }
}

/** Reads WAV of any common kind to 8 kHz mono samples; throws when it is not audio. */
export function decodeWav(bytes: Buffer): Int16Array {
  return decodePlain(bytes) ?? decodeAny(bytes);
}

/** The common case without copying: 16-bit PCM, 8 kHz, one channel. */
function decodePlain(bytes: Buffer): Int16Array | undefined {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('not a WAV file');
  }
  let isPlain = false;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const from = at + 8;
    if (name === 'fmt ' && from + 16 <= bytes.length) {
      isPlain =
        bytes.readUInt16LE(from) === 1 &&
        bytes.readUInt16LE(from + 2) === 1 &&
        bytes.readUInt32LE(from + 4) === rate &&
        bytes.readUInt16LE(from + 14) === 16;
    } else if (name === 'data') {
      if (!isPlain) return undefined;
      const to = Math.min(bytes.length, from + size);
      const samples = new Int16Array((to - from) >> 1);
      for (let index = 0; index < samples.length; index += 1) {
        samples[index] = bytes.readInt16LE(from + index * 2);
      }
      return samples;
    }
    at = from + size + (size & 1);
  }
  throw new Error('the WAV file has no audio');
}

function decodeAny(bytes: Buffer): Int16Array {
  const file = new wavefile.WaveFile(bytes);
  if (file.bitDepth === '8a') file.fromALaw();
  if (file.bitDepth === '8m') file.fromMuLaw();
  file.toBitDepth('16');
  file.toSampleRate(rate);
  const channels: unknown = file.getSamples(false, Int16Array);
  if (channels instanceof Int16Array) return channels;
  if (!Array.isArray(channels)) throw new Error('the WAV file has no audio');
  const [left, ...others] = channels.filter((one) => one instanceof Int16Array);
  if (left === undefined) throw new Error('the WAV file has no audio');
  return left.map((sample, index) =>
    Math.round(
      others.reduce((sum, other) => sum + (other[index] ?? 0), sample) / (others.length + 1),
    ),
  );
}

interface Entry {
  stamp: string;
  samples: Int16Array;
}

/** Keeps what was played lately: the same prompts are heard all day. */
export class WavCache {
  readonly #entries = new Map<string, Entry>();
  readonly #maxSamples: number;
  #samples = 0;

  /** Default 64 MB: 70 minutes of prompts. */
  constructor(maxSamples = 32_000_000) {
    this.#maxSamples = maxSamples;
  }

  /** Rejects with ENOENT, or with an error when the file is not audio. */
  async read(filePath: string): Promise<Int16Array> {
    const { mtimeMs, size } = await fs.stat(filePath);
    const stamp = `${mtimeMs} ${size}`;
    const known = this.#entries.get(filePath);
    if (known?.stamp === stamp) {
      this.#entries.delete(filePath);
      this.#entries.set(filePath, known);
      return known.samples;
    }
    const samples = decodeWav(await fs.readFile(filePath));
    this.#forget(filePath);
    this.#entries.set(filePath, { stamp, samples });
    this.#samples += samples.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#samples <= this.#maxSamples) break;
      this.#forget(oldest);
    }
    return samples;
  }

  #forget(filePath: string): void {
    const entry = this.#entries.get(filePath);
    if (entry === undefined) return;
    this.#entries.delete(filePath);
    this.#samples -= entry.samples.length;
  }
}
