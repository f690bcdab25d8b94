/** What comes back: texts of people, mails that nobody took, and staff who write again. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { newId } from '../../src/core/ids.ts';
import { fallBack, writeAgain } from '../../src/outbound/index.ts';
import { readBounce } from '../../src/messaging/receipts/bounces.ts';
import { asksToStop } from '../../src/messaging/incoming/incoming.ts';
import { choicesOf } from '../../src/property/index.ts';
import {
  clock,
  contactOf,
  database,
  gateway,
  givenCampaign,
  mailsTo,
  messagesOf,
  openWriting,
  owing,
  parts,
  pay,
  textsTo,
  unreached,
} from '../support/writing.ts';

openWriting();

const take = (from: string, text: string, id: string = newId()) =>
  parts().messaging.inbox.incoming({ id, from, text });
const incoming = (number: string) =>
  database.db.selectFrom('incomingMessage').selectAll().where('number', '=', number).execute();
const again = (campaignId: string, contactId: string) =>
  database.db.transaction().execute((trx) => writeAgain(trx, clock, { campaignId, contactId }));

const refused = (why: string) => ({
  code: 'campaign.not_written_again',
  details: { why },
});

void t.test('words that ask for an end', (t) => {
  for (const text of [
    'T',
    ' t。',
    'ＴＤ',
    '退订',
    '【退订】',
    '回T',
    '回复TD',
    'Stop!',
    '"unsubscribe"',
  ]) {
    t.ok(asksToStop(text), text);
  }
  for (const text of [
    '水还没来',
    '我要退订单',
    'Thanks',
    'please stop the water',
    '',
    '谢谢',
    '1',
  ]) {
    t.notOk(asksToStop(text), text);
  }
  t.end();
});

void t.test('given T to a notice, then no more texts of it, and other ways stand', async (t) => {
  const { contactId, number, personId, roomId, mail: address } = await unreached(undefined);
  await fallBack(parts(), contactId);
  const id = newId();
  await take(`+86${number}`, 'T', id);
  await take(`+86${number}`, 'T', id);
  const [message] = await messagesOf(contactId);
  t.match(await incoming(number), [
    { asks: 'stop', personId, messageId: message?.id, topic: 'outage' },
  ]);
  t.equal((await incoming(number)).length, 1, 'the same again is not filed twice');
  const [choice] = await choicesOf(database.db, personId);
  t.match(choice, { topic: 'outage', isWanted: true, channels: ['call', 'email', 'fax'] });
  t.match(choice?.evidence, /^sms:/);
  const next = await givenCampaign([roomId]);
  const { id: again } = await database.db
    .updateTable('campaignContact')
    .set({ state: 'unreached', fallback: 'queued' })
    .where('campaignId', '=', next.id)
    .returning('id')
    .executeTakeFirstOrThrow();
  await fallBack(parts(), again);
  t.equal(textsTo(number).length, 1, 'no second text');
  t.equal(mailsTo(address).length, 1, 'a mail instead');
});

void t.test('given STOP to an offer, then offers end altogether', async (t) => {
  const { contactId, number, personId, campaign } = await unreached(
    { channels: ['call', 'sms'], topic: 'offers' },
    { topic: 'offers', purpose: 'marketing' },
  );
  await fallBack(parts(), contactId);
  t.equal(textsTo(number).length, 1);
  await take(number, 'STOP');
  t.match(await choicesOf(database.db, personId), [
    { topic: 'offers', isWanted: false, channels: ['call'] },
  ]);
  await database.db
    .updateTable('outboundMessage')
    .set({ state: 'failed' })
    .where('contactId', '=', contactId)
    .execute();
  await t.rejects(again(campaign.id, contactId), refused('no_consent'));
});

void t.test('given texts of strangers, then they are filed, and STOP is obeyed', async (t) => {
  await take('13700009999', '你好，物业电话是多少？');
  await take('13700009999', '退订');
  t.match(await incoming('13700009999'), [
    { asks: 'nothing', personId: null, campaignId: null },
    { asks: 'stop' },
  ]);
  const blocks = await database.db
    .selectFrom('doNotCall')
    .selectAll()
    .where('number', '=', '13700009999')
    .execute();
  t.match(blocks, [{ scope: 'marketing', source: 'owner', createdBy: 'sms' }]);
});

const report = (name: string, id: string) =>
  readFileSync(path.join(import.meta.dirname, '../fixtures', name), 'latin1').replaceAll(
    '00000000-0000-7000-8000-000000000000',
    id,
  );

void t.test('reports of mail servers are read, and other mails are not', (t) => {
  const id = newId();
  t.match(readBounce(report('bounce-postfix.eml', id)), {
    ...{ id, action: 'failed', status: '5.1.1' },
    detail: /User unknown/,
  });
  t.match(readBounce(report('bounce-delayed.eml', id)), { id, action: 'other' });
  t.equal(readBounce(report('bounce-postfix.eml', 'no-id-of-ours')), undefined);
  t.equal(
    readBounce(`From: wang@example.com\r\nSubject: Re: 通知\r\n\r\n<${id}@example.com>`),
    undefined,
  );
  t.end();
});

void t.test('given a mail that comes back, then the text, and that address rests', async (t) => {
  const {
    contactId,
    number,
    personId,
    mail: address,
  } = await unreached({
    channels: ['call', 'email', 'sms'],
  });
  await fallBack(parts(), contactId);
  const [sent] = await messagesOf(contactId);
  const bounce = (name: string) => parts().messaging.inbox.bounce(report(name, sent?.id ?? ''));
  await bounce('bounce-delayed.eml');
  t.match(await messagesOf(contactId), [{ state: 'sent' }], 'a delay is no end');
  await bounce('bounce-postfix.eml');
  await bounce('bounce-postfix.eml');
  await fallBack(parts(), contactId);
  t.match(await messagesOf(contactId), [
    { channel: 'email', state: 'failed', reason: 'undelivered', detail: /^5\.1\.1 .*User unknown/ },
    { channel: 'sms', state: 'sent' },
  ]);
  t.equal(textsTo(number).length, 1);
  const rows = await database.db
    .selectFrom('personAddress')
    .select('bouncedAt')
    .where('personId', '=', personId)
    .where('address', '=', address)
    .execute();
  t.not(rows[0]?.bouncedAt, null);
  await t.rejects(parts().messaging.inbox.bounce('Subject: hello'), {
    code: 'bounce.unreadable',
  });
});

void t.test(
  'given a message that failed, then staff write again, and the rules hold',
  async (t) => {
    const one = await owing();
    gateway.manner = 400;
    await fallBack(parts(), one.contactId);
    t.match(await contactOf(one.contactId), { fallback: 'failed' });
    gateway.manner = 200;
    await again(one.campaign.id, one.contactId);
    await t.rejects(again(one.campaign.id, one.contactId), refused('under_way'));
    await fallBack(parts(), one.contactId);
    t.match(await messagesOf(one.contactId), [
      { state: 'failed', reason: 'rejected', writingRound: 0 },
      { state: 'sent', writingRound: 1 },
    ]);
    t.equal(textsTo(one.number).length, 2);
    await again(one.campaign.id, one.contactId);
    await fallBack(parts(), one.contactId);
    t.equal(textsTo(one.number).length, 3, 'sent is not delivered: again is allowed');
    await pay(one.roomId, 37_300);
    await t.rejects(again(one.campaign.id, one.contactId), {
      code: 'campaign.not_written_again',
      details: { why: 'nothing_owed' },
    });
    await database.db
      .updateTable('campaign')
      .set({ state: 'stopped', endedAt: clock.now() })
      .where('id', '=', one.campaign.id)
      .execute();
    await t.rejects(again(one.campaign.id, one.contactId), refused('campaign_over'));
    await t.rejects(again(one.campaign.id, newId()), { code: 'campaign.no_contact' });
  },
);
