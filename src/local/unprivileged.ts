import { existsSync, promises as fs } from 'node:fs';
import path from 'node:path';

/** How to run a program that refuses to be root: as is, or as an ordinary user. */
export interface Unprivileged {
  command(program: string, args: readonly string[]): [string, ...string[]];
}

/** `nobody` on Debian and its relatives; owns nothing else. */
const nobody = 65_534;
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));

/**
 * Postgres refuses to run as root. Started as root, its folder is given to `nobody` and it runs as
 * that user; with util-linux's setpriv it keeps the one capability to walk through folders that
 * only root may enter, such as a clone below a home folder of mode 700.
 */
export async function unprivileged(folder: string): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return { command: (program, args) => [program, ...args] };
  await giveTo(folder, nobody);
  if (setpriv === undefined) {
    const drop = 'process.setgid(+process.argv[1]);process.setuid(+process.argv[1]);' + execNode;
    return {
      command: (program, args) => [process.execPath, '-e', drop, String(nobody), program, ...args],
    };
  }
  // Without no_setuid_fixup initdb's own access() check would lose the capability again.
  const flags = [
    `--reuid=${nobody}`,
    `--regid=${nobody}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_read_search',
    '--ambient-caps=+dac_read_search',
  ];
  return { command: (program, args) => [setpriv, ...flags, program, ...args] };
}

/** Node cannot exec; it stays as the parent and passes signals and the exit code on. */
const execNode =
  "const c=require('child_process').spawn(process.argv[2],process.argv.slice(3),{stdio:'inherit'});" +
  "for(const s of ['SIGINT','SIGTERM','SIGQUIT'])process.on(s,()=>c.kill(s));" +
  "c.on('exit',(code)=>process.exit(code??1));";

async function giveTo(folder: string, uid: number): Promise<void> {
  const stat = await fs.stat(folder);
  if (stat.uid === uid) return;
  await fs.chown(folder, uid, uid);
  for (const name of await fs.readdir(folder)) {
    const file = path.join(folder, name);
    const entry = await fs.lstat(file);
    if (entry.isDirectory()) await giveTo(file, uid);
    else await fs.lchown(file, uid, uid);
  }
}
