import t from 'tap';
import { startApi } from '../support/api.ts';

/** So many requests a minute here; a product’s limit is twenty times that. */
const limit = 60;

void t.test('who asks too often', async (t) => {
  const api = await startApi({ limits: { requestsPerMinute: limit } });
  t.teardown(() => api.close());
  /** How often it was refused. */
  const ask = async (times: number, where: string, as?: string): Promise<number> => {
    let refused = 0;
    for (let left = times; left > 0; left -= 100) {
      const replies = await Promise.all(
        Array.from({ length: Math.min(left, 100) }, () =>
          as === undefined
            ? fetch(`http://127.0.0.1:${api.port}${where}`).then(async (reply) => {
                await reply.arrayBuffer();
                return reply.status;
              })
            : api.request(where, { as }).then((reply) => reply.status),
        ),
      );
      refused += replies.filter((status) => status === 429).length;
    }
    return refused;
  };

  await t.test('given one person, then they are refused and colleagues are not', async (t) => {
    await Promise.all([api.token('agent1'), api.token('agent2')]);
    t.equal(await ask(limit + 5, '/session', 'agent1'), 5);
    t.equal(await ask(1, '/session', 'agent2'), 0, 'at the same address');
  });

  await t.test('given pages, then they are not counted', async (t) => {
    t.equal(await ask(limit + 5, '/'), 0);
    t.equal(await ask(limit + 5, '/api/v1/nothing-here'), 5, 'other than the API');
  });

  await t.test('given a browser, then what it reads comes compressed', async (t) => {
    const at = `http://127.0.0.1:${api.port}`;
    const token = await api.token('agent2');
    const read = async (where: string, encoding: string) => {
      const headers = { authorization: `Bearer ${token}`, 'accept-encoding': encoding };
      const reply = await fetch(`${at}${where}`, { headers });
      return { encoding: reply.headers.get('content-encoding'), text: await reply.text() };
    };
    const page = await read('/', 'identity');
    const script = /\/assets\/[\w.-]+\.js/.exec(page.text)?.[0] ?? '';
    for (const where of [script, '/api/v1/openapi.json']) {
      const plain = await read(where, 'identity');
      t.equal(plain.encoding, null, where);
      for (const encoding of ['br', 'gzip']) {
        t.same(await read(where, encoding), { encoding, text: plain.text }, where);
      }
    }
    t.equal((await read('/api/v1/session', 'br')).encoding, null, 'not what is short');
  });

  await t.test(
    'given a monitor, then it finds health and metrics where others have them',
    async (t) => {
      for (const known of ['/health', '/metrics']) {
        const reply = await fetch(`http://127.0.0.1:${api.port}${known}`);
        t.equal(new URL(reply.url).pathname, `/api/v1${known}`);
        t.notMatch(reply.headers.get('content-type'), 'text/html');
        await reply.arrayBuffer();
      }
    },
  );
});
