import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** Builds the web when it is older than its sources; call before the service starts. */
export function buildWeb(): void {
  execFileSync(process.execPath, [path.join(root, 'scripts/build-web.mjs'), '--if-stale']);
}

/** The arguments with which Node runs the service, built first when it is older than its sources. */
export function serviceProgram(): string[] {
  execFileSync(process.execPath, [path.join(root, 'scripts/build-service.mjs'), '--if-stale']);
  return ['--enable-source-maps', path.join(root, 'build/main.js')];
}
