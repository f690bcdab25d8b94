import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const letters = 'abcdefghjkmnpqrstuvwxyz23456789';

/** The demo accounts' password: the setting, or the one made at the first start (mode 0600). */
export function demoPassword(dataDir: string, setting: string | undefined): string {
  const file = path.join(dataDir, 'demo-password');
  if (setting === undefined && existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password =
    setting ?? Array.from({ length: 14 }, () => letters[randomInt(letters.length)]).join('');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}
