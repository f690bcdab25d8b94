import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../src/core/log.ts';
import { createTts } from '../../src/tts/index.ts';
import { dial, type Caller } from '../../scripts/phone/caller.ts';
import { playScript } from '../../scripts/phone/play-script.ts';
import { parseScript } from '../../scripts/phone/script.ts';
import type { Service } from './service.ts';
import { until } from './until.ts';

export interface Order {
  number: string;
  kind: string;
  category: string;
  roomId: string | null;
  callId: string;
  recordings: { id: string; durationMs: number }[];
}

/** Dials, and does what the script says. */
export async function call(
  service: Service,
  from: string,
  keys: string,
  number = '4000',
): Promise<Caller> {
  const caller = await dial({ number, from, host: '127.0.0.1', port: service.sipPort });
  service.callers.add(caller);
  await playScript(caller, parseScript(keys), { gapMs: 500 });
  return caller;
}

/** Orders of that caller. */
export async function ordersOf(service: Service, number: string): Promise<Order[]> {
  const token = await service.token();
  const reply = await service.api('/work-orders?limit=200', { token });
  if (!reply.ok) throw new Error(`work orders: ${await reply.text()}`);
  const { items } = (await reply.json()) as { items: (Order & { contactNumber: string })[] };
  return items.filter((one) => one.contactNumber === number);
}

/** The same, as soon as there is one. */
export function madeOrders(service: Service, number: string): Promise<Order[]> {
  return until(
    `the order of ${number}`,
    async () => {
      const found = await ordersOf(service, number);
      return found.length > 0 && found;
    },
    { everyMs: 500 },
  );
}

/** What the switch has written of spoken messages, whole or under way. */
export function recordingFiles(service: Service): string[] {
  const folder = path.join(service.dataDir, 'recordings');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.wav'));
}

/** Size of the recording that was begun last. */
export function newestRecordingBytes(service: Service): number {
  const sizes = recordingFiles(service)
    .map((name) => statSync(path.join(service.dataDir, 'recordings', name)))
    .toSorted((one, other) => other.birthtimeMs - one.birthtimeMs);
  return sizes[0]?.size ?? 0;
}

/** Until the rows of every call and leg say that they have ended. */
export function everyRowClosed({ database }: Service): Promise<boolean> {
  return until('every row to be closed', async () => {
    const open = await database.db
      .selectFrom('call')
      .innerJoin('callLeg', 'callLeg.callId', 'call.id')
      .select('callLeg.id')
      .where((row) => row.or([row('call.endedAt', 'is', null), row('callLeg.endedAt', 'is', null)]))
      .execute();
    return open.length === 0;
  });
}

/** The file in which the product would say that. */
export async function says(service: Service, text: string, language: 'zh-CN' | 'en' = 'zh-CN') {
  const tts = await createTts({
    providers: ['espeak'],
    http: undefined,
    googleHost: '',
    sherpaDir: undefined,
    recordedDir: undefined,
    cacheDir: path.join(service.dataDir, 'prompts'),
    log: silentLog(),
  });
  return tts.render({ text, language });
}
