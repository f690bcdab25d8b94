/** The do-not-call list as staff keep it: entered, found, lifted with a reason, imported. */
import t from 'tap';
import type {
  DoNotCallView,
  ImportedDoNotCall,
  LiftedDoNotCall,
} from '../../src/contract/campaigns/do-not-call.ts';
import { newId } from '../../src/core/ids.ts';
import { numbersOfList } from '../../src/outbound/index.ts';
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
  return { ...reply, body: reply.body as Body & { code?: string } };
}
const add = (body: object, as?: string) => ask<DoNotCallView>('POST', '/do-not-call', body, as);
const list = async (query = '', as?: string) =>
  (await ask<{ items: DoNotCallView[] }>('GET', `/do-not-call?${query}`, undefined, as)).body.items;

void t.test('an entry is made, found, refused twice, lifted with a reason and kept', async (t) => {
  const made = await add({ number: '+86 138-0000-0001', reason: '业主来电要求' });
  t.match(made, {
    status: 201,
    body: {
      ...{ number: '13800000001', person: { id: wang, name: '王建国' }, scope: 'all' },
      ...{ source: 'staff', createdBy: 'staff:supervisor', isActive: true, until: null },
    },
  });
  const { id } = made.body;
  t.match(await add({ number: '138 0000 0001', reason: '再次要求' }), {
    status: 409,
    body: { code: 'do_not_call.exists' },
  });
  t.match(await add({ reason: '谁？' }), { status: 422, body: { code: 'do_not_call.nobody' } });
  t.match(await add({ number: '110', reason: '?' }), { body: { code: 'phone.bad_number' } });
  t.match(await add({ number: '13800000001', reason: ' ' }), { status: 400 });
  const past = { number: '13800000001', scope: 'service', until: '2020-01-01T00:00:00Z' };
  t.match(await add({ ...past, reason: '已过' }), { body: { code: 'do_not_call.bad_until' } });
  const byPerson = await add({ personId: wang, scope: 'marketing', reason: '不要推销' });
  t.match(byPerson.body, { number: null, person: { name: '王建国' } });

  for (const q of ['王建国', 'wangjianguo', '来电要求', '0000 0001', '１３８０００００００１']) {
    const found = await list(`q=${encodeURIComponent(q)}`);
    t.ok(
      found.some((one) => one.id === id),
      `found by ${q}`,
    );
  }
  t.same(await list('q=0000', 'agent1'), [], 'parts of a number tell nothing to who sees none');
  t.match(await list('q=13800000001', 'agent1'), [{}, { number: '138****0001' }].slice(1));

  t.match(await ask('POST', `/do-not-call/${id}/lift`, { reason: '' }), { status: 400 });
  t.match(await ask('POST', `/do-not-call/${id}/lift`, { reason: '同意' }, 'agent1'), {
    status: 403,
  });
  const lifted = await ask<LiftedDoNotCall>('POST', `/do-not-call/${id}/lift`, {
    reason: '业主书面同意恢复',
  });
  t.match(lifted, {
    status: 200,
    body: {
      entry: { isActive: false, liftedBy: 'staff:supervisor', liftedReason: '业主书面同意恢复' },
      others: 0,
    },
  });
  t.match(await ask('POST', `/do-not-call/${id}/lift`, { reason: '同意' }), {
    status: 409,
    body: { code: 'do_not_call.lifted' },
  });
  t.match(await ask('POST', `/do-not-call/${newId()}/lift`, { reason: '同意' }), {
    status: 404,
    body: { code: 'do_not_call.not_found' },
  });
  t.notOk((await list('state=active')).some((one) => one.id === id));
  t.ok(
    (await list('state=over')).some((one) => one.id === id),
    'its history is kept',
  );
  t.equal((await add({ number: '13800000001', reason: '又不要了' })).status, 201);

  const acts = await api.database.db
    .selectFrom('auditEntry')
    .select('act')
    .where('subject', '=', id)
    .orderBy('id')
    .execute();
  t.same(acts, [{ act: 'do_not_call.added' }, { act: 'do_not_call.lifted' }]);
});

