import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync, promises as fs } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { until } from '../core/concurrency/wait.ts';
import { canConnect, createDatabase } from '../db/index.ts';
import { Keeper } from './keeper.ts';
import { findPostgres, type PostgresPrograms } from './postgres-programs.ts';
import { freePort } from './ports.ts';
import { unprivileged, type Unprivileged } from './unprivileged.ts';
import { isAlive, runToEnd, stopProcess } from './processes.ts';
import { ignore } from '../core/ignore.ts';

export interface PostgresOptions {
  /** Everything lives below; made when it is missing. */
  dataDir: string;
  log: Log;
  /** False only for tests: faster, and lost when the machine dies. */
  isDurable?: boolean;
}

export interface LocalPostgres {
  url: string;
  /** True when one that outlived an earlier process was found and taken over. */
  wasRunning: boolean;
  /** Ends it; one that another service uses too is left alone. */
  stop(isLast?: boolean): Promise<void>;
}

const user = 'lingting';
const database = 'lingting';
/** Recovery after a crash replays the log: seconds on a slow disk. */
const startLimitMs = 60_000;

/**
 * Starts a private Postgres below `dataDir`, or takes over the one that still runs there. It is a
 * process of its own that outlives a killed service, and is started again when it dies. Listens on loopback
 * with a generated password. Throws `postgres.*` errors that say what to do.
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const { dataDir, log } = options;
  const { pid, port, password, wasRunning } = await findOrLaunch(options);
  const keeper = new Keeper({
    name: 'database',
    pid,
    start: async () => (await findOrLaunch(options, port)).pid,
    log,
  });
  await createDatabase(urlOf(port, password, 'postgres'), database);
  return {
    url: urlOf(port, password, database),
    wasRunning,
    async stop(isLast = true) {
      await keeper.stop();
      if (!isLast) return;
      // SIGINT is Postgres's fast shutdown: open transactions are rolled back, nothing is lost.
      await stopProcess(keeper.pid, { signal: 'SIGINT', limitMs: 20_000, lastSignal: 'SIGQUIT' });
      log.debug({ dataDir }, 'private database ended');
    },
  };
}

interface Found {
  pid: number;
  port: number;
  password: string;
  wasRunning: boolean;
}

async function findOrLaunch(options: PostgresOptions, samePort?: number): Promise<Found> {
  const home = path.join(options.dataDir, 'postgres');
  const cluster = path.join(home, 'cluster');
  await fs.mkdir(home, { recursive: true, mode: 0o700 });
  const password = await readPassword(home);
  const running = await findRunning(cluster, (port) => urlOf(port, password, 'postgres'));
  if (running !== undefined) {
    options.log.info({ port: running.port }, 'private database of an earlier start still runs');
    return { ...running, password, wasRunning: true };
  }
  const programs = await findPostgres();
  const as = await unprivileged(home, cluster);
  if (!existsSync(path.join(cluster, 'PG_VERSION'))) await initialise(programs, home, cluster, as);
  await checkVersion(programs, cluster);
  const port = samePort ?? (await freePort());
  const pid = await launch({
    programs,
    home,
    cluster,
    port,
    as,
    isDurable: options.isDurable ?? true,
  });
  await waitUntilReady(urlOf(port, password, 'postgres'), pid, path.join(home, 'postgres.log'));
  return { pid, port, password, wasRunning: false };
}

function urlOf(port: number, password: string, name: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;
}

async function readPassword(home: string): Promise<string> {
  const file = path.join(home, 'password');
  if (existsSync(file)) return (await fs.readFile(file, 'utf8')).trim();
  const password = randomBytes(24).toString('hex');
  await fs.writeFile(file, password, { mode: 0o600 });
  return password;
}

/** Lines of postmaster.pid: 1 process id, 2 data folder, 3 start time, 4 port. */
async function findRunning(
  cluster: string,
  urlOf: (port: number) => string,
): Promise<{ pid: number; port: number } | undefined> {
  const file = fs.readFile(path.join(cluster, 'postmaster.pid'), 'utf8');
  const text = (await ignore(file, 'no database runs')) ?? '';
  const lines = text.split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined;
  const answers = until('the running database', () => canConnect(urlOf(port)), {
    timeoutMs: 5000,
    everyMs: 100,
  });
  if (await ignore(answers, 'it is ended below')) return { pid, port };
  const process = fs.readFile(`/proc/${pid}/cmdline`, 'utf8');
  const command = (await ignore(process, 'no such process, or no /proc')) ?? '';
  if (command.includes(cluster)) {
    await stopProcess(pid, { signal: 'SIGINT', limitMs: 20_000, lastSignal: 'SIGQUIT' });
  }
  return undefined;
}

