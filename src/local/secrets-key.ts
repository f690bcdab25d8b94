import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The key of what is sealed in the database: the setting, or one made at the first start and kept beside the data. */
export function secretsKey(dataDir: string, setting: string | undefined): Buffer {
  if (setting !== undefined) return Buffer.from(setting, 'base64');
  const file = path.join(dataDir, 'secrets-key');
  try {
    // Fails when another process has made it.
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
}
