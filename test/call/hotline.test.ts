import t from 'tap';
import { dial } from '../../scripts/phone/caller.ts';
import { toneShare } from '../../scripts/phone/ear.ts';
import { until } from '../support/until.ts';
import { decodeWav } from '../../src/switch/rtp/index.ts';
import { call, ordersOf, says } from '../support/calls.ts';
import { hears, likeness } from '../support/hearing.ts';
import { startService } from '../support/service.ts';

const aside = { buffered: true };

void t.test('the hotline', async (t) => {
  const service = await startService();
  t.teardown(() => service.stop());
  // Callers listen for most of their time; several do so at once.
  t.jobs = 3;
  /** Whether a call that is over stands as that, with its owner's name. */
  const told = async (number: string, outcome: string) => {
    const rows = service.database.db.selectFrom('call').select('id');
    const of = rows.where('callerNumber', '=', number).where('outcome', '=', outcome);
    const found = await of
      .where('personId', 'is not', null)
      .where('endedAt', 'is not', null)
      .execute();
    return found.length > 0;
  };

  void t.test(
    'given a repair spoken by a known owner, then an order with that recording',
    aside,
    async (t) => {
      const caller = await call(service, '13800000001', '!21,speak,#,listen,hangup');
      const [order] = await until('the order', async () => {
        const found = await ordersOf(service, '13800000001');
        return found.length > 0 && found;
      });
      await caller.close();
      t.match(order, { kind: 'repair', category: 'water' });
      t.ok(order?.roomId, 'the owner has one home, so it is known');
      const token = await service.token();
      const id = order?.recordings[0]?.id ?? '';
      const audio = await service.api(`/recordings/${id}/audio`, { token });
      t.equal(audio.status, 200);
      const samples = decodeWav(Buffer.from(await audio.arrayBuffer()));
      const middle = samples.subarray(8000, 16_000);
      t.ok(toneShare(middle, 1000) > 0.4, 'the recording holds what was spoken');
      const part = await service.api(`/recordings/${id}/audio`, { token, range: 'bytes=0-43' });
      t.equal(part.status, 206);
      const agent = await service.token('agent1');
      const refused = await service.api(`/recordings/${id}/audio`, { token: agent });
      t.equal(refused.status, 403, 'an agent may not play recordings');
    },
  );

  void t.test(
    'given the right PIN, then the real amounts are spoken, and only then',
    aside,
    async (t) => {
      const caller = await call(service, '13800000001', '!1,!2468#');
      const bill = await says(service, '二零二六年十月物业费，二百八十六元五角。');
      t.ok((await hears(caller, bill)) > 0.9, 'the amount is heard');
      caller.hangup();
      await caller.close();
      await until('the call to be told as bills, by its owner', () =>
        told('13800000001', 'bill_heard'),
      );
    },
  );

  void t.test(
    'given three wrong PINs, then it says locked, and the right one is refused',
    aside,
    async (t) => {
      const locked = await says(service, '密码多次输错，为保护您的账户，已暂时锁定，请稍后再试。');
      const caller = await call(
        service,
        '13900000002',
        '!1,!1,!0000#,wait=1,!0000#,wait=1,!0000#,listen,hangup',
      );
      t.ok(likeness(caller.received.samples(), locked) > 0.9, 'the lock is said');
      await caller.close();
      await until('the call to be told as locked, by its owner', () =>
        told('13900000002', 'pin_locked'),
      );
      const again = await call(service, '13900000002', '!1,!1,!1357#');
      t.ok((await hears(again, locked)) > 0.9, 'still locked with the right PIN');
      again.hangup();
      await again.close();
    },
  );

  void t.test(
    'given a stranger, then bills are not told and a message can be left',
    aside,
    async (t) => {
      const caller = await call(service, '13712340000', '!1,speak,hangup');
      await caller.close();
      const [order] = await until('the message', async () => {
        const found = await ordersOf(service, '13712340000');
        return found.length > 0 && found;
      });
      t.match(order, { kind: 'message', roomId: null });
    },
  );

  void t.test('given 8, then the menu is in English, on both hotlines', aside, async (t) => {
    for (const number of ['4000', '4100']) {
      const caller = await call(service, '13712340001', '!8', number);
      const english = await says(service, 'For repairs, press 2.', 'en');
      t.ok((await hears(caller, english)) > 0.9, `${number} speaks English`);
      caller.hangup();
      await caller.close();
    }
  });

  void t.test('given a number that is no hotline, then the call is refused', aside, async (t) => {
    await t.rejects(
      dial({ number: '009991234', from: '13712340005', host: '127.0.0.1', port: service.sipPort }),
      /refused/,
    );
  });
});
