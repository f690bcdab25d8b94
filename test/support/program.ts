import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** The arguments with which Node runs the service, built first when it is older than its sources. */
export function serviceProgram(): string[] {
  execFileSync(process.execPath, [path.join(root, 'scripts/build-service.mjs'), '--if-stale']);
  return ['--enable-source-maps', path.join(root, 'build/main.js')];
}
