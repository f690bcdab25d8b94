import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { openTrunkPhone } from '../support/callee.ts';
import { startService } from '../support/service.ts';
import { openTalks } from '../support/talks.ts';
import { until } from '../support/until.ts';

/** A disk of two megabytes. */
const dir = mkdtempSync(path.join(tmpdir(), 'lingting-disk-'));
const isMounted = mount();
const isForeign = process.env['FREESWITCH_ESL'] !== undefined;
const skip = isForeign
  ? 'about the recorder of the embedded switch'
  : isMounted
    ? false
    : 'needs the right to mount a small disk';

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', dir], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

void t.test('a disk that is full', { skip }, async (t) => {
  const phone = await openTrunkPhone('answer');
  const service = await startService(
    { TRUNKS: `trunk=127.0.0.1:${phone.port}`, DISK_LOW_MB: '2', DISK_FULL_MB: '1' },
    { dataDir: dir },
  );
  t.teardown(async () => {
    await service.stop();
    await phone.close();
    execFileSync('umount', [dir]);
    rmSync(dir, { recursive: true, force: true });
  });
  const talks = openTalks(service, phone);
  const health = async () =>
    (await (await service.api('/health')).json()) as {
      status: string;
      colour: string;
      parts: { disk: { state: string } };
    };

  await t.test(
    'given little room, then health is yellow and supervisors are alarmed',
    async (t) => {
      const seen = await until('the low disk', async () => {
        const now = await health();
        return now.parts.disk.state !== 'ok' && now;
      });
      t.match(seen, { status: 'ready', colour: 'yellow' });
      t.match((await talks.wall()).alarms, [{ kind: 'disk_low' }]);
    },
  );

  await t.test(
    'given a talk that fills it, then the talk goes on, and its recording is told as cut',
    async (t) => {
      await talks.seat('agent1', '9001');
      await talks.free('agent1');
      const caller = await talks.comes('13712340001', 1600);
      const { callId } = await talks.inMode('agent1', 'talking');
      const taken = await talks.takenBy('9001', 700);
      // Room for some 15 s of talk.
      const { bavail, bsize } = statfsSync(dir);
      writeFileSync(path.join(dir, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - 500_000)));
      await until('the disk to be full', async () => (await health()).parts.disk.state === 'full', {
        timeoutMs: 90_000,
      });
      await until(
        'the recording to end',
        () => service.switchLog().includes('recording not written'),
        { timeoutMs: 90_000 },
      );
      await talks.hears('the caller', caller, 700);
      await talks.hears('the agent', taken, 1600);
      t.equal(caller.end, undefined, 'the call goes on');
      // So that there is something to miss.
      const cutAt = Date.now();
      await until('some more talk', () => Date.now() - cutAt > 6000);
      await caller.close();
      const row = await until('the recording to be sealed', () =>
        service.database.db
          .selectFrom('recording')
          .select(['state', 'missingMs'])
          .where('callId', '=', callId)
          .where('state', '!=', 'recording')
          .executeTakeFirst(),
      );
      t.equal(row.state, 'ready');
      t.ok((row.missingMs ?? 0) >= 5000, `${row.missingMs} ms are missing`);
    },
  );
});
if (skip !== false) {
  if (isMounted) execFileSync('umount', [dir]);
  rmSync(dir, { recursive: true, force: true });
}
