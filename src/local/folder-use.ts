import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ignoreMissing } from './files.ts';
import { birthOf, isAlive } from './processes.ts';

/** The use that one service makes of a data folder, seen by every other service that uses it. */
export interface FolderUse {
  /** Takes our mark away and says whether we were the last: only then may database and switch be ended. */
  leave(): boolean;
}

interface Mark {
  pid: number;
  /** When the process began, in the kernel's ticks: ids are given again. */
  birth: string | undefined;
}

/**
 * Marks the folder as used by this process. Several services may share one data folder (a standby, or somebody's
 * mistake); its database and switch belong to all of them and end with the last one.
 */
export function useFolder(dataDir: string): FolderUse {
  const folder = path.join(dataDir, 'services');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = path.join(folder, `${process.pid}.json`);
  const mark: Mark = { pid: process.pid, birth: birthOf(process.pid) };
  writeFileSync(own, JSON.stringify(mark), { mode: 0o600 });
  return {
    leave() {
      rmSync(own, { force: true });
      return !readdirSync(folder).some((name) => isInUse(path.join(folder, name)));
    },
  };
}

/** Marks of dead services are taken away. */
function isInUse(file: string): boolean {
  const text = ignoreMissing(() => readFileSync(file, 'utf8'));
  const mark = text === undefined ? undefined : parse(text);
  if (mark !== undefined && isAlive(mark.pid) && birthOf(mark.pid) === mark.birth) return true;
  rmSync(file, { force: true });
  return false;
}

function parse(text: string): Mark | undefined {
  try {
    const { pid, birth } = JSON.parse(text) as Partial<Mark>;
    return Number.isInteger(pid) && pid !== undefined && pid > 0 ? { pid, birth } : undefined;
  } catch (error) {
    // Half-written by a service that died in its first moment.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
