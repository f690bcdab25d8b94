import { request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { startApi } from '../support/api.ts';
import { until } from '../support/until.ts';

const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

void t.test('what comes in at the door', async (t) => {
  const api = await startApi({ limits: { bodies: { bodyMs: 300, bytesPerSecond: 1_000_000 } } });
  t.teardown(() => api.close());
  const as = 'admin';
  const write = (method: string, where: string, body: unknown) =>
    api.request(where, { as, method, body });

  await t.test(
    'given a cursor that nobody made, then twelve lists refuse it, none breaks',
    async (t) => {
      const lists = [
        ...['work-orders', 'owners', 'bills', 'calls', 'rooms', 'audit', 'articles'],
        ...['recordings', 'do-not-call', 'faxes', 'fax-sendings'],
      ];
      const id = '00000000-0000-0000-0000-000000000000';
      const cursors = [
        cursorOf('2026-11-30T00:00:00.000Z abc'),
        cursorOf(`-271821-04-20T00:00:00.000Z ${id}`),
        cursorOf(`+275760-09-13T00:00:00.000Z ${id}`),
        cursorOf(`0000-01-01T00:00:00.000Z ${id}`),
        cursorOf(`2026-02-30T00:00:00.000Z ${id}`),
        cursorOf(`2026-11-30 ${id}`),
        cursorOf(`2026-11-30T00:00:00.000Z ${id}\0`),
        '%00',
        'x',
      ];
      for (const list of lists) {
        for (const cursor of cursors) {
          const { status, body } = await api.request(`/${list}?cursor=${cursor}`, { as });
          t.equal(status, 400, `${list} ${Buffer.from(cursor, 'base64url').toString()}`);
          t.match(body, { code: cursor === '%00' ? 'request.invalid' : 'page.bad_cursor' });
        }
      }
    },
  );

  await t.test(
    'given NUL or half a character anywhere, then 400 with the field named',
    async (t) => {
      for (const where of ['/owners?q=%00', '/search?q=a%00', '/rooms?q=%00', '/articles?q=%00']) {
        const { status, body } = await api.request(where, { as });
        t.match(
          { status, body },
          { status: 400, body: { code: 'request.invalid', field: 'q' } },
          where,
        );
      }
      const greeting = { 'zh-CN': 'a\0b', en: 'Hello' };
      const bad: [string, string, object, string][] = [
        ['POST', '/owners', { name: 'a\0b' }, 'name'],
        ['POST', '/owners', { name: '王', notes: '\ud800' }, 'notes'],
        ['POST', '/work-orders', { kind: 'repair', category: 'water', summary: 'a\0b' }, 'summary'],
        ['POST', '/work-orders/261130-0001/notes', { note: 'a\0' }, 'note'],
        ['PATCH', '/hotlines/4000', { greeting }, 'greeting.zh-CN'],
        ['PUT', '/break-reasons', { a: [[{ ['\0']: 1 }]] }, ''],
      ];
      for (const [method, where, body, field] of bad) {
        const reply = await write(method, where, body);
        if (field === '') continue;
        t.match(reply, { status: 400, body: { code: 'request.invalid', field } }, where);
      }
      const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
      const reply = await fetch(`http://127.0.0.1:${api.port}/api/v1/owners`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await api.token('admin')}`,
          'content-type': 'application/json',
        },
        body: deep,
      });
      t.equal(reply.status, 400, 'nested without end');
    },
  );

  await t.test('given blank names, then 400 with the field named', async (t) => {
    for (const blank of ['', ' ', '\u3000\t', '\u200b\u200d', '\ufeff']) {
      t.match(
        await write('POST', '/owners', { name: blank }),
        { status: 400, body: { field: 'name' } },
        JSON.stringify(blank),
      );
    }
    const name = { 'zh-CN': ' ', en: 'Lunch' };
    t.match(await write('POST', '/break-reasons', { code: 'lunch', name }), {
      status: 400,
      body: { field: 'name.zh-CN' },
    });
    t.match(await write('POST', '/staff', { username: 'blank', displayName: '　' }), {
      status: 400,
      body: { code: 'request.invalid' },
    });
    t.equal((await write('POST', '/owners', { name: '李' })).status, 201);
    t.match(await write('POST', '/owners', {}), { status: 400, body: { field: 'name' } });
  });

  await t.test('given times that do not exist, then 400 with the field named', async (t) => {
    for (const from of [
      ...['2026-02-30T00:00:00Z', '0000-01-01T00:00:00Z', '2026-01-01T23:59:60Z', 'yesterday'],
      ...['2026-01-01T25:00:00Z', '9999-12-31T23:59:59-23:59', '+275760-09-13T00:00:00Z'],
    ]) {
      for (const path of ['/audit', '/reports/agents', '/reports/satisfaction?by=day&']) {
        const where = `${path}${path.includes('?') ? '' : '?'}from=${encodeURIComponent(from)}`;
        t.match(await api.request(where, { as }), { status: 400, body: { field: 'from' } }, where);
      }
    }
    const { body } = await api.request('/rooms?limit=1', { as });
    const [room] = (body as { items: { id: string }[] }).items;
    for (const validFrom of ['2026-02-30', '2026-13-01', '0000-01-01']) {
      const homes = [{ roomId: room?.id, role: 'owner', validFrom }];
      const reply = await write('POST', '/owners', { name: '李', homes });
      t.match(reply, { status: 400, body: { field: 'homes.0.validFrom' } }, validFrom);
    }
  });

  await t.test('given numbers that no column holds, then 400 and not 500', async (t) => {
    const { body } = await api.request('/bills?isUnpaid=true&limit=1', { as });
    const [bill] = (body as { items: { id: string }[] }).items;
    const paid = await write('POST', `/bills/${bill?.id}/payments`, {
      ...{ amountFen: 2 ** 52, method: 'cash' },
    });
    t.ok(paid.status >= 400 && paid.status < 500, String(paid.status));
    const version = await api.request('/flows/main/versions/99999999999999', { as });
    t.ok(version.status >= 400 && version.status < 500, String(version.status));
  });

  await t.test('given forms, then only the switch’s directory takes them', async (t) => {
    const send = (where: string, type: string, body: string) =>
      fetch(`http://127.0.0.1:${api.port}/api/v1${where}`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      }).then((reply) => reply.status);
    const form = 'application/x-www-form-urlencoded';
    t.equal(await send('/session', form, 'username=admin&password=a-test-password'), 415);
    t.equal(await send('/session', 'text/plain', '{"username":"admin","password":"x"}'), 415);
    t.equal(await send('/switch/directory', form, 'section=directory&user=agent1'), 401);
    // Of a body without bytes it does not matter what the client calls it.
    for (const type of [form, 'text/plain', 'application/json']) {
      t.equal(await send('/session', type, ''), 400, `an empty ${type} is no body`);
    }
  });

  await t.test('given a cookie, then only pages of ours write with it', async (t) => {
    const cookie = `lingting_session=${await api.token('agent2')}`;
    const own = `http://127.0.0.1:${api.port}`;
    const ask = async (method: string, headers: Record<string, string>) => {
      const body = method === 'GET' ? {} : { body: JSON.stringify({ isRegistered: false }) };
      const reply = await fetch(
        `${own}/api/v1/agents/me/phone`.replace(
          '/agents/me/phone',
          method === 'GET' ? '/me' : '/agents/me/phone',
        ),
        {
          method,
          headers: { 'content-type': 'application/json', ...headers },
          ...body,
        },
      );
      return `${reply.status} ${((await reply.json()) as { code?: string }).code ?? ''}`.trim();
    };
    const passed = '409 agent.not_seated';
    t.equal(await ask('PUT', { cookie, origin: own }), passed);
    const refused = '403 request.foreign_origin';
    t.equal(await ask('PUT', { cookie, origin: `http://127.0.0.1:${api.port + 1}` }), refused);
    t.equal(await ask('PUT', { cookie, origin: 'https://evil.example' }), refused);
    t.equal(await ask('PUT', { cookie, origin: 'null' }), refused);
    t.equal(await ask('PUT', { cookie }), refused, 'nothing says where it comes from');
    t.equal(await ask('PUT', { cookie, authorization: 'Basic eDp5' }), refused);
    t.equal(await ask('GET', { cookie, origin: 'https://evil.example' }), '200', 'CORS hides it');
    const authorization = `Bearer ${await api.token('agent2')}`;
    t.equal(await ask('PUT', { authorization, origin: 'https://evil.example' }), passed);
  });

  await t.test(
    'a page of the Internet whose name leads here (DNS rebinding) is let in',
    async (t) => {
      const ask = (where: string, headers: Record<string, string>) =>
        new Promise<string>((resolve, reject) => {
          const asked = request(
            { host: '127.0.0.1', port: api.port, path: `/api/v1${where}`, headers, agent: false },
            (reply) => {
              let text = '';
              reply.on('data', (data: Buffer) => (text += data.toString()));
              reply.on('end', () => {
                const { code } = JSON.parse(text) as { code?: string };
                resolve(`${reply.statusCode} ${code ?? ''}`.trim());
              });
            },
          );
          asked.on('error', reject).on('upgrade', (_reply, socket) => {
            socket.destroy();
            resolve('101');
          });
          asked.end();
        });
      const refused = '421 request.unknown_host';
      for (const host of [
        'evil.example:8080',
        '127.evil.example',
        'localhost.evil.example',
        'a@b',
      ]) {
        t.equal(await ask('/openapi.json', { host }), refused, host);
      }
      t.equal(
        await ask('/openapi.json', { host: 'evil', 'x-forwarded-host': 'localhost' }),
        refused,
      );
      t.equal(
        await ask('/openapi.json', { host: 'localhost', 'x-forwarded-host': 'evil' }),
        refused,
      );
      for (const host of ['localhost', '127.0.0.9:80', '[::1]:8080', 'Hotline.example.com']) {
        t.equal(await ask('/openapi.json', { host }), '200', host);
      }
      const upgrade = {
        ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        cookie: `lingting_session=${await api.token('agent2')}`,
      };
      const from = (host: string) => ({ ...upgrade, host, origin: `http://${host}` });
      t.equal(await ask('/events', from('evil.example')), refused, 'the websocket of the screens');
      t.equal(await ask('/events', from('hotline.example.com')), '101', 'through a proxy');
    },
  );

  await t.test('given a body that does not end, then the connection is closed', async (t) => {
    const socket = connect(api.port, '127.0.0.1');
    t.teardown(() => socket.destroy());
    let said = '';
    let isClosed = false;
    socket.on('data', (data: Buffer) => (said += data.toString()));
    socket.on('close', () => (isClosed = true));
    await once(socket, 'connect');
    socket.write(
      `POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1:${api.port}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
    );
    await until('the end of the connection', () => isClosed);
    t.match(said, /^HTTP\/1.1 408 /);
  });

  await t.test('given a body that is too large, then 413', async (t) => {
    const session = { username: 'admin', password: 'x'.repeat(20_000) };
    t.equal((await api.request('/session', { method: 'POST', body: session })).status, 413);
  });

  await t.test('given nobody logged in, then 401 before a byte of the body is read', async (t) => {
    const { body } = await api.request('/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, unknown>> };
    const open = [
      ...['get /health', 'get /metrics', 'post /session', 'delete /session', 'post /demo/phone'],
      ...['post /message-receipts', 'post /incoming-messages', 'post /mail-bounces'],
    ];
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path.replace('/api/v1', '')}`),
    );
    t.ok(routes.length > 100, `${routes.length} routes`);
    const asked = routes.filter((route) => !open.includes(route));
    for (const route of asked) {
      const [method = '', path = ''] = route.split(' ');
      const where = `http://127.0.0.1:${api.port}/api/v1${path.replaceAll(/\{\w+\}/g, 'x')}`;
      const reply = await fetch(where, {
        method: method.toUpperCase(),
        headers: { 'content-type': 'application/json' },
        ...(method === 'get' ? {} : { body: '{"broken' }),
      });
      t.match(await reply.json(), { status: 401, code: 'session.missing' }, route);
    }
    const agent = await send('/do-not-call/import', '{"broken', {
      authorization: `Bearer ${await api.token('agent2')}`,
    });
    t.match(agent, { status: 403, code: 'permission.missing' }, 'before a large body, too');
  });

  await t.test('given a compressed body, then 415 and it is not unpacked', async (t) => {
    const text = '{"text":[0]}';
    const codings: [string, Buffer][] = [
      ['gzip', gzipSync(text)],
      ['br', brotliCompressSync(text)],
      ['deflate', deflateSync(text)],
      ['gzip, identity', gzipSync(text)],
    ];
    for (const [coding, body] of codings) {
      const authorization = `Bearer ${await api.token('admin')}`;
      for (const headers of [{ authorization }, {}]) {
        const said = await send('/do-not-call/import', body, {
          ...headers,
          'content-encoding': coding,
        });
        t.match(said, { status: 415, code: 'request.encoded', field: 'Content-Encoding' }, coding);
      }
    }
  });

  await t.test('given a list of millions where a text belongs, then 400', async (t) => {
    const authorization = `Bearer ${await api.token('admin')}`;
    const list = `{"text":[${'0,'.repeat(2_000_000)}0]}`;
    const said = await send('/do-not-call/import', list, { authorization });
    t.match(said, { status: 400, code: 'request.invalid', field: '' });
    const texts = JSON.stringify({ text: '",[{\\'.repeat(60_000), reason: '\\' });
    const numbers = await send('/do-not-call/import', texts, { authorization });
    t.match(numbers, { code: 'do_not_call.bad_list' }, 'what stands in a text does not count');
  });

  async function send(where: string, body: string | Buffer, headers: Record<string, string>) {
    const reply = await fetch(`http://127.0.0.1:${api.port}/api/v1${where}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return (await reply.json()) as { status: number; code: string };
  }
});
