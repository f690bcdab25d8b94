import { chmodSync, mkdirSync, symlinkSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { diskState } from '../../src/local/disk.ts';
import { silentLog } from '../../src/core/log.ts';
import { makePrivate } from '../../src/local/privacy.ts';
import { expectedMs, missingMs } from '../../src/recording/missing.ts';
import { FileRecorder, framesLost } from '../../src/switch/rtp/recorder.ts';

const limits = { lowBytes: 2000, fullBytes: 200 };

void t.test('a disk that runs full is told before it is', (t) => {
  t.equal(diskState(2000, limits, 'ok'), 'ok');
  t.equal(diskState(1999, limits, 'ok'), 'low');
  t.equal(diskState(2050, limits, 'low'), 'low', 'it does not flicker');
  t.equal(diskState(2100, limits, 'low'), 'ok');
  t.equal(diskState(199, limits, 'low'), 'full');
  t.equal(diskState(205, limits, 'full'), 'full');
  t.equal(diskState(300, limits, 'full'), 'low');
  const worse = { ok: 0, low: 1, full: 2 } as const;
  fc.assert(
    fc.property(
      fc.nat(5000),
      fc.nat(5000),
      fc.constantFrom('ok', 'low', 'full'),
      (a, b, before) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        return worse[diskState(less, limits, before)] >= worse[diskState(more, limits, before)];
      },
    ),
  );
  t.end();
});

void t.test('a recording that was cut is told as cut', (t) => {
  const at = (sec: number) => new Date(Date.UTC(2026, 10, 30, 0, 0, sec));
  const span = (from: number, to: number) => ({ from: at(from), until: at(to) });
  const facts = { startedAt: at(0), stoodAt: at(0), endedAt: at(60) };
  t.equal(missingMs({ ...facts, durationMs: 59_000 }), undefined);
  t.equal(missingMs({ ...facts, durationMs: 20_000 }), 40_000);
  t.equal(missingMs({ ...facts, endedAt: at(0), durationMs: 20_000 }), undefined);
  const late = { ...facts, stoodAt: at(7), durationMs: 53_000 };
  t.equal(missingMs(late), undefined, 'a busy machine began to record later');
  t.equal(missingMs({ ...late, stoodAt: undefined }), 7000, 'or nobody knows when');
  t.equal(expectedMs({ ...facts, pauses: [span(10, 20), span(15, 25), span(50, 90)] }), 35_000);
  t.equal(expectedMs({ ...facts, pauses: [span(-20, 100)] }), 0);
  t.end();
});

void t.test('a machine that stood still in a talk does not make its recording shorter', (t) => {
  t.equal(framesLost(1000, 1000), 0);
  t.equal(framesLost(1100, 1000), 0, 'ticks that are a little late are made up for');
  t.equal(framesLost(3000, 1000), 100);
  t.equal(framesLost(86_400_000, 1000), 3000, 'a night in a closed laptop is not filled');
  const file = path.join(t.testdir(), 'a.wav');
  let now = 0;
  const recorder = new FileRecorder(
    { path: file, mode: 'stereo' },
    silentLog(),
    () => undefined,
    () => now,
  );
  const frame = new Int16Array(160).fill(1000);
  for (; now < 10_000; now += 20) {
    // Five times it stood still for more than a second: 5.9 s of a talk were told as cut.
    if (now % 2000 === 0) now += 1180;
    recorder.onFrame(frame, frame);
  }
  const { durationMs } = recorder.stop();
  t.ok(Math.abs(durationMs - 10_000) <= 1200, `${durationMs} ms of 10 s`);
  t.end();
});

void t.test(
  'a full disk ends the recording and not the call',
  { skip: process.platform !== 'linux' && 'needs /dev/full' },
  (t) => {
    const dir = mkdtempSync(path.join(tmpdir(), 'lingting-full-'));
    t.teardown(() => rmSync(dir, { recursive: true, force: true }));
    const file = path.join(dir, 'a.wav');
    symlinkSync('/dev/full', file);
    let reason: string | undefined;
    const frame = new Int16Array(160);
    t.doesNotThrow(() => {
      const recorder = new FileRecorder(
        { path: file, mode: 'stereo', onStopped: (result) => void (reason = result.reason) },
        silentLog(),
        () => undefined,
      );
      for (let at = 0; at < 500; at += 1) recorder.onFrame(frame, frame);
    });
    t.equal(reason, 'failed');
    t.end();
  },
);

void t.test('nobody else reads the data folder, new or made by an earlier version', (t) => {
  const before = process.umask(0o022);
  const dir = mkdtempSync(path.join(tmpdir(), 'lingting-private-'));
  t.teardown(() => {
    process.umask(before);
    rmSync(dir, { recursive: true, force: true });
  });
  const modeOf = (where: string) => statSync(where).mode & 0o777;
  const fresh = path.join(dir, 'fresh', 'data');
  makePrivate(fresh, 'ours');
  t.equal(modeOf(fresh), 0o700);
  t.equal(modeOf(path.join(fresh, 'recordings')), 0o700);
  const old = path.join(dir, 'old');
  mkdirSync(old);
  chmodSync(old, 0o755);
  makePrivate(old, 'ours');
  t.equal(modeOf(old), 0o700);
  chmodSync(old, 0o757);
  makePrivate(old, 'shared');
  t.equal(modeOf(old), 0o750, 'a FreeSWITCH of the group still reads it, others do not');
  t.end();
});
