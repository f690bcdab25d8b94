import type { Pool } from '../../src/db/index.ts';
import type { Backbone } from '../../src/backbone.ts';
import { buildAgents, MemoryBoard, seedQueues } from '../../src/agents/index.ts';
import { phoneAccounts, wings } from '../../src/api/index.ts';
import type { Clock } from '../../src/core/clock.ts';
import { createSealer } from '../../src/core/seal.ts';
import { Latencies } from '../../src/core/latencies.ts';
import { silentLog } from '../../src/core/log.ts';
import { buildCti } from '../../src/cti/index.ts';
import { parseConfig } from '../../src/config/config.ts';
import { Dialling } from '../../src/dialling/index.ts';
import { FlowLibrary } from '../../src/content/index.ts';
import { FlowRunner } from '../../src/ivr/index.ts';
import { Messaging } from '../../src/messaging/index.ts';
import { buildOutbound, createGuide } from '../../src/outbound/index.ts';
import { createRecordings } from '../../src/recording/index.ts';

const paymentUrl = 'https://pay.example.com/';

/** Agents of a service that has no switch. */
export function agentsOf({
  db,
  clock,
  events,
  recordingsDir,
  trunks,
}: {
  db: Pool;
  clock: Clock;
  events: Backbone['events'];
  recordingsDir: string;
  trunks: readonly string[];
}) {
  const log = silentLog();
  const board = new MemoryBoard(log);
  const recordings = createRecordings(db, clock, recordingsDir);
  const cti = buildCti({
    db,
    clock,
    log,
    nodes: [],
    deadManSec: 30,
    installation: 'api-test',
    switchVariables: () => Promise.resolve({}),
  });
  const speechless = () => Promise.reject(new Error('there is no voice without a telephone'));
  const silent = { render: speechless, renderAhead: speechless, beep: speechless };
  const tts = { ...silent, close: () => Promise.resolve() };
  const latencies = new Latencies();
  const { policy, spendAlarm } = parseConfig({}, false).dialling;
  const dialling = new Dialling({ db, clock, log, policy, spendAlarm });
  const agents = buildAgents({
    ...{ db, clock, log, cti, events },
    sound: {
      tts,
      tunes: { music: '', ringback: '' },
      recordings,
    },
    outside: { trunks, dialling },
    screens: { board, latencies },
  });
  return { board, recordings, cti, latencies, dialling, agents, tts };
}

/** What the API works with when there is no telephone behind it. */
export async function apiParts({
  db,
  clock,
  backbone,
  recordingsDir,
}: {
  db: Pool;
  clock: Clock;
  backbone: Backbone;
  recordingsDir: string;
}) {
  const log = silentLog();
  await seedQueues(db, true);
  const parts = agentsOf({ db, clock, events: backbone.events, recordingsDir, trunks: [] });
  const { board, recordings, cti, latencies, dialling, agents, tts } = parts;
  await agents.start();
  await agents.lead();
  const flows = new FlowLibrary(db);
  const messages = new Messaging({
    ...{ db, clock, log, mail: undefined, sms: undefined },
    limits: { perAddress: 10, perSecond: 100 },
  });
  const writing = { messaging: messages, smsSign: undefined, paymentUrl };
  const guide = createGuide({ db, clock, log, ...writing });
  const runner = new FlowRunner({
    records: { db, clock, recordings },
    ...{ tts, flows, log, outbound: guide },
  });
  const outbound = buildOutbound({
    ...{ db, clock, log, cti, events: backbone.events },
    speech: { runner, flows, guide, recordings, dir: recordingsDir },
    limits: {
      agents: { state: (queueId) => Promise.resolve(agents.strengthOf(queueId)) },
      ...{ dialling, callsPerSecond: 1 },
    },
    jobs: {
      prepare: (campaignId) => backbone.jobs.add('campaign.prepare', { campaignId }),
      fallBack: (contactId) => backbone.jobs.add('contact.fallBack', { contactId }),
    },
  });
  const sealer = createSealer(Buffer.alloc(32, 1));
  const { pop, offer } = latencies;
  const metrics = [pop, offer, dialling.metric, messages.metric];
  const telephones = {
    account: phoneAccounts('ws://127.0.0.1:5066', '127.0.0.1'),
    directorySecret: 'a-test-secret',
    demoPhones: 'open',
    outsideCalls: 'none',
  } as const;
  const carriers = {
    receiptSecret: 'a-secret-of-the-gateway',
    mailSecret: 'a-secret-of-the-post',
  };
  return {
    ...{ board, agents },
    parts: { db, clock, log, sealer, link: backbone.link, screens: { board, latencies } },
    wings: [
      wings.system({ cti, backbone, outsideCalls: 'none', metrics }),
      wings.organisation(sealer),
      ...wings.records,
      wings.carriers({ inbox: messages.inbox, ...carriers }),
      wings.faxes({ faxesDir: recordingsDir }),
      wings.agents({ agents, recordings, phones: telephones }),
      wings.campaigns({ outbound, flows, texts: writing }),
    ],
  };
}
