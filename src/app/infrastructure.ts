import path from 'node:path';
import { seedDuty, seedQueues } from '../agents/index.ts';
import { openBackbone, type Backbone } from '../backbone.ts';
import { demoTrunkName, testTrunkOf } from '../config/demo.ts';
import { srtpOnFreeswitch } from '../config/sip.ts';
import type { Config } from '../config/config.ts';
import { ignore } from '../core/ignore.ts';
import type { Log } from '../core/log.ts';
import { createSealer } from '../core/seal.ts';
import type { CtiOptions, SwitchVariables } from '../cti/index.ts';
import { migrate, openPool, type Pool } from '../db/index.ts';
import { publishFlows } from '../content/index.ts';
import { campaignFlows, shippedFlows } from '../ivr/index.ts';
import { directorySecret } from '../local/directory-secret.ts';
import { useFolder, type FolderUse } from '../local/folder-use.ts';
import { checkPort } from '../local/ports.ts';
import { startPostgres, type LocalPostgres } from '../local/postgres.ts';
import { makePrivate } from '../local/privacy.ts';
import { secretsKey } from '../local/secrets-key.ts';
import { startSwitch, type LocalSwitch } from '../local/switch.ts';
import { trunkSources } from '../local/trunk-sources.ts';
import { ensureTrunks } from '../outbound/index.ts';
import { sealSecrets } from '../organisation/index.ts';
import type { Tell } from '../start-up.ts';
import { furnishDemo, makePast, openOrShutDemo } from './demo.ts';

const givenUp = 'the start has failed already, and says why';

/** What lies under every part: a database with its rows, a switch, and the way between processes. */
export interface Infrastructure {
  readonly db: Pool;
  readonly backbone: Backbone;
  /** Undefined when the settings name switches of their own. */
  readonly localSwitch: LocalSwitch | undefined;
  /** Resolves when the demo has its history, or none. Never rejects. */
  readonly past: Promise<void>;
  /** Ends what this process started; a switch and a database that another service uses, too, go on. */
  close(): Promise<void>;
  /** The same after a failed start: whatever else fails now is not told. */
  giveUp(): Promise<void>;
}

export async function openInfrastructure(
  config: Config,
  log: Log,
  tell: Tell,
): Promise<Infrastructure> {
  makePrivate(config.dataDir, config.nodes.length === 0 ? 'ours' : 'shared');
  const opened: Opened = { use: useFolder(config.dataDir) };
  try {
    await checkPort({ ...config.http, setting: 'HTTP_PORT', protocol: 'tcp' });
    if (config.databaseUrl === undefined) {
      tell('postgres');
      opened.postgres = await startPostgres({ dataDir: config.dataDir, log, isDurable: true });
    }
    const databaseUrl = config.databaseUrl ?? opened.postgres?.url ?? '';
    const db = openPool({ url: databaseUrl, max: config.databasePoolSize, log });
    opened.db = db;
    await prepareRows(db, config, tell);
    const past = makePast(db, config, log, embeddedNode);
    opened.past = past;
    if (config.nodes.length === 0) opened.localSwitch = await openSwitch(db, config, log, tell);
    const { redisUrl } = config;
    const backbone = await openBackbone({ db, databaseUrl, redisUrl, log });
    opened.backbone = backbone;
    return {
      ...{ db, backbone, localSwitch: opened.localSwitch, past },
      close: () => close(opened, (part) => part),
      giveUp: () => close(opened, (part) => ignore(part, givenUp)),
    };
  } catch (error) {
    await close(opened, (part) => ignore(part, givenUp));
    throw error;
  }
}

interface Opened {
  readonly use: FolderUse;
  postgres?: LocalPostgres;
  db?: Pool;
  past?: Promise<void>;
  localSwitch?: LocalSwitch;
  backbone?: Backbone;
}

async function close(
  { use, postgres, db, past, localSwitch, backbone }: Opened,
  wait: (closing: Promise<void>) => Promise<unknown>,
): Promise<void> {
  await past;
  const isLast = use.leave();
  if (localSwitch !== undefined) await wait(localSwitch.stop(isLast));
  if (backbone !== undefined) await wait(backbone.close());
  if (db !== undefined) await wait(db.destroy());
  if (postgres !== undefined) await wait(postgres.stop(isLast));
}

async function prepareRows(db: Pool, config: Config, tell: Tell): Promise<void> {
  const applied = await migrate(db);
  if (applied.length > 0) tell('migrated', { count: applied.length });
  await sealSecrets(db, createSealer(secretsKey(config.dataDir, config.secretsKey)));
  await openOrShutDemo(db, config, tell);
  await publishFlows(db, [...shippedFlows, ...campaignFlows]);
  await furnishDemo(db, config, tell);
  await seedQueues(db, config.isDemo);
  await seedDuty(db, config.dutyNumber);
  const trunks = config.trunks.map(({ name }) => name);
  await ensureTrunks(db, trunks, demoTrunkName);
}

async function openSwitch(db: Pool, config: Config, log: Log, tell: Tell): Promise<LocalSwitch> {
  tell('switch');
  const { dataDir, http } = config;
  const localSwitch = await startSwitch({
    ...config,
    directory: {
      url: `http://127.0.0.1:${http.port}/api/v1/switch/directory`,
      credentials: `switch:${directorySecret(dataDir, config.directorySecret)}`,
    },
    hotlines: await hotlineNumbers(db),
    testTrunk: testTrunkOf(config),
    trunkSources: await trunkSources(config, log),
    log,
  });
  if (localSwitch.wasRunning) tell('switchFound');
  return localSwitch;
}

/** What the switch is called that we start ourselves. */
export const embeddedNode = 'embedded';

/** FreeSWITCH nodes of the settings, or the switch that we started. */
export function switchNodes(
  config: Config,
  localSwitch: LocalSwitch | undefined,
): CtiOptions['nodes'] {
  if (localSwitch === undefined) return config.nodes;
  const { eslPort: port, password } = localSwitch;
  return [{ name: embeddedNode, host: config.esl.host, port, password }];
}

/** What `freeswitch-conf/vars.xml` and the embedded switch's dialplan name: numbers and folders. */
export async function switchVariables(
  db: Pool,
  { dataDir, deadManSec, sip }: Config,
): Promise<SwitchVariables> {
  const numbers = await hotlineNumbers(db);
  return {
    hotlines: numbers.length === 0 ? 'none' : numbers.sort().join('|'),
    sounds: path.join(dataDir, 'sounds'),
    prompts: path.join(dataDir, 'prompts'),
    recordings: path.join(dataDir, 'recordings'),
    faxes: path.join(dataDir, 'faxes'),
    wait: String(deadManSec),
    srtp: srtpOnFreeswitch[sip.srtp],
  };
}

async function hotlineNumbers(db: Pool): Promise<string[]> {
  const rows = await db.selectFrom('hotline').select('did').execute();
  return rows.map((row) => row.did);
}
