import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { v5 as nameId } from 'uuid';
import { messageOf } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Cti } from '../../cti/index.ts';
import { findHotline, normaliseNumber } from '../../property/index.ts';
import { raiseOrder } from '../../workorders/index.ts';
import type { Records } from '../records.ts';
import { readName, type TakenFile } from './names.ts';

export interface UnattendedParts extends Records {
  cti: Pick<Cti, 'isAlive' | 'recordUnwatched'>;
  /** Where the switch records; `unattended` lies below. */
  recordingsDir: string;
  log: Log;
}

/** Shorter ones hold the tone and a hang-up. */
const shortestMessageMs = 1500;

/**
 * Files what callers said to the switch while no service led them (the dead-man timer of the dialplan):
 * each file becomes a recording of its call and a message order. Safe to repeat at any time; files whose
 * caller still speaks wait for the next run. One run at a time.
 */
export class UnattendedMessages {
  readonly #parts: UnattendedParts;
  #running: Promise<void> = Promise.resolve();

  constructor(parts: UnattendedParts) {
    this.#parts = parts;
  }

  file(): Promise<void> {
    this.#running = this.#running.then(() => this.#fileAll());
    return this.#running;
  }

  async #fileAll(): Promise<void> {
    const folder = path.join(this.#parts.recordingsDir, 'unattended');
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const taken = readName(name);
      if (taken === undefined) continue;
      try {
        if ((await this.#parts.cti.isAlive(taken.legId)) !== false) continue;
        await this.#fileOne(path.join(folder, name), taken);
      } catch (error) {
        this.#parts.log.error(
          { reason: messageOf(error), file: taken.legId },
          'a message taken without the service could not be filed; it stays where it is',
        );
      }
    }
  }

  async #fileOne(file: string, taken: TakenFile): Promise<void> {
    const { recordings, log } = this.#parts;
    const call = await this.#callOf(file, taken);
    const id = nameId('unattended', call.id);
    const { size } = await stat(file);
    if (size < 44 + shortestMessageMs * 16) {
      await rm(file);
      log.warn({ callId: call.id }, 'a caller heard the apology and left no message');
      return;
    }
    const place = await recordings.begin({
      id,
      callId: call.id,
      legId: taken.legId,
      purpose: 'message',
      resume: undefined,
    });
    await move(file, place);
    await recordings.finish(id);
    const number = await this.#raise(call, taken, id);
    log.warn({ callId: call.id, order: number }, 'a message taken without the service is filed');
  }

  /** The row that the service wrote before it died, or one made now. */
  async #callOf(
    file: string,
    { did, callerNumber, legId }: TakenFile,
  ): Promise<{ id: string; did: string; callerNumber: string }> {
    const { db, cti } = this.#parts;
    const known = await db
      .selectFrom('callLeg')
      .innerJoin('call', 'call.id', 'callLeg.callId')
      .select(['call.id', 'call.did', 'call.callerNumber'])
      .where('callLeg.id', '=', legId)
      .executeTakeFirst();
    const call = known ?? { id: newId(), did, callerNumber };
    const { mtimeMs, size } = await stat(file);
    await cti.recordUnwatched({
      ...call,
      legId,
      direction: 'inbound',
      startedAt: new Date(mtimeMs - (size - 44) / 16),
      switchNode: 'unattended',
    });
    return call;
  }

  async #raise(
    call: { id: string; did: string; callerNumber: string },
    taken: TakenFile,
    recordingId: string,
  ): Promise<string> {
    const { db, clock, recordings } = this.#parts;
    const hotline =
      (await findHotline(db, call.did)) ??
      (await findHotline(db, taken.did)) ??
      (await anyHotline(this.#parts));
    const order = await raiseOrder(db, clock, {
      kind: 'message',
      category: 'unattended',
      severity: 'minor',
      source: 'ivr',
      estateId: hotline.estateId,
      contactNumber: normaliseNumber(call.callerNumber),
      language: hotline.language,
      summary:
        hotline.language === 'zh-CN'
          ? '系统中断期间的留言，请尽快回电'
          : 'Message left while the system was down; please call back soon',
      roomId: undefined,
      personId: undefined,
      callId: call.id,
      idempotencyKey: `${call.id}:unattended`,
      actor: 'system',
      timeZone: hotline.timeZone,
    });
    await db
      .updateTable('call')
      .set({ outcome: 'message_left', estateId: hotline.estateId })
      .where('id', '=', call.id)
      .execute();
    await recordings.attach(recordingId, order.id);
    return order.number;
  }
}

/** A number that is no hotline any more: the message goes to somebody rather than nowhere. */
async function anyHotline({ db }: UnattendedParts) {
  const first = await db
    .selectFrom('hotline')
    .select('did')
    .orderBy('did')
    .executeTakeFirstOrThrow();
  const hotline = await findHotline(db, first.did);
  if (hotline === undefined) throw new Error('there is no hotline');
  return hotline;
}

/** Also across file systems: switch and service may mount different ones. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    await copyFile(from, to);
    await rm(from);
  }
}
