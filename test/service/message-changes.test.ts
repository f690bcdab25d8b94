/** Messages whose truth changes before they are out, and those that go out by fax. */
import t from 'tap';
import { seedDemoArticles, type FlowState } from '../../src/content/index.ts';
import { newId } from '../../src/core/ids.ts';
import { takeFaxEnd } from '../../src/faxes/outgoing/message-faxes.ts';
import { noteOf } from '../../src/faxes/outgoing/message-letter.ts';
import { addMessageFax } from '../../src/faxes/outgoing/store.ts';
import { createArticleTexts } from '../../src/messaging/index.ts';
import { createGuide, fallBack } from '../../src/outbound/index.ts';
import { addAddress } from '../../src/property/index.ts';
import { until } from '../support/until.ts';
import {
  clock,
  contactOf,
  database,
  gateway,
  mail,
  messagesOf,
  openWriting,
  owing,
  parts,
  pass,
  pay,
  textsTo,
  unreached,
  verified,
} from '../support/writing.ts';

openWriting();

void t.test(
  'given a debt that shrinks while its text waits, then the text says the new sum',
  async (t) => {
    const { contactId, number, personId, roomId } = await owing();
    await verified(personId);
    gateway.manner = 503;
    await fallBack(parts(), contactId);
    t.match(textsTo(number)[0]?.text, /有373\.00元/);
    t.match(await messagesOf(contactId), [{ state: 'queued', reason: 'busy' }]);
    await pay(roomId, 30_000);
    gateway.manner = 200;
    pass(30_000);
    await fallBack(parts(), contactId);
    t.match(textsTo(number)[1]?.text, /有73\.00元/);
    t.match((await messagesOf(contactId))[0]?.body, /有73\.00元/, 'and so does the evidence');
  },
);

void t.test('given a debt that is paid while its text waits, then it does not go', async (t) => {
  const { contactId, number, roomId } = await owing();
  gateway.manner = 503;
  await fallBack(parts(), contactId);
  await pay(roomId, 37_300);
  gateway.manner = 200;
  pass(30_000);
  await fallBack(parts(), contactId);
  t.equal(textsTo(number).length, 1);
  t.match(await messagesOf(contactId), [{ state: 'failed', reason: 'no_longer_true' }]);
  t.match(await contactOf(contactId), { fallback: 'dropped' });
});

void t.test(
  'given a gateway that may have the old sum and knows repetitions, then nobody knows',
  async (t) => {
    const { contactId, number, personId, roomId } = await owing();
    await verified(personId);
    gateway.manner = 'cut';
    await fallBack(parts({ isIdempotent: true }), contactId);
    await pay(roomId, 30_000);
    gateway.manner = 200;
    pass(30_000);
    await fallBack(parts({ isIdempotent: true }), contactId);
    t.equal(textsTo(number).length, 1);
    t.match(await messagesOf(contactId), [{ state: 'unknown', reason: 'no_answer' }]);
  },
);

/** Handed over, and not yet dialled: what the job does next is asked for by hand. */
async function faxed(change: Parameters<typeof owing>[0] = {}) {
  const owner = await owing({ fallback: ['fax', 'sms'], ...change });
  const { db } = database;
  await db
    .transaction()
    .execute((trx) =>
      addAddress(trx, clock, owner.personId, { channel: 'fax', address: '0571-88880001' }),
    );
  await db
    .updateTable('personAddress')
    .set({ verifiedAt: clock.now(), verifiedHow: 'contract', verifiedBy: 'staff:test' })
    .where('personId', '=', owner.personId)
    .execute();
  let faxId = '';
  const setting = parts({
    async fax({ id, address, language }) {
      faxId = await addMessageFax(db, clock, {
        ...{ messageId: id, number: address, language, roomId: owner.roomId },
        ...{ did: '4000', isUrgent: false },
      });
      return { kind: 'sent', providerId: faxId };
    },
  });
  await fallBack(setting, owner.contactId);
  const [message] = await messagesOf(owner.contactId);
  return { ...owner, setting, faxId, messageId: message?.id ?? '' };
}

