import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { joinWavs, type Tts, type Utterance } from '../../tts/index.ts';

/** What the switch plays by itself, at fixed names; both languages, since nobody could be asked. */
const sounds: Readonly<Record<string, readonly Utterance[]>> = {
  'unattended.wav': [
    {
      language: 'zh-CN',
      text: '非常抱歉，系统暂时无法为您服务。请在提示音后留言，说出您的姓名、房号和事情，说完请按井号键，我们会尽快给您回电。',
    },
    {
      language: 'en',
      text: 'We are sorry, our system cannot serve you right now. After the tone, please say your name, your home and what it is about, then press the hash key. We will call you back soon.',
    },
  ],
  'unattended-thanks.wav': [
    { language: 'zh-CN', text: '留言已收到，谢谢您，再见。' },
    { language: 'en', text: 'Your message was recorded. Thank you and goodbye.' },
  ],
};

/** Writes them into the folder that the switch shares. */
export async function writeUnattendedSounds(folder: string, render: Tts['render']): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, utterances] of Object.entries(sounds)) {
    const files = await Promise.all(utterances.map((one) => render(one)));
    const wavs = await Promise.all(files.map((file) => readFile(file)));
    const target = path.join(folder, name);
    const draft = `${target}.${process.pid}`;
    await writeFile(draft, joinWavs(wavs));
    await rename(draft, target);
  }
}
