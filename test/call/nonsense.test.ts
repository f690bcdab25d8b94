import t from 'tap';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { until } from '../support/until.ts';
import { call } from '../support/calls.ts';
import { startService } from '../support/service.ts';

const valid = `INVITE sip:4000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx\r\nFrom: <sip:1@127.0.0.1>;tag=a\r\nTo: <sip:4000@127.0.0.1>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n`;

/** Noise, and messages with one stretch cut out, doubled or overwritten. */
function nonsense(count: number): Buffer[] {
  const noise = fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => Buffer.from(bytes));
  const damaged = fc
    .tuple(fc.nat(valid.length), fc.nat(60), fc.string({ maxLength: 20 }))
    .map(([at, length, put]) => Buffer.from(valid.slice(0, at) + put + valid.slice(at + length)));
  return fc.sample(fc.oneof(noise, damaged), count);
}

const isOther = process.env['FREESWITCH_ESL'] !== undefined;
const skip = isOther ? 'about our own switch' : false;

void t.test('a switch that is maltreated', { skip }, async (t) => {
  const service = await startService();
  t.teardown(() => service.stop());

  await t.test(
    'given 10,000 broken SIP datagrams and event-socket frames, then it still answers',
    async (t) => {
      const socket = createSocket('udp4');
      for (const [at, bytes] of nonsense(10_000).entries()) {
        socket.send(bytes, service.sipPort, '127.0.0.1');
        // As fast as the kernel takes them, without filling its buffer in one go.
        if (at % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      socket.close();
      const ready = readFileSync(path.join(service.dataDir, 'switch', 'ready.json'), 'utf8');
      const { eslPort } = JSON.parse(ready) as { eslPort: number };
      for (let round = 0; round < 20; round += 1) {
        const esl = connect(eslPort, '127.0.0.1');
        esl.on('error', () => undefined);
        for (const bytes of nonsense(500)) if (esl.writable) esl.write(bytes);
        await new Promise<void>((resolve) => {
          esl.end(() => resolve());
          esl.once('close', () => resolve());
        });
        esl.destroy();
      }
      const health = await service.api('/health');
      t.equal(health.status, 200);
      const caller = await call(service, '13712341111', '!2,!1');
      await until('the menu to be heard', () => caller.ear.soundMs > 500);
      caller.hangup();
      await caller.close();
    },
  );

  await t.test(
    'given a switch that stands still, then health says that nobody hears anything',
    async (t) => {
      const caller = await call(service, '13712341112', '');
      await until('the menu to be heard', () => caller.ear.soundMs > 500);
      const ready = readFileSync(path.join(service.dataDir, 'switch', 'ready.json'), 'utf8');
      const { pid } = JSON.parse(ready) as { pid: number };
      const health = async () => {
        const reply = await service.api('/health');
        const { parts } = (await reply.json()) as { parts: { switches: { audio: string }[] } };
        return `${reply.status} ${parts.switches[0]?.audio}`;
      };
      process.kill(pid, 'SIGSTOP');
      try {
        await until('health to say so', async () => (await health()) === '503 stopped');
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await until('the gap to be told', async () => (await health()) === '200 late');
      const before = caller.ear.soundMs;
      await until('the caller to hear again', () => caller.ear.soundMs > before + 500);
      const metrics = await (await service.api('/metrics')).text();
      t.match(metrics, /lingting_switch_audio_faults{node="[^"]+",kind="stalls"} [1-9]/);
      caller.hangup();
      await caller.close();
    },
  );
});
