/** Person or machine in the first four seconds, on greetings that are spoken over telephone lines. */
import t from 'tap';
import { detect } from '../../src/outbound/dialer/machine-detection.ts';
import { falseMachineRate } from '../../src/outbound/dialer/pacing.ts';
import { noSpeech, spokenAnswers } from '../support/spoken-answers.ts';

const listenedSec = 4;

void t.test('given spoken greetings, then machines are found and people are not', async (t) => {
  const why = noSpeech();
  if (why !== undefined) {
    t.pass(`left out: ${why}`);
    return;
  }
  const set = await spokenAnswers({ takes: 3, lines: 10, sec: listenedSec }, 20_261_126);
  const heard = set.map(({ label, name, samples }) => {
    const verdict = detect(samples);
    const isTaken = ['machine', 'announcement', 'fax'].includes(verdict?.answerer ?? '');
    return { label, name, isTaken, verdict };
  });
  const of = (label: string) => heard.filter((one) => one.label === label);
  const lost = of('person').filter((one) => one.isTaken);
  const found = of('machine').filter((one) => one.isTaken);
  const times = found.map((one) => one.verdict?.atMs ?? 0).sort((a, b) => a - b);
  const percent = (part: number, all: number) => ((100 * part) / all).toFixed(1);
  t.comment(`${percent(lost.length, of('person').length)} % of ${of('person').length} people lost`);
  t.comment(
    `${percent(found.length, of('machine').length)} % of ${of('machine').length} machines found, median ${times[times.length >> 1]} ms`,
  );
  const wrong = heard.filter((one) => one.isTaken !== (one.label === 'machine'));
  const names = new Map<string, number>();
  for (const { name, verdict } of wrong) {
    const key = `${name}: ${verdict?.answerer ?? 'nothing'} ${verdict?.why ?? ''}`;
    names.set(key, (names.get(key) ?? 0) + 1);
  }
  for (const [name, count] of names) t.comment(`wrong ${count} ×: ${name}`);
  t.ok(lost.length / of('person').length <= falseMachineRate);
  t.ok(found.length / of('machine').length >= 0.95);
});
