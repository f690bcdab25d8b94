import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { toPinyin } from '../../src/tts/providers/espeak.ts';
import { sampleRate, toTelephone } from '../../src/tts/wav.ts';
import type { Answer } from './answers.ts';
import { randomOf } from './dialling-simulation.ts';

type Random = () => number;

/** What people say who pick up, and then wait for us. */
const people = {
  'zh-CN': [
    ...[
      '喂。',
      '喂，你好。',
      '你好。',
      '您好，哪位？',
      '喂，谁啊？',
      '喂，请讲。',
      '哎，你好。',
      '喂，喂。',
    ],
    ...['你好，请问哪位？', '我是，您说。', '喂，您好，请说。', '嗯，喂。'],
  ],
  en: ['Hello?', 'Hello, who is it?', 'Yes?', 'Hi, speaking.', 'Good morning.', 'Hello, hello?'],
} as const;

/** What answers for them: voice mail, assistants of carriers and of telephones, announcements. */
const machines = {
  'zh-CN': [
    '您好，您所拨打的电话暂时无法接听，请在提示音后留言。',
    '您好，我现在不方便接听您的电话，有事请留言，我会尽快回复您。',
    '您好，我是机主的智能助理，机主现在不方便接电话，请问您有什么事情需要转达？',
    '对不起，您拨打的用户正忙，请稍后再拨。',
    '您好，这里是来电小秘书，机主暂时无法接听，请您留下姓名和电话。',
    '您拨打的号码已启用语音信箱，请在嘀声后留言，按井号键结束。',
    '这里是通信助理，用户无法接听您的来电，请您在听到提示音后留言。',
    '温馨提示，您呼叫的用户已设置来电提醒，我们将以短信方式通知对方。',
  ],
  en: [
    'Hi, you have reached the voice mail of John Smith. Please leave a message after the tone.',
    'The person you are calling is not available. Please record your message after the beep.',
    'Hello, I cannot take your call right now, but leave your name and number and I will call back.',
    'Your call has been forwarded to an automatic voice message system.',
  ],
} as const;

/** Voices of the synthesiser, men's and women's. */
const voices = ['', '+m1', '+m3', '+m7', '+f1', '+f2', '+f4', '+croak'] as const;

/** Why it cannot be made here; undefined where it can. */
export function noSpeech(): string | undefined {
  try {
    execFileSync('espeak-ng', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no espeak-ng (Debian: apt-get install espeak-ng)';
  }
}

/**
 * Greetings that are spoken rather than drawn: each sentence by `takes` voices at different speeds and
 * pitches, and the first `sec` seconds of each over `lines` telephone lines of different level, noise and loss.
 */
export async function spokenAnswers(
  { takes, lines, sec }: { takes: number; lines: number; sec: number },
  seed: number,
): Promise<Answer[]> {
  const random = randomOf(seed);
  const wanted = (['zh-CN', 'en'] as const).flatMap((language) => [
    ...people[language].map((text) => ({ label: 'person' as const, language, text })),
    ...machines[language].map((text) => ({ label: 'machine' as const, language, text })),
  ]);
  const answers: Answer[] = [];
  for (const { label, language, text } of wanted) {
    for (let take = 0; take < takes; take += 1) {
      const voice = voices[Math.floor(random() * voices.length)] ?? '';
      const spoken = await speak(text, language, voice, random);
      const peak = spoken.reduce((most, one) => Math.max(most, Math.abs(one)), 0.01);
      for (let line = 0; line < lines; line += 1) {
        const isBeeping = label === 'machine' && random() < 0.7;
        const clean = whole(spoken, isBeeping, random);
        const samples = overLine(clean.subarray(0, sec * sampleRate), peak, random);
        answers.push({ label, name: `${text} ${voice}`, samples });
      }
    }
  }
  return answers;
}

const run = promisify(execFile);

async function speak(
  text: string,
  language: 'zh-CN' | 'en',
  voice: string,
  random: Random,
): Promise<Float64Array> {
  const isChinese = language === 'zh-CN';
  const speed = Math.round(150 + 60 * random());
  const pitch = Math.round(30 + 40 * random());
  const name = `${isChinese ? 'cmn-latn-pinyin' : 'en-gb'}${voice}`;
  const { stdout } = await run(
    'espeak-ng',
    ['-v', name, '-s', `${speed}`, '-p', `${pitch}`, '--stdout', isChinese ? toPinyin(text) : text],
    { encoding: 'buffer', maxBuffer: 16 * 1024 * 1024 },
  );
  const wav = toTelephone(stdout);
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44));
  return Float64Array.from(samples, (one) => one / 32_768);
}

/** The pause before somebody speaks, the words, a tone perhaps, and the wait for us. */
function whole(spoken: Float64Array, isBeeping: boolean, random: Random): Float64Array {
  const lead = Math.round((0.15 + random()) * sampleRate);
  const gap = Math.round((0.1 + 0.4 * random()) * sampleRate);
  const beep = isBeeping ? Math.round((0.25 + 0.5 * random()) * sampleRate) : 0;
  const hz = 700 + 600 * random();
  const out = new Float64Array(lead + spoken.length + gap + beep + 5 * sampleRate);
  out.set(spoken, lead);
  const from = lead + spoken.length + gap;
  for (let at = 0; at < beep; at += 1) {
    out[from + at] = 0.3 * Math.sin((2 * Math.PI * hz * at) / sampleRate);
  }
  return out;
}

/** 300 to 3400 Hz, a peak of −22 to −4 dB, hiss, for some a room that hums, G.711 and lost packets. */
function overLine(clean: Float64Array, peak: number, random: Random): Int16Array {
  const gain = 10 ** ((-22 + 18 * random()) / 20) / peak;
  const hiss = 10 ** ((-66 + 14 * random()) / 20);
  const hum = random() < 0.25 ? 10 ** ((-52 + 8 * random()) / 20) : 0;
  const loss = random() < 0.3 ? 0.02 * random() : 0;
  const frame = sampleRate / 50;
  let isLost = false;
  let low = 0;
  let before = 0;
  return Int16Array.from(clean, (value, at) => {
    if (at % frame === 0) isLost = random() < loss;
    const room = hum * Math.sin((2 * Math.PI * 120 * at) / sampleRate) * (0.5 + 0.5 * random());
    const heard = value * gain + hiss * (2 * random() - 1) + room;
    // One pole each: what is below 300 Hz is taken away, what is above 3400 Hz has been by the resampler.
    low += 0.21 * (heard - low);
    const passed = heard - low + 0.5 * (low - before);
    before = low;
    return isLost ? 0 : aLaw(Math.max(-1, Math.min(1, passed)));
  });
}

/** There and back through ITU-T G.711: 13 segments, 16 steps each. */
function aLaw(value: number): number {
  const size = Math.abs(value) * 4096;
  const step = size < 64 ? 2 : 2 ** (Math.floor(Math.log2(size)) - 4);
  const level = (Math.floor(size / step) + 0.5) * step;
  return Math.round((Math.sign(value) * Math.min(4032, level) * 32_767) / 4096);
}
