import t from 'tap';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { nextRun, type Repetition } from '../../src/outbound/campaigns/repetition.ts';

const zone = 'Asia/Shanghai';
const at = (text: string, timeZone = zone) => DateTime.fromISO(text, { zone: timeZone }).toJSDate();
const said = (run: Date | undefined, timeZone = zone) =>
  run === undefined
    ? 'over'
    : DateTime.fromJSDate(run, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');

void t.test('when a campaign runs again', (t) => {
  const cases: readonly [Repetition, first: string, after: string, next: string][] = [
    [
      { every: 'day', atMinute: 510, until: null },
      '2026-11-26T08:30',
      '2026-11-26T08:52',
      '2026-11-27 08:30',
    ],
    // Started by hand in the night: the first run by the clock is the same morning's.
    [
      { every: 'day', atMinute: 510, until: null },
      '2026-11-26T00:10',
      '2026-11-26T00:20',
      '2026-11-26 08:30',
    ],
    // It took longer than a day: what was missed is not made up for.
    [
      { every: 'day', atMinute: 510, until: null },
      '2026-11-26T08:30',
      '2026-11-29T12:00',
      '2026-11-30 08:30',
    ],
    [
      { every: 'day', atMinute: 510, until: '2026-11-26' },
      '2026-11-26T08:30',
      '2026-11-26T09:00',
      'over',
    ],
    [
      { every: 'day', atMinute: 510, until: '2026-11-27' },
      '2026-11-26T08:30',
      '2026-11-26T09:00',
      '2026-11-27 08:30',
    ],
    // A Thursday stays a Thursday, also when a run ended on a Friday.
    [
      { every: 'week', atMinute: 600, until: null },
      '2026-11-26T10:00',
      '2026-11-27T15:00',
      '2026-12-03 10:00',
    ],
    [
      { every: 'month', atMinute: 600, until: null },
      '2027-01-31T10:00',
      '2027-01-31T11:00',
      '2027-02-28 10:00',
    ],
    [
      { every: 'month', atMinute: 600, until: null },
      '2027-01-31T10:00',
      '2027-02-28T11:00',
      '2027-03-31 10:00',
    ],
  ];
  for (const [repeat, first, after, next] of cases) {
    const run = nextRun({ repeat, firstAt: at(first), timeZone: zone }, at(after));
    t.equal(said(run), next, `${repeat.every} since ${first}, after ${after}`);
  }
  t.end();
});

void t.test(
  'the next run lies ahead, at its minute, within a step, and never after the end',
  (t) => {
    const zones = ['Asia/Shanghai', 'Asia/Urumqi', 'America/New_York', 'Australia/Lord_Howe'];
    const longestMs = { day: 2, week: 8, month: 32 };
    fc.assert(
      fc.property(
        fc.record({
          every: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
          atMinute: fc.integer({ min: 480, max: 1319 }),
          until: fc.option(fc.constantFrom('2026-06-30', '2027-03-01', '2028-02-29'), {
            nil: null,
          }),
        }),
        fc.integer({ min: 0, max: 365 * 24 * 60 }),
        fc.integer({ min: 0, max: 730 * 24 * 60 }),
        fc.constantFrom(...zones),
        (repeat, firstMinute, laterMinutes, timeZone) => {
          const firstAt = new Date(Date.UTC(2026, 0, 1) + firstMinute * 60_000);
          const after = new Date(firstAt.getTime() + laterMinutes * 60_000);
          const run = nextRun({ repeat, firstAt, timeZone }, after);
          const endless = nextRun({ repeat: { ...repeat, until: null }, firstAt, timeZone }, after);
          if (endless === undefined) return false;
          const local = DateTime.fromJSDate(endless, { zone: timeZone });
          const first = DateTime.fromJSDate(firstAt, { zone: timeZone });
          const isOver = repeat.until !== null && local.toFormat('yyyy-MM-dd') > repeat.until;
          return (
            (isOver ? run === undefined : run?.getTime() === endless.getTime()) &&
            endless > after &&
            endless.getTime() - after.getTime() <= longestMs[repeat.every] * 24 * 3_600_000 &&
            local.hour * 60 + local.minute === repeat.atMinute &&
            (repeat.every !== 'week' || local.weekday === first.weekday) &&
            (repeat.every !== 'month' || local.day === Math.min(first.day, local.daysInMonth ?? 31))
          );
        },
      ),
    );
    t.end();
  },
);

void t.test(
  'a series with a zone that nobody knows ends, and does not break the end of a run',
  (t) => {
    const repeat = { every: 'day' as const, atMinute: 510, until: null };
    const firstAt = at('2026-11-26T08:30');
    t.equal(nextRun({ repeat, firstAt, timeZone: 'nowhere' }, at('2026-11-26T09:00')), undefined);
    t.end();
  },
);
