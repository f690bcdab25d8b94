import t, { type Test } from 'tap';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openTelephone, type Caller } from '../../scripts/phone/caller.ts';
import { toneShare } from '../../scripts/phone/ear.ts';
import { speechLike } from '../../scripts/phone/voice.ts';
import { formats } from '../../src/content/flows/speech.ts';
import { hashPin, unpaidBills } from '../../src/property/index.ts';
import { decodeWav } from '../../src/switch/rtp/index.ts';
import { ordersOf, says } from '../support/calls.ts';
import { likeness } from '../support/hearing.ts';
import { startService, type Service } from '../support/service.ts';
import { until } from '../support/until.ts';

const isOurs = process.env['FREESWITCH_ESL'] === undefined;
/**
 * Of those who report a fault, so that no two are taken for one. Whoever hums at 1,100 Hz calls with a fax
 * machine (ITU-T T.30).
 */
const pitches = Array.from({ length: 39 }, (_, index) => 500 + 40 * index)
  .filter((hz) => Math.abs(hz - 1100) > 80)
  .slice(0, 34);
const patience = { timeoutMs: 90_000, everyMs: 100 };

/** What a caller does, until it has what it came for; it hangs up itself. */
interface Part {
  from: string;
  play: (caller: Caller) => Promise<void>;
  check: (t: Test, caller: Caller) => Promise<void>;
}

void t.test('given a hundred callers at once, then each gets what is theirs', async (t) => {
  const service = await startService();
  const telephone = await openTelephone();
  t.teardown(async () => {
    await telephone.close();
    await service.stop();
  });
  const before = isOurs ? openFiles(service) : 0;
  const recording = new Set<string>();
  const parts = [
    ...(await billParts(service, 33)),
    ...Array.from({ length: 34 }, (_, index) => repairPart(service, index, recording)),
    ...Array.from({ length: 33 }, (_, index) => englishPart(service, index)),
  ];
  let peak = 0;
  // One who looks for all: a hundred who look for themselves would be the load that is measured.
  const watch = setInterval(() => {
    void liveCalls(service).then((count) => (peak = Math.max(peak, count)));
    void recordedNumbers(service).then((numbers) => {
      for (const number of numbers) recording.add(number);
    });
  }, 200);
  const callers = await Promise.all(
    mixed(parts).map(async (part, at) => {
      await delay(at * 60);
      const caller = await telephone.dial({
        ...{ number: '4000', from: part.from, host: '127.0.0.1', port: service.sipPort },
      });
      await part.play(caller);
      // Everybody stays until the last one has come.
      await until('all to be there', () => peak >= parts.length, patience);
      caller.hangup();
      return { part, caller };
    }),
  );
  clearInterval(watch);
  await Promise.all(callers.map(({ caller }) => caller.close()));
  for (const { part, caller } of callers) await part.check(t, caller);

  await until('all calls to be over', async () => (await liveCalls(service)) === 0, patience);
  await until('all rows to say so', async () => (await openRows(service)) === 0, patience);
  if (isOurs) {
    // Its own connections, to the service and the directory, come and go; a call has two files at least.
    await until(
      'the switch to close what it opened',
      () => openFiles(service) <= before + 10,
      patience,
    );
  }
});

/** Owners with one home and bills; each hears the own amounts after the PIN. */
async function billParts(service: Service, count: number): Promise<Part[]> {
  const { db } = service.database;
  const pinHash = await hashPin('8642');
  const homes = await db
    .selectFrom('personPhone')
    .innerJoin('occupancy', 'occupancy.personId', 'personPhone.personId')
    .where('occupancy.validTo', 'is', null)
    .groupBy('personPhone.number')
    .having((having) => having.fn.countAll<number>(), '=', 1)
    .select((select) => [
      'personPhone.number',
      select.fn.min<string>(select.cast('occupancy.roomId', 'text')).as('roomId'),
      select.fn.min<string>(select.cast('personPhone.personId', 'text')).as('personId'),
    ])
    .execute();
  const parts: Part[] = [];
  for (const { number, roomId, personId } of homes) {
    if (parts.length === count) break;
    const [bill] = await unpaidBills(db, roomId);
    if (bill === undefined) continue;
    await db.updateTable('person').set({ pinHash }).where('id', '=', personId).execute();
    parts.push({
      from: number,
      play: async (caller) => {
        await caller.press('1');
        await heardMore(caller, 500);
        await caller.press('8642#');
        await heardMore(caller, 9000);
      },
      check: async (t, caller) => {
        const { kind, period, amountFen } = bill;
        const amount = await says(service, formats.bills([{ kind, period, amountFen }], 'zh-CN'));
        t.ok(likeness(caller.received.samples(), amount) > 0.9, `${number} hears the own amount`);
      },
    });
  }
  return parts;
}

