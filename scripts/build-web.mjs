/**
 * Builds the web into web/dist. `--if-stale` does nothing when the last build is younger than every
 * source; `npm start` calls it so.
 */
import path from 'node:path';
import { isFresh, root } from './freshness.mjs';

const sources = ['web/src', 'web/public', 'web/index.html', 'src/api/contract', 'vite.config.ts'];

if (!process.argv.includes('--if-stale') || !isFresh('web/dist/index.html', sources)) {
  const began = Date.now();
  // As the start-up decides it (src/config.ts): English where the terminal says so.
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const isEnglish = ([LC_ALL, LC_MESSAGES, LANG].find((one) => one) ?? '').startsWith('en');
  process.stdout.write(isEnglish ? '聆听 · building the web\n' : '聆听 · 正在构建网页\n');
  const { build } = await import('vite');
  await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    isEnglish ? `聆听 · web built in ${seconds} s\n` : `聆听 · 网页已构建，用时 ${seconds} 秒\n`,
  );
}