void t.test(
  'given a fax, then its page says the sum of the try, and its end is a receipt',
  async (t) => {
    const { contactId, roomId, messageId, faxId, setting } = await faxed();
    t.match(await messagesOf(contactId), [{ channel: 'fax', state: 'sent', providerId: faxId }]);
    await pay(roomId, 30_000);
    const step = await noteOf(setting, messageId);
    t.equal(step.do, 'draw');
    t.match(JSON.stringify(step), /有73\.00元/);
    t.notMatch(JSON.stringify(step), /373\.00/);
    t.match(await messagesOf(contactId), [{ body: /有73\.00元/ }], 'the row says what was drawn');
    await takeFaxEnd(setting, { faxId, state: 'sent', reason: null });
    t.match(await messagesOf(contactId), [{ state: 'delivered' }]);
  },
);

void t.test('given a fax that nobody took, then the next channel; paid: none', async (t) => {
  const one = await faxed();
  const end = { state: 'failed', reason: 'NO_ANSWER' } as const;
  await takeFaxEnd(one.setting, { ...end, faxId: one.faxId });
  await fallBack(one.setting, one.contactId);
  t.match(await messagesOf(one.contactId), [
    { channel: 'fax', state: 'failed', reason: 'undelivered', detail: 'NO_ANSWER' },
    { channel: 'sms', state: 'sent' },
  ]);
  const paid = await faxed();
  await pay(paid.roomId, 37_300);
  t.same(await noteOf(paid.setting, paid.messageId), { do: 'drop' });
  const withdrawn = { faxId: paid.faxId, state: 'failed', reason: 'NO_LONGER_TRUE' } as const;
  await takeFaxEnd(paid.setting, withdrawn);
  await fallBack(paid.setting, paid.contactId);
  t.match(await messagesOf(paid.contactId), [{ channel: 'fax', reason: 'no_longer_true' }]);
  t.match(await contactOf(paid.contactId), { fallback: 'dropped' });
});

void t.test('given night, then a fax waits, and goes on in the morning', async (t) => {
  const { messageId, setting } = await faxed();
  pass(12 * 3600_000);
  const step = await noteOf(setting, messageId);
  t.equal(step.do, 'wait');
  if (step.do === 'wait') t.equal(step.until.toISOString(), '2026-11-27T00:00:00.000Z');
  pass(12 * 3600_000);
  t.equal((await noteOf(setting, messageId)).do, 'draw');
});

void t.test('given a process without a switch, then faxes are not set up', async (t) => {
  const { contactId, personId } = await unreached(undefined, { settings: { fallback: ['fax'] } });
  await database.db
    .transaction()
    .execute((trx) =>
      addAddress(trx, clock, personId, { channel: 'fax', address: '0571-88880001' }),
    );
  await fallBack(parts(), contactId);
  t.match(await messagesOf(contactId), [{ channel: 'fax', reason: 'not_configured' }]);
});

void t.test('given a mail server that hangs, then texts go out all the same', async (t) => {
  const readers: Awaited<ReturnType<typeof unreached>>[] = [];
  while (readers.length < 12) {
    const draft = { settings: { fallback: ['email', 'sms'] as ('email' | 'sms')[] } };
    readers.push(await unreached({ channels: ['call', 'email'] }, draft));
  }
  const texted = await unreached({ channels: ['call', 'sms'] });
  // Long enough for all twelve to come while none of the first has given up.
  const setting = parts({ mailLimitMs: 8000 });
  mail.manner = 'silent_after_text';
  const hanging = readers.map((one) => fallBack(setting, one.contactId));
  await until('every place for mails to be taken', async () => {
    const rows = await database.db
      .selectFrom('outboundMessage')
      .select('state')
      .where('channel', '=', 'email')
      .where('state', 'in', ['queued', 'sending'])
      .execute();
    const of = (state: string) => rows.filter((row) => row.state === state).length;
    return of('sending') === 8 && of('queued') === 4;
  });
  await fallBack(setting, texted.contactId);
  t.equal(textsTo(texted.number).length, 1);
  await Promise.all(hanging);
  mail.manner = 'accept';
  pass(15_000);
  for (const { contactId } of readers) await fallBack(setting, contactId);
  const states = await Promise.all(readers.map((one) => messagesOf(one.contactId)));
  t.same(states.flat().filter((one) => one.state === 'sent').length, 4, 'those who waited');
  t.same(states.flat().filter((one) => one.state === 'unknown').length, 8);
});

