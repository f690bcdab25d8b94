import path from 'node:path';
import {
  buildAgents,
  MemoryBoard,
  prepareTunes,
  tellScreens,
  watchEndedPhones,
} from '../agents/index.ts';
import { openApi, wings } from '../api/index.ts';
import type { Config } from '../config/config.ts';
import { systemClock as clock } from '../core/clock.ts';
import { Latencies } from '../core/latencies.ts';
import type { Log } from '../core/log.ts';
import { buildCti, type Cti } from '../cti/index.ts';
import { installationId, type Pool } from '../db/index.ts';
import { demoHistoryOf } from '../demo/index.ts';
import { Dialling } from '../dialling/index.ts';
import { FlowLibrary } from '../content/index.ts';
import { FlowRunner, prepareAhead, UnattendedMessages } from '../ivr/index.ts';
import { DiskWatch } from '../local/disk-watch.ts';
import { createArticleTexts, Messaging } from '../messaging/index.ts';
import { createGuide, fallBackAuthor, namesOfRunning } from '../outbound/index.ts';
import { PinChecks } from '../property/index.ts';
import { createRecordings, type Recordings } from '../recording/index.ts';
import type { Tell } from '../start-up.ts';
import { carrierSecrets, phonesOf, sealerOf } from './api-settings.ts';
import {
  openInfrastructure,
  switchNodes,
  switchVariables,
  type Infrastructure,
} from './infrastructure.ts';
import { handleJobs } from './job-handlers.ts';
import { Leaders } from './leaders.ts';
import { openFaxes } from './open-faxes.ts';
import { openOutbound } from './open-outbound.ts';
import { alarmOfDisk, drain, fileLost, warnWithoutRow } from './running.ts';
import { prepareVoice } from './voice.ts';

export interface App {
  readonly db: Pool;
  readonly cti: Cti;
  readonly recordings: Recordings;
  readonly sipPort: number;
  readonly httpPort: number;
  /** Names of campaigns that were running when the service was started, and go on. */
  readonly runningCampaigns: readonly string[];
  /** Resolves when the demo has its history, or none. Never rejects. */
  readonly past: Promise<void>;
  /** Ends in order: the service first, then what it started. */
  stop(): Promise<void>;
}

export async function startApp(config: Config, log: Log, tell: Tell): Promise<App> {
  const infrastructure = await openInfrastructure(config, log, tell);
  try {
    return await assemble(config, log, tell, infrastructure);
  } catch (error) {
    await infrastructure.giveUp();
    throw error;
  }
}

/**
 * Puts the parts together in the order of a call: it comes in at the switch, is led by a flow, talks to an agent; others
 * we make. What a part needs of a later one, the later one registers with it.
 */