/** Made aside and renamed when whole, so that a start killed half-way leaves nothing behind. */
async function initialise(
  programs: PostgresPrograms,
  home: string,
  cluster: string,
  as: Unprivileged,
): Promise<void> {
  const fresh = path.join(home, 'cluster.new');
  await fs.rm(fresh, { recursive: true, force: true });
  await fs.rm(cluster, { recursive: true, force: true });
  await as.makeFolder(fresh);
  const args = [
    `--pgdata=${fresh}`,
    `--username=${user}`,
    `--pwfile=${path.join(home, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  const result = await runToEnd(as.initCommand(programs.initdb, args), {
    env: programs.environment,
    cwd: '/',
    limitMs: 120_000,
  });
  if (result.code !== 0) {
    throw new AppError({
      code: 'postgres.init_failed',
      status: 500,
      message: `The private database could not be created in ${home}: ${result.output.trim()}\nFree some disk space or mend the folder's permissions, or set DATABASE_URL to a Postgres of your own.`,
    });
  }
  await as.takeOver(fresh);
  await fs.rename(fresh, cluster);
}

async function checkVersion(programs: PostgresPrograms, cluster: string): Promise<void> {
  const has = (await fs.readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (has === programs.majorVersion) return;
  throw new AppError({
    code: 'postgres.wrong_version',
    status: 500,
    message: `The data in ${cluster} was made by Postgres ${has}, but only version ${programs.majorVersion} is installed here. Install version ${has}, or move the folder away to start afresh.`,
  });
}

interface LaunchOptions {
  programs: PostgresPrograms;
  home: string;
  cluster: string;
  port: number;
  as: Unprivileged;
  isDurable: boolean;
}

async function launch(options: LaunchOptions): Promise<number> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(options.port),
    unix_socket_directories: '',
    max_connections: '120',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.isDurable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const args = ['-D', options.cluster];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const [program, ...rest] = options.as.command(options.programs.postgres, args);
  const log = await fs.open(path.join(options.home, 'postgres.log'), 'a');
  const child = spawn(program, rest, {
    cwd: '/',
    detached: true,
    env: options.programs.environment,
    stdio: ['ignore', log.fd, log.fd],
  });
  child.on('error', () => undefined);
  child.unref();
  await log.close();
  if (child.pid === undefined) {
    throw new AppError({
      code: 'postgres.not_started',
      status: 500,
      message: `${program} could not be started. Reinstall the packages, or set DATABASE_URL.`,
    });
  }
  return child.pid;
}

async function waitUntilReady(url: string, pid: number, logFile: string): Promise<void> {
  try {
    await until(
      'the private database',
      () => {
        if (!isAlive(pid)) throw new Error('it ended at once');
        return canConnect(url);
      },
      { timeoutMs: startLimitMs, everyMs: 25 },
    );
  } catch (error) {
    const written = (await ignore(fs.readFile(logFile, 'utf8'), 'nothing was logged')) ?? '';
    const tail = written.trim().split('\n').slice(-5);
    throw new AppError({
      code: 'postgres.not_ready',
      status: 500,
      message: `The private database did not start (${messageOf(error)}). Its last words:\n${tail.join('\n')}\nThe whole log is ${logFile}. You can also set DATABASE_URL to a Postgres of your own.`,
      cause: error,
    });
  }
}