/** The ways in which this service writes to people, each with what it made of a number. */
async function sendersBy(setting: ReturnType<typeof parts>) {
  const { messaging, smsSign } = setting;
  const guide = createGuide(setting);
  const texts = createArticleTexts({ db: database.db, messaging, smsSign });
  await seedDemoArticles(database.db, clock.now());
  const { id: articleId } = await database.db
    .selectFrom('article')
    .select('id')
    .where('state', '=', 'published')
    .limit(1)
    .executeTakeFirstOrThrow();
  type Owner = Awaited<ReturnType<typeof unreached>>;
  return {
    async campaign({ contactId }: Owner) {
      await fallBack(setting, contactId);
      return (await messagesOf(contactId)).some(
        (one) => one.purpose === 'fallback' && one.state === 'sent',
      );
    },
    async paymentLink({ contactId }: Owner) {
      const { callId: id } = await database.db
        .selectFrom('attempt')
        .select('callId')
        .where('contactId', '=', contactId)
        .executeTakeFirstOrThrow();
      const state = { node: 'link' } as FlowState;
      const call = { id, record: () => undefined };
      const said = await guide.act(call, state, { do: 'campaign', act: 'paymentLink', value: '' });
      return said.kind === 'result';
    },
    article: ({ number }: Owner) =>
      texts.sendArticle({
        ...{ articleId, number, language: 'zh-CN', hotline: '4000', key: newId() },
      }),
  };
}

void t.test(
  'given a number that got enough in a day, whoever writes hits the same limit',
  async (t) => {
    const setting = parts({ perAddress: 1, without: 'email' });
    const senders = await sendersBy(setting);
    for (const [name, first] of Object.entries(senders)) {
      const owner = await unreached(undefined);
      t.equal(await first(owner), true, `${name} is the first`);
      await until('the text', () => textsTo(owner.number).length === 1);
      for (const [other, next] of Object.entries(senders)) {
        if (next === first) continue;
        t.equal(await next(owner), false, `${other} after ${name}`);
      }
      t.equal(textsTo(owner.number).length, 1, 'nothing more went out');
      if (name === 'campaign') continue;
      const messages = await messagesOf(owner.contactId);
      t.match(
        messages.find(({ purpose }) => purpose === 'fallback'),
        { state: 'failed', reason: 'limit' },
      );
      t.match(await contactOf(owner.contactId), { fallback: 'failed' });
    }
    const metric = (await setting.messaging.metric.get()).values;
    const held = metric.find(({ labels }) => labels['result'] === 'per_address');
    t.ok(Number(held?.value) >= 6, 'all that was held back is counted');
  },
);

void t.test('given a number on the do-not-call list, then nobody writes to it', async (t) => {
  const setting = parts();
  for (const [name, send] of Object.entries(await sendersBy(setting))) {
    const owner = await unreached(undefined);
    await database.db
      .insertInto('doNotCall')
      .values({
        ...{ id: newId(), number: owner.number, personId: null, scope: 'all', until: null },
        ...{ source: 'owner', reason: 'test', callId: null, createdBy: 'test' },
        createdAt: clock.now(),
      })
      .execute();
    t.equal(await send(owner), false, name);
    t.same(textsTo(owner.number), []);
  }
});

void t.test(
  'given two messages to one number at once, then the last one allowed is one',
  async (t) => {
    const { messaging } = parts({ perAddress: 1 });
    const { number } = await unreached(undefined);
    const ids = await Promise.all(
      ['one', 'other'].map(async (key) => {
        const written = await messaging.write(database.db, {
          ...{ campaignId: null, contactId: null, personId: null, channel: 'sms', subject: null },
          ...{ purpose: 'notice', address: number, language: 'zh-CN', body: key, onceKey: newId() },
        });
        return written.is === 'new' ? written.id : '';
      }),
    );
    const delivered = await Promise.all(ids.map((id) => messaging.deliver(id)));
    const states = delivered.map((one) => (one !== undefined && 'state' in one ? one.state : ''));
    t.same(states.sort(), ['failed', 'sent']);
    t.equal(textsTo(number).length, 1);
  },
);
