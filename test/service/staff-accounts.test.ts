import t from 'tap';
import { newId } from '../../src/core/ids.ts';
import { hotp } from '../../src/organisation/accounts/totp.ts';
import { until } from '../support/until.ts';
import { apiPassword, startApi } from '../support/api.ts';

const good = 'correct horse battery';

interface Problem {
  code: string;
  details?: unknown;
}
interface Person {
  id: string;
  username: string;
  role: string;
  isDisabled: boolean;
  hasSecondFactor: boolean;
  siteIds: string[];
}

void t.test('staff', async (t) => {
  const now = Date.now();
  const api = await startApi({ clock: { now: () => new Date(now) } });
  t.teardown(() => api.close());
  const admin = { as: 'admin' };
  const post = (where: string, body: unknown, who: { as?: string; token?: string } = admin) =>
    api.request(where, { ...who, method: 'POST', body });
  const patch = (where: string, body: unknown, who: { as?: string; token?: string } = admin) =>
    api.request(where, { ...who, method: 'PATCH', body });
  const logIn = async (username: string, password: string, code?: string) => {
    const { status, body } = await api.request('/session', {
      method: 'POST',
      body: { username, password, ...(code === undefined ? {} : { code }) },
    });
    const { token = '', code: problem = '' } = body as { token?: string; code?: string };
    return { status, token, problem };
  };
  const make = async (username: string, role = 'agent', more = {}) => {
    const made = await post('/staff', {
      username,
      displayName: username,
      role,
      password: good,
      ...(role === 'admin' ? { confirm: { password: apiPassword } } : {}),
      ...more,
    });
    t.equal(made.status, 201, JSON.stringify(made.body));
    return (made.body as Person).id;
  };

  await t.test('given an administrator, then accounts are made, by the rules', async (t) => {
    await make('newcomer');
    t.equal((await logIn('newcomer', good)).status, 201);
    const faults = async (change: object) => {
      const { body } = await post('/staff', {
        username: 'another',
        displayName: '另一位',
        role: 'agent',
        password: good,
        ...change,
      });
      return (body as Problem).code;
    };
    t.equal(await faults({ username: 'newcomer' }), 'staff.username_taken');
    t.equal(await faults({ password: 'short' }), 'staff.weak_password');
    t.equal(await faults({ username: 'Not A Name' }), 'request.invalid');
    t.equal(await faults({ role: 'emperor' }), 'request.invalid');
    t.equal(
      await faults({ siteIds: ['01930000-0000-7000-8000-000000000000'] }),
      'staff.unknown_code',
    );
    const refused = await api.request('/staff', { as: 'supervisor' });
    t.equal(refused.status, 403, 'supervisors do not manage accounts');
    const { body } = await api.request('/staff', admin);
    t.notMatch(JSON.stringify(body), /argon2|totpSecret|passwordHash/i);
  });

  await t.test(
    'given wrong passwords at once, then their address waits and others do not',
    async (t) => {
      const id = await make('forgetful');
      const tries = await Promise.all(
        Array.from({ length: 9 }, () => logIn('forgetful', 'wrong one')),
      );
      t.ok(tries.some((one) => one.problem === 'session.locked'));
      t.equal((await logIn('forgetful', good)).problem, 'session.locked', 'even the right one');
      const elsewhere = await fetch(`http://127.0.0.1:${api.port}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.7' },
        body: JSON.stringify({ username: 'forgetful', password: good }),
      });
      t.equal(elsewhere.status, 201, 'who knows it logs in from where they are');
      const unknown = await Promise.all(
        Array.from({ length: 9 }, () => logIn('nobody-at-all', 'wrong one')),
      );
      const told = (all: { status: number; problem: string }[]) =>
        all.map(({ status, problem }) => `${status} ${problem}`).sort();
      t.same(told(unknown), told(tries), 'a name that does not exist is answered the same');
      t.equal((await patch(`/staff/${id}`, { isUnlocked: true })).status, 200);
      t.equal((await logIn('forgetful', good)).status, 201);
    },
  );

  await t.test('given lost rights, then sessions and screens end', async (t) => {
    const id = await make('leaver', 'supervisor');
    const { token } = await logIn('leaver', good);
    const other = await api.token('agent1');
    t.equal((await api.request('/audit', { token })).status, 200);
    t.equal((await patch(`/staff/${id}`, { role: 'agent' })).status, 200);
    t.equal((await api.request('/me', { token })).status, 401);
    const again = await logIn('leaver', good);
    t.equal((await api.request('/audit', { token: again.token })).status, 403);
    t.equal((await patch(`/staff/${id}`, { isDisabled: true })).status, 200);
    t.equal((await logIn('leaver', good)).problem, 'session.wrong_credentials');
    t.equal((await api.request('/me', { token: other })).status, 200, 'others go on');

    const screen = await api.listen('agent2');
    await screen.message('snapshot');
    const agent2 = await api.staffId('agent2');
    await patch(`/staff/${agent2}`, { displayName: '客服 刘洋洋' });
    await until('the end of the screen', () => screen.closeCode !== undefined);
    t.equal(screen.closeCode, 4401, 'it comes back with the new rights');
  });

  await t.test(
    'given an administrator’s open screen, then it makes no second administrator and frees nobody',
    async (t) => {
      const account = { username: 'intruder', displayName: '闯入', role: 'admin', password: good };
      const asks = { status: 403, body: { code: 'staff.confirm_required', field: 'confirm' } };
      const agent3 = `/staff/${await api.staffId('agent3')}`;
      t.match(await post('/staff', account), asks);
      t.match(await patch(agent3, { role: 'admin' }), asks);
      t.match(await patch(agent3, { isSecondFactorRemoved: true }), asks);
      const boss = `/staff/${await make('boss', 'admin')}`;
      t.match(await patch(boss, { password: 'another-good-29' }), asks);
      t.equal((await patch(boss, { displayName: '主管' })).status, 200);
      t.equal((await patch(agent3, { displayName: '三号' })).status, 200);
      const wrong = { confirm: { password: 'a-guess' } };
      t.match(await patch(agent3, { role: 'admin', ...wrong }), {
        ...{ status: 403, body: { code: 'staff.wrong_password' } },
      });
      t.match(await post('/staff', { ...account, ...wrong }), { status: 403 });
      t.equal((await patch(agent3, { role: 'supervisor' })).status, 200, 'only administrators');
      const right = { confirm: { password: apiPassword } };
      t.equal((await patch(boss, { role: 'agent', ...right })).status, 200);
      const told = await api.database.db.selectFrom('auditEntry').select('details').execute();
      t.notMatch(JSON.stringify(told), apiPassword, 'and it is not kept');
      const session = await logIn('boss', good);
      t.equal(session.status, 201);
    },
  );

  await t.test(
    'given an administrator of one site, then reaching further, or coming back, asks for a password',
    async (t) => {
      const estates = await api.database.db.selectFrom('estate').select('id').execute();
      const [one = '', two = ''] = estates.map(({ id }) => id);
      const asks = { status: 403, body: { code: 'staff.confirm_required', field: 'confirm' } };
      const right = { confirm: { password: apiPassword } };
      const id = await make('narrow-admin', 'admin', { siteIds: [one] });
      const where = `/staff/${id}`;
      t.match(await patch(where, { siteIds: [] }), asks, 'all sites');
      t.match(await patch(where, { siteIds: [one, two] }), asks, 'one more');
      t.match(await patch(where, { siteIds: [two] }), asks, 'another');
      t.equal((await patch(where, { siteIds: [one, two], ...right })).status, 200);
      t.equal((await patch(where, { siteIds: [one] })).status, 200, 'less is free');
      t.equal((await patch(where, { isDisabled: true })).status, 200);
      t.match(await patch(where, { isDisabled: false }), asks, 'who was shut out');
      t.equal((await patch(where, { role: 'agent', siteIds: [] })).status, 200, 'no administrator');
    },
  );

  await t.test(
    'given the last administrator of all sites, then they are not limited while limited ones stay',
    async (t) => {
      const { id: site } = await api.database.db
        .selectFrom('estate')
        .select('id')
        .executeTakeFirstOrThrow();
      const limited = await make('of-one-site', 'admin', { siteIds: [site] });
      const id = await api.staffId('admin');
      const last = { status: 409, body: { code: 'staff.last_admin' } };
      t.match(await patch(`/staff/${id}`, { siteIds: [site] }), last);
      t.match(await patch(`/staff/${id}`, { isDisabled: true }), last);
      t.match(await patch(`/staff/${id}`, { role: 'agent' }), last);
      const other = await make('of-all-sites', 'admin');
      const session = await logIn('of-all-sites', good);
      const both = await Promise.all([
        patch(`/staff/${other}`, { siteIds: [site] }),
        patch(`/staff/${id}`, { siteIds: [site] }, { token: session.token }),
      ]);
      t.equal(both.filter(({ status }) => status === 200).length, 1, 'two cannot limit each other');
      await api.database.db.deleteFrom('staffSite').where('staffId', '=', id).execute();
      await api.database.db
        .updateTable('staff')
        .set({ role: 'agent' })
        .where('id', 'in', [limited, other])
        .execute();
      api.forget('admin');
    },
  );

  await t.test('given the last administrator, then nobody locks everybody out', async (t) => {
    const id = await api.staffId('admin');
    t.match((await patch(`/staff/${id}`, { isDisabled: true })).body, { code: 'staff.last_admin' });
    t.match((await patch(`/staff/${id}`, { role: 'agent' })).body, { code: 'staff.last_admin' });
    await make('second', 'admin');
    const second = await logIn('second', good);
    const [one, two] = await Promise.all([
      patch(`/staff/${id}`, { role: 'office' }),
      patch(`/staff/${await api.staffId('second')}`, { role: 'office' }, { token: second.token }),
    ]);
    t.same([one.status, two.status].sort(), [200, 409], 'two cannot remove each other');
    await api.database.db
      .updateTable('staff')
      .set({ role: 'admin' })
      .where('username', '=', 'admin')
      .execute();
  });
});

void t.test("one's own account, lists and records", async (t) => {
  let now = Date.now();
  const api = await startApi({ clock: { now: () => new Date(now) } });
  t.teardown(() => api.close());
  const logIn = async (username: string, password: string, code?: string) => {
    const { status, body } = await api.request('/session', {
      method: 'POST',
      body: { username, password, ...(code === undefined ? {} : { code }) },
    });
    const { token = '', code: problem = '' } = body as { token?: string; code?: string };
    return { status, token, problem };
  };

  await t.test('given a new password of one’s own, then other sessions end', async (t) => {
    const here = await logIn('agent3', apiPassword);
    const there = await logIn('agent3', apiPassword);
    const change = (body: object) =>
      api.request('/me/password', { token: here.token, method: 'PUT', body });
    t.match((await change({ current: 'not it', next: good })).body, {
      code: 'staff.wrong_password',
    });
    t.match((await change({ current: apiPassword, next: 'agent3-agent3' })).body, {
      code: 'staff.weak_password',
    });
    t.equal((await change({ current: apiPassword, next: good })).status, 204);
    t.equal((await api.request('/me', { token: here.token })).status, 200);
    t.equal((await api.request('/me', { token: there.token })).status, 401);
    t.equal((await logIn('agent3', apiPassword)).problem, 'session.wrong_credentials');
    t.equal((await logIn('agent3', good)).status, 201);
  });

  await t.test('given a second factor, then each code lets in once', async (t) => {
    const { token } = await logIn('agent4', apiPassword);
    const own = (method: string, body: object) =>
      api.request('/me/second-factor', { token, method, body });
    const { body } = await own('POST', { password: apiPassword });
    const { secret } = body as { secret: string };
    t.equal((await logIn('agent4', apiPassword)).status, 201, 'not before a code was shown');
    const code = () => hotp(secret, Math.floor(now / 30_000));
    t.match((await own('PUT', { code: '000000' })).body, { code: 'session.wrong_code' });
    t.equal((await own('PUT', { code: code() })).status, 204);
    const row = await api.database.db
      .selectFrom('staff')
      .select(['totpSecret', 'totpPending'])
      .where('username', '=', 'agent4')
      .executeTakeFirstOrThrow();
    t.match(row.totpSecret, /^v1:/, 'sealed');
    t.notMatch(JSON.stringify(row), secret);
    t.match((await own('POST', { password: apiPassword })).body, { code: 'session.code_required' });
    t.match((await own('DELETE', { password: apiPassword })).body, {
      code: 'session.code_required',
    });
    t.equal((await logIn('agent4', apiPassword)).problem, 'session.code_required');
    t.equal((await logIn('agent4', apiPassword, code())).problem, 'session.wrong_code', 'used');
    now += 30_000;
    t.equal((await logIn('agent4', apiPassword, code())).status, 201);
    t.equal((await logIn('agent4', apiPassword, code())).problem, 'session.wrong_code', 'twice');
    now += 30_000;
    t.equal((await logIn('agent4', 'wrong', code())).problem, 'session.wrong_credentials');
    for (let guess = 0; guess < 4; guess += 1) {
      await logIn('agent4', apiPassword, '000000');
      // The right password without a code, in between, does not make the count begin anew.
      await logIn('agent4', apiPassword);
    }
    now += 30_000;
    t.equal((await logIn('agent4', apiPassword, '000000')).problem, 'session.wrong_code');
    t.equal((await logIn('agent4', apiPassword, code())).problem, 'session.locked', 'guessed');
    const id = await api.staffId('agent4');
    const removed = await api.request(`/staff/${id}`, {
      as: 'admin',
      method: 'PATCH',
      body: { isSecondFactorRemoved: true, confirm: { password: apiPassword } },
    });
    t.match(removed.body, { hasSecondFactor: false });
    t.equal((await api.request('/me', { token })).status, 401, 'their sessions have ended');
    t.equal((await logIn('agent4', apiPassword)).status, 201);
    const acts = await api.database.db
      .selectFrom('auditEntry')
      .where('act', '=', 'staff.secondFactorReset')
      .select(['staffId', 'subject'])
      .execute();
    t.same(acts, [{ staffId: await api.staffId('admin'), subject: id }], 'who, and whose');
    t.match(
      await api.request(`/staff/${id}`, {
        ...{ as: 'admin', method: 'PATCH' },
        body: { isSecondFactorRemoved: true, confirm: { password: apiPassword } },
      }),
      { status: 409, body: { code: 'request.unchanged' } },
    );
  });

  await t.test(
    'an administrator who sits down at an open screen frees nobody of the app by their own account',
    async (t) => {
      const admin = await api.staffId('admin');
      const { token } = await logIn('admin', apiPassword);
      const other = await logIn('admin', apiPassword);
      const patch = (body: object) =>
        api.request(`/staff/${admin}`, { token, method: 'PATCH', body });
      const own = (method: string, body: object) =>
        api.request('/me/second-factor', { token, method, body });
      const none = await own('DELETE', { password: apiPassword });
      t.match(none, { status: 409, body: { code: 'second_factor.none' } });
      t.match(await own('PUT', { code: '123456' }), {
        ...{ status: 409, body: { code: 'second_factor.not_begun' } },
      });
      const { secret } = (await own('POST', { password: apiPassword })).body as { secret: string };
      const code = () => hotp(secret, Math.floor(now / 30_000));
      t.equal((await own('PUT', { code: code() })).status, 204);
      t.equal((await api.request('/me', { token: other.token })).status, 401, 'another session');
      for (const [field, value] of [
        ['isSecondFactorRemoved', true],
        ['password', 'fresh-and-long-17'],
        ['isUnlocked', true],
      ] as const) {
        t.match(await patch({ [field]: value }), {
          status: 403,
          body: { code: 'staff.own_account', field },
        });
      }
      t.match((await own('POST', { password: apiPassword })).body, {
        code: 'session.code_required',
      });
      t.match((await own('DELETE', { password: apiPassword })).body, {
        code: 'session.code_required',
      });
      now += 30_000;
      t.equal((await own('DELETE', { password: apiPassword, code: code() })).status, 204);
      t.equal((await api.request('/me', { token })).status, 200, 'this session stays');
      api.forget('admin');
    },
  );

  await t.test(
    'given sessions, then one sees and ends one’s own; an administrator all',
    async (t) => {
      const agent = await logIn('agent5', apiPassword);
      await api.token('admin');
      const list = async (who: { as?: string; token?: string }) =>
        (
          (await api.request('/sessions', who)).body as {
            items: { id: string; username: string; isCurrent: boolean }[];
          }
        ).items;
      const own = await list({ token: agent.token });
      t.ok(own.length > 0 && own.every((one) => one.username === 'agent5'));
      t.equal(own.filter((one) => one.isCurrent).length, 1);
      const all = await list({ as: 'admin' });
      const foreign = all.find((one) => one.username === 'admin');
      const end = (id: string | undefined, who: { as?: string; token?: string }) =>
        api.request(`/sessions/${id ?? ''}`, { ...who, method: 'DELETE' });
      t.equal((await end(foreign?.id, { token: agent.token })).status, 404);
      t.equal((await end(own.find((one) => one.isCurrent)?.id, { as: 'admin' })).status, 204);
      t.equal((await api.request('/me', { token: agent.token })).status, 401);
    },
  );

  await t.test('given skills and reasons, then they are kept, never deleted', async (t) => {
    const as = 'supervisor';
    const skill = { code: 'elevators', name: { 'zh-CN': '电梯', en: 'Lifts' } };
    t.equal((await api.request('/skills', { as, method: 'POST', body: skill })).status, 201);
    t.match((await api.request('/skills', { as, method: 'POST', body: skill })).body, {
      code: 'code.taken',
    });
    const id = await api.staffId('agent6');
    const set = (skills: object[]) =>
      api.request(`/agents/${id}/skills`, { as, method: 'PUT', body: { skills } });
    t.equal((await set([{ skill: 'elevators', level: 4 }])).status, 204);
    t.match((await set([{ skill: 'flying', level: 1 }])).body, { code: 'staff.unknown_code' });
    const { body } = await api.request('/agents', { as });
    const { items } = body as { items: { staffId: string; skills: object[] }[] };
    t.same(items.find((one) => one.staffId === id)?.skills, [{ skill: 'elevators', level: 4 }]);
    const off = await api.request('/break-reasons/meal', {
      as,
      method: 'PATCH',
      body: { isActive: false },
    });
    t.match(off.body, { code: 'meal', isActive: false, name: { 'zh-CN': '用餐' } });
    const agent = await api.request('/skills', { as: 'agent1', method: 'POST', body: skill });
    t.equal(agent.status, 403);
    t.equal((await api.request('/wrap-up-reasons', { as: 'agent1' })).status, 200);
  });

  await t.test('given hours of a hotline, then they must make sense', async (t) => {
    const as = 'supervisor';
    const change = (workday: object[]) =>
      api.request('/hotlines/4000', {
        as,
        method: 'PATCH',
        body: { hours: { workday, restday: [] } },
      });
    const morning = { fromMinute: 540, toMinute: 720 };
    t.match((await change([morning, { fromMinute: 780, toMinute: 1080 }])).body, {
      hours: { workday: [morning, {}], restday: [] },
    });
    t.match((await change([morning, { fromMinute: 700, toMinute: 800 }])).body, {
      code: 'hotline.bad_hours',
    });
    t.match((await change([{ fromMinute: 720, toMinute: 540 }])).body, {
      code: 'hotline.bad_hours',
    });
  });

  await t.test('given a hotline, then it has a queue of its own or the one for all', async (t) => {
    const lead = async (queueId: string | null) =>
      (
        await api.request('/hotlines/4100', {
          as: 'supervisor',
          method: 'PATCH',
          body: { queueId },
        })
      ).body;
    const { body } = await api.request('/queues', { as: 'supervisor' });
    const [queue] = (body as { items: { queueId: string }[] }).items;
    t.match(await lead(queue?.queueId ?? ''), { did: '4100', queueId: queue?.queueId });
    t.match(await lead('01930000-0000-7000-8000-000000000000'), { code: 'hotline.bad_queue' });
    t.match(await lead(null), { queueId: null });
  });

  await t.test('given acts, then the audit tells them, by filter and page', async (t) => {
    const list = async (query: string) =>
      (await api.request(`/audit?${query}`, { as: 'supervisor' })).body as {
        items: { act: string; staffName: string | null; subject: string; id: string }[];
        nextCursor: string | null;
      };
    const skills = await list('act=agent.');
    t.match(skills.items, [{ act: 'agent.skillsSet', staffName: '班长 周敏' }]);
    const subject = await api.staffId('agent4');
    const own = await list(`subject=${subject}`);
    t.ok(own.items.some((one) => one.act === 'staff.secondFactorAdded'));
    t.ok(own.items.every((one) => one.subject === subject));
    const first = await list('limit=2');
    const second = await list(`limit=2&cursor=${first.nextCursor ?? ''}`);
    t.equal(new Set([...first.items, ...second.items].map((one) => one.id)).size, 4);
    t.equal((await list(`from=${new Date(now + 60_000).toISOString()}`)).items.length, 0);
    t.equal((await api.request('/audit', { as: 'agent1' })).status, 403);
  });

  await t.test('given sites, then only what is there is found, listed and opened', async (t) => {
    const { db } = api.database;
    const { body } = await api.request('/estates', { as: 'admin' });
    const { items } = body as { items: { id: string; code: string }[] };
    const [garden, riverside] = ['JX', 'BJ'].map(
      (code) => items.find((one) => one.code === code)?.id ?? '',
    );
    const rows: Record<string, { call: string; order: string; recording: string }> = {};
    for (const estateId of [garden ?? '', riverside ?? '']) {
      const call = newId();
      const recording = newId();
      const times = { startedAt: new Date(), endedAt: new Date() };
      await db
        .insertInto('call')
        .values({
          ...{ id: call, estateId, direction: 'inbound', state: 'ended', did: '4000' },
          ...{ callerNumber: '13700001111', switchNode: 'test', ...times },
        })
        .execute();
      await db
        .insertInto('recording')
        .values({
          ...{ id: recording, callId: call, legId: newId(), channels: 1, path: `${recording}.wav` },
          ...{ state: 'ready', purpose: 'message' },
          ...times,
        })
        .execute();
      const order = await api.request('/work-orders', {
        as: 'admin',
        method: 'POST',
        body: { kind: 'repair', category: 'water', summary: '漏水', callId: call },
      });
      const { number } = order.body as { number: string };
      rows[estateId] = { call, recording, order: number };
    }
    const [id, other] = await Promise.all([api.staffId('agent6'), api.staffId('supervisor')]);
    for (const staff of [id, other]) {
      const change = { siteIds: [riverside] };
      await api.request(`/staff/${staff}`, { as: 'admin', method: 'PATCH', body: change });
      // Other sites end the session.
      api.forget(staff === id ? 'agent6' : 'supervisor');
    }
    const found = async (q: string) =>
      (
        (await api.request(`/search?q=${encodeURIComponent(q)}`, { as: 'agent6' })).body as {
          people: { id: string; name: string; numbers: string[]; homes: object[] }[];
        }
      ).people;
    t.same(await found('王建国'), []);
    t.match(await found('13900000002'), [{ name: '李秀英', numbers: ['139****0002'] }]);
    t.equal((await found('13900000002'))[0]?.homes.length, 1);

    const here = rows[riverside ?? ''];
    const there = rows[garden ?? ''];
    const listed = async (path: string, as = 'agent6') =>
      ((await api.request(path, { as })).body as { items: Record<string, string>[] }).items;
    t.same(
      (await listed('/calls')).map((one) => one['id']),
      [here?.call],
      'calls',
    );
    t.same(
      (await listed('/work-orders')).map((one) => one['number']),
      [here?.order],
      'orders',
    );
    t.same(
      (await listed('/recordings', 'supervisor')).map((one) => one['id']),
      [here?.recording],
      'recordings',
    );
    t.same(
      (await listed('/estates')).map((one) => one['id']),
      [riverside],
      'estates',
    );
    t.ok((await listed('/rooms')).every((one) => one['estateId'] === riverside));
    t.same(await listed(`/buildings?estateId=${garden}`), []);
    t.same(await listed(`/owners?q=${encodeURIComponent('王建国')}`), []);
    const [wang] = await listed(`/owners?q=${encodeURIComponent('王建国')}`, 'admin');
    const refused = async (path: string, as = 'agent6', body?: object) => {
      const post = body === undefined ? {} : { method: 'POST', body };
      const reply = await api.request(path, { as, ...post });
      return `${reply.status} ${(reply.body as { code: string }).code}`;
    };
    const order = `/work-orders/${there?.order}`;
    t.equal(await refused(`/calls/${there?.call}`), '404 call.not_found');
    t.equal(await refused(order), '404 work_order.not_found');
    t.equal(
      await refused(`${order}/notes`, 'agent6', { note: '看到了' }),
      '404 work_order.not_found',
    );
    t.equal(await refused(`/owners/${wang?.['id']}`), '404 owner.not_found');
    t.equal(
      await refused(`/recordings/${there?.recording}/audio`, 'supervisor'),
      '404 recording.not_found',
    );
    const raised = { kind: 'repair', category: 'water', summary: '漏水', estateId: garden };
    t.equal(await refused('/work-orders', 'agent6', raised), '403 permission.site');
    t.equal((await api.request(`/calls/${here?.call}`, { as: 'agent6' })).status, 200);
  });
});
