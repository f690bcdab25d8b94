import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Cti } from '../../cti/index.ts';
import type { Pool } from '../../db/index.ts';
import { fileFax } from '../../faxes/index.ts';
import type { Recordings } from '../../recording/index.ts';
import { callOf, raiseFor, voiceFileId } from './filing.ts';
import { readName, type TakenFile } from './names.ts';

export interface UnattendedParts {
  db: Pool;
  clock: Clock;
  log: Log;
  recordings: Recordings;
  cti: Pick<Cti, 'isAlive' | 'recordUnwatched'>;
  /** Where the switch records; `unattended` lies below. */
  recordingsDir: string;
  /** Where the switch receives faxes, in `in` below. */
  faxesDir: string;
}

/** Shorter ones hold the tone and a hang-up. */
const shortestMessageMs = 1500;

/**
 * Files what the switch took without the service: messages of callers whom nobody led (the dead-man timer
 * of the dialplan), each as a recording of its call and a message order, and faxes. Safe to repeat at any
 * time; files whose caller is still there wait for the next run. One run at a time.
 */
export class UnattendedMessages {
  readonly #parts: UnattendedParts;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: UnattendedParts) {
    this.#parts = parts;
  }

  file(): Promise<void> {
    const { recordingsDir, faxesDir } = this.#parts;
    this.#running = this.#running.then(async () => {
      await this.#fileAll(path.join(recordingsDir, 'unattended'), (file, taken) =>
        this.#fileMessage(file, taken),
      );
      await this.#fileAll(path.join(faxesDir, 'in'), (file, taken) =>
        fileFax(this.#parts, {
          file,
          callAt: (receivedAt) => callOf(this.#parts, taken, receivedAt),
          raise: (call, summary) => raiseFor(this.#parts, call, taken, summary),
        }),
      );
    });
    return this.#running;
  }

  async #fileAll(
    folder: string,
    one: (file: string, taken: TakenFile) => Promise<void>,
  ): Promise<void> {
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const taken = readName(name);
      if (taken === undefined) continue;
      try {
        if ((await this.#parts.cti.isAlive(taken.legId)) !== false) continue;
        await one(path.join(folder, name), taken);
      } catch (error) {
        this.#parts.log.error(
          { reason: messageOf(error), file: taken.legId },
          'unattended message not filed; it stays where it is',
        );
      }
    }
  }

  async #fileMessage(file: string, taken: TakenFile): Promise<void> {
    const { recordings, log } = this.#parts;
    const { mtimeMs, size } = await stat(file);
    const call = await callOf(this.#parts, taken, new Date(mtimeMs - (size - 44) / 16));
    if (size < 44 + shortestMessageMs * 16) {
      await rm(file);
      log.warn({ callId: call.id }, 'unattended caller left no message');
      return;
    }
    const id = voiceFileId(call);
    const place = await recordings.begin({
      id,
      callId: call.id,
      legId: taken.legId,
      purpose: 'message',
      resume: undefined,
    });
    // The order first: a file that has been moved is not found here again.
    const order = await raiseFor(this.#parts, call, taken, {
      category: 'unattended',
      'zh-CN': '系统中断期间的留言，请尽快回电',
      en: 'Message left while the system was down; please call back soon',
      outcome: 'message_left',
    });
    await recordings.attach(id, order.id);
    await move(file, place);
    await recordings.finish(id);
    log.warn({ callId: call.id, order: order.number }, 'unattended message filed');
  }
}

/** Also across file systems: switch and service may mount different ones. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
