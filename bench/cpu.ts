import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Milliseconds of processor time, user and system, that a process has used so far (Linux). */
export function cpuMs(pid: number): number {
  const fields = statOf(pid);
  // User and system time are fields 14 and 15.
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
}

/** The same of a process and all its children. */
export function familyCpuMs(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + cpuMs(one), endedMs(pid));
}

export function childrenOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && parentOf(Number(name)) === pid;
    } catch {
      return false;
    }
  });
  return children.map(Number);
}

/** Of children that have ended: fields 16 and 17. */
function endedMs(pid: number): number {
  const fields = statOf(pid);
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksPerSecond;
}

export function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** Fields of `/proc/<pid>/stat` from the third on; the program's name in brackets may hold blanks. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
