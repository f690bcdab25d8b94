import { createSocket, type Socket } from 'node:dgram';
import { dial } from '../../scripts/phone/caller.ts';
import { toneShare } from '../../scripts/phone/ear.ts';
import { until } from '../../src/core/concurrency/wait.ts';
import { EslConnection, type EslEvent } from '../../src/cti/esl/connection.ts';
import { decodeWav, toneSource } from '../../src/switch/rtp/index.ts';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { RawPhone, rawSdp } from '../../test/support/raw-sip.ts';
import type { SoakSwitch } from './soak-switch.ts';

/** A call that is kept up while it is attacked, with the audio socket of its telephone. */
export interface KeptCall {
  phone: RawPhone;
  audio: Socket;
  /** Where the switch hears it. */
  rtpPort: number;
}

/** Calls that nonsense began live so long. */
const strangersMs = 1500;

/** Leads the calls as the service would: keeps those of ours with audio, and ends all others after a while. */
export class Leader {
  readonly esl: EslConnection;
  readonly #kept = new Set<string>();
  readonly #uuids = new Map<string, { uuid: string; since: number }>();
  readonly #sweeper: NodeJS.Timeout;

  private constructor(esl: EslConnection) {
    this.esl = esl;
    this.#sweeper = setInterval(() => this.#sweep(), 250);
  }

  static async open({ eslPort, password }: SoakSwitch): Promise<Leader> {
    const box: { leader?: Leader } = {};
    const address = { host: '127.0.0.1', port: eslPort, password };
    const esl = await EslConnection.open(address, (event) => box.leader?.onEvent(event));
    box.leader = new Leader(esl);
    await esl.subscribe(['CHANNEL_CREATE', 'CHANNEL_PARK', 'CHANNEL_DESTROY', 'DTMF'], []);
    return box.leader;
  }

  keep(callId: string): void {
    this.#kept.add(callId);
  }

  uuidOf(callId: string): string | undefined {
    return this.#uuids.get(callId)?.uuid;
  }

  /** Of calls that nonsense began. */
  get strangers(): string[] {
    return [...this.#uuids].filter(([id]) => !this.#kept.has(id)).map(([, { uuid }]) => uuid);
  }

  onEvent(event: EslEvent): void {
    const uuid = event['Unique-ID'] ?? '';
    const callId = event['variable_sip_call_id'] ?? uuid;
    if (event['Event-Name'] === 'CHANNEL_DESTROY') this.#uuids.delete(callId);
    else if (event['Event-Name'] !== 'DTMF' && !this.#uuids.has(callId)) {
      this.#uuids.set(callId, { uuid, since: Date.now() });
    }
  }

  /** Ends every call, and waits until none is left. */
  async endAll(): Promise<void> {
    await until(
      'all calls to end',
      async () => {
        await this.esl.api('hupall');
        return /\b0 total/.test(await this.esl.api('show channels count'));
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    this.#kept.clear();
    this.#uuids.clear();
  }

  close(): void {
    clearInterval(this.#sweeper);
    this.esl.close();
  }

  #sweep(): void {
    if (this.esl.closed.aborted) return;
    for (const [callId, { uuid, since }] of this.#uuids) {
      if (this.#kept.has(callId) || Date.now() - since < strangersMs) continue;
      this.#uuids.delete(callId);
      this.esl.api(`uuid_kill ${uuid}`).catch(() => undefined);
    }
  }
}

/** A call of the trunk with audio; of two in turn one hears a tone and is recorded, the other talks to the next. */
export async function keepCall(soaked: SoakSwitch, leader: Leader): Promise<KeptCall> {
  const phone = await RawPhone.open({
    user: '13800000001',
    switchPort: soaked.sipPort,
    number: '4000',
  });
  leader.keep(phone.callId);
  const audio = createSocket('udp4');
  await new Promise<void>((resolve) => audio.bind(0, '127.0.0.1', resolve));
  audio.on('message', () => undefined);
  const answer = await phone.request('INVITE', { body: rawSdp(audio.address().port) });
  const rtpPort = Number(/^m=audio (\d+)/m.exec(answer.body)?.[1] ?? 0);
  const uuid = await until('the leg of a call', () => leader.uuidOf(phone.callId));
  await leader.esl.api(`sched_del ${uuid}`);
  const record = path.join(soaked.dir, `${uuid}.wav`);
  await leader.esl.sendMessage({ uuid, application: 'record_session', argument: record });
  await leader.esl.sendMessage({
    uuid,
    application: 'endless_playback',
    argument: 'tone_stream://%(800,100,500)',
  });
  return { phone, audio, rtpPort };
}

export async function bridgeCalls(leader: Leader, a: KeptCall, b: KeptCall): Promise<void> {
  const [one, other] = [leader.uuidOf(a.phone.callId), leader.uuidOf(b.phone.callId)];
  await leader.esl.api(`uuid_bridge ${one ?? ''} ${other ?? ''}`);
}

/** A normal call from the trunk: whether each side hears the other's tone. */
export async function normalCall(soaked: SoakSwitch, leader: Leader): Promise<string | undefined> {
  const caller = await dial({
    number: '4000',
    from: '13900000001',
    host: '127.0.0.1',
    port: soaked.sipPort,
  });
  try {
    const uuid = await until('its leg', () => newest(leader));
    await leader.esl.api(`sched_del ${uuid}`);
    const record = path.join(soaked.dir, 'normal.wav');
    await leader.esl.api(`uuid_record ${uuid} start ${record}`);
    await leader.esl.sendMessage({
      uuid,
      application: 'playback',
      argument: 'tone_stream://%(3000,0,1000)',
    });
    const tone = toneSource('%(2500,0,600)');
    if (tone !== undefined) await caller.say(tone);
    const heard = () => toneShare(caller.ear.samples(), 1000);
    await until('the tone', () => heard() > 0.3, { timeoutMs: 20_000, everyMs: 200 }).catch(
      () => undefined,
    );
    const heardHere = heard();
    await leader.esl.api(`uuid_record ${uuid} stop ${record}`);
    await leader.esl.api(`uuid_kill ${uuid}`);
    await until('its end', () => caller.end !== undefined, { timeoutMs: 20_000 });
    const heardThere = toneShare(decodeWav(readFileSync(record)), 600);
    return heardHere > 0.3 && heardThere > 0.1
      ? undefined
      : `the caller heard ${heardHere.toFixed(2)} of its tone, the switch ${heardThere.toFixed(2)}`;
  } finally {
    await caller.close();
  }
}

async function newest(leader: Leader): Promise<string | undefined> {
  const text = await leader.esl.api('show channels as json');
  const { rows = [] } = JSON.parse(text) as { rows?: { uuid: string; cid_num: string }[] };
  return rows.find((one) => one.cid_num === '13900000001')?.uuid;
}
