/** Brings the database at DATABASE_URL up to date: `npm run migrate`. */
import { loadConfig } from '../src/config/config.ts';
import { createLog } from '../src/core/log.ts';
import { migrate, openPool } from '../src/db/index.ts';

const config = loadConfig();
if (config.databaseUrl === undefined) {
  process.stderr.write(
    'DATABASE_URL is not set; `npm start` migrates the private database itself.\n',
  );
  process.exit(2);
}
const db = openPool({ url: config.databaseUrl, max: 1, log: createLog(config.log) });
const applied = await migrate(db);
process.stdout.write(
  applied.length === 0 ? 'already up to date\n' : `applied: ${applied.join(', ')}\n`,
);
await db.destroy();
