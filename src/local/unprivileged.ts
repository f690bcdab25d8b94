import { existsSync, promises as fs, readFileSync } from 'node:fs';
import path from 'node:path';
import { ignoreMissing } from './files.ts';

/**
 * How Postgres, which refuses to be root, is run: as is, or, started as root, as a user of its own. Its cluster is
 * that user's; the folder round it and the password in it stay root's, so that nobody else gets there.
 */
export interface Unprivileged {
  command(program: string, args: readonly string[]): [string, ...string[]];
  /** For `initdb`, which looks its user up by name. */
  initCommand(program: string, args: readonly string[]): [string, ...string[]];
  /** Makes an empty folder for `initdb`. */
  makeFolder(folder: string): Promise<void>;
  /** Gives what `initdb` has made to the user of the server. */
  takeOver(folder: string): Promise<void>;
}

/** `nobody` on Debian and its relatives. Other programs run as `nobody` too. */
const nobody = 65_534;
/** An id that neither distributions nor systemd give to anybody (60706 to 61183). */
const ownIds = { from: 60_974, to: 61_183 };
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));

/**
 * `initdb` needs a user that has a name; without one of ours it runs as `nobody`, in a folder that only root may
 * enter, with the one capability that leads there (so that a clone below a home folder of mode 700 works as
 * well). No other process of `nobody` can enter, nor trace a process that has a capability more than itself. The
 * server needs no name: it runs as a user of its own, to whom the cluster is given.
 */
export async function unprivileged(home: string, cluster: string): Promise<Unprivileged> {
  if (process.getuid?.() !== 0) return asIs;
  const server = ownUser(ignoreMissing(() => readFileSync('/etc/passwd', 'utf8')) ?? '');
  const init = server.hasName ? server.id : nobody;
  await giveTo(cluster, server.id);
  if (setpriv === undefined) {
    // Without the capability the way there has to be theirs; the server's user has it alone.
    await fs.chown(home, server.id, server.id);
    await fs.chmod(home, init === server.id ? 0o700 : 0o711);
  } else {
    await fs.chown(home, 0, 0);
    await fs.chmod(home, 0o700);
  }
  const password = path.join(home, 'password');
  await giveTo(password, setpriv === undefined ? init : 0);
  await giveTo(path.join(home, 'postgres.log'), 0);
  return {
    command: (program, args) => asUser(server.id, program, args),
    initCommand: (program, args) => asUser(init, program, args),
    async makeFolder(folder) {
      await fs.mkdir(folder, { mode: 0o700 });
      await fs.chown(folder, init, init);
    },
    async takeOver(folder) {
      await giveTo(folder, server.id);
      await giveTo(password, 0);
    },
  };
}

const asIs: Unprivileged = {
  command: (program, args) => [program, ...args],
  initCommand: (program, args) => [program, ...args],
  makeFolder: (folder) => fs.mkdir(folder, { mode: 0o700 }),
  takeOver: () => Promise.resolve(),
};

/** The system's user `lingting` where there is one, else an id that the list of users does not have. */
export function ownUser(passwd: string): { id: number; hasName: boolean } {
  const users = passwd.split('\n').map((line) => line.split(':'));
  const named = Number(users.find(([name]) => name === 'lingting')?.[2]);
  if (named > 0) return { id: named, hasName: true };
  const taken = new Set(users.map(([, , id]) => Number(id)));
  for (let id = ownIds.from; id <= ownIds.to; id += 1) {
    if (!taken.has(id)) return { id, hasName: false };
  }
  throw new Error('no user id is free between 60974 and 61183');
}

function asUser(id: number, program: string, args: readonly string[]): [string, ...string[]] {
  if (setpriv === undefined) {
    return [process.execPath, '-e', execNode, String(id), program, ...args];
  }
  // Without no_setuid_fixup initdb's own access() check would lose the capability again.
  const flags = [
    `--reuid=${id}`,
    `--regid=${id}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_read_search',
    '--ambient-caps=+dac_read_search',
  ];
  return [setpriv, ...flags, program, ...args];
}

/** Node cannot exec; it stays as the parent and passes signals and the exit code on. */
const execNode =
  'process.setgroups([]);process.setgid(+process.argv[1]);process.setuid(+process.argv[1]);' +
  "const c=require('child_process').spawn(process.argv[2],process.argv.slice(3),{stdio:'inherit'});" +
  "for(const s of ['SIGINT','SIGTERM','SIGQUIT'])process.on(s,()=>c.kill(s));" +
  "c.on('exit',(code)=>process.exit(code??1));";

/** With everything in it; what is not there is passed over. */
async function giveTo(file: string, uid: number): Promise<void> {
  const entry = await fs.lstat(file).catch(missing);
  if (entry === undefined || entry.uid === uid) return;
  if (!entry.isDirectory()) return fs.lchown(file, uid, uid);
  for (const name of await fs.readdir(file)) await giveTo(path.join(file, name), uid);
  // Last, so that a change of hands that was cut off begins anew.
  await fs.chown(file, uid, uid);
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
