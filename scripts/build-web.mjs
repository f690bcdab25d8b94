/**
 * Builds the web into web/dist. `--if-stale` does nothing when the last build is younger than every
 * source; `npm start` calls it so.
 */
import path from 'node:path';
import { isFresh, root } from './freshness.mjs';

const sources = ['web/src', 'web/public', 'web/index.html', 'src/api/contract', 'vite.config.ts'];

if (!process.argv.includes('--if-stale') || !isFresh('web/dist/index.html', sources)) {
  const began = Date.now();
  process.stdout.write('聆听 · building the web\n');
  const { build } = await import('vite');
  await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' });
  process.stdout.write(`聆听 · web built in ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
}
