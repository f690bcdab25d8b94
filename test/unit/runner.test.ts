import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { isAlive } from '../../src/local/processes.ts';
import { endLeftovers } from '../support/leftovers.ts';
import { missingPrograms } from '../support/program.ts';

void t.test('a test file that is ended takes along what it started', async (t) => {
  const own = mkdtempSync(path.join(tmpdir(), 'lingting-runner-'));
  t.teardown(() => rmSync(own, { recursive: true, force: true }));
  // In a session of its own, as services start their switch and their database.
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], {
    detached: true,
    env: { ...process.env, TMPDIR: own },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  t.equal(endLeftovers(own), 1);
  await gone;
  t.notOk(isAlive(child.pid ?? 0));
  t.equal(endLeftovers(own), 0);
});

void t.test('programs that tests need are named with their packages', (t) => {
  t.match(missingPrograms('').join(), 'sipp (sip-tester)');
  t.equal(missingPrograms('').length, 5);
  t.end();
});
