import path from 'node:path';
import {
  buildAgents,
  MemoryBoard,
  prepareTunes,
  queueSentences,
  seedDuty,
  seedQueues,
  tellScreens,
  watchEndedPhones,
  type Agents,
} from '../agents/index.ts';
import { seedDemoArticles } from '../articles/index.ts';
import { openBackbone, type Backbone } from '../backbone.ts';
import { Faxes } from '../faxes/index.ts';
import type { LateParts } from './job-handlers.ts';
import { demoTrunkName, testTrunkOf } from '../config-demo.ts';
import type { Config } from '../config.ts';
import { srtpOnFreeswitch } from '../config-sip.ts';
import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { createSealer } from '../core/seal.ts';
import { secretsKey } from '../local/secrets-key.ts';
import { Latencies } from '../core/latencies.ts';
import type { Log } from '../core/log.ts';
import { buildCti, type Call, type Cti, type SwitchVariables } from '../cti/index.ts';
import { installationId, migrate, openPool, type Pool } from '../db/index.ts';
import {
  FlowLibrary,
  FlowRunner,
  UnattendedMessages,
  campaignFlows,
  fixedUtterances,
  prepareAhead,
  publishFlows,
  renderAhead,
  shippedFlows,
  writeUnattendedSounds,
} from '../ivr/index.ts';
import { Dialling } from '../dialling/index.ts';
import { demoHistoryOf, makeDemoHistory } from '../demo/index.ts';
import { openApi, phoneAccounts } from '../api/index.ts';
import {
  buildOutbound,
  createArticleTexts,
  createGuide,
  createSender,
  ensureTrunks,
  faxCarrier,
  namesOfRunning,
  noteOf,
  type Outbound,
} from '../outbound/index.ts';
import { demoPassword } from '../local/demo-password.ts';
import { directorySecret } from '../local/directory-secret.ts';
import { useFolder, type FolderUse } from '../local/folder-use.ts';
import { DiskWatch } from '../local/disk-watch.ts';
import { checkPort } from '../local/ports.ts';
import { makePrivate } from '../local/privacy.ts';
import { startPostgres, type LocalPostgres } from '../local/postgres.ts';
import type { Tell } from '../start-up.ts';
import { startSwitch, type LocalSwitch } from '../local/switch.ts';
import { trunkSources } from '../local/trunk-sources.ts';
import { PinChecks, seedDemo } from '../property/index.ts';
import { createRecordings, type Recordings } from '../recording/index.ts';
import {
  letInDemoStaff,
  refuseExposedDemo,
  sealSecrets,
  seedDemoStaff,
  shutOutDemoStaff,
} from '../staff/index.ts';
import { createTts } from '../tts/index.ts';
import { ignore } from '../core/ignore.ts';

const givenUp = 'the start has failed already, and says why';

export interface App {
  readonly db: Pool;
  readonly cti: Cti;
  readonly recordings: Recordings;
  readonly sipPort: number;
  readonly httpPort: number;
  /** Names of campaigns that were running when the service was started, and go on. */
  readonly runningCampaigns: readonly string[];
  /** Ends in order: the service first, then what it started. */
  stop(): Promise<void>;
}

