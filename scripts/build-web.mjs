/**
 * Builds the web into web/dist. `--if-stale` does nothing when the last build is younger than every
 * source, which costs some milliseconds; `npm start` calls it so.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const built = path.join(root, 'web/dist/index.html');
const sources = ['web/src', 'web/public', 'web/index.html', 'src/api/contract', 'vite.config.ts'];

function newest(where) {
  const stat = statSync(where);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(where).reduce((at, name) => Math.max(at, newest(path.join(where, name))), 0);
}

function isFresh() {
  try {
    const at = statSync(built).mtimeMs;
    return sources.every((one) => newest(path.join(root, one)) <= at);
  } catch {
    return false;
  }
}

if (!process.argv.includes('--if-stale') || !isFresh()) {
  const began = Date.now();
  process.stdout.write('聆听 · building the web\n');
  const { build } = await import('vite');
  await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' });
  process.stdout.write(`聆听 · web built in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}