/** A stranger who reports a fault, each at another pitch. */
function repairPart(service: Service, index: number, recording: ReadonlySet<string>): Part {
  const from = `1371235${String(1000 + index)}`;
  const hz = pitches[index] ?? 0;
  const kinds = ['water', 'electricity', 'gas', 'house', 'other'] as const;
  const kind = index % kinds.length;
  return {
    from,
    play: async (caller) => {
      await caller.press('2');
      await heardMore(caller, 500);
      await caller.press(String(kind + 1));
      await until('the recorder', () => recording.has(from), patience);
      await until('the end of the tone', () => caller.ear.silentMs >= 200, patience);
      await caller.say(speechLike(3000, hz));
      await caller.press('#');
      await heardMore(caller, 2000);
    },
    check: async (t) => {
      const orders = await ordersOf(service, from);
      t.equal(orders.length, 1, `${from} made one order`);
      t.match(orders[0], { kind: 'repair', category: kinds[kind] });
      const token = await service.token();
      const id = orders[0]?.recordings[0]?.id ?? '';
      const audio = await service.api(`/recordings/${id}/audio`, { token });
      const samples = decodeWav(Buffer.from(await audio.arrayBuffer()));
      const shares = pitches.map((one) => toneShare(samples.subarray(4000, 20_000), one));
      t.equal(pitches[shares.indexOf(Math.max(...shares))], hz, `${from} is in the recording`);
    },
  };
}

function englishPart(service: Service, index: number): Part {
  const from = `1371236${String(1000 + index)}`;
  return {
    from,
    play: async (caller) => {
      await caller.press('8');
      await heardMore(caller, 7000);
    },
    check: async (t, caller) => {
      const english = await says(service, 'For repairs, press 2.', 'en');
      const alike = likeness(caller.received.samples(), english);
      t.ok(alike > 0.9, `${from} hears English`);
    },
  };
}

async function heardMore(caller: Caller, ms: number): Promise<void> {
  const { soundMs } = caller.ear;
  await until('more to be heard', () => caller.ear.soundMs - soundMs >= ms, patience);
}

/** One of each kind in turn. */
function mixed(parts: readonly Part[]): Part[] {
  return parts.toSorted((one, other) => (parts.indexOf(one) % 33) - (parts.indexOf(other) % 33));
}

async function liveCalls(service: Service): Promise<number> {
  const health = (await (await service.api('/health')).json()) as { liveCalls: number };
  return health.liveCalls;
}

/** Callers whose voice is recorded, or was. */
async function recordedNumbers(service: Service): Promise<string[]> {
  const rows = await service.database.db
    .selectFrom('recording')
    .innerJoin('call', 'call.id', 'recording.callId')
    .select('call.callerNumber')
    .execute();
  return rows.map(({ callerNumber }) => callerNumber);
}

async function openRows(service: Service): Promise<number> {
  const { open } = await service.database.db
    .selectFrom('call')
    .where('endedAt', 'is', null)
    .select((select) => select.fn.countAll<number>().as('open'))
    .executeTakeFirstOrThrow();
  return open;
}

/** File descriptors, sockets among them, of the switch's process (Linux). */
function openFiles(service: Service): number {
  const ready = readFileSync(path.join(service.dataDir, 'switch', 'ready.json'), 'utf8');
  return readdirSync(`/proc/${(JSON.parse(ready) as { pid: number }).pid}/fd`).length;
}
