import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * Ends every process that works below a folder: its environment or its command names it. A test file that is ended
 * at its limit leaves services, switches, databases and browsers behind, some in sessions of their own; each of them
 * has the file's own TMPDIR or a path in it. Without /proc nothing is found. Returns how many were ended.
 */
export function endLeftovers(folder: string): number {
  if (!existsSync('/proc/self/environ')) return 0;
  // One that takes a moment to die is found again.
  const ended = new Set<string>();
  // What dies may just have started something else.
  for (let round = 0; round < 3; round += 1) {
    const found = readdirSync('/proc').filter(
      (name) => /^\d+$/.test(name) && worksBelow(name, folder),
    );
    for (const pid of found) if (kill(Number(pid))) ended.add(pid);
    if (found.length === 0) break;
  }
  return ended.size;
}

function worksBelow(pid: string, folder: string): boolean {
  if (Number(pid) === process.pid) return false;
  return ['cmdline', 'environ'].some((name) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8').includes(folder);
    } catch (error) {
      // It has ended, or is somebody else's.
      if (error instanceof Error && 'code' in error) return false;
      throw error;
    }
  });
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
