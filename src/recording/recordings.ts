import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { silentLog, type Log } from '../core/log.ts';
import { emit, type Pool } from '../db/index.ts';
import type { Recording, RecordingPurpose } from '../db/schema.ts';
import { missingMs } from './missing.ts';
import { speechEnd } from './speech-end.ts';
import { ignore } from '../core/ignore.ts';

export interface NewRecordingFacts {
  id: string;
  callId: string;
  legId: string;
  purpose: RecordingPurpose;
  /** 2 for a conversation (left the customer), else 1. */
  channels?: 1 | 2;
  /** What the flow needs to finish the caller's wish when call and service die together. */
  resume: unknown;
}

export interface Recordings {
  /** The row comes before the first sample. Resolves with the absolute path to record to. */
  begin(facts: NewRecordingFacts): Promise<string>;
  /** Measures and seals the file; a missing or empty one is `failed`. Safe to repeat. */
  finish(id: string): Promise<Recording>;
  attach(id: string, workOrderId: string): Promise<void>;
  /** Recordings of a call that nobody has sealed. */
  unfinished(callId: string): Promise<Recording[]>;
  pathOf(recording: Pick<Recording, 'path'>): string;
  /** Until when somebody speaks in a recording of one channel, from its beginning; 0 when nobody does. */
  spokenMs(recording: Pick<Recording, 'path'>): Promise<number>;
}

const headerBytes = 44;
const bytesPerMs = 16;

/** Recordings live below `dir` by day; rows and files meet by id. */
export function createRecordings(
  db: Pool,
  clock: Clock,
  dir: string,
  log: Log = silentLog(),
): Recordings {
  const pathOf: Recordings['pathOf'] = ({ path }) => join(dir, path);
  return {
    pathOf,
    spokenMs: (recording) => speechEnd(createReadStream(pathOf(recording), { start: headerBytes })),
    async begin({ resume, channels = 1, ...facts }) {
      const startedAt = clock.now();
      const path = `${startedAt.toISOString().slice(0, 10).replaceAll('-', '/')}/${facts.id}.wav`;
      await db
        .insertInto('recording')
        .values({
          ...facts,
          state: 'recording',
          path,
          channels,
          startedAt,
          resume: resume === undefined ? null : JSON.stringify(resume),
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      await mkdir(dirname(pathOf({ path })), { recursive: true });
      return pathOf({ path });
    },
    async finish(id) {
      const row = await db
        .selectFrom('recording')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      if (row.state !== 'recording') return row;
      const facts = await ignore(
        measure(pathOf(row), row.channels),
        'a file that cannot be read is told as lost',
      );
      const endedAt = clock.now();
      const missing = facts && (await lackOf(db, row, { ...facts, endedAt }));
      if (missing !== undefined) {
        log.error(
          { callId: row.callId, recordingId: id, missingMs: missing },
          'recording cut short',
        );
      }
      return db.transaction().execute(async (trx) => {
        const done = await trx
          .updateTable('recording')
          .set(
            facts === undefined
              ? { state: 'failed', endedAt, durationMs: 0 }
              : { state: 'ready', endedAt, ...facts, missingMs: missing ?? null },
          )
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow();
        if (facts !== undefined) {
          const { durationMs } = facts;
          const payload = { recordingId: id, callId: row.callId, durationMs };
          await emit(trx, 'recording.finished', payload, endedAt);
        }
        return done;
      });
    },
    async attach(id, workOrderId) {
      await db.updateTable('recording').set({ workOrderId }).where('id', '=', id).execute();
    },
    unfinished: (callId) =>
      db
        .selectFrom('recording')
        .selectAll()
        .where('callId', '=', callId)
        .where('state', '=', 'recording')
        .execute(),
  };
}

/** What the recording lacks until its call, or the step that it belongs to, has ended. */
async function lackOf(
  db: Pool,
  { id, callId, startedAt }: Recording,
  { durationMs, endedAt }: { durationMs: number; endedAt: Date },
): Promise<number | undefined> {
  const call = await db
    .selectFrom('call')
    .select(['endedAt', 'hangupCause'])
    .where('id', '=', callId)
    .executeTakeFirst();
  // Of a call that was lost nobody knows when it ended.
  if (call?.hangupCause?.startsWith('LOST') === true) return undefined;
  const until = call?.endedAt ?? endedAt;
  const stoodAt = await standsSince(db, callId, id);
  return missingMs({ startedAt, stoodAt, endedAt: until < endedAt ? until : endedAt, durationMs });
}

/** From the call's timeline: written once the switch has said that it records. */
async function standsSince(db: Pool, callId: string, id: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('callEvent')
    .select('at')
    .where('callId', '=', callId)
    .where('kind', '=', 'recording.started')
    .where(sql<boolean>`data ->> 'recordingId' = ${id}`)
    .orderBy('at')
    .executeTakeFirst();
  return row?.at;
}

async function measure(
  path: string,
  channels: number,
): Promise<{ bytes: number; sha256: string; durationMs: number }> {
  const { size } = await stat(path);
  if (size <= headerBytes) throw new Error('the recording is empty');
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  return {
    bytes: size,
    sha256: digest.digest('hex'),
    durationMs: Math.round((size - headerBytes) / (bytesPerMs * channels)),
  };
}
