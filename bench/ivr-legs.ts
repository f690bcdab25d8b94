import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLog } from '../src/core/log.ts';
import { until } from '../src/core/concurrency/wait.ts';
import { EslConnection, type EslEvent } from '../src/cti/esl/connection.ts';
import { createUserAgent, noDirectory, type SwitchConfig } from '../src/switch/index.ts';
import { offerFor, parseSdp } from '../src/switch/rtp/index.ts';
import { wavOf } from '../src/tts/wav.ts';
import { speechLikeSamples } from '../scripts/phone/voice.ts';
import { cpuMs } from './cpu.ts';
import { percentile, type Bench } from './figure.ts';

const limitLegs = 400;
const limitLateMs = 20;
const frameMs = 20;
/** A virtual machine stops for a moment now and then, whatever runs on it. */
const maxWindows = 3;
const password = 'only-for-the-bench';

interface Leg {
  socket: Socket;
  /** Milliseconds at which each packet came, of the window that is measured. */
  arrivals: number[];
  remote: { host: string; port: number };
}

/**
 * How many callers one core hears out: each leg of the embedded switch plays a file and takes the
 * caller's audio. The switch is bound to one core, the callers to another. A packet is late by what it
 * comes after its turn, counted from the leg's earliest one; delay of the callers' own process counts
 * against the switch.
 */
export const ivrLegs: Bench = async ({ isQuick, tell }) => {
  const steps = isQuick ? [50] : [100, 200, 300, 400, 500, 600];
  const running = await startSwitch();
  try {
    const windows: string[] = [];
    let good = 0;
    for (const legs of steps) {
      await running.growTo(legs);
      let isGood = false;
      for (let turn = 0; turn < maxWindows && !isGood; turn += 1) {
        const lateness = await running.measure(isQuick ? 3000 : 15_000);
        const late = lateness.filter((one) => one > limitLateMs).length;
        const worst = percentile(lateness, 1).toFixed(1);
        const p999 = percentile(lateness, 0.999).toFixed(1);
        const window = `${legs} legs: ${late} of ${lateness.length} packets late, worst ${worst} ms, 99.9 % within ${p999} ms`;
        windows.push(window);
        tell(`${window}, processor ${running.load().toFixed(0)} %`);
        isGood = late === 0;
      }
      if (!isGood) break;
      good = legs;
    }
    return {
      what: 'embedded switch, IVR legs on one core',
      measured: `${good} legs`,
      limit: `≥ ${limitLegs} with no packet more than ${limitLateMs} ms late`,
      isMet: good >= limitLegs,
      notes: [
        `each step has up to ${maxWindows} windows for one without a late packet`,
        ...windows,
      ],
    };
  } finally {
    await running.close();
  }
};

