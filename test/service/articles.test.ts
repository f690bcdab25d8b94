import { randomUUID } from 'node:crypto';
import t from 'tap';
import type { ArticleView, NewArticle } from '../../src/contract/articles.ts';
import {
  articlesToHear,
  changeArticle,
  moveArticle,
  seedDemoArticles,
  topics,
} from '../../src/content/index.ts';
import { systemClock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import { newId } from '../../src/core/ids.ts';
import { articleLetter } from '../../src/faxes/outgoing/article-letter.ts';
import { addArticleFax, dueFaxes } from '../../src/faxes/outgoing/store.ts';
import { articleUtterances, utterancesOfArticle } from '../../src/ivr/articles.ts';
import { createArticleTexts, Messaging } from '../../src/messaging/index.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { startTextGateway } from '../support/text-gateway.ts';
import { until } from '../support/until.ts';

let api: TestApi;
let jinxiu = '';
let binjiang = '';

t.before(async () => {
  api = await startApi();
  const estates = await api.database.db.selectFrom('estate').select(['id', 'code']).execute();
  jinxiu = estates.find(({ code }) => code === 'JX')?.id ?? '';
  binjiang = estates.find(({ code }) => code === 'BJ')?.id ?? '';
});
t.teardown(() => api.close());

const words = (change: Partial<NewArticle> = {}): NewArticle => ({
  estateId: jinxiu,
  topic: 'rules',
  title: { 'zh-CN': '游泳池须知', en: 'Pool rules' },
  body: { 'zh-CN': '请先淋浴。', en: 'Please shower first.' },
  ...change,
});

type Reply = ArticleView & { code?: string; items: ArticleView[]; nextCursor: string | null };

async function ask(method: string, where: string, body?: unknown, as = 'supervisor', key?: string) {
  const reply = await api.request(where, {
    ...{ as, method },
    ...(body === undefined ? {} : { body }),
    ...(key === undefined ? {} : { key }),
  });
  return { status: reply.status, body: reply.body as Reply };
}

const write = (change?: Partial<NewArticle>) => ask('POST', '/articles', words(change));
const publish = (id: string) => ask('POST', `/articles/${id}/publish`, {});
const published = async (change?: Partial<NewArticle>) => {
  const { body } = await write(change);
  return (await publish(body.id)).body;
};

void t.test('articles', async (t) => {
  const { db } = api.database;

  await t.test('given a draft, then it is public when it is published, and told', async (t) => {
    const key = randomUUID();
    const made = await ask('POST', '/articles', words(), 'supervisor', key);
    t.equal(made.status, 201, JSON.stringify(made.body));
    t.match(made.body, { state: 'draft', version: 1, publishedAt: null, estateId: jinxiu });
    const again = await ask('POST', '/articles', words(), 'supervisor', key);
    t.equal(again.body.id, made.body.id, 'the same key makes no second one');
    const { id } = made.body;
    t.equal((await ask('GET', `/articles/${id}`, undefined, 'agent1')).status, 404);
    t.notOk((await articlesToHear(db, { topic: 'rules', estateId: jinxiu })).includes(id));

    const out = await publish(id);
    t.match(out.body, { state: 'published', version: 2, publishedAt: /Z$/ });
    t.equal((await ask('GET', `/articles/${id}`, undefined, 'agent1')).status, 200);
    t.ok((await articlesToHear(db, { topic: 'rules', estateId: jinxiu })).includes(id));
    t.notOk((await articlesToHear(db, { topic: 'rules', estateId: binjiang })).includes(id));
    t.match((await publish(id)).body, { code: 'article.illegal_transition' });

    const gone = await ask('POST', `/articles/${id}/withdraw`, { expectedVersion: 2 });
    t.match(gone.body, { state: 'withdrawn', version: 3 });
    t.equal(await utterancesOfArticle(db, id, 'zh-CN'), undefined, 'nobody hears it');
    const events = await db
      .selectFrom('outbox')
      .select(['name', 'payload'])
      .where('name', 'like', 'article.%')
      .orderBy('id')
      .execute();
    t.match(events, [
      { name: 'article.published', payload: { articleId: id, version: 2 } },
      { name: 'article.withdrawn', payload: { articleId: id, version: 3 } },
    ]);
    const acts = await db
      .selectFrom('auditEntry')
      .select('act')
      .where('subject', '=', id)
      .orderBy('at')
      .orderBy('id')
      .execute();
    t.same(
      acts.map(({ act }) => act),
      ['article.added', 'article.published', 'article.withdrawn'],
    );
  });

  await t.test('given two who change it, then the second is told', async (t) => {
    const { body: draft } = await write();
    const change = { expectedVersion: 1, title: { 'zh-CN': '泳池须知', en: 'Pool' } };
    const first = await ask('PATCH', `/articles/${draft.id}`, change);
    t.match(first.body, { version: 2, title: { 'zh-CN': '泳池须知' }, body: draft.body });
    const second = await ask('PATCH', `/articles/${draft.id}`, change);
    t.match(second, { status: 409, body: { code: 'article.changed', version: 2 } });
    const by = { clock: systemClock, staffId: null };
    const both = await Promise.allSettled(
      ['一', '二'].map((title) =>
        db
          .transaction()
          .execute((trx) => changeArticle(trx, by, { id: draft.id, expectedVersion: 2, title })),
      ),
    );
    t.same(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await t.rejects(moveArticle(db, by, { id: newId(), to: 'published' }), {
      code: 'article.not_found',
    });
  });

  await t.test('given half an English article or an unknown estate, then no', async (t) => {
    const half = await write({ body: { 'zh-CN': '请先淋浴。', en: '' } });
    t.match(half, { status: 422, body: { code: 'article.bad_text' } });
    const blank = await write({ title: { 'zh-CN': ' ', en: '' } });
    t.match(blank, { status: 400, body: { code: 'request.invalid' } });
    t.match((await write({ estateId: newId() })).body, { code: 'article.bad_estate' });
    t.equal((await write({ topic: 'gossip' as never })).status, 400);
  });

  await t.test('given other roles and sites, then each may do their part', async (t) => {
    t.equal((await ask('POST', '/articles', words(), 'agent1')).status, 403);
    const { body: draft } = await write();
    await api.database.db
      .updateTable('staff')
      .set({ role: 'office' })
      .where('username', '=', 'agent5')
      .execute();
    const change = { expectedVersion: 1, topic: 'how_to' };
    const office = await ask('PATCH', `/articles/${draft.id}`, change, 'agent5');
    t.match(office, { status: 200, body: { topic: 'how_to' } });
    t.equal((await ask('POST', `/articles/${draft.id}/publish`, {}, 'agent5')).status, 403);
    await publish(draft.id);
    const late = await ask('PATCH', `/articles/${draft.id}`, { expectedVersion: 3 }, 'agent5');
    t.match(late, { status: 403, body: { code: 'permission.missing' } });

    const staffId = await api.staffId('agent5');
    await db.insertInto('staffSite').values({ staffId, estateId: binjiang }).execute();
    const elsewhere = { expectedVersion: 3, topic: 'rules' };
    t.equal((await ask('GET', `/articles/${draft.id}`, undefined, 'agent5')).status, 404);
    t.equal((await ask('PATCH', `/articles/${draft.id}`, elsewhere, 'agent5')).status, 404);
    for (const estateId of [jinxiu, null]) {
      const refused = await ask('POST', '/articles', words({ estateId }), 'agent5');
      t.match(refused, { status: 403, body: { code: 'permission.site' } });
    }
    const own = await ask('POST', '/articles', words({ estateId: binjiang }), 'agent5');
    t.equal(own.status, 201);
    const { body: list } = await ask('GET', '/articles', undefined, 'agent5');
    t.ok(list.items.every(({ estateId }) => estateId === null || estateId === binjiang));
  });

  await t.test('given many, then lists by cursor and by every filter', async (t) => {
    const title = (at: number) => ({ 'zh-CN': `通知50%_${at}`, en: '' });
    const body = { 'zh-CN': '班车时刻表。', en: '' };
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      const estateId = at < 3 ? null : binjiang;
      const { body: made } = await write({ topic: 'street', title: title(at), body, estateId });
      ids.unshift(made.id);
    }
    await publish(ids[0] ?? '');
    const list = async (query: string, as?: string) =>
      (await ask('GET', `/articles?${query}`, undefined, as)).body;
    const first = await list('topic=street&limit=2');
    const rest = await list(`topic=street&limit=200&cursor=${first.nextCursor}`);
    t.same(
      [...first.items, ...rest.items].map(({ id }) => id),
      ids,
    );
    t.equal(rest.nextCursor, null);
    t.equal((await list('topic=street&state=draft')).items.length, 4);
    t.equal((await list('topic=street&estateId=all')).items.length, 3);
    t.equal((await list(`topic=street&estateId=${binjiang}`)).items.length, 2);
    t.equal((await list(`q=${encodeURIComponent('50%_3')}`)).items.length, 1);
    t.equal((await list(`q=${encodeURIComponent('时刻表')}`)).items.length, 5);
    t.equal((await list(`q=${encodeURIComponent('%时')}`)).items.length, 0, 'no pattern');
    t.equal((await list('topic=street', 'agent1')).items.length, 1, 'agents see what is public');
    t.equal((await list('topic=street&state=draft', 'agent1')).items.length, 0);
  });

  await t.test('given a caller, then the own estate comes first, the newest first', async (t) => {
    const common = await published({ topic: 'policy', estateId: null });
    const older = await published({ topic: 'policy' });
    const newer = await published({ topic: 'policy' });
    const heard = await articlesToHear(db, { topic: 'policy', estateId: jinxiu });
    t.same(heard, [newer.id, older.id, common.id]);
    t.same(await utterancesOfArticle(db, newer.id, 'en'), [
      { text: 'Pool rules.', language: 'en' },
      { text: 'Please shower first.', language: 'en' },
    ]);
    t.equal((await articleUtterances(db, newer.id)).length, 4, 'both languages ahead');
    t.ok((await articleUtterances(db)).length > 10);
  });

  await t.test('given an API without a switch, then a fax is refused in words', async (t) => {
    const { id } = await published();
    const fax = { number: '02155550000', language: 'en' };
    const refused = await ask('POST', `/articles/${id}/fax`, fax, 'agent1');
    t.match(refused, { status: 501, body: { code: 'fax.not_possible' } });
    const { body: draft } = await write();
    const early = await ask('POST', `/articles/${draft.id}/fax`, fax);
    t.match(early, { status: 409, body: { code: 'article.not_public' } });
    t.equal((await ask('POST', `/articles/${id}/fax`, { ...fax, number: 'x' })).status, 400);
  });

  await t.test(
    'given a fax, then it is one, drawn as the article stands, or dropped',
    async (t) => {
      const { id, version } = await published();
      const wanted = {
        ...{ articleId: id, number: '02155550000', language: 'en' as const, did: '4000' },
        ...{ staffId: null, callId: newId(), key: newId() },
      } as const;
      const both = await Promise.all([
        addArticleFax(db, systemClock, wanted),
        addArticleFax(db, systemClock, wanted),
      ]);
      const [fax] = both;
      t.equal(fax.id, both[1].id);
      t.ok((await dueFaxes(db, new Date(Date.now() + 1000))).includes(fax.id));
      const page = async () => {
        const letter = await articleLetter(db, new Date(), fax);
        return letter?.lines.map((line) => (line.kind === 'text' ? line.text : '')).join('\n');
      };
      t.match(await page(), /Pool rules\n[^]*Please shower first\.[^]*hotline 4000\./);
      await ask('PATCH', `/articles/${id}`, {
        expectedVersion: version,
        title: { 'zh-CN': '泳池须知', en: '' },
        body: { 'zh-CN': '请先淋浴。', en: '' },
      });
      t.match(
        await page(),
        /泳池须知\n[^]*请先淋浴。[^]*请拨打服务热线4000。/,
        'no English any more',
      );
      const seen = await ask('GET', `/fax-sendings/${fax.id}`, undefined, 'agent1');
      t.match(seen, { status: 200, body: { articleId: id, billIds: null, roomId: null } });
      const elsewhere = await ask('GET', `/fax-sendings/${fax.id}`, undefined, 'agent5');
      t.equal(elsewhere.status, 404, 'staff of another site do not see it');
      await ask('POST', `/articles/${id}/withdraw`, {});
      t.equal(await page(), undefined);
    },
  );

  await t.test('given a gateway, then a caller gets the article as one text', async (t) => {
    const gateway = await startTextGateway();
    t.teardown(() => gateway.close());
    const { url, token, secret } = gateway;
    const log = silentLog();
    const sms = { url, token, secret, isIdempotent: false, limitMs: 5000 };
    const textsBy = (change: object) =>
      createArticleTexts({
        ...{ db, smsSign: '锦绣花园' },
        messaging: new Messaging({
          ...{ db, clock: systemClock, log, mail: undefined, sms: undefined },
          limits: { perAddress: 100, perSecond: 100 },
          ...change,
        }),
      });
    const texts = textsBy({ sms });
    t.equal(texts.isPossible(), true);
    const { id } = await published();
    const wanted = {
      ...{ articleId: id, number: '13800000001', language: 'zh-CN' as const },
      ...{ hotline: '4000', key: 'call:7' },
    };
    t.equal(await texts.sendArticle(wanted), true);
    t.equal(await texts.sendArticle(wanted), true);
    const row = await until('the text to be sent', () =>
      db
        .selectFrom('outboundMessage')
        .selectAll()
        .where('onceKey', '=', 'call:7:article')
        .where('state', '=', 'sent')
        .executeTakeFirst(),
    );
    t.match(row, { purpose: 'article', body: '【锦绣花园】游泳池须知。请先淋浴。' });
    t.equal(gateway.texts.filter(({ to }) => to === '13800000001').length, 1);
    await ask('POST', `/articles/${id}/withdraw`, {});
    t.equal(await texts.sendArticle({ ...wanted, key: 'call:8' }), false);
    const none = textsBy({});
    t.equal(none.isPossible(), false);
  });

  await t.test('given an empty table, then the demo fills every topic once', async (t) => {
    await db.deleteFrom('faxSending').execute();
    await db.deleteFrom('article').execute();
    t.equal(await seedDemoArticles(db, new Date()), true);
    t.equal(await seedDemoArticles(db, new Date()), false);
    for (const topic of topics) {
      t.equal((await articlesToHear(db, { topic, estateId: jinxiu })).length, 1, topic);
    }
  });
});
