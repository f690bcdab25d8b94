import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** Builds the web when it is older than its sources; call before the service starts. The runner of all has done so. */
export function buildWeb(): void {
  if (process.env['TEST_BUILT'] === 'true') return;
  execFileSync(process.execPath, [path.join(root, 'scripts/build-web.mjs'), '--if-stale']);
}

/** The arguments with which Node runs the service, built first when it is older than its sources. */
export function serviceProgram(): string[] {
  if (process.env['TEST_BUILT'] !== 'true') {
    execFileSync(process.execPath, [path.join(root, 'scripts/build-service.mjs'), '--if-stale']);
  }
  return ['--enable-source-maps', path.join(root, 'build/main.js')];
}

/** Programs that tests use, each with its Debian package. FreeSWITCH is in no such list: few machines have it. */
const needed = [
  ['chromium', 'chromium'],
  ['sipp', 'sip-tester'],
  ['baresip', 'baresip-core'],
  ['redis-check-rdb', 'redis-tools'],
  ['espeak-ng', 'espeak-ng'],
] as const;

/** What of it this machine has not, e.g. `sipp (sip-tester)`. */
export function missingPrograms(search = process.env['PATH'] ?? ''): string[] {
  const folders = search.split(path.delimiter);
  return needed
    .filter(([name]) => !folders.some((folder) => existsSync(path.join(folder, name))))
    .map(([name, debian]) => `${name} (${debian})`);
}