void t.test('a list of numbers in GBK with heads and damage is taken line by line', async (t) => {
  // 电话,备注 / 13900001111,不要再打 in GB18030.
  const gbk = Buffer.concat([
    Buffer.from([0xb5, 0xe7, 0xbb, 0xb0, 0x2c, 0xb1, 0xb8, 0xd7, 0xa2]),
    Buffer.from('\r\n13900001111,', 'latin1'),
    Buffer.from([0xb2, 0xbb, 0xd2, 0xaa]),
    Buffer.from('\r\n+86 139 0000 2222,\r\n1.39E+10,\r\n110,\r\n13900001111,\r\n', 'latin1'),
  ]);
  const body = { file: gbk.toString('base64'), scope: 'marketing', reason: '监管名单' };
  const first = await ask<ImportedDoNotCall>('POST', '/do-not-call/import', body);
  t.match(first, {
    status: 201,
    body: {
      ...{ added: 2, known: 0, faultCount: 2 },
      faults: [
        { line: 4, reason: 'damaged' },
        { line: 5, reason: 'emergency' },
      ],
    },
  });
  const again = await ask<ImportedDoNotCall>('POST', '/do-not-call/import', body);
  t.match(again, {
    status: 409,
    body: { code: 'do_not_call.nothing_new', known: 2 },
  });
  t.match(await list('q=1390000'), [
    { number: '13900002222', source: 'import', scope: 'marketing', reason: '监管名单' },
    { number: '13900001111' },
  ]);
  t.match(await ask('POST', '/do-not-call/import', { text: '无', reason: '空' }), {
    status: 422,
    body: { code: 'do_not_call.bad_list' },
  });
  t.equal((await ask('POST', '/do-not-call/import', body, 'agent1')).status, 403);
});

void t.test('what other sites entered is not told to whoever enters the same number', async (t) => {
  const { db } = api.database;
  const estate = await db.selectFrom('estate').select('id').executeTakeFirstOrThrow();
  const numbers = ['13955550001', '13955550002'];
  const reasons = { reason: '另一小区' };
  const first = await add({ number: numbers[0], ...reasons });
  t.equal(first.status, 201);
  const body = { text: numbers.join('\n'), ...reasons };
  const account = { username: 'elsewhere', displayName: '外区', role: 'supervisor' };
  const password = 'quiet-harbour-71';
  const made = await ask('POST', '/staff', { ...account, password, siteIds: [estate.id] }, 'admin');
  t.equal(made.status, 201, JSON.stringify(made.body));
  const login = await api.request('/session', {
    method: 'POST',
    body: { username: account.username, password },
  });
  const { token } = login.body as { token: string };
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  const asked = async <Body>(where: string, body: object) => {
    const reply = await api.request(where, { token, method: 'POST', body });
    return { ...reply, body: reply.body as Body };
  };
  const own = await asked<DoNotCallView>('/do-not-call', { number: numbers[0], reason: '本小区' });
  t.match(own, { status: 201, body: { number: numbers[0], createdBy: 'staff:elsewhere' } });
  t.not(own.body.id, first.body.id);
  const again = await asked('/do-not-call', { number: numbers[0], reason: '又' });
  t.match(again, { status: 409, body: { code: 'do_not_call.exists', id: own.body.id } });
  const lifted = await asked(`/do-not-call/${own.body.id}/lift`, { reason: '误' });
  t.match(lifted, { status: 200, body: { others: 0 } }, 'nothing of the other one');
  t.match(await asked('/do-not-call/import', body), {
    status: 201,
    body: { added: 2, known: 0 },
  });
  t.match(await asked('/do-not-call/import', body), { body: { known: 2 } });
});

void t.test('plain text with a number a line, or several, is a list', async (t) => {
  t.same(await numbersOfList('13800001111\n13800002222；13800003333\n\n010-88886666 转801'), {
    numbers: ['13800001111', '13800002222', '13800003333', '01088886666'],
    faults: [],
  });
});
