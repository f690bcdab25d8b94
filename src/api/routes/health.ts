import type { Health } from '../../contract/health.ts';
import type { DiskState, RelayState } from '../../contract/codes.ts';
import type { JobsState } from '../../core/jobs/jobs.ts';
import type { Cti } from '../../cti/index.ts';
import { Counter, Gauge, type Registry, collectDefaultMetrics } from 'prom-client';
import { isAnswering, withoutSites } from '../../db/index.ts';
import type { RouteParts, Server } from '../api.types.ts';
import { route } from '../route.ts';
import { ignore } from '../../core/ignore.ts';

export interface HealthParts {
  cti: Pick<Cti, 'calls' | 'nodes'>;
  backbone: {
    state(): Promise<{
      jobs: JobsState;
      messages: { store: 'postgres' | 'redis'; state: 'up' | 'down' };
      events: { state: RelayState };
    }>;
  };
  /** Room for recordings; left out where there are none. */
  diskWatch?: { readonly disk: { state: DiskState; freeMb: number } };
  /** Where calls to numbers outside go. */
  outsideCalls: Health['outsideCalls'];
  /** Days whose calls, orders and campaigns are made up; left out where there are none. */
  demoHistory?: () => Promise<NonNullable<Health['demoHistory']> | undefined>;
  /** What the parts count themselves. */
  metrics: readonly Parameters<Registry['registerMetric']>[0][];
}

export function healthRoutes(
  server: Server,
  { db, registry }: RouteParts,
  { cti, backbone, diskWatch, ...told }: HealthParts,
): void {
  const { outsideCalls, demoHistory, metrics } = told;
  collectDefaultMetrics({ register: registry });
  for (const metric of metrics) registry.registerMetric(metric);
  new Gauge({
    name: 'lingting_calls_live',
    help: 'Calls that live now',
    registers: [registry],
    collect() {
      this.set(cti.calls.length);
    },
  });
  new Gauge({
    name: 'lingting_switch_connected',
    help: '1 while the switch is connected',
    labelNames: ['node'],
    registers: [registry],
    collect() {
      for (const { name, isConnected } of cti.nodes) this.set({ node: name }, Number(isConnected));
    },
  });
  new Gauge({
    name: 'lingting_switch_audio_flowing',
    help: '1 while the switch sends and receives audio in time',
    labelNames: ['node'],
    registers: [registry],
    collect() {
      for (const { name, isConnected, audio } of cti.nodes) {
        const flows = audio.state === 'flowing' || audio.state === 'unknown';
        this.set({ node: name }, Number(isConnected && flows));
      }
    },
  });
  new Gauge({
    name: 'lingting_switch_audio_faults',
    help: 'What went wrong with audio since the switch was started, by kind',
    labelNames: ['node', 'kind'],
    registers: [registry],
    collect() {
      for (const { name, audio } of cti.nodes) {
        for (const [kind, count] of Object.entries(audio.counts)) {
          this.set({ node: name, kind }, count);
        }
      }
    },
  });
  new Gauge({
    name: 'lingting_disk_free_bytes',
    help: 'Free bytes on the disk of the data folder',
    registers: [registry],
    collect() {
      if (diskWatch !== undefined) this.set(diskWatch.disk.freeMb * 1024 * 1024);
    },
  });
  new Counter({
    name: 'lingting_switch_refused_total',
    help: 'What the limits of the embedded switch on one address refused, since its start',
    labelNames: ['node', 'reason'],
    registers: [registry],
    async collect() {
      const counts = await Promise.all(
        cti.nodes.map(async (one) => [one.name, await one.refusals()] as const),
      );
      this.reset();
      for (const [node, byReason] of counts) {
        for (const [reason, count] of Object.entries(byReason)) this.inc({ node, reason }, count);
      }
    },
  });
  route(server, 'GET /health', async (_request, reply) => {
    const disk = diskWatch?.disk ?? { state: 'ok' as const, freeMb: 0 };
    const database = await isAnswering(withoutSites(db, 'whether it answers'));
    const switches = cti.nodes.map(({ name, isConnected, isStandby, audio }) => ({
      name,
      state: isConnected ? ('up' as const) : isStandby ? ('standby' as const) : ('down' as const),
      audio: isConnected ? audio.state : ('unknown' as const),
    }));
    const isReady =
      database && switches.some((one) => one.state === 'up' && one.audio !== 'stopped');
    const asked = database ? demoHistory?.() : undefined;
    const madeUp =
      asked === undefined ? undefined : await ignore(asked, 'health is told without it');
    const { jobs, messages, events } = await backbone.state();
    const isWhole =
      [jobs.state, messages.state].every((state) => state === 'up') &&
      events.state !== 'down' &&
      disk.state === 'ok' &&
      switches.every(({ state, audio }) => state !== 'down' && audio !== 'stopped');
    return reply.status(isReady ? 200 : 503).send({
      status: isReady ? 'ready' : 'not_ready',
      colour: !isReady ? 'red' : isWhole ? 'green' : 'yellow',
      parts: { database: database ? 'up' : 'down', switches, jobs, messages, events, disk },
      liveCalls: cti.calls.length,
      outsideCalls,
      demoHistory: madeUp ?? null,
    });
  });
  route(server, 'GET /metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