async function assemble(
  config: Config,
  log: Log,
  tell: Tell,
  ground: Infrastructure,
): Promise<App> {
  const { db, backbone, localSwitch } = ground;
  const { events, jobs } = backbone;
  const folder = (name: string) => path.join(config.dataDir, name);
  const common = { db, clock, log };

  const diskWatch = await DiskWatch.open({ dir: config.dataDir, limits: config.disk, log });
  const recordings = createRecordings(db, clock, folder('recordings'), log);
  const tts = await prepareVoice(config, db, log, tell);
  const tunes = await prepareTunes(folder('prompts'));

  // Calls on the switch, and which numbers may be dialled.
  const dialling = new Dialling({ ...common, ...config.dialling });
  const outside = { trunks: config.trunks.map(({ name }) => name), dialling };
  const cti = buildCti({
    ...common,
    nodes: switchNodes(config, localSwitch),
    installation: await installationId(db),
    deadManSec: config.deadManSec,
    switchVariables: () => switchVariables(db, config),
    checkNumber: (number) => dialling.check(number),
  });
  const leaders = new Leaders();
  const dirs = { recordingsDir: folder('recordings'), faxesDir: folder('faxes') };
  const unattended = new UnattendedMessages({ ...common, ...dirs, recordings, cti });
  cti.onUnattended(() => void unattended.file());

  // Messages to people, and faxes.
  const messaging = new Messaging({ ...common, ...config.messaging });
  const { smsSign } = config.messaging;
  const writing = { messaging, smsSign, paymentUrl: config.paymentUrl };
  messaging.register('fallback', fallBackAuthor({ ...common, ...writing }));
  const faxes = openFaxes(config, { ...common, cti, outside, jobs, events, messaging });
  // The job that sends it goes on with a call that it finds.
  leaders.register('fax', () => undefined);

  // Flows.
  const flows = new FlowLibrary(db);
  const pins = new PinChecks(config.guards.pin);
  const guide = createGuide({ ...common, ...writing });
  const texts = createArticleTexts({ db, messaging, smsSign });
  const records = { db, clock, recordings, faxes, texts };
  const runner = new FlowRunner({ records, tts, flows, log, pins, outbound: guide });
  leaders.register('hotline', (call) => void runner.run(call));
  cti.onLost((callId) => runner.fileSpoken(callId));

  // People who answer.
  const board = new MemoryBoard(log);
  const latencies = new Latencies();
  const screens = { board, latencies };
  const sound = { tts, tunes, recordings };
  const agents = buildAgents({ ...common, cti, events, outside, sound, screens });
  runner.onTransfer((call, request) => agents.serve(call, request));
  leaders.register('desk', (call, how) => agents.leadOn(call, how));
  cti.onCall((call, how) => agents.onCall(call, how));
  cti.onLead(() => agents.lead());
  cti.onStandby(() => agents.standBy());
  cti.onReconciled((switchNode) => void agents.onReconciled(switchNode));
  await agents.start();
  const stopPhones = watchEndedPhones({
    ...{ ...common, cti, areDemoPhonesOpen: config.demoPhones === 'open' },
    onGone: (staffId) => agents.sessions.endFor(staffId),
  });
  alarmOfDisk(diskWatch, agents, log);

  // Calls that we make.
  const outbound = openOutbound(config, {
    ...{ ...common, cti, events, jobs, agents, dialling },
    speech: { runner, flows, guide, recordings, dir: folder('recordings') },
  });
  leaders.register('campaign', (call) => warnWithoutRow(call, outbound.dialer.onAdopted(call)));
  leaders.register('test', (call) => warnWithoutRow(call, outbound.tests.onAdopted(call)));

  // From here on things happen.
  leaders.check();
  cti.onCall(leaders.lead);
  cti.onLead(() => Promise.resolve(void fileLost(runner, log)));
  handleJobs(jobs, { ...common, writing, faxes });
  tellScreens(events, board, clock);
  const prepareMore = prepareAhead({ db, tts, log, events });
  cti.start();
  await backbone.start();
  const runningCampaigns = await namesOfRunning(db);
  outbound.start();
  void prepareMore();
  const sealer = sealerOf(config);
  const { outsideCalls, guards } = config;
  const demoHistory = () => demoHistoryOf(db);
  const metrics = [latencies.pop, latencies.offer, dialling.metric, pins.metric, messaging.metric];
  const api = await openApi(
    { ...common, sealer, link: backbone.link, screens: { ...screens, limits: guards.screens } },
    [
      wings.system({ cti, backbone, diskWatch, outsideCalls, demoHistory, metrics }),
      wings.organisation(sealer),
      ...wings.records,
      wings.carriers({ inbox: messaging.inbox, ...carrierSecrets(config) }),
      wings.faxes({ faxes, ...dirs }),
      wings.agents({ agents, recordings, phones: phonesOf(config) }),
      wings.campaigns({ outbound, flows, texts: writing }),
    ],
    config.http,
  );
  return {
    ...{ db, cti, recordings, runningCampaigns, past: ground.past },
    httpPort: api.port,
    sipPort: localSwitch?.sipPort ?? config.sip.port,
    async stop() {
      await drain(cti, config.drainMs);
      diskWatch.close();
      await api.close();
      stopPhones();
      agents.stop();
      await outbound.stop();
      await cti.stop();
      await tts.close();
      await ground.close();
    },
  };
}
