/** A second process with the API on the database of DATABASE_URL; prints its port. To be killed. */
import { handleJobs } from '../../src/app/job-handlers.ts';
import { openBackbone } from '../../src/backbone.ts';
import { openApi } from '../../src/api/index.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { openPool } from '../../src/db/index.ts';
import { apiParts } from './api-parts.ts';

const log = silentLog();
const databaseUrl = process.env['DATABASE_URL'] ?? '';
const db = openPool({ url: databaseUrl, max: 4, log });
const backbone = await openBackbone({ db, databaseUrl, redisUrl: undefined, log });
handleJobs(backbone.jobs, { db, clock, log });
const { parts, wings } = await apiParts({ db, clock, backbone, recordingsDir: '/nonexistent' });
const api = await openApi(parts, wings, {
  host: '127.0.0.1',
  port: 0,
  trustedProxies: ['loopback'],
});
process.stdout.write(`port ${api.port}\n`);
