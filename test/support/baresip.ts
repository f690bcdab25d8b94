import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './until.ts';
import { testPort } from './ports.ts';
import { wavOf } from '../../src/tts/wav.ts';

/** A telephone of somebody else's making: Debian's `baresip-core`, led through its console. */
export interface Baresip {
  readonly output: string;
  press(keys: string): Promise<void>;
  /** What it has heard so far, 8 kHz. */
  heard(): Int16Array;
  hangup(): void;
  close(): Promise<void>;
}

const headerBytes = 44;
const keyReleased = '\u0004';
const keyMs = 120;

/** Dials at once; `voice` is what its microphone picks up; longer than the call, please. */
export async function dialWithBaresip(options: {
  from: string;
  number: string;
  sipPort: number;
  transport: 'udp' | 'tcp';
  voice: Int16Array;
  /** Its sound by SRTP (RFC 4568), or no call. */
  isSecret?: boolean;
}): Promise<Baresip> {
  const { from, number, sipPort, transport, voice, isSecret = false } = options;
  const consolePort = await testPort();
  const folder = mkdtempSync(path.join(tmpdir(), 'baresip-'));
  writeFileSync(path.join(folder, 'voice.wav'), wavOf(voice));
  writeFileSync(path.join(folder, 'contacts'), '');
  writeFileSync(
    path.join(folder, 'accounts'),
    `<sip:${from}@127.0.0.1:${sipPort};transport=${transport}>;regint=0;dtmfmode=rtpevent;audio_codecs=PCMA/8000/1${isSecret ? ';mediaenc=srtp-mand' : ''}\n`,
  );
  writeFileSync(path.join(folder, 'config'), configuration(folder, consolePort));
  const child = spawn('baresip', ['-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const socket = createSocket('udp4');
  const type = (text: string) =>
    new Promise<void>((resolve) => socket.send(text, consolePort, '127.0.0.1', () => resolve()));
  await until('baresip to start', () => output.includes('baresip is ready'));
  await type(`/dial sip:${number}@127.0.0.1:${sipPort};transport=${transport}\n`);
  await until('baresip to be answered', () => output.includes('Call established'));
  return {
    get output() {
      return output;
    },
    async press(keys) {
      for (const key of keys) {
        await type(key);
        // How long a finger holds a key, and rests before the next: the length of the tone, not a wait.
        await delay(keyMs);
        await type(keyReleased);
        await delay(keyMs);
      }
    },
    heard() {
      const file = readdirSync(folder).find((name) => name.endsWith('-dec.wav'));
      if (file === undefined) return new Int16Array();
      // Still being written: its header does not tell the length yet.
      const bytes = readFileSync(path.join(folder, file)).subarray(headerBytes);
      return new Int16Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / 2));
    },
    hangup: () => void type('/hangup\n'),
    async close() {
      child.kill('SIGTERM');
      await ended;
      socket.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, consolePort: number): string {
  return `module_path /usr/lib/baresip/modules
module cons.so
module g711.so
module aufile.so
module sndfile.so
module srtp.so
module aubridge.so
module_app account.so
module_app menu.so
cons_listen 127.0.0.1:${consolePort}
sip_listen 127.0.0.1:0
net_interface 127.0.0.1
audio_source aufile,${folder}/voice.wav
audio_player aubridge,nowhere
snd_path ${folder}
`;
}
