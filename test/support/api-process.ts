/** A second process with the API on the database of DATABASE_URL; prints its port. To be killed. */
import { openBackbone } from '../../src/backbone.ts';
import { MemoryBoard } from '../../src/agents/index.ts';
import { openApi } from '../../src/api/index.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { buildCti } from '../../src/cti/index.ts';
import { openPool } from '../../src/db/index.ts';
import { createRecordings } from '../../src/recording/index.ts';

const log = silentLog();
const databaseUrl = process.env['DATABASE_URL'] ?? '';
const db = openPool({ url: databaseUrl, max: 4, log });
const cti = buildCti({
  db,
  clock,
  log,
  nodes: [],
  onCall: () => undefined,
  onLost: () => Promise.resolve(),
});
const backbone = await openBackbone({ db, databaseUrl, redisUrl: undefined, clock, log });
const recordings = createRecordings(db, clock, '/nonexistent');
const parts = { db, clock, log, cti, recordings, board: new MemoryBoard(log), backbone };
const api = await openApi(parts, { host: '127.0.0.1', port: 0 });
process.stdout.write(`port ${api.port}\n`);
