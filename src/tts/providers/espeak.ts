import { execFile, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pinyin } from 'pinyin-pro';
import { root } from '../../core/program.ts';
import type { Utterance } from '../tts.types.ts';
import type { Provider } from './provider.types.ts';

const wasmProgram = path.join(root, 'src/tts/providers/espeak-wasm.mjs');

/**
 * eSpeak NG: the system's program, else its WebAssembly build. A process of its own either way,
 * since it is GPL. Chinese goes through pinyin, because its other Mandarin voices misread.
 */
export async function espeakProvider(): Promise<Provider> {
  const program = (await isInstalled('espeak-ng'))
    ? { file: 'espeak-ng', first: [] }
    : { file: process.execPath, first: [wasmProgram] };
  return {
    name: 'espeak',
    voice: 'cmn-latn-pinyin 175, en-gb 165',
    render({ text, language }, signal) {
      const isChinese = language === 'zh-CN';
      const settings = isChinese
        ? ['-v', 'cmn-latn-pinyin', '-s', '175']
        : ['-v', 'en-gb', '-s', '165'];
      const spoken = isChinese ? toPinyin(text) : text;
      return run(program.file, [...program.first, ...settings, '--stdout'], spoken, signal);
    },
  };
}

/** `您好！` → `nin2 hao3 !`; Latin text and figures stay as they are. */
export function toPinyin(text: Utterance['text']): string {
  const syllables = pinyin(text.replaceAll('幺', '腰'), {
    toneType: 'num',
    type: 'array',
    nonZh: 'consecutive',
    v: true,
  });
  return syllables
    .map((one) => one.replace(/0$/, (zero) => (/^[a-zü]+0$/.test(one) ? '5' : zero)))
    .join(' ')
    .replaceAll(/[，、：]/g, ',')
    .replaceAll(/[。；]/g, '.')
    .replaceAll('！', '!')
    .replaceAll('？', '?')
    .replaceAll(/[“”《》（）]/g, ' ');
}

function isInstalled(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: 5000 }, (error) => resolve(error === null));
  });
}

/** More at once than there are cores only make each other late. */
const atOnce = Math.max(1, availableParallelism());
let free = atOnce;
const waiting: (() => void)[] = [];

async function run(file: string, args: string[], input: string, signal: AbortSignal) {
  if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
  else free -= 1;
  try {
    signal.throwIfAborted();
    return await runNow(file, args, input, signal);
  } finally {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}

function runNow(file: string, args: string[], input: string, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], signal });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) => {
      const wav = Buffer.concat(chunks);
      if (code === 0 && wav.length > 44) resolve(wav);
      else reject(new Error(`eSpeak NG ended with ${String(code)}`));
    });
    child.stdin.end(`${input}\n`);
  });
}
