import { promises as fs } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../core/log.ts';
import { startRecording, stopRecording, type Call } from '../../cti/index.ts';
import type { AttemptRow, Pool } from '../../db/index.ts';
import type { FlowRunner } from '../../ivr/index.ts';
import { detect, type Verdict } from '../dialer/machine-detection.ts';

export interface WatchParts {
  db: Pool;
  log: Log;
  runner: Pick<FlowRunner, 'meetMachine'>;
  /** A folder that the switch writes to; files are gone seconds later. */
  dir: string;
}

/** What is listened to. A machine's greeting is longer than its first pause, a person's is not. */
const listenSec = 4;

/**
 * Listens to the first seconds after an answer, while the greeting is already spoken, and leads the
 * call to the flow's node for machines when it is one. The sound is kept nowhere.
 */
export function createMachineWatch({ db, log, runner, dir }: WatchParts) {
  return async (call: Call, attempt: AttemptRow): Promise<void> => {
    await fs.mkdir(dir, { recursive: true });
    const file = path.join(dir, `${attempt.id}.wav`);
    try {
      // Two channels: theirs is the left one, and our own greeting does not disturb.
      await startRecording(call, { path: file, limitSec: listenSec });
      await delay(listenSec * 1000, undefined, { signal: call.gone });
      await stopRecording(call, file);
      const verdict = await listen(file);
      if (verdict === undefined || call.gone.aborted) return;
      log.debug({ callId: call.id, ...verdict }, 'answered by');
      await db
        .updateTable('attempt')
        .set({ answerer: JSON.stringify(verdict) })
        .where('id', '=', attempt.id)
        .execute();
      // Whoever talks with an agent already is theirs to judge.
      if (call.bridgedTo !== undefined) return;
      if (['machine', 'announcement', 'fax'].includes(verdict.answerer)) {
        await runner.meetMachine(call);
      }
    } finally {
      await fs.rm(file, { force: true });
    }
  };
}

async function listen(file: string): Promise<Verdict | undefined> {
  const bytes = await fs.readFile(file);
  const samples = leftChannel(bytes);
  return samples === undefined ? undefined : detect(samples);
}

/** The far end's samples of a 16-bit PCM WAV of 8 kHz; undefined for any other file. */
export function leftChannel(bytes: Buffer): Int16Array | undefined {
  if (bytes.length < 44 || bytes.toString('latin1', 0, 4) !== 'RIFF') return undefined;
  let channels = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'fmt ') {
      channels = bytes.readUInt16LE(body + 2);
      if (bytes.readUInt32LE(body + 4) !== 8000 || bytes.readUInt16LE(body + 14) !== 16) {
        return undefined;
      }
    }
    if (id === 'data' && channels > 0) {
      // A file that is still open says 0, or more than there is.
      const end = size === 0 ? bytes.length : Math.min(bytes.length, body + size);
      const frames = Math.floor((end - body) / (2 * channels));
      return Int16Array.from({ length: frames }, (_, n) =>
        bytes.readInt16LE(body + n * 2 * channels),
      );
    }
    at = body + size + (size % 2);
  }
  return undefined;
}
