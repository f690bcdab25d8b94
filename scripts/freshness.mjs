import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

export const root = path.dirname(import.meta.dirname);

/** Whether what was built is younger than every source; costs some milliseconds. */
export function isFresh(built, sources) {
  try {
    const at = statSync(path.join(root, built)).mtimeMs;
    return sources.every((one) => newest(path.join(root, one)) <= at);
  } catch {
    return false;
  }
}

function newest(where) {
  const stat = statSync(where);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(where).reduce((at, name) => Math.max(at, newest(path.join(where, name))), 0);
}
