/**
 * Measures what docs/performance.md promises: `npm run bench`, or `npm run bench -- ivr-cpu …` for
 * some of it. `--quick` takes fewer calls: to see that it runs. Exit code 1 when a limit is missed.
 */
import os from 'node:os';
import type { Bench, Figure } from './figure.ts';
import { agentsDay } from './agents/day.ts';
import { agentsOffer } from './agents/offer.ts';
import { agentsPop } from './agents/pop.ts';
import { campaignCost } from './campaign-cost.ts';
import { campaignHomes } from './campaign-homes.ts';
import { campaigns } from './campaigns.ts';
import { campaignsPredictive } from './campaigns-predictive.ts';
import { fuzz } from './fuzz/soak.ts';
import { ivr } from './ivr.ts';
import { ivrCpu } from './ivr-cpu.ts';
import { ivrLegs } from './ivr-legs.ts';
import { startUp } from './start-up.ts';
import { webSize } from './web-size.ts';
import { stopTestServer } from '../test/support/database.ts';

const benches: Readonly<Record<string, Bench>> = {
  ivr,
  'ivr-cpu': ivrCpu,
  'ivr-legs': ivrLegs,
  'start-up': startUp,
  'web-size': webSize,
  'campaign-cost': campaignCost,
  'campaign-homes': campaignHomes,
  campaigns,
  'campaigns-predictive': campaignsPredictive,
  'agents-pop': agentsPop,
  'agents-offer': agentsOffer,
  'agents-day': agentsDay,
  fuzz,
};

/** They need programs that `npm install` does not bring, or minutes. */
const onlyByName: readonly string[] = ['ivr', 'fuzz'];

const isQuick = process.argv.includes('--quick');
const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(
    `there is no bench ${unknown.join(', ')}; choose from ${Object.keys(benches).join(', ')}\n`,
  );
  process.exit(2);
}

const figures: Figure[] = [];
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 ? !wanted.includes(name) : onlyByName.includes(name)) continue;
  const tell = (what: string) => void process.stdout.write(`${name}: ${what}\n`);
  figures.push(...[await bench({ isQuick, tell })].flat());
}

const [cpu] = os.cpus();
process.stdout.write(
  `\n${os.cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, load ${os.loadavg()[0]?.toFixed(1) ?? '?'}, Node ${process.version}${isQuick ? ', --quick' : ''}\n\n`,
);
const width = Math.max(...figures.map((one) => one.what.length));
for (const { what, measured, limit, isMet, notes } of figures) {
  process.stdout.write(
    `${isMet ? 'ok    ' : 'MISSED'} ${what.padEnd(width)}  ${measured}  (limit ${limit})\n`,
  );
  for (const note of notes) process.stdout.write(`         ${note}\n`);
}
await stopTestServer();
process.exit(figures.every((one) => one.isMet) ? 0 : 1);
