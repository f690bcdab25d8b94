/** Texts and mails of campaigns: real servers that fail in the ways of servers, real rows. */
import t from 'tap';
import { handleJobs } from '../../src/app/job-handlers.ts';
import { openBackbone } from '../../src/backbone.ts';
import { newId } from '../../src/core/ids.ts';
import type { CarriedMessage } from '../../src/messaging/index.ts';
import { smtpSender } from '../../src/messaging/carriers/smtp-sender.ts';
import { sendingLimitMs } from '../../src/messaging/delivery/message.states.ts';
import { fallBack, resumeChains } from '../../src/outbound/index.ts';
import { addAddress } from '../../src/property/index.ts';
import { startMailServer } from '../support/mail-server.ts';
import { until } from '../support/until.ts';
import {
  callsEndAs,
  clock,
  contactOf,
  database,
  gateway,
  givenCampaign,
  givenOwner,
  log,
  mail,
  mailsTo,
  messagesOf,
  now,
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

void t.test('given calls in vain, then a text, signed, once for any number of jobs', async (t) => {
  const { contactId, number, mail: address } = await unreached(undefined);
  t.match(await contactOf(contactId), { state: 'unreached', fallback: 'queued' });
  const setting = parts();
  await Promise.all(Array.from({ length: 8 }, () => fallBack(setting, contactId)));
  await fallBack(setting, contactId);
  const [text, ...more] = textsTo(number);
  t.match(text, { text: '【锦绣花园】今天下午停水。', language: 'zh-CN' });
  t.same(more, []);
  t.equal(gateway.strangers, 0);
  const [message] = await messagesOf(contactId);
  t.match(message, { id: text?.id, state: 'sent', tries: 1, providerId: /^provider-/ });
  t.match(await contactOf(contactId), { fallback: 'sent', state: 'unreached' });
  t.same(mailsTo(address), [], 'the second way was not needed');
});

void t.test('given a person who prefers mails, then the text is the second choice', async (t) => {
  const {
    contactId,
    number,
    mail: address,
  } = await unreached({
    channels: ['call', 'email', 'sms'],
  });
  mail.manner = 'refuse_recipient';
  await fallBack(parts(), contactId);
  t.equal(textsTo(number).length, 1);
  t.same(mailsTo(address), []);
  t.match(await messagesOf(contactId), [
    { channel: 'email', state: 'failed', reason: 'rejected', detail: /no such mailbox/ },
    { channel: 'sms', state: 'sent' },
  ]);
});

void t.test('given a gateway that is away, then later; at last the mail', async (t) => {
  const {
    contactId,
    number,
    mail: address,
  } = await unreached({
    channels: ['call', 'sms', 'email'],
  });
  gateway.manner = 503;
  const again: string[] = [];
  const setting = { ...parts(), again: (id: string) => Promise.resolve(void again.push(id)) };
  await fallBack(setting, contactId);
  t.match(await messagesOf(contactId), [{ state: 'queued', reason: 'busy', tries: 1 }]);
  await fallBack(setting, contactId);
  t.equal(textsTo(number).length, 1, 'not before its time');
  await resumeChains(setting);
  t.notOk(again.includes(contactId), 'the minute’s job waits, too');
  for (const ms of [30_000, 120_000, 600_000]) {
    pass(ms);
    await fallBack(setting, contactId);
  }
  pass(1_800_000);
  await resumeChains(setting);
  t.ok(again.includes(contactId), 'the minute’s job asks for what is due');
  await fallBack(setting, contactId);
  t.same(new Set(textsTo(number).map((one) => one.id)).size, 1, 'one id for all five tries');
  t.equal(textsTo(number).length, 5);
  const [sent] = mailsTo(address);
  t.match(sent?.text, /^Auto-Submitted: auto-generated\r$/m);
  t.match(sent?.text, /^From: =\?UTF-8\?.*<service@example\.com>\r$/m);
  t.match(await messagesOf(contactId), [
    { channel: 'sms', state: 'failed', reason: 'busy', tries: 5 },
    { channel: 'email', state: 'sent', tries: 1, subject: '锦绣花园物业服务中心通知' },
  ]);
  const [, message] = await messagesOf(contactId);
  t.ok(sent?.text.includes(`Message-ID: <${message?.id ?? ''}@example.com>`));
});

void t.test(
  'given a line that breaks with the text under way, then nobody knows, and nothing more goes out',
  async (t) => {
    for (const manner of ['cut', 'hang', 500] as const) {
      const { contactId, number, mail: address } = await unreached(undefined);
      gateway.manner = manner;
      await fallBack(parts(), contactId);
      gateway.manner = 200;
      pass(3600_000);
      await fallBack(parts(), contactId);
      t.equal(textsTo(number).length, 1, String(manner));
      t.same(mailsTo(address), []);
      t.match(await messagesOf(contactId), [{ state: 'unknown', reason: 'no_answer' }]);
      t.match(await contactOf(contactId), { fallback: 'unknown' });
    }
    for (const manner of ['cut_after_text', 'silent_after_text'] as const) {
      const { contactId, number } = await unreached({ channels: ['call', 'email', 'sms'] });
      mail.manner = manner;
      await fallBack(parts(), contactId);
      t.match(await messagesOf(contactId), [{ channel: 'email', state: 'unknown' }], manner);
      t.same(textsTo(number), []);
    }
  },
);

void t.test('given a gateway that knows a repetition, then it is asked again', async (t) => {
  const { contactId, number } = await unreached(undefined);
  gateway.manner = 'cut';
  const setting = parts({ isIdempotent: true });
  await fallBack(setting, contactId);
  gateway.manner = 200;
  pass(30_000);
  await fallBack(setting, contactId);
  const texts = textsTo(number);
  t.equal(texts.length, 2);
  t.equal(texts[0]?.id, texts[1]?.id);
  t.match(await messagesOf(contactId), [{ state: 'sent', tries: 2 }]);
});

void t.test(
  'given servers that are not there or refuse, then what they said decides',
  async (t) => {
    const message: CarriedMessage = {
      ...{ id: newId(), channel: 'email', address: 'a@example.com', language: 'zh-CN' },
      ...{ subject: '通知', body: '。\r\n.\r\n停水。', createdAt: now },
    };
    const sender = (port: number, change: object = {}) =>
      smtpSender({
        ...{ host: '127.0.0.1', port, isSecure: false, auth: mail.login },
        from: { name: '', address: 'service@example.com' },
        limitMs: 1500,
        ...change,
      })(message);
    mail.manner = 'cut_at_greeting';
    t.match(await sender(mail.port), { kind: 'not_sent', reason: 'unreachable' });
    mail.manner = 'greylist';
    t.match(await sender(mail.port), { kind: 'not_sent', reason: 'busy' });
    mail.manner = 'refuse_text';
    t.match(await sender(mail.port), { kind: 'refused' });
    mail.manner = 'accept';
    t.match(await sender(mail.port, { auth: { user: 'service', pass: 'wrong' } }), {
      kind: 'not_sent',
      reason: 'bad_login',
    });
    t.match(await sender(mail.port), { kind: 'sent' });
    const shady = await startMailServer({ hasTls: true });
    t.match(await sender(shady.port), { kind: 'not_sent' }, 'a certificate that nobody signed');
    await shady.close();
    t.match(await sender(shady.port), { kind: 'not_sent', reason: 'unreachable' });
  },
);

void t.test(
  'given a process that died while sending, then the message is unknown and stays',
  async (t) => {
    const { contactId, number } = await unreached(undefined);
    const dead = parts();
    dead.messaging.provide('sms', () => new Promise<never>(() => undefined));
    void fallBack(dead, contactId);
    await until(
      'the try to begin',
      async () => (await messagesOf(contactId))[0]?.state === 'sending',
    );
    await fallBack(parts(), contactId);
    t.same(textsTo(number), [], 'its sender may still live');
    t.match(await messagesOf(contactId), [{ state: 'sending' }]);
    pass(sendingLimitMs);
    await fallBack(parts(), contactId);
    t.same(textsTo(number), []);
    t.match(await messagesOf(contactId), [{ state: 'unknown', reason: 'interrupted' }]);
    t.match(await contactOf(contactId), { fallback: 'unknown' });
  },
);

void t.test(
  'given channels without settings, then that is said and the next is tried',
  async (t) => {
    const {
      contactId,
      mail: address,
      personId,
    } = await unreached(undefined, {
      settings: { fallback: ['fax', 'sms', 'email'] },
    });
    await database.db
      .transaction()
      .execute((trx) =>
        addAddress(trx, clock, personId, { channel: 'fax', address: '0571-88880001' }),
      );
    await fallBack(parts({ without: 'sms' }), contactId);
    t.match(await messagesOf(contactId), [
      { channel: 'fax', state: 'failed', reason: 'not_configured', tries: 1 },
      { channel: 'sms', state: 'failed', reason: 'not_configured' },
      { channel: 'email', state: 'sent' },
    ]);
    t.equal(mailsTo(address).length, 1);
  },
);

void t.test(
  'given a text that did not arrive, then a receipt makes room for the mail',
  async (t) => {
    const { contactId, mail: address } = await unreached(undefined);
    await fallBack(parts(), contactId);
    const [text] = await messagesOf(contactId);
    const receipt = { id: text?.id ?? '', state: 'failed', reason: 'UNDELIV' } as const;
    await parts().messaging.inbox.receipt(receipt);
    await parts().messaging.inbox.receipt(receipt);
    await fallBack(parts(), contactId);
    t.match(await messagesOf(contactId), [
      { channel: 'sms', state: 'failed', reason: 'undelivered', detail: 'UNDELIV' },
      { channel: 'email', state: 'sent' },
    ]);
    t.equal(mailsTo(address).length, 1);
    await parts().messaging.inbox.receipt({ ...receipt, state: 'delivered' });
    t.equal((await messagesOf(contactId))[0]?.state, 'failed', 'the first receipt counts');
  },
);

void t.test(
  'given a person who chose to read, then they are not called, unless in vain',
  async (t) => {
    const reader = await givenOwner({ channels: ['sms'] });
    const either = await givenOwner({ channels: ['email', 'call'] });
    const neither = await givenOwner({ channels: ['sms', 'call'], isWanted: false });
    const campaign = await givenCampaign([reader.roomId, either.roomId, neither.roomId]);
    const fallen = await callsEndAs(campaign.id, 'confirmed');
    t.equal(fallen.length, 2);
    const attempts = () =>
      database.db
        .selectFrom('attempt')
        .select(['number', 'result'])
        .where('campaignId', '=', campaign.id)
        .execute();
    t.same(await attempts(), [], 'nobody was called');
    mail.manner = 'refuse_recipient';
    for (const id of fallen) await fallBack(parts(), id);
    t.equal(textsTo(reader.number).length, 1);
    t.same(textsTo(neither.number), []);
    await callsEndAs(campaign.id, 'confirmed');
    t.same(await attempts(), [{ number: either.number, result: 'confirmed' }]);
    const contacts = await database.db
      .selectFrom('campaignContact')
      .select(['personId', 'state', 'result', 'refusal', 'fallback'])
      .where('campaignId', '=', campaign.id)
      .execute();
    const of = (personId: string) => contacts.find((one) => one.personId === personId);
    t.match(of(reader.personId), { state: 'reached', result: 'written', fallback: 'sent' });
    t.match(of(either.personId), { state: 'reached', result: 'confirmed', fallback: 'failed' });
    t.match(of(neither.personId), { state: 'excluded', refusal: 'not_wanted' });
  },
);

void t.test('given a debt, then only its owner at a verified number reads of it', async (t) => {
  const stranger = await owing();
  await fallBack(parts(), stranger.contactId);
  t.notMatch(textsTo(stranger.number)[0]?.text, /373|欠|费/);
  t.match(textsTo(stranger.number)[0]?.text, /请您方便时致电4000/);
  const known = await owing();
  await verified(known.personId);
  await fallBack(parts(), known.contactId);
  t.match(textsTo(known.number)[0]?.text, /有373\.00元费用待缴/);
  const paid = await owing();
  await pay(paid.roomId, 37_300);
  await fallBack(parts(), paid.contactId);
  t.same(textsTo(paid.number), [], 'paid meanwhile');
  t.match(await contactOf(paid.contactId), { fallback: 'dropped' });
});

void t.test(
  'given a stopped campaign, then nothing more goes out; a paused one waits',
  async (t) => {
    const { contactId, number, campaign } = await unreached(undefined);
    const { db } = database;
    await db
      .updateTable('campaign')
      .set({ state: 'paused' })
      .where('id', '=', campaign.id)
      .execute();
    await fallBack(parts(), contactId);
    t.match(await contactOf(contactId), { fallback: 'queued' });
    await db
      .updateTable('campaign')
      .set({ state: 'stopped', endedAt: now })
      .where('id', '=', campaign.id)
      .execute();
    await fallBack(parts(), contactId);
    t.match(await contactOf(contactId), { fallback: 'dropped' });
    t.same(textsTo(number), []);
  },
);

void t.test(
  'given the jobs of the service, then they send, and take up what was left lying',
  async (t) => {
    const one = await unreached({ channels: ['call', 'email', 'sms'] });
    const other = await unreached(undefined);
    const { messaging, smsSign, paymentUrl } = parts();
    const backbone = await openBackbone({
      ...{ db: database.db, databaseUrl: database.url, redisUrl: undefined, log },
    });
    const writing = { messaging, smsSign, paymentUrl };
    handleJobs(backbone.jobs, { db: database.db, clock, log, writing });
    await backbone.start();
    t.teardown(() => backbone.close());
    await backbone.jobs.add(
      'contact.fallBack',
      { contactId: one.contactId },
      { key: one.contactId },
    );
    const isTold = (id: string) => async () => (await contactOf(id)).fallback === 'sent';
    await until('the mail', isTold(one.contactId));
    t.equal(mailsTo(one.mail).length, 1);
    // Its own job was lost with its process.
    await backbone.jobs.add('messages.resume', {});
    await until('the text', isTold(other.contactId));
    t.equal(textsTo(other.number).length, 1);
  },
);