/** Puts the parts together in the order in which a call meets them, last part first. */
export async function startApp(config: Config, log: Log, tell: Tell): Promise<App> {
  const privacy = config.nodes.length === 0 ? 'ours' : 'shared';
  makePrivate(config.dataDir, privacy);
  const use = useFolder(config.dataDir);
  let postgres: LocalPostgres | undefined;
  let localSwitch: LocalSwitch | undefined;
  let db: Pool | undefined;
  let backbone: Backbone | undefined;
  let past: Promise<void> | undefined;
  try {
    await checkPort({ ...config.http, setting: 'HTTP_PORT', protocol: 'tcp' });
    if (config.databaseUrl === undefined) {
      tell('postgres');
      postgres = await startPostgres({ dataDir: config.dataDir, log, isDurable: true });
    }
    const databaseUrl = config.databaseUrl ?? postgres?.url ?? '';
    db = openPool({
      url: databaseUrl,
      max: config.databasePoolSize,
      log,
    });
    const applied = await migrate(db);
    if (applied.length > 0) tell('migrated', { count: applied.length });
    await sealSecrets(db, createSealer(secretsKey(config.dataDir, config.secretsKey)));
    await openOrShutDemo(db, config, tell);
    await refuseExposedDemo(db, config.http.host);
    await publishFlows(db, [...shippedFlows, ...campaignFlows]);
    if (config.isDemo && (await seedDemo(db, systemClock.now()))) {
      tell('demoData');
    }
    if (config.isDemo) {
      await seedDemoArticles(db, systemClock.now());
      const password = demoPassword(config.dataDir, config.demoPassword);
      if (await seedDemoStaff(db, password)) {
        tell('demoAccounts', { password });
        tell('demoPassword', { path: path.join(config.dataDir, 'demo-password') });
      }
    }
    await seedQueues(db, config.isDemo);
    await seedDuty(db, config.dutyNumber);
    await ensureTrunks(
      db,
      config.trunks.map(({ name }) => name),
      demoTrunkName,
    );
    past = makePast(db, config, log);
    if (config.nodes.length === 0) {
      tell('switch');
      localSwitch = await startSwitch({
        ...config,
        directory: {
          url: `http://127.0.0.1:${config.http.port}/api/v1/switch/directory`,
          credentials: `switch:${directorySecret(config.dataDir, config.directorySecret)}`,
        },
        hotlines: await hotlineNumbers(db),
        testTrunk: testTrunkOf(config),
        trunkSources: await trunkSources(config, log),
        log,
      });
      if (localSwitch.wasRunning) tell('switchFound');
    }
    const { redisUrl } = config;
    const late: LateParts = {};
    const messaging = messagingOf(config, log, db, late);
    backbone = await openBackbone({
      ...{ db, databaseUrl, redisUrl, log, messaging, late },
      clock: systemClock,
    });
    const app = await connect(config, log, tell, {
      ...{ db, postgres, localSwitch, backbone, late, use },
    });
    // Made while announcements were rendered, which takes longer.
    await past;
    return app;
  } catch (error) {
    await past;
    if (backbone !== undefined) await ignore(backbone.close(), givenUp);
    if (db !== undefined) await ignore(db.destroy(), givenUp);
    const isLast = use.leave();
    if (localSwitch !== undefined) await ignore(localSwitch.stop(isLast), givenUp);
    if (postgres !== undefined) await ignore(postgres.stop(isLast), givenUp);
    throw error;
  }
}

/** What a demo is judged by; that it could not be made keeps nobody from starting. */
async function makePast(db: Pool, config: Config, log: Log): Promise<void> {
  if (!config.isDemoHistoryWanted) return;
  const switchNode = config.nodes[0]?.name ?? embeddedNode;
  try {
    await makeDemoHistory(db, { now: systemClock.now(), switchNode });
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'the demo history was not made');
  }
}

/** Accounts with a shared password are for demos alone. */
async function openOrShutDemo(db: Pool, { isDemo }: Config, tell: Tell): Promise<void> {
  if (isDemo) {
    await letInDemoStaff(db);
    return;
  }
  const count = await shutOutDemoStaff(db);
  if (count > 0) tell('demoShutOut', { count });
}

interface Ground {
  db: Pool;
  postgres: LocalPostgres | undefined;
  localSwitch: LocalSwitch | undefined;
  backbone: Backbone;
  late: LateParts;
  use: FolderUse;
}

