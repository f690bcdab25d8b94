import { symlinkSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { diskState } from '../../src/core/disk.ts';
import { silentLog } from '../../src/core/log.ts';
import { missingMs } from '../../src/recording/missing.ts';
import { FileRecorder } from '../../src/switch/rtp/recorder.ts';

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
  t.equal(missingMs({ startedAt: at(0), endedAt: at(60), durationMs: 59_000 }), undefined);
  t.equal(missingMs({ startedAt: at(0), endedAt: at(60), durationMs: 20_000 }), 40_000);
  t.equal(missingMs({ startedAt: at(0), endedAt: at(0), durationMs: 20_000 }), undefined);
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
