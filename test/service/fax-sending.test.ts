import t from 'tap';
import { newId } from '../../src/core/ids.ts';
import { Scope } from '../../src/db/index.ts';
import { addFax, beginTry, dueFaxes, endTry, triesOf } from '../../src/faxes/outgoing/store.ts';
import { seedDemo } from '../../src/property/index.ts';
import { createTestDatabase } from '../support/database.ts';

void t.test('faxes that are to go out', async (t) => {
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  const { db } = database;
  let now = new Date('2026-11-26T04:00:00Z');
  const clock = { now: () => now };
  await seedDemo(db, now);
  const bills = await db.selectFrom('bill').select(['id', 'roomId']).orderBy('roomId').execute();
  const [first] = bills;
  if (first === undefined) throw new Error('the demo has no bills');
  const whole = Scope.everything('a test');
  const wanted = {
    billIds: [first.id],
    number: '02155550000',
    language: 'zh-CN' as const,
    staffId: null,
    callId: null,
  };

  await t.test('given the same request twice, then one fax', async (t) => {
    const key = newId();
    const both = await Promise.all([
      addFax(whole, db, clock, { ...wanted, key }),
      addFax(whole, db, clock, { ...wanted, key }),
    ]);
    t.equal(both[0].id, both[1].id);
  });

  await t.test('given bills of two homes, of nobody or of another site, then none', async (t) => {
    const other = bills.find(({ roomId }) => roomId !== first.roomId);
    const refused = { code: 'fax.bad_bills' };
    for (const { scope = whole, ...change } of [
      { billIds: [first.id, other?.id ?? ''] },
      { billIds: [newId()] },
      { scope: Scope.of({ id: newId(), siteIds: [newId()] }) },
    ]) {
      await t.rejects(addFax(scope, db, clock, { ...wanted, ...change, key: newId() }), refused);
    }
  });

  await t.test(
    'given two processes, then one try at a time, and each result counts once',
    async (t) => {
      const { id } = await addFax(whole, db, clock, { ...wanted, key: newId() });
      t.ok((await dueFaxes(db, now)).includes(id));
      const begun = await Promise.all([beginTry(db, clock, id, 1), beginTry(db, clock, id, 1)]);
      const [own] = begun.filter((one) => one !== undefined);
      t.equal(begun.filter((one) => one !== undefined).length, 1);
      if (own === undefined) return;
      const busy = { isSent: false, pagesSent: 0, reason: 'USER_BUSY' };
      t.equal(await endTry(db, clock, own, busy), 120_000);
      t.equal(await endTry(db, clock, own, busy), undefined, 'told twice');
      t.notOk((await dueFaxes(db, now)).includes(id), 'not before its time');

      now = new Date(now.getTime() + 120_000);
      t.ok((await dueFaxes(db, now)).includes(id));
      const again = await beginTry(db, clock, id, 1);
      t.ok(again);
      if (again === undefined) return;
      await endTry(db, clock, again, { isSent: true, pagesSent: 1, reason: 'OK' });
      const fax = await db
        .selectFrom('faxSending')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst();
      t.match(fax, { state: 'sent', reason: null, nextTryAt: null });
      t.equal((await triesOf(db, id)).length, 2);
      const told = await db
        .selectFrom('outbox')
        .selectAll()
        .where('name', '=', 'fax.ended')
        .execute();
      t.equal(told.length, 1);
    },
  );
});
