import { chmodSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** What people have said and what is said to them by name. */
const folders = ['prompts', 'sounds', 'recordings', 'faxes'] as const;

/**
 * Nobody else on this machine reads what the service writes. `ours`: files are for the service's user alone, since
 * the embedded switch runs as the same one. `shared`: a FreeSWITCH of the same group reads and writes them too.
 * One of an earlier version was open to everybody: it is closed at each start, where it is ours.
 */
export function makePrivate(dataDir: string, kind: 'ours' | 'shared'): void {
  process.umask(kind === 'ours' ? 0o077 : 0o007);
  const mode = kind === 'ours' ? 0o700 : 0o770;
  mkdirSync(dataDir, { recursive: true, mode });
  tighten(dataDir, mode);
  if (kind === 'shared') return;
  for (const folder of folders) {
    const where = path.join(dataDir, folder);
    mkdirSync(where, { recursive: true });
    // Those of an earlier version were open to everybody.
    chmodSync(where, 0o700);
  }
}

/** Takes away rights, and gives none. Whose folder it is not has said itself who may read it. */
function tighten(folder: string, most: number): void {
  const { uid, mode } = statSync(folder);
  const wanted = mode & most;
  if (uid === process.getuid?.() && wanted !== (mode & 0o777)) chmodSync(folder, wanted);
}
