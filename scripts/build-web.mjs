/**
 * Builds the web into web/dist. `--if-stale` does nothing when the last build is younger than every
 * source; `npm start` calls it so.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { isFresh, root } from './freshness.mjs';

const brotliCompress = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const sources = ['web/src', 'web/public', 'web/index.html', 'src/contract', 'vite.config.ts'];

if (!process.argv.includes('--if-stale') || !isFresh('web/dist/index.html', sources)) {
  const began = Date.now();
  // As the start-up decides it (src/config/config.ts): English where the terminal says so.
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const isEnglish = ([LC_ALL, LC_MESSAGES, LANG].find((one) => one) ?? '').startsWith('en');
  process.stdout.write(isEnglish ? '聆听 · building the web\n' : '聆听 · 正在构建网页\n');
  const { build } = await import('vite');
  await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' });
  await compressFiles(path.join(root, 'web/dist/assets'));
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    isEnglish ? `聆听 · web built in ${seconds} s\n` : `聆听 · 网页已构建，用时 ${seconds} 秒\n`,
  );
}

/** Beside each file its brotli and gzip, which the service sends to browsers that take them. */
async function compressFiles(folder) {
  const names = await readdir(folder);
  await Promise.all(
    names.map(async (name) => {
      const file = path.join(folder, name);
      const bytes = await readFile(file);
      await writeFile(`${file}.br`, await brotliCompress(bytes));
      await writeFile(`${file}.gz`, await gzip(bytes, { level: 9 }));
    }),
  );
}
