/** Where people can be written to, as staff enter it, and what gateways tell of texts. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import t from 'tap';
import type { OwnerAddress, OwnerChoice, OwnerDetail } from '../../src/contract/property.ts';
import { newId } from '../../src/core/ids.ts';
import { sign } from '../../src/messaging/index.ts';
import { startApi, type TestApi } from '../support/api.ts';

let api: TestApi;
let wang = '';

t.before(async () => {
  api = await startApi();
  const { personId } = await api.database.db
    .selectFrom('personPhone')
    .select('personId')
    .where('number', '=', '13800000001')
    .executeTakeFirstOrThrow();
  wang = personId;
});
t.teardown(() => api.close());

// The test says what it expects to get.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
async function ask<Body>(method: string, where: string, body?: unknown, as = 'supervisor') {
  const reply = await api.request(where, { as, method, ...(body === undefined ? {} : { body }) });
  return { ...reply, body: reply.body as Body & { code?: string; field?: string } };
}
const owner = async () => (await ask<OwnerDetail>('GET', `/owners/${wang}`)).body;
const add = (channel: string, address: string, more: object = {}) =>
  ask<OwnerAddress>('POST', `/owners/${wang}/addresses`, { channel, address, ...more });

void t.test('addresses are entered, mended, preferred, verified and forgotten', async (t) => {
  const first = await add('email', ' Wang@Example.COM ');
  t.match(first, {
    status: 201,
    body: { channel: 'email', address: 'Wang@example.com', isPrimary: true, verifiedHow: null },
  });
  t.match(await add('email', 'Wang@example.com'), {
    status: 409,
    body: { code: 'address.exists' },
  });
  t.match(await add('email', 'a@b.cn\r\nBcc: x@y.cn'), {
    status: 422,
    body: { code: 'address.bad', field: 'address' },
  });
  t.match(await add('fax', 'no number'), { status: 422, body: { code: 'address.bad' } });
  t.match(await add('pigeon', 'coo@loft.cn'), { status: 400 });
  t.match(await add('fax', '0571-8888 0001'), {
    body: { address: '057188880001', isPrimary: true },
  });
  const second = await add('email', 'home@example.com');
  t.match(second.body, { isPrimary: false });
  const path = `/owners/${wang}/addresses/${second.body.id}`;
  t.match(await ask('PATCH', path, { isPrimary: true, verifiedHow: 'in_person' }), {
    status: 200,
    body: { isPrimary: true, verifiedHow: 'in_person' },
  });
  t.same(
    (await owner()).addresses.map((one) => [one.channel, one.address, one.isPrimary]),
    [
      ['email', 'home@example.com', true],
      ['email', 'Wang@example.com', false],
      ['fax', '057188880001', true],
    ],
  );
  const seen = await ask<OwnerDetail>('GET', `/owners/${wang}`, undefined, 'agent1');
  t.same(
    seen.body.addresses.map((one) => one.address),
    ['h***@example.com', 'W***@example.com', '057****0001'],
    'masked for those who may not see numbers',
  );
  t.match(
    await ask('PATCH', path, { address: 'other@example.com' }),
    { status: 200, body: { address: 'other@example.com', isPrimary: true, verifiedHow: null } },
    'another address is not verified',
  );
  t.match(await ask('PATCH', path, {}), { status: 400 });
  t.match(await ask('DELETE', path), { status: 204 });
  t.match(await ask('DELETE', path), { status: 404, body: { code: 'address.not_found' } });
  t.match((await owner()).addresses[0], { address: 'Wang@example.com', isPrimary: true });
  const acts = await api.database.db
    .selectFrom('auditEntry')
    .select(['act', 'details'])
    .where('subject', '=', wang)
    .execute();
  t.ok(acts.some((one) => one.act === 'owner.address_changed'));
  t.notMatch(JSON.stringify(acts), /example\.com/, 'the audit keeps ids only');
});

void t.test('a number is verified by staff who say how', async (t) => {
  const [phone] = (await owner()).phones;
  const path = `/owners/${wang}/phones/${phone?.id ?? ''}`;
  t.match(await ask('PATCH', path, { verifiedHow: 'guess' }), { status: 400 });
  t.match(await ask('PATCH', path, { verifiedHow: 'contract' }), {
    status: 200,
    body: { verifiedHow: 'contract', number: '13800000001' },
  });
  t.match((await owner()).phones[0], { verifiedHow: 'contract' });
  t.match(await ask('PATCH', path, { verifiedHow: null }), { body: { verifiedHow: null } });
  t.match(await ask('PATCH', `/owners/${wang}/phones/${randomUUID()}`, { verifiedHow: null }), {
    status: 404,
  });
});

void t.test('choices are kept by topic, in the order of the person', async (t) => {
  const path = `/owners/${wang}/choices/outage`;
  const choice = { isWanted: true, channels: ['email', 'sms', 'call'], hours: null };
  const made = await ask<{ items: OwnerChoice[] }>('PUT', path, choice);
  t.match(made, { status: 200, body: { items: [{ ...choice, topic: 'outage' }] } });
  t.equal(made.body.items[0]?.evidence, 'staff:supervisor');
  const hours = { fromMinute: 540, toMinute: 1080 };
  await ask('PUT', path, { ...choice, isWanted: false, hours });
  t.match((await owner()).choices, [{ topic: 'outage', isWanted: false, hours }]);
  t.match(await ask('PUT', path, { ...choice, channels: ['sms', 'sms'] }), { status: 400 });
  t.match(await ask('PUT', `/owners/${wang}/choices/No-Topic`, choice), { status: 400 });
  t.match(await ask('DELETE', path), { status: 200, body: { items: [] } });
});

void t.test('a receipt counts when it is signed, and says nothing twice', async (t) => {
  const { db } = api.database;
  const id = newId();
  await db
    .insertInto('outboundMessage')
    .values({
      ...{ id, campaignId: null, contactId: null, personId: null, channel: 'sms' },
      ...{ purpose: 'payment_link', address: '13800000001', language: 'zh-CN', body: '您好' },
      ...{ state: 'sent', reason: null, onceKey: id, createdAt: new Date() },
    })
    .execute();
  const post = (body: string, secret = 'a-secret-of-the-gateway') =>
    fetch(`http://127.0.0.1:${api.port}/api/v1/message-receipts`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-lingting-signature': sign(secret, body, new Date()),
      },
      body,
    });
  const delivered = JSON.stringify({ id, state: 'delivered' });
  const stateOf = async () =>
    (await db.selectFrom('outboundMessage').select('state').where('id', '=', id).execute())[0]
      ?.state;
  t.equal((await post(delivered, 'the-secret-of-somebody')).status, 401);
  t.equal(await stateOf(), 'sent');
  t.equal((await post(delivered)).status, 200);
  t.equal((await post(delivered)).status, 200);
  t.equal((await post(JSON.stringify({ id, state: 'failed' }))).status, 200);
  t.equal(await stateOf(), 'delivered', 'the first receipt counts');
  t.equal((await post(JSON.stringify({ id: newId(), state: 'failed' }))).status, 404);
  t.equal((await post('{"id":1}')).status, 400);
  t.equal((await post('nonsense')).status, 400);
  const events = await db
    .selectFrom('outbox')
    .select('payload')
    .where('name', '=', 'message.changed')
    .execute();
  t.match(events, [{ payload: { messageId: id, state: 'delivered', reason: null } }]);
});

void t.test('texts that come in and mails that come back count when they are signed', async (t) => {
  const { db } = api.database;
  const post = (where: string, body: string, secret: string) =>
    fetch(`http://127.0.0.1:${api.port}/api/v1/${where}`, {
      method: 'POST',
      headers: {
        'content-type': where === 'mail-bounces' ? 'message/rfc822' : 'application/json',
        'x-lingting-signature': sign(secret, body, new Date()),
      },
      body,
    });
  const text = JSON.stringify({ id: 'g-1', from: '+8613800000001', text: '水还没来' });
  t.equal((await post('incoming-messages', text, 'the-secret-of-somebody')).status, 401);
  t.equal((await post('incoming-messages', text, 'a-secret-of-the-gateway')).status, 200);
  t.equal((await post('incoming-messages', text, 'a-secret-of-the-gateway')).status, 200);
  t.equal((await post('incoming-messages', '{"id":"x"}', 'a-secret-of-the-gateway')).status, 400);
  t.match((await owner()).lastTexts, [{ text: '水还没来', asks: 'nothing' }]);
  t.equal((await owner()).lastTexts.length, 1);

  const id = newId();
  await db
    .insertInto('outboundMessage')
    .values({
      ...{ id, campaignId: null, contactId: null, personId: wang, channel: 'email' },
      ...{ purpose: 'notice', address: 'home@example.com', language: 'zh-CN', body: '您好' },
      ...{ state: 'sent', reason: null, onceKey: id, createdAt: new Date() },
    })
    .execute();
  await add('email', 'home@example.com');
  const file = new URL('../fixtures/bounce-postfix.eml', import.meta.url);
  const report = readFileSync(file, 'latin1').replace('00000000-0000-7000-8000-000000000000', id);
  t.equal((await post('mail-bounces', report, 'a-secret-of-the-gateway')).status, 401);
  t.equal((await post('mail-bounces', report, 'a-secret-of-the-post')).status, 200);
  t.equal((await post('mail-bounces', 'Subject: hi', 'a-secret-of-the-post')).status, 400);
  const state = await db
    .selectFrom('outboundMessage')
    .select('state')
    .where('id', '=', id)
    .execute();
  t.match(state, [{ state: 'failed' }]);
  const [bounced] = (await owner()).addresses.filter((one) => one.address === 'home@example.com');
  t.type(bounced?.bouncedAt, 'string');
  const path = `/owners/${wang}/addresses/${bounced?.id ?? ''}`;
  const mended = await ask('PATCH', path, { verifiedHow: 'in_person' });
  t.match(mended, { status: 200, body: { bouncedAt: null } }, 'somebody made sure');
});

void t.test('numbers are kept in one form, whoever writes them and however', async (t) => {
  const phone = (number: string) => ask('POST', `/owners/${wang}/phones`, { number });
  t.match(await phone('+86 10 6000 0001'), { status: 201, body: { number: '01060000001' } });
  t.match(await phone('010-60000002 转801'), {
    status: 201,
    body: { number: '01060000002', extension: '801' },
  });
  t.match(await phone('１３８１１１１０００９'), { status: 201, body: { number: '13811110009' } });
  t.match(await phone('138-1111-0009'), { status: 409, body: { code: 'phone.exists' } });
  const bad = { status: 422, body: { code: 'phone.bad_number', field: 'number' } };
  for (const [number, reason] of [
    ...[['13811110009 13811110010', 'several'] as const, ['1.38E+10', 'damaged'] as const],
    ...[['138****0009', 'masked'] as const, ['1012345678', 'lost_zero'] as const],
    ...[['2026-11-30', 'date'] as const, ['110', 'emergency'] as const],
  ]) {
    t.match(await phone(number), { ...bad, body: { ...bad.body, reason } }, number);
  }
  t.match(await ask('POST', '/owners', { name: '甲', phones: [{ number: '138111100098' }] }), bad);

  const block = (number: string) =>
    ask<{ number: string }>('POST', '/do-not-call', { number, reason: '业主要求' });
  for (const [number, kept] of [
    ['008613800000032', '13800000032'],
    ['+86 138-0000-0031', '13800000031'],
    ['861088886666', '01088886666'],
  ] as const) {
    t.match(await block(number), { status: 201, body: { number: kept } }, number);
  }
  t.match(await block('13800000011/13900000012'), bad);
});
