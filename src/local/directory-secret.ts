import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a switch shows when it asks who may register: the setting, or one made at the first start. */
export function directorySecret(dataDir: string, setting: string | undefined): string {
  if (setting !== undefined) return setting;
  const file = path.join(dataDir, 'directory-secret');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const secret = randomBytes(24).toString('base64url');
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
