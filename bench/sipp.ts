import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testPort } from '../test/support/ports.ts';
import { cpuMs } from './cpu.ts';
import { percentile } from './figure.ts';

export interface SippRun {
  calls: number;
  failed: number;
  /** Why, in sipp's words. */
  reasons: string;
  retransmissions: number;
  /** From INVITE to 200, milliseconds. */
  answerMs: { median: number; p99: number };
  /** Processor time of sipp itself. */
  cpuMs: number;
  seconds: number;
}

const scenario = path.join(import.meta.dirname, 'fixtures/ivr-call.xml');

/**
 * Calls a number at an even rate with sipp (Debian: sip-tester), a C program that costs little itself.
 * Its keys need raw sockets: root, or CAP_NET_RAW.
 */
export async function sippCalls(options: {
  port: number;
  number: string;
  perSecond: number;
  seconds: number;
  /** The processor core that it is bound to. */
  core?: string;
}): Promise<SippRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lingting-sipp-'));
  const [own, media] = await Promise.all([testPort(), testPort()]);
  const count = options.perSecond * options.seconds;
  const began = Date.now();
  const { core } = options;
  const [program = '', ...bound] = core === undefined ? ['sipp'] : ['taskset', '-c', core, 'sipp'];
  const child = spawn(
    program,
    [
      ...bound,
      ...['-sf', scenario, '-s', options.number, '-i', '127.0.0.1', '-mi', '127.0.0.1'],
      ...['-p', String(own), '-mp', String(media), '-r', String(options.perSecond)],
      ...['-m', String(count), '-l', '5000', '-nostdin', '-timeout', `${options.seconds + 60}s`],
      ...['-trace_stat', '-fd', '1', '-trace_rtt', '-rtt_freq', '1'],
      `127.0.0.1:${options.port}`,
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  let cpu = 0;
  let isOver = false;
  const ended = new Promise<void>((resolve, reject) => {
    child.on('exit', () => resolve());
    child.on('error', reject);
  }).finally(() => {
    isOver = true;
  });
  try {
    while (!isOver) {
      await Promise.race([ended, delay(200)]);
      try {
        cpu = cpuMs(child.pid ?? 0);
      } catch {
        // It has ended between two looks.
      }
    }
    return { ...results(folder), cpuMs: cpu, seconds: (Date.now() - began) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function results(folder: string): Omit<SippRun, 'cpuMs' | 'seconds'> {
  const names = readdirSync(folder);
  const read = (ending: RegExp): string[][] => {
    const name = names.find((one) => ending.test(one));
    if (name === undefined) throw new Error('sipp left no figures; is it allowed raw sockets?');
    const lines = readFileSync(path.join(folder, name), 'utf8').trim().split('\n');
    return lines.map((line) => line.split(';'));
  };
  const [titles = [], ...rows] = read(/_\d+_\.csv$/);
  const last = rows.at(-1) ?? [];
  const value = (title: string): number => Number(last[titles.indexOf(title)] ?? NaN);
  const answers = read(/_rtt\.csv$/)
    .slice(1)
    .map((row) => Number(row[1]))
    .filter((one) => Number.isFinite(one))
    .toSorted((a, b) => a - b);
  return {
    calls: value('TotalCallCreated'),
    failed: value('FailedCall(C)'),
    reasons: titles
      .filter((title) => /^Failed.+\(C\)$/.test(title) && title !== 'FailedCall(C)')
      .filter((title) => value(title) > 0)
      .map((title) => `${title.slice('Failed'.length, -'(C)'.length)} ${value(title)}`)
      .join(', '),
    retransmissions: value('Retransmissions(C)'),
    answerMs: { median: percentile(answers, 0.5), p99: percentile(answers, 0.99) },
  };
}
