import { createServer, connect, type Server, type Socket } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { silentLog } from '../src/core/log.ts';
import { startPostgres } from '../src/local/postgres.ts';
import { openCarrier } from '../test/support/carrier.ts';
import { noonZone } from '../test/support/campaigns.ts';
import { startFreeswitch } from '../test/support/freeswitch.ts';
import { payDuring, type PayersLedger } from '../test/support/payers.ts';
import { startRedis } from '../test/support/redis.ts';
import { startService } from '../test/support/service.ts';
import { storm, type StormOptions } from '../test/support/storm.ts';
import type { Bench, Figure } from './figure.ts';

const outageMs = 30_000;

/**
 * 5,000 contacts at 30 calls a second while the service is killed ten times at random moments and its
 * database and its Redis are each away for 30 s. Prints the ledger; every broken promise is a fault.
 * On the embedded switch, or on the FreeSWITCH that FREESWITCH_BIN names.
 */
export const campaigns: Bench = async ({ isQuick, tell }) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'lingting-bench-'));
  const start = () => startPostgres({ dataDir, log: silentLog(), isDurable: true });
  let postgres = await start();
  const gate = await openGate(postgres.url);
  process.env['TEST_POSTGRES_URL'] = gate.url;
  const redis = await startRedis();
  const freeswitch =
    process.env['FREESWITCH_BIN'] === undefined ? undefined : await startFreeswitch();
  // Its gateway leads to a port that was chosen at its start.
  process.env['FREESWITCH_CARRIER'] = freeswitch?.env['FREESWITCH_CARRIER'] ?? '0';
  if (freeswitch !== undefined) tell(freeswitch.version);
  const carrier = await openCarrier({}, 2000);
  const service = await startService({
    TRUNKS: `trunk=127.0.0.1:${carrier.port}`,
    CALLS_PER_SECOND: '30',
    LOG_LEVEL: 'warn',
    ...(freeswitch === undefined ? {} : { ESL_URLS: freeswitch.env['FREESWITCH_ESL'] ?? '' }),
    ...(typeof redis === 'string' ? {} : { REDIS_URL: redis.url }),
  });
  const contacts = isQuick ? 200 : 5000;
  const harms: StormOptions['harms'][number][] = [];
  const kill = async () => {
    await service.kill();
    await service.start();
  };
  for (let at = 1; at <= (isQuick ? 2 : 10); at += 1) {
    harms.push({ afterCalls: Math.floor(Math.random() * contacts), what: 'killed', do: kill });
  }
  harms.push({
    afterCalls: Math.floor(contacts * 0.35),
    what: 'Postgres is away',
    do: async () => {
      gate.cut();
      await postgres.stop();
      await delay(outageMs);
      postgres = await start();
      gate.lead(postgres.url);
    },
  });
  if (typeof redis !== 'string') {
    harms.push({
      afterCalls: Math.floor(contacts * 0.7),
      what: 'Redis is away',
      do: () => redis.restart(outageMs),
    });
  }
  harms.sort((a, b) => a.afterCalls - b.afterCalls);
  try {
    const ledger = await storm(service, carrier, {
      contacts,
      callsPerSecond: 30,
      maxLines: 200,
      harms,
      timeoutMs: 1_800_000,
      tell,
    });
    tell(`ledger: ${JSON.stringify({ ...ledger, faults: ledger.faults.length }, null, 2)}`);
    for (const fault of ledger.faults.slice(0, 20)) tell(fault);
    await service.database.db.updateTable('estate').set({ timeZone: noonZone() }).execute();
    const payers = await payDuring(service, carrier, { homes: isQuick ? 20 : 60, building: '77' });
    tell(`payers: ${JSON.stringify({ ...payers, faults: payers.faults.length })}`);
    for (const fault of payers.faults.slice(0, 20)) tell(fault);
    const through: Figure = {
      what: `campaign through kills and outages, ${freeswitch === undefined ? 'embedded switch' : 'FreeSWITCH'}`,
      measured: `${ledger.faults.length} faults in ${ledger.contacts} contacts`,
      limit: '0 faults',
      isMet: ledger.faults.length === 0,
      notes: [
        `${ledger.rang} calls in ${ledger.seconds.toFixed(0)} s, ${harms.length} harms`,
        ...(typeof redis === 'string' ? [`without Redis: ${redis}`] : []),
      ],
    };
    return [through, paid(payers)];
  } finally {
    await service.stop();
    await carrier.close();
    await freeswitch?.stop();
    gate.close();
    await postgres.stop();
    delete process.env['TEST_POSTGRES_URL'];
    if (typeof redis !== 'string') await redis.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

function paid({
  homes,
  paidWaiting,
  paidRinging,
  latestCallMs,
  longestRingMs,
  faults,
}: PayersLedger): Figure {
  return {
    what: 'homes that pay while they are called',
    measured: `${faults.length} faults in ${homes}; it rang on for ${longestRingMs} ms at most`,
    limit: '0 faults: no call that begins later than 1 s after the payment, silence within 2 s',
    isMet: faults.length === 0,
    notes: [
      `${paidWaiting} paid before it rang, ${paidRinging} while it rang; ${
        latestCallMs === null
          ? 'no call began after a payment'
          : `the latest call began ${latestCallMs} ms after the payment`
      }`,
    ],
  };
}

interface Gate {
  url: string;
  /** Ends every connection and takes none. */
  cut(): void;
  lead(url: string): void;
  close(): void;
}

/** One address for a database that comes back on another port. */
async function openGate(url: string): Promise<Gate> {
  let target: number | undefined = Number(new URL(url).port);
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (target === undefined) {
      socket.destroy();
      return;
    }
    const inner = connect(target, '127.0.0.1');
    inner.on('error', () => socket.destroy());
    for (const one of [socket, inner]) {
      open.add(one);
      one.once('close', () => {
        open.delete(one);
        socket.destroy();
        inner.destroy();
      });
    }
    socket.pipe(inner).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const own = new URL(url);
  own.port = String(typeof address === 'object' ? (address?.port ?? 0) : 0);
  return {
    url: own.href,
    cut() {
      target = undefined;
      for (const socket of [...open]) socket.destroy();
    },
    lead(to) {
      target = Number(new URL(to).port);
    },
    close() {
      for (const socket of [...open]) socket.destroy();
      server.close();
    },
  };
}