async function startSwitch() {
  const folder = mkdtempSync(path.join(tmpdir(), 'lingting-bench-'));
  const child = await spawnSwitch(folder);
  const ready = JSON.parse(readFileSync(path.join(folder, 'ready.json'), 'utf8')) as {
    eslPort: number;
    sipPort: number;
  };
  const prompt = path.join(folder, 'prompt.wav');
  writeFileSync(prompt, wavOf(speechLikeSamples(30_000)));
  const esl = await EslConnection.open(
    { host: '127.0.0.1', port: ready.eslPort, password },
    (event) => void greet(event),
  );
  await esl.subscribe(['CHANNEL_PARK'], []);
  const greet = async (event: EslEvent): Promise<void> => {
    const uuid = event['Unique-ID'] ?? '';
    // We drive it: without that the switch would apologise to the caller after some seconds.
    await esl.api(`sched_del ${uuid}`);
    await esl.sendMessage({ uuid, application: 'answer', argument: '', eventUuid: `${uuid}a` });
    await esl.sendMessage({
      uuid,
      application: 'endless_playback',
      argument: prompt,
      eventUuid: `${uuid}p`,
    });
  };
  const agent = await createUserAgent(
    {
      host: '127.0.0.1',
      port: 0,
      directory: noDirectory,
      realm: 'bench',
      userAgent: 'bench',
      maxSessions: 2000,
    },
    silentLog(),
  );
  const legs: Leg[] = [];
  let isMeasuring = false;
  let cpuBefore = { at: performance.now(), ms: 0 };
  const voice = setInterval(() => speak(legs), frameMs);

  async function call(number: number): Promise<void> {
    const socket = createSocket('udp4');
    const arrivals: number[] = [];
    socket.on('message', () => {
      if (isMeasuring) arrivals.push(performance.now());
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const remote = await new Promise<Leg['remote']>((resolve, reject) => {
      const session = agent.invite({
        uri: `sip:4000@127.0.0.1:${ready.sipPort}`,
        from: { user: `137${String(10_000_000 + number)}` },
        sdp: offerFor({
          host: '127.0.0.1',
          port: socket.address().port,
          sessionId: number,
          version: 1,
        }),
      });
      session.onAnswer = (sdp) => resolve(parseSdp(sdp));
      session.onEnded = ({ status }) => reject(new Error(`a call ended with ${status}`));
    });
    legs.push({ socket, arrivals, remote });
  }

  return {
    async growTo(count: number) {
      while (legs.length < count) {
        const from = legs.length;
        const batch = Math.min(10, count - from);
        await Promise.all(Array.from({ length: batch }, (_, at) => call(from + at)));
        // As calls come: not all in one instant, and not in step with each other.
        await delay(90 + Math.random() * 40);
      }
      await delay(3000);
    },
    async measure(forMs: number): Promise<number[]> {
      for (const { arrivals } of legs) arrivals.length = 0;
      cpuBefore = { at: performance.now(), ms: cpuOf(child) };
      isMeasuring = true;
      await delay(forMs);
      isMeasuring = false;
      const least = Math.min(...legs.map(({ arrivals }) => arrivals.length));
      if (least < (0.9 * forMs) / frameMs) throw new Error(`a leg had only ${least} packets`);
      return legs.flatMap(({ arrivals }) => latenessOf(arrivals)).toSorted((a, b) => a - b);
    },
    /** Percent of one core since the measuring began. */
    load: () =>
      ((cpuOf(child) - cpuBefore.ms) * 100) / Math.max(1, performance.now() - cpuBefore.at),
    async close() {
      clearInterval(voice);
      esl.close();
      await agent.close();
      for (const { socket } of legs) socket.close();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
      bindTo(`0-${os.cpus().length - 1}`);
    },
  };
}

/** Which processor cores this process may use. */
function bindTo(cores: string): void {
  execFileSync('taskset', ['-a', '-c', '-p', cores, String(process.pid)], { stdio: 'ignore' });
}

/** A packet of silence from each caller: the switch must read and decode it. */
let sequence = 0;
function speak(legs: readonly Leg[]): void {
  sequence += 1;
  const packet = Buffer.alloc(172, 0xd5);
  packet[0] = 0x80;
  packet[1] = 8;
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE((sequence * 160) >>> 0, 4);
  packet.writeUInt32BE(0x5eed, 8);
  for (const { socket, remote } of legs) socket.send(packet, remote.port, remote.host);
}

/** How long after its turn each packet came; a gap in the stream counts as its length. */
export function latenessOf(arrivals: readonly number[]): number[] {
  const offsets = arrivals.map((at, index) => at - index * frameMs);
  const earliest = Math.min(...offsets);
  return offsets.map((one) => one - earliest);
}

async function spawnSwitch(folder: string): Promise<ChildProcess> {
  const config: SwitchConfig = {
    sip: { host: '127.0.0.1', port: 0, domain: '127.0.0.1' },
    ws: { host: '127.0.0.1', port: 0 },
    esl: { host: '127.0.0.1', port: 0, password },
    rtp: { host: '127.0.0.1', from: 20_000, to: 29_998, timeoutSec: 30 },
    hotlines: ['4000'],
    users: [],
    gateways: {},
    maxSessions: 2000,
    readyFile: path.join(folder, 'ready.json'),
  };
  const file = path.join(folder, 'switch.json');
  writeFileSync(file, JSON.stringify(config));
  const program = path.join(import.meta.dirname, '../src/switch/main.ts');
  const child = spawn(
    'taskset',
    [...['-c', '0', process.execPath, '--import', 'tsx', program, '--config', file]],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  bindTo('1');
  await until('the switch to start', () => existsSync(config.readyFile), { timeoutMs: 60_000 });
  return child;
}

function cpuOf(child: ChildProcess): number {
  return child.pid === undefined ? 0 : cpuMs(child.pid);
}
