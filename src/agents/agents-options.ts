import type { Clock } from '../core/clock.ts';
import type { Latencies } from '../core/latencies.ts';
import type { Log } from '../core/log.ts';
import type { EventBus } from '../core/messages/bus.ts';
import type { Cti } from '../cti/index.ts';
import type { Pool } from '../db/index.ts';
import type { Dialling } from '../dialling/index.ts';
import type { EventMap } from '../events.ts';
import type { Recordings } from '../recording/index.ts';
import type { Tts } from '../tts/index.ts';
import type { MemoryBoard } from './desk/live-board.ts';
import type { Tunes } from './acd/queues/announcements/music.ts';

/** What this wing is built of. */
export interface AgentsOptions {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Cti;
  /** Accounts that change. */
  events: Pick<EventBus<EventMap>, 'on' | 'watch' | 'onGap'>;
  /** What people hear, and what is kept of it. */
  sound: { tts: Tts; tunes: Tunes; recordings: Recordings };
  /** Trunks to outside numbers, the preferred one first, and which numbers may be dialled. */
  outside: { trunks: readonly string[]; dialling: Dialling };
  /** What screens show, and how soon. */
  screens: { board: MemoryBoard; latencies: Latencies };
}
