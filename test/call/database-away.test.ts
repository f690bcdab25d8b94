import t from 'tap';
import { until } from '../support/until.ts';
import { call, says } from '../support/calls.ts';
import { cutLineTo } from '../support/cut-line.ts';
import { createTestDatabase } from '../support/database.ts';
import { hears } from '../support/hearing.ts';
import { startService } from '../support/service.ts';

void t.test(
  'given a database that is away, then callers are led, and all is written later',
  async (t) => {
    const database = await createTestDatabase();
    const url = new URL(database.url);
    const line = await cutLineTo(url.hostname, Number(url.port));
    url.port = String(line.port);
    const service = await startService({ DATABASE_URL: url.href });
    t.teardown(async () => {
      line.mend();
      await service.stop();
      await line.close();
      await database.drop();
    });
    const before = await call(service, '13712347001', '');
    await until('the menu', () => before.ear.soundMs > 500);

    line.cut();
    await until('the loss to be seen', async () => (await service.api('/health')).status === 503);
    await before.press('8');
    const english = await says(service, 'For repairs, press 2.', 'en');
    t.ok((await hears(before, english)) > 0.9, 'who was there goes on');
    const during = await call(service, '13712347002', '!8');
    t.ok((await hears(during, english)) > 0.9, 'who comes is led too');
    during.hangup();
    await during.close();
    line.mend();

    before.hangup();
    await before.close();
    for (const number of ['13712347001', '13712347002']) {
      const row = await until(
        `the end of ${number}`,
        () =>
          database.db
            .selectFrom('call')
            .where('callerNumber', '=', number)
            .where('endedAt', 'is not', null)
            .select(['id', 'language', 'answeredAt'])
            .executeTakeFirst(),
        { timeoutMs: 60_000, everyMs: 100 },
      );
      t.match(row, { language: 'en', answeredAt: Date });
      const events = await database.db
        .selectFrom('callEvent')
        .where('callId', '=', row.id)
        .where('kind', '=', 'flow.keyPressed')
        .select('data')
        .execute();
      t.equal(events.length, 1, 'the key is in the timeline, once');
    }
    await until('calls to be taken', async () => (await service.api('/health')).status === 200, {
      timeoutMs: 60_000,
    });
  },
);