async function connect(config: Config, log: Log, tell: Tell, ground: Ground): Promise<App> {
  const { db, postgres, localSwitch, backbone, late, use } = ground;
  const clock = systemClock;
  const recordings = createRecordings(db, clock, path.join(config.dataDir, 'recordings'), log);
  const diskWatch = await DiskWatch.open({ dir: config.dataDir, limits: config.disk, log });
  const tts = await prepareVoice(config, db, log, tell);
  await writeUnattendedSounds(path.join(config.dataDir, 'sounds'), (one) => tts.render(one));
  const board = new MemoryBoard(log);
  const latencies = new Latencies();
  const tunes = await prepareTunes(path.join(config.dataDir, 'prompts'));
  // Calls need the agents, and agents the calls: whoever comes second is looked up when it is needed.
  const later: { agents?: Agents } = {};
  const flows = new FlowLibrary(db);
  const guide = outboundGuide(config, log, ground);
  const pins = new PinChecks(config.guards.pin);
  const runner = new FlowRunner({
    pins,
    outbound: guide,
    db,
    clock,
    recordings,
    tts,
    flows,
    log,
    faxes: () => late.faxes,
    texts: createArticleTexts({ db, clock, log, ...messagingOf(config, log, db, late) }),
    serve: (call, request) => {
      if (later.agents === undefined) throw new Error('the agents are not there yet');
      return later.agents.serve(call, request);
    },
  });
  const dialling = new Dialling({ db, clock, log, ...config.dialling });
  const cti = buildCti({
    db,
    clock,
    log,
    nodes: switchNodes(config, localSwitch),
    onCall(call, how) {
      later.agents?.onCall(call, how);
      // An agent dialled it, or a job that sends a fax: theirs to lead.
      if (['desk', 'fax'].includes(call.recall('purpose') ?? '')) return;
      void (call.direction === 'outbound' ? adopt(outbound, call) : runner.run(call));
    },
    onLost: (callId) => runner.settle(callId),
    onLead: async () => {
      await agents.lead();
      void settleLost(runner, log);
    },
    onStandby: () => agents.standBy(),
    onReconciled: (switchNode) => void later.agents?.onReconciled(switchNode),
    installation: await installationId(db),
    deadManSec: config.deadManSec,
    switchVariables: () => switchVariables(db, config),
    onUnattended: () => void unattended.file(),
    checkNumber: (number) => dialling.check(number),
  });
  const unattended = new UnattendedMessages({
    ...{ db, clock, recordings, cti, log },
    recordingsDir: path.join(config.dataDir, 'recordings'),
    faxesDir: path.join(config.dataDir, 'faxes'),
  });
  const agents = buildAgents({
    ...{ db, clock, log, cti, tts, recordings, board, tunes, latencies },
    events: backbone.events,
    trunks: config.trunks.map(({ name }) => name),
    dialling,
  });
  later.agents = agents;
  late.faxes = openFaxes(config, log, ground, { cti, dialling });
  await agents.start();
  const stopPhones = watchEndedPhones({
    ...{ db, clock, log, cti },
    areDemoPhonesOpen: config.demoPhones === 'open',
    onGone: async (staffId) => {
      if (agents.desk(staffId) !== undefined) await agents.leaveSeat(staffId, true);
    },
  });
  diskWatch.onChange((disk) => {
    agents.onDisk(disk).catch((error: unknown) => {
      log.error({ reason: messageOf(error) }, 'alarm of the disk was not written');
    });
  });
  const outbound = buildOutbound({
    ...{ db, clock, log, cti, runner, flows, guide, recordings, dialling },
    ...outboundWork(backbone, agents),
    dir: path.join(config.dataDir, 'recordings'),
    callsPerSecond: config.callsPerSecond,
  });
  tellScreens(backbone.events, board, clock);
  const prepareMore = prepareAhead({ db, tts, log, events: backbone.events });
  cti.start();
  await backbone.start();
  const runningCampaigns = await namesOfRunning(db);
  outbound.start();
  void prepareMore();
  const api = await openApi(
    {
      ...{ db, clock, log, cti, recordings, board, latencies, backbone, agents, outbound, flows },
      dialling,
      pins,
      realtime: config.guards.screens,
      diskWatch,
      faxesDir: path.join(config.dataDir, 'faxes'),
      faxes: late.faxes,
      phones: phoneAccounts(
        config.ws.url ?? `ws://${config.ws.host}:${config.ws.port}`,
        config.sip.host,
      ),
      directorySecret: directorySecret(config.dataDir, config.directorySecret),
      sealer: createSealer(secretsKey(config.dataDir, config.secretsKey)),
      demoPhones: config.demoPhones,
      outsideCalls: config.outsideCalls,
      demoHistory: () => demoHistoryOf(db),
      messaging: {
        ...messagingOf(config, log, db, late),
        receiptSecret: config.messaging.sms?.secret,
        mailSecret: config.messaging.mailSecret,
      },
    },
    config.http,
  );
  return {
    db,
    cti,
    recordings,
    httpPort: api.port,
    runningCampaigns,
    sipPort: localSwitch?.sipPort ?? config.sip.port,
    async stop() {
      await drain(cti, config.drainMs);
      diskWatch.close();
      await api.close();
      stopPhones();
      agents.stop();
      await outbound.stop();
      await cti.stop();
      const isLast = use.leave();
      await localSwitch?.stop(isLast);
      await tts.close();
      await backbone.close();
      await db.destroy();
      await postgres?.stop(isLast);
    },
  };
}

