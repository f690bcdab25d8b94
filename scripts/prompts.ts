/**
 * Renders all fixed announcements ahead, and the published articles of the database at DATABASE_URL:
 * `npm run prompts`. Takes the settings of the service.
 */
import path from 'node:path';
import { loadConfig } from '../src/config/config.ts';
import { createLog } from '../src/core/log.ts';
import { openPool } from '../src/db/index.ts';
import { articleUtterances, fixedUtterances, renderAhead, shippedFlows } from '../src/ivr/index.ts';
import { createTts } from '../src/tts/index.ts';

const config = loadConfig();
const tts = await createTts({
  ...config.tts,
  cacheDir: process.env['PROMPTS_DIR'] ?? path.join(config.dataDir, 'prompts'),
  log: createLog(config.log),
});
const failed = await renderAhead(
  [...shippedFlows.flatMap(fixedUtterances), ...(await articles())],
  (one) => tts.renderAhead(one),
  (done, of) => process.stdout.write(`\r${done} of ${of} announcements`),
);
process.stdout.write(failed === 0 ? '\n' : `\n${failed} could not be rendered; the log says why\n`);
process.exit(failed === 0 ? 0 : 1);

/** The private database runs only with the service, which renders its articles itself. */
async function articles() {
  if (config.databaseUrl === undefined) return [];
  const db = openPool({ url: config.databaseUrl, max: 1, log: createLog(config.log) });
  return articleUtterances(db).finally(() => db.destroy());
}