function openFaxes(
  config: Config,
  log: Log,
  { db, backbone }: Ground,
  calls: { cti: Cti; dialling: Dialling },
): Faxes {
  const { paymentUrl, messaging } = config;
  const { smsSign } = messaging;
  return new Faxes({
    ...{ db, clock: systemClock, log, ...calls },
    trunks: config.trunks.map(({ name }) => name),
    faxesDir: path.join(config.dataDir, 'faxes'),
    noteOf: (messageId) => noteOf({ db, clock: systemClock, paymentUrl, smsSign }, messageId),
    // The next try is asked for while this one's job still runs, so that it has no key.
    send: (faxId, delayMs) =>
      backbone.jobs.add('fax.send', { faxId }, delayMs === 0 ? { key: faxId } : { delayMs }),
  });
}

async function settleLost(runner: FlowRunner, log: Log): Promise<void> {
  await runner.settleAll().catch((error: unknown) => {
    log.error({ reason: messageOf(error) }, 'recordings of lost calls could not be filed');
  });
}

/** Callers are led to the end of what they do, as far as the time allows. */
async function drain(cti: Cti, drainMs: number): Promise<void> {
  const deadline = Date.now() + drainMs;
  while (cti.calls.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The first caller must not wait for the voice; a second start finds all of it done. */
async function prepareVoice(
  config: Config,
  db: Pool,
  log: Log,
  tell: Tell,
): Promise<Awaited<ReturnType<typeof createTts>>> {
  const tts = await createTts({
    ...config.tts,
    cacheDir: path.join(config.dataDir, 'prompts'),
    log,
  });
  const greetings = await db.selectFrom('hotline').select(['greeting', 'language']).execute();
  const sentences = [
    ...greetings.map(({ greeting, language }) => ({ text: greeting[language], language })),
    ...shippedFlows.flatMap(fixedUtterances),
    ...queueSentences(),
  ];
  let lastTold = Date.now();
  await renderAhead(
    sentences,
    (one) => tts.renderAhead(one),
    (done, of) => {
      if (Date.now() - lastTold < 2000) return;
      lastTold = Date.now();
      tell('rendering', { done, of });
    },
  );
  return tts;
}

function outboundGuide(config: Config, log: Log, { db, late }: Ground) {
  return createGuide({ db, clock: systemClock, log, ...messagingOf(config, log, db, late) });
}

function messagingOf({ messaging, paymentUrl }: Config, log: Log, db: Pool, late: LateParts) {
  const sender = createSender(
    messaging,
    log,
    faxCarrier(db, () => late.faxes),
  );
  return { sender, smsSign: messaging.smsSign, paymentUrl };
}

function outboundWork({ jobs, events }: Backbone, agents: Agents) {
  return {
    events,
    agents: { state: (queueId: string) => Promise.resolve(agents.strengthOf(queueId)) },
    jobs: {
      prepare: (campaignId: string) =>
        jobs.add('campaign.prepare', { campaignId }, { key: campaignId }),
      fallBack: (contactId: string) =>
        jobs.add('contact.fallBack', { contactId }, { key: contactId }),
    },
  };
}

/** A call that a former process dialled: a campaign's, or one on which staff hear a script. */
async function adopt(outbound: Outbound, call: Call): Promise<void> {
  if (await outbound.dialer.onAdopted(call)) return;
  if (await outbound.tests.onAdopted(call)) return;
  call.log.warn('nobody knows why this call was dialled');
}

const embeddedNode = 'embedded';

/** FreeSWITCH nodes of the settings, or the switch that we started. */
function switchNodes(
  config: Config,
  localSwitch: LocalSwitch | undefined,
): Parameters<typeof buildCti>[0]['nodes'] {
  if (localSwitch === undefined) return config.nodes;
  const { eslPort: port, password } = localSwitch;
  return [{ name: embeddedNode, host: config.esl.host, port, password }];
}

/** What `freeswitch-conf/vars.xml` and the embedded switch's dialplan name: numbers and folders. */
async function switchVariables(
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
